/// Turns health checks into reports of outages and recoveries, one for each.
struct PartWatch {
    private var outages: [ChatError.Part: Timestamp] = [:]

    /// Records one check.
    ///
    /// - Parameter fault: the fault of the first part that failed; nil if all are healthy.
    mutating func saw(_ fault: ChatError?, at moment: Timestamp) -> [Observation] {
        var news: [Observation] = []
        let part = fault.map { $0.part ?? .database }
        // While the database is down, the state of the other parts is unknown.
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
