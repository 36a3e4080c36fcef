import Testing

@testable import ChatBench

@Suite struct ChartScaleTests {
    @Test(
        arguments: [
            (26_000.0, [0, 10_000, 20_000, 30_000]), (10, [0, 2, 4, 6, 8, 10]), (0.9, [0, 0.2, 0.4, 0.6, 0.8, 1]),
            (0, [0, 0.2, 0.4, 0.6, 0.8, 1]), (1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (412, [0, 100, 200, 300, 400, 500]),
        ] as [(Double, [Double])])
    func `a scale from zero has ticks of one, two or five`(greatest: Double, ticks: [Double]) {
        let scale = ChartScale(upTo: greatest)
        #expect(scale.ticks.count == ticks.count && zip(scale.ticks, ticks).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(!scale.isLogarithmic && scale.place(0) == 0 && scale.place(scale.high) == 1)
    }

    @Test func `an axis that is not rounded ends at the greatest value`() {
        let scale = ChartScale(upTo: 9.5, isRounded: false)
        #expect(scale.high == 9.5 && scale.ticks == [0, 2, 4, 6, 8])
        #expect(ChartScale(upTo: 10, isRounded: false).ticks == [0, 2, 4, 6, 8, 10])
    }

    @Test func `values that span more than fifty times get a logarithmic scale`() {
        #expect(!ChartScale.covering([10, 500]).isLogarithmic)
        let scale = ChartScale.covering([10, 501])
        #expect(scale.isLogarithmic && scale.ticks == [10, 20, 50, 100, 200, 500, 1_000])
        #expect(abs(scale.place(100) - 0.5) < 1e-9 && scale.place(0) == 0)
        #expect(ChartScale.covering([3, 20_000]).ticks == [10, 100, 1_000, 10_000])
        #expect(!ChartScale.covering([]).ticks.isEmpty)
    }
}
