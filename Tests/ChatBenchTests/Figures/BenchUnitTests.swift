import Testing

@testable import ChatBench

@Suite struct BenchUnitTests {
    @Test(
        arguments: [
            (.latency, 0, "0 µs"), (.latency, 950, "950 µs"), (.latency, 1_500, "1.5 ms"),
            (.latency, 12_345, "12.35 ms"),
            (.latency, 2_500_000, "2.5 s"), (.microseconds, 3.64, "3.64 µs"), (.milliseconds, 512.5, "512.5 ms"),
            (.milliseconds, 2_000, "2 s"), (.count, 1_234_567, "1,234,567"), (.perSecond, 25_000, "25,000/s"),
            (.bytes, 999, "999 B"), (.bytes, 18_000, "18 kB"), (.bytes, 61_200_000, "61.2 MB"), (.bytes, 2e9, "2 GB"),
            (.latency, -1_500, "-1.5 ms"), (.bytes, -18_000, "-18 kB"),
        ] as [(BenchUnit, Double, String)])
    func `a figure has a unit that fits`(unit: BenchUnit, value: Double, text: String) {
        #expect(unit.text(value) == text)
    }

    @Test(
        arguments: [
            (.latency, 200_004, "200.004 ms"), (.microseconds, 20_000, "20,000 µs"),
            (.milliseconds, 2_000.5, "2,000.5 ms"),
            (.count, 1, "1"), (.perSecond, 99_999.7, "99,999.7/s"), (.bytes, 18_000.25, "18,000.25 B"),
        ] as [(BenchUnit, Double, String)])
    func `an exact figure keeps the unit of its condition`(unit: BenchUnit, value: Double, text: String) {
        #expect(unit.exactText(value) == text)
    }

    @Test func `only so many digits are significant, and those before the point always stay`() {
        #expect(BenchUnit.number(123_456.789, 3) == "123,457")
        #expect(BenchUnit.number(1.23456, 3) == "1.23")
        #expect(BenchUnit.number(0.0123456, 3) == "0.0123")
        #expect(BenchUnit.number(0.0000001, 3) == "0")
        #expect(BenchUnit.number(-1.5, 3) == "-1.5")
    }

    @Test func `numbers beyond all bounds are cut and do not trap`() {
        #expect(BenchUnit.number(1e300, 4) == "1,000,000,000,000")
        #expect(BenchUnit.number(-1e300, 4) == "-1,000,000,000,000")
    }
}
