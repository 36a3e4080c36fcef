import ChatCore

/// Names of users that stand in a row where a command works on one.
enum NamesInARow {
    /// Each of them once, in their order.
    ///
    /// - Throws: `invalidInput` for one that breaks the rule of names.
    static func users(_ texts: [String]) throws(ChatError) -> [Username] {
        var names: [Username] = []
        for text in texts {
            let name = try Username(text)
            if !names.contains(name) { names.append(name) }
        }
        return names
    }
}

extension Invocation {
    /// Does `work` for each of the accounts and shows them: one as an object, several as an array of objects. Names that do
    /// not exist are found before anything is done.
    func forEachUser(
        _ texts: [String], _ work: (Backend, Username) async throws(ChatError) -> User
    ) async throws(ChatError) {
        let names = try NamesInARow.users(texts)
        try await withBackend { backend throws(ChatError) in
            if names.count > 1 { for name in names { _ = try await backend.service.user(named: name) } }
            var users: [User] = []
            for name in names {
                let user = try await work(backend, name)
                users.append(user)
                // Those that are done are shown, whatever becomes of the next one.
                if !printsJSON { try show(user: user) }
            }
            guard printsJSON else { return }
            if names.count == 1, let user = users.first { return try show(user: user) }
            try show(users: users)
        }
    }
}
