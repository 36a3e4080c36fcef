import ChatCore

extension ReplSession {
    /// What a line led to.
    struct Outcome: Sendable {
        var status: Int32 = 0
        var ends = false
        /// The line is an expectation, or a wait that belongs to one.
        var isExpectation = false
    }

    /// Does what a line asks for.
    ///
    /// - Throws: what it throws: a wrong line, an act that fails, an expectation that is not met.
    func perform(_ line: String) async throws(ChatError) -> Outcome {
        let start = ContinuousClock.now
        do throws(ChatError) {
            let parser = ReplParser(room: person.room, variables: variables, isScript: plan.isScript)
            let action = try parser.action(of: line)
            let outcome = try await perform(action, line)
            if toggles.contains(.timing), action != .nothing {
                notice("took \((ContinuousClock.now - start).milliseconds) ms")
            }
            if outcome.status != 0 { record.failed(line, "status \(outcome.status)") }
            return outcome
        } catch {
            if error.code != .interrupted { record.failed(line, error.message) }
            throw error
        }
    }

    private func perform(_ action: ReplAction, _ line: String) async throws(ChatError) -> Outcome {
        switch action {
        case .nothing: return Outcome()
        case .quit: return Outcome(ends: true)
        case .post(let text):
            try await post(text, line)
            return Outcome()
        case .command(let words):
            let status = try await command(words)
            if status == 0 { record.did(line) }
            if !plan.isScript { refreshNames() }
            return Outcome(status: status)
        case .expect, .expectNot, .sleep:
            try await wait(action)
            record.did(line)
            return Outcome(isExpectation: action.isExpectation)
        case .save(let file): try save(file)
        case .help(let words):
            if words.isEmpty {
                for line in ReplShortForm.help { try self.line(line) }
            } else {
                return Outcome(status: try await command(["help"] + words))
            }
        case .listVariables:
            for (name, value) in variables.sorted(by: { $0.key < $1.key }) { try self.line("\(name)=\(value)") }
        default:
            try await move(action, line)
        }
        return Outcome()
    }

    /// What changes where the session is.
    private func move(_ action: ReplAction, _ line: String) async throws(ChatError) {
        switch action {
        case .join(let room), .changeRoom(let room): try await join(room)
        case .leave(let room): try await leave(room)
        case .direct(let user, let text):
            try await direct(with: user)
            record.did(text == nil ? line : "/dm \(user)")
            if let text { try await post(text, text.first == "/" ? "/say \(text)" : text) }
            return
        case .edit(let seq, let text): try await edit(seq, text)
        case .speak(let user, let file): try await become(user, file)
        case .set(let name, let value): variables[name] = value
        case .toggle(let toggle, let wish): try change(toggle, to: wish)
        case .nothing, .post, .command, .expect, .expectNot, .sleep, .save, .help, .listVariables, .quit: return
        }
        record.did(line)
    }

    private func change(_ toggle: ReplToggle, to wish: Bool?) throws(ChatError) {
        let isOn = wish ?? !toggles.contains(toggle)
        if isOn { toggles.insert(toggle) } else { toggles.remove(toggle) }
        if !plan.isScript { try line("\(toggle.rawValue) is \(isOn ? "on" : "off")") }
    }

    /// Names that a command made or removed are completed soon.
    func refreshNames() {
        let (names, service) = (names, person.backend.service)
        Task { await names.refresh(from: service) }
    }

    // MARK: Messages

    private func post(_ text: String, _ line: String) async throws(ChatError) {
        let (who, backend) = (person.name, person.backend)
        guard let room = person.room else { throw .noCurrentRoom }
        let body = try MessageBody(text)
        let message =
            if plan.isScript {
                try await RatedWork.run { () async throws(ChatError) in
                    try await backend.service.send(body, to: room, clientID: nil)
                }
            } else {
                try await backend.service.send(body, to: room, clientID: nil)
            }
        change(who) { $0.lastPost = (message.room.name, message.seq) }
        variables["SEQ"] = String(message.seq)
        record.posted(line, text, in: message.room.name, by: who)
        if plan.isScript { try await hear(message, who) }
    }

    /// Waits until the author has seen the message: whatever comes next in a script comes after it.
    private func hear(_ message: Message, _ who: Username?) async throws(ChatError) {
        let changes = screen.changes()
        let (screen, room) = (screen, message.room.name)
        try await Deadline.run(within: Self.hearing, of: "message \(room) \(message.seq)") {
            () async throws(ChatError) in
            var arrivals = changes.makeAsyncIterator()
            repeat {
                try screen.requireWritten()
                if screen.hasHeard(message.seq, in: room, by: who) { return }
            } while await arrivals.next() != nil
        }
    }

    private func edit(_ seq: Int64?, _ text: String) async throws(ChatError) {
        guard let room = person.room else { throw .noCurrentRoom }
        let last = person.lastPost.flatMap { $0.room == room ? $0.seq : nil }
        guard let seq = seq ?? last else {
            throw ChatError(.usage, "edit: no message of yours in this session", hint: "write '/edit SEQ TEXT'")
        }
        _ = try await person.backend.service.editMessage(in: room, seq: seq, to: try MessageBody(text))
    }

    // MARK: People

    /// Makes somebody the speaker, who also goes to the current room when new.
    private func become(_ user: Username, _ file: String?) async throws(ChatError) {
        let room = person.room
        if let index = index(of: user) {
            speak(as: index)
        } else {
            let backend = try await invocation.backend(of: user, tokenFile: file, beside: person.backend)
            speak(as: ReplPersona(name: user, backend: backend))
            // A room that the new person may not enter is no reason not to be there.
            if let room, !person.follows(room) {
                do throws(ChatError) { try await join(room) } catch
                    where [.notAMember, .banned, .roomNotFound].contains(error.code)
                {
                    notice("\(user): \(error.message)")
                }
            }
        }
    }

    // MARK: Files

    private func save(_ file: String) throws(ChatError) {
        try TextFile.write(script, to: file)
        notice("wrote \(file)")
    }
}

extension ReplAction {
    fileprivate var isExpectation: Bool {
        switch self {
        case .expect, .expectNot: true
        default: false
        }
    }
}
