/// What a scenario calls its figures on the report page.
struct ScenarioWords {
    let rate: String
    /// What a latency is of.
    let latency: String

    init(_ result: BenchResult) {
        switch result.scenario {
        case "ingest": (rate, latency) = ("messages per second", "ack")
        case "connect": (rate, latency) = ("connects per second", "connect")
        case "history": (rate, latency) = ("pages per second", "page")
        default: (rate, latency) = ("deliveries per second", "delivery")
        }
    }

    /// A figure's title; `history` reads pages where the others post messages.
    func title(_ title: String) -> String {
        switch title {
        case "Messages" where latency == "page": "Pages"
        case "Messages per second" where latency == "page": "Pages per second"
        case "CPU per message" where latency == "page": "CPU per page"
        default: title
        }
    }

    /// The scenario's own rate, or the first that was measured.
    func mainRate(_ result: BenchResult) -> (title: String, value: Double)? {
        let measured = BenchFigure.rates.compactMap { figure in
            figure.value(result).map { (title: title(figure.title), value: $0) }
        }
        return measured.first { $0.title.lowercased() == rate } ?? measured.first
    }
}

extension String {
    /// The text with its first character in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
