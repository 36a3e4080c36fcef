import Glibc

/// Maps values to an axis, from 0 at its start to 1 at its end, with ticks of 1, 2 or 5 × 10ⁿ.
struct ChartScale {
    let low: Double
    let high: Double
    let isLogarithmic: Bool
    let ticks: [Double]

    /// From zero to the greatest value, or with `isRounded` to the next tick.
    init(upTo greatest: Double, isRounded: Bool = true) {
        let greatest = greatest > 0 && greatest.isFinite ? greatest : 1
        let step = Self.steps(greatest / 5).above
        let count = Int((greatest / step + (isRounded ? -1e-9 : 1e-9)).rounded(isRounded ? .up : .down))
        (low, isLogarithmic) = (0, false)
        high = isRounded ? Double(count) * step : greatest
        ticks = (0...count).map { Double($0) * step }
    }

    /// From zero, or logarithmic when the greatest value is more than fifty times the least.
    static func covering(_ values: [Double]) -> ChartScale {
        let (least, greatest) = (max(1, values.min() ?? 1), values.max() ?? 1)
        return greatest > 50 * least ? ChartScale(decadesFrom: least, to: greatest) : ChartScale(upTo: greatest)
    }

    private init(decadesFrom least: Double, to greatest: Double) {
        (low, high, isLogarithmic) = (Self.steps(least).below, Self.steps(greatest).above, true)
        var all: [Double] = []
        var tick = low
        while tick <= high * 1.001 {
            all.append(tick)
            tick = Self.steps(tick * 1.5).above
        }
        // Beyond two decades the powers of ten are enough.
        ticks = all.count <= 7 ? all : all.filter(Self.isPowerOfTen)
    }

    /// The position of a value, limited to the axis.
    func place(_ value: Double) -> Double {
        let share =
            isLogarithmic ? log10(max(value, low) / low) / log10(high / low) : (value - low) / (high - low)
        return min(max(share, 0), 1)
    }

    /// The nearest of 1, 2, 5 × 10ⁿ below and above a value, or the value itself.
    private static func steps(_ value: Double) -> (below: Double, above: Double) {
        let power = pow(10, log10(value).rounded(.down))
        let all = [1, 2, 5, 10].map { $0 * power }
        let tolerance = 1e-9 * value
        return (all.last { $0 <= value + tolerance } ?? power, all.first { $0 >= value - tolerance } ?? 10 * power)
    }

    private static func isPowerOfTen(_ value: Double) -> Bool {
        abs(log10(value) - log10(value).rounded()) < 1e-9
    }
}
