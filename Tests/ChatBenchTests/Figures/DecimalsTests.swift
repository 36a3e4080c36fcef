import Testing

@testable import ChatBench

@Suite struct DecimalsTests {
    @Test(arguments: [
        (0.0, 3, "0"), (1, 3, "1"), (1.5, 3, "1.5"), (1.25, 1, "1.3"), (0.005, 2, "0.01"), (0.004, 2, "0"),
        (-1.5, 3, "-1.5"), (-0.0001, 3, "0"), (1_234.5678, 3, "1234.568"), (2.050, 3, "2.05"), (0.1 + 0.2, 9, "0.3"),
        (99.999, 2, "100"), (12, 0, "12"), (12.5, 0, "13"),
    ])
    func `a number has at most so many places and no trailing zeros`(value: Double, places: Int, text: String) {
        #expect(Decimals.text(value, places: places) == text)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity]) func `what is not finite is written as zero`(value: Double) {
        #expect(Decimals.text(value, places: 3) == "0")
        #expect(Decimals.grouped(value) == "0")
    }

    @Test func `numbers beyond Int64 do not trap`() {
        #expect(Decimals.text(1e300, places: 0) == "9000000000000000000")
        #expect(Decimals.text(-1e300, places: 3) == "-9000000000000000")
        #expect(Decimals.grouped(1e300) == "9,000,000,000,000,000,000")
    }

    @Test(arguments: [
        (0.0, "0"), (999, "999"), (1_000, "1,000"), (999.5, "1,000"), (1_234_567, "1,234,567"), (-5, "0"),
    ])
    func `a whole number has thousands separators`(value: Double, text: String) {
        #expect(Decimals.grouped(value) == text)
    }

    @Test(arguments: [("0", 0.0), ("10", 10), ("7.5", 7.5), ("007.50", 7.5), ("1000000000000000", 1e15)])
    func `digits with one point are read`(text: String, value: Double) {
        #expect(Decimals.value(text) == value)
    }

    @Test(arguments: [
        "", ".", "1.", ".5", "1.2.3", "-1", "+1", "1e3", "0x10", "nan", "inf", " 1", "1000000000000001", "١",
    ])
    func `anything else is not`(text: String) {
        #expect(Decimals.value(text) == nil)
    }
}
