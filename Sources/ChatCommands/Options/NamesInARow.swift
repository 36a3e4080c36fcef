import ChatCore

extension Invocation {
    /// Does `work` for each of several things, each once and in their order. What fails ends none of the others: each
    /// failure is told at once, and the status of the first one is that of the command.
    ///
    /// - Parameters:
    ///   - parse: checks one of `texts`; nothing is opened when all are refused.
    ///   - each: shows one result as text, as soon as it is there.
    ///   - all: shows the results as one JSON document.
    /// - Returns: the exit status.
    /// - Throws: the failure of the only one; otherwise what would fail for the rest as well, such as a lost server.
    func forEach<Text: Sendable, Name: Hashable & Sendable, Value: Sendable>(
        _ texts: [Text], _ parse: (Text) throws(ChatError) -> Name,
        _ work: (Backend, Name) async throws(ChatError) -> Value, each: (Value) throws(ChatError) -> Void,
        all: ([Value]) throws(ChatError) -> Void
    ) async throws(ChatError) -> Int32 {
        let names = Self.once(texts, parse)
        var status: Int32 = 0
        func tell(_ error: ChatError) throws(ChatError) {
            guard names.count > 1 else { throw error }
            ErrorReport.show(error, asJSON: printsJSON, on: screen.error)
            if status == 0 { status = error.code.exitStatus }
        }
        guard names.contains(where: { (try? $0.get()) != nil }) else {
            for name in names { if case .failure(let error) = name { try tell(error) } }
            return status
        }
        var values: [Value] = []
        try await withBackend { backend throws(ChatError) in
            for name in names {
                do throws(ChatError) {
                    values.append(try await work(backend, try name.get()))
                } catch  where error.code.concernsAll {
                    if printsJSON, !values.isEmpty { try? all(values) }
                    throw error
                } catch {
                    try tell(await backend.namingNearest(error))
                    continue
                }
                if !printsJSON, let value = values.last { try each(value) }
            }
            if printsJSON { try all(values) }
        }
        return status
    }

    /// What each of `texts` names, or why it names nothing; a name that stands there twice once.
    private static func once<Text, Name: Hashable>(
        _ texts: [Text], _ parse: (Text) throws(ChatError) -> Name
    ) -> [Result<Name, ChatError>] {
        var known: Set<Name> = []
        var names: [Result<Name, ChatError>] = []
        for text in texts {
            let name = Result { () throws(ChatError) in try parse(text) }
            if let name = try? name.get(), !known.insert(name).inserted { continue }
            names.append(name)
        }
        return names
    }

    /// The same for accounts, which are shown: one as an object, several as an array of objects.
    func forEachUser(
        _ texts: [String], _ work: (Backend, Username) async throws(ChatError) -> User
    ) async throws(ChatError) -> Int32 {
        try await forEach(texts) { text throws(ChatError) in
            try Username(text)
        } _: { backend, name throws(ChatError) in
            try await work(backend, name)
        } each: { user throws(ChatError) in
            try show(user: user)
        } all: { users throws(ChatError) in
            if texts.count == 1, let user = users.first { try show(user: user) } else { try show(users: users) }
        }
    }

    /// The same for rooms.
    func forEachRoom(
        _ texts: [String], _ work: (Backend, RoomName) async throws(ChatError) -> Room
    ) async throws(ChatError) -> Int32 {
        try await forEach(texts) { text throws(ChatError) in
            try RoomName(text)
        } _: { backend, name throws(ChatError) in
            try await work(backend, name)
        } each: { room throws(ChatError) in
            try show(room: room)
        } all: { rooms throws(ChatError) in
            if texts.count == 1, let room = rooms.first { try show(room: room) } else { try show(rooms: rooms) }
        }
    }
}

extension ErrorCode {
    /// True if whatever comes next would fail alike.
    fileprivate var concernsAll: Bool {
        [.unavailable, .unauthenticated, .outputFailed, .interrupted].contains(self)
    }
}
