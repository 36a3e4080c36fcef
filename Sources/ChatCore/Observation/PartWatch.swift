/// Turns looks at the parts of an installation into news of their outages and returns.
struct PartWatch {
    private var outages: [ChatError.Part: Timestamp] = [:]

    /// Takes one look: the fault of the first part that has one, nil when all are well.
    mutating func saw(_ fault: ChatError?, at moment: Timestamp) -> [Observation] {
        var news: [Observation] = []
        let part = fault.map { $0.part ?? .database }
        // With the database out, nothing is known of the others.
        let recovered = outages.filter { $0.key != part && part != .database }
        for (part, since) in recovered.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            outages[part] = nil
            news.append(.recovered(part, after: .milliseconds(max(0, moment.milliseconds - since.milliseconds))))
        }
        if let fault, let part, outages[part] == nil {
            outages[part] = moment
            news.append(.failed(part, reason: fault.message))
        }
        return news
    }
}
