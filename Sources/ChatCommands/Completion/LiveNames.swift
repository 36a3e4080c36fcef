import ChatCore

/// Looks up the names that complete an argument, with the settings of the command line that is being typed.
struct LiveNames: Sendable {
    private let invocation: Invocation
    private let context: CommandContext
    /// What the names begin with; a long list is read from there on.
    private let start: String
    private let most: Int

    /// nil if the settings cannot be read: then there is nothing to look in.
    init?(_ words: [String], beginning start: String, atMost most: Int, _ context: CommandContext) {
        guard let options = try? GlobalOptions.parse(Self.settings(in: words) + ["--quiet"]),
            let invocation = try? Invocation(options, in: context)
        else { return nil }
        (self.invocation, self.context, self.start, self.most) = (invocation, context, start, most)
    }

    /// The options among `words` that say where to look; what else stands there may be unfinished.
    static func settings(in words: [String]) -> [String] {
        let names = ["--database", "--server", "--token-file", "--as", "--profile"]
        var found: [String] = []
        var rest = words.prefix { $0 != "--" }
        while let word = rest.popFirst() {
            if names.contains(word), rest.count > 1, let value = rest.popFirst() {
                found += [word, value]
            } else if names.contains(where: { word.hasPrefix("\($0)=") }), !rest.isEmpty {
                found.append(word)
            }
        }
        return found
    }

    /// - Parameter user: whose tokens.
    func list(_ name: LiveName, of user: String?) async -> [CompletionPlan.Candidate] {
        switch name {
        case .profiles:
            let file = try? ConfigurationFile.load(Folders(invocation.environment))
            return file?.profiles.keys.sorted().map { CompletionPlan.Candidate($0) } ?? []
        case .rooms: return await read { try? await rooms($0) }
        case .users: return await read { try? await users($0) }
        case .roomsAndUsers: return await read { (try? await rooms($0) + users($0)) }
        case .tokens: return await read { try? await tokens(of: user, $0) }
        }
    }

    /// Never makes a database by the way.
    private func read(
        _ names: (Backend) async -> [CompletionPlan.Candidate]?
    ) async -> [CompletionPlan.Candidate] {
        guard context.lent != nil || Assembly.isThere(invocation.settings) else { return [] }
        var found: [CompletionPlan.Candidate]?
        try? await invocation.withBackend { backend throws(ChatError) in found = await names(backend) }
        return found ?? []
    }

    private func rooms(_ backend: Backend) async throws(ChatError) -> [CompletionPlan.Candidate] {
        let page = ListPage(after: Self.name(before: start, longest: 128).flatMap { try? RoomName($0) }, most: most)
        return try await backend.service.rooms(RoomFilter(page: page))
            .map { CompletionPlan.Candidate($0.name.text, $0.kind.rawValue) }
    }

    private func users(_ backend: Backend) async throws(ChatError) -> [CompletionPlan.Candidate] {
        let page = ListPage(after: Self.name(before: start, longest: 32).flatMap { try? Username($0) }, most: most)
        return try await backend.service.users(page)
            .map { CompletionPlan.Candidate($0.username.text, $0.role.rawValue) }
    }

    /// The greatest name that comes before all that begin with `start`, nil if none does; lists are in the order of bytes. So
    /// a completion reads a page of a list and not the list.
    static func name(before start: String, longest: Int) -> String? {
        let letters = Array("-.0123456789_abcdefghijklmnopqrstuvwxyz")
        guard let last = start.last, let index = letters.firstIndex(of: last) else { return nil }
        let front = String(start.dropLast())
        // A name begins with a letter or a digit, and what is shorter comes first.
        let lower = letters[..<index].last { !front.isEmpty || $0.isLetter || $0.isNumber }
        guard let lower else { return front.isEmpty ? nil : front }
        return (front + String(lower)).padding(to: longest)
    }

    private func tokens(of user: String?, _ backend: Backend) async throws(ChatError) -> [CompletionPlan.Candidate] {
        guard let user else { return [] }
        return try await backend.service.tokens(of: Username(user))
            .map { CompletionPlan.Candidate(String($0.id), $0.label) }
    }
}

extension String {
    /// Filled up with the last letter there is.
    fileprivate func padding(to length: Int) -> String { self + String(repeating: "z", count: max(0, length - count)) }
}
