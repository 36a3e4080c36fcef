import ChatCore
import NIOCore

// The consumer pulls: beyond the socket's bounded inbox, nothing is read from the network until it is asked for. When
// a consumer stops pulling, back-pressure reaches the server, which drops the connection with 4008. When it pulls
// again, the feed reconnects from the last message it gave out.

/// A feed of rooms on a server. Carries out what ``FollowState`` decides.
actor RemoteFeed: Feed {
    private let chat: RemoteChat
    private let dialer: Dialer
    private var state = FollowState()
    private var actions: CircularBuffer<FollowState.Action> = []
    private var connection: WebSocketConnection?
    private var isClosed = false
    /// Cuts short what ``next()`` waits for, other than the socket.
    private var interrupt: (@Sendable () -> Void)?

    /// The connection is opened by the first ``next()``.
    init(chat: RemoteChat) {
        self.chat = chat
        dialer = Dialer(chat.address)
    }

    /// When the server refuses the room, ``next()`` says so.
    func add(_ position: RoomPosition) {
        // Items left over from before the room was lost must not seem to belong to this subscription.
        if !state.follows(position.room) { actions.removeAll { $0.isItem(of: position.room) } }
        send(state.add(position))
    }

    func remove(_ room: RoomName) {
        send(state.remove(room))
        actions.removeAll { $0.isItem(of: room) }
    }

    func close() {
        isClosed = true
        actions.removeAll()
        connection?.close()
        connection = nil
        interrupt?()
    }

    /// - Throws: the server's error when it refuses the token or the only room. The feed is then closed.
    func next() async throws(ChatError) -> FeedItem? {
        while !isClosed, !Task.isCancelled {
            if let action = actions.popFirst() {
                if let item = try await perform(action) { return item }
            } else if let connection {
                guard let event = await connection.next() else { return nil }
                receive(event)
            } else {
                await connect()
            }
        }
        return nil
    }

    private func receive(_ event: WebSocketEvent) {
        switch event {
        case .text(let text): actions.append(contentsOf: state.received(text))
        case .closed(let code): actions.append(contentsOf: state.closed(code: code))
        }
    }

    private func perform(_ action: FollowState.Action) async throws(ChatError) -> FeedItem? {
        switch action {
        case .item(let item): return item
        case .send(let text): connection?.send(text)
        case .fetch(let gap): await fetch(gap)
        case .identify(let name, let message):
            await ask(action) { chat throws(ChatError) in
                try await chat.logIfReadable(of: name)
            } then: { state, log in
                state.identified(name, as: log?.epoch, then: message)
            }
        case .locate(let epoch):
            await ask(action) { chat throws(ChatError) in
                try await chat.log(epoch: epoch)
            } then: { state, log in
                state.located(epoch, as: log)
            }
        case .rejoin(let join, let attempt, let least): rejoin(join, after: max(Self.pause(attempt), least))
        case .reconnect(let attempt):
            connection = nil
            await wait { try? await Task.sleep(for: Self.pause(attempt)) }
        case .fail(let error):
            close()
            throw error
        }
        return nil
    }

    private static func pause(_ attempt: Int) -> Duration {
        BackOff(first: .milliseconds(100), longest: .seconds(2)).delay(attempt: attempt, jitter: .random(in: 0...1))
    }

    private func connect() async {
        let opened = await wait { [dialer, chat] () async -> Result<WebSocketConnection, ChatError> in
            do throws(ChatError) {
                return .success(try await WebSocketConnection.open("/ws", by: dialer, token: chat.token))
            } catch {
                return .failure(error)
            }
        }
        guard !isClosed, !Task.isCancelled else { return }
        switch opened {
        case .success(let connection):
            self.connection = connection
            actions.append(contentsOf: state.connected())
        case .failure(let error): actions.append(contentsOf: state.refused(error))
        }
    }

    /// Its outcome goes to the front of the queue, so that the order of the room holds.
    private func fetch(_ gap: FollowState.Gap) async {
        guard let log = state.log(of: gap) else { return }
        let page = await wait { [chat] () async -> Result<[Message], ChatError> in
            do throws(ChatError) {
                return .success(try await chat.messages(of: log, .after(gap.after), limit: Limits.pageMessages))
            } catch {
                return .failure(error)
            }
        }
        // The gap remains for the next caller.
        if Task.isCancelled { return actions.prepend(.fetch(gap)) }
        let news =
            switch page {
            case .success(let messages): state.fetched(messages, for: gap)
            case .failure(let error): state.failed(error, for: gap)
            }
        for action in news.reversed() { actions.prepend(action) }
    }

    /// Asks the server for a log. As with a page, what follows goes to the front of the queue.
    private func ask(
        _ action: FollowState.Action, _ question: @escaping @Sendable (RemoteChat) async throws(ChatError) -> RoomLog?,
        then take: (inout FollowState, RoomLog?) -> [FollowState.Action]
    ) async {
        let answer = await wait { [chat] () async -> Result<RoomLog?, ChatError> in
            do throws(ChatError) { return .success(try await question(chat)) } catch { return .failure(error) }
        }
        // The question remains for the next caller.
        if Task.isCancelled { return actions.prepend(action) }
        let news =
            switch answer {
            case .success(let log): take(&state, log)
            case .failure(let error): state.failedToIdentify(error)
            }
        for action in news.reversed() { actions.prepend(action) }
    }

    private func rejoin(_ join: FollowState.Join, after pause: Duration) {
        Task { [weak self] in
            try? await Task.sleep(for: pause)
            await self?.rejoin(join)
        }
    }

    private func rejoin(_ join: FollowState.Join) {
        send(state.rejoin(join))
    }

    /// Sends frames at once, because ``next()`` may be waiting for the server.
    private func send(_ actions: [FollowState.Action]) {
        for case .send(let text) in actions { connection?.send(text) }
    }

    /// Runs `work`, cancelled when the consumer is cancelled or the feed is closed.
    private func wait<Value: Sendable>(for work: @escaping @Sendable () async -> Value) async -> Value {
        let task = Task { await work() }
        interrupt = { task.cancel() }
        defer { interrupt = nil }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
