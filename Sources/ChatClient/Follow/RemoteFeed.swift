import ChatCore
import NIOCore

// The consumer pulls: nothing is read from the network that nobody asked for, beyond the socket's bounded inbox.
// A consumer that stops pulling stops the socket, and the server drops it with 4008; pulling on then reconnects
// from the last message given out.

/// Does what a ``FollowState`` says, until the consumer stops or following is no longer possible.
actor Follower {
    private let chat: RemoteChat
    private let dialer: Dialer
    private var state: FollowState
    private var actions: CircularBuffer<FollowState.Action> = []
    private var connection: WebSocketConnection?

    init(chat: RemoteChat, rooms: [RoomPosition]) {
        self.chat = chat
        dialer = Dialer(chat.address)
        state = FollowState(rooms)
    }

    /// The next item, nil when the task is cancelled.
    func next() async throws(ChatError) -> FollowItem? {
        while !Task.isCancelled {
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

    private func perform(_ action: FollowState.Action) async throws(ChatError) -> FollowItem? {
        switch action {
        case .message(let message): return .message(message)
        case .notice(let text): return .notice(text)
        case .send(let text): connection?.send(text)
        case .fetch(let room, let after, let through): await fetch(room, after: after, through: through)
        case .reconnect(let attempt): await reconnect(attempt)
        case .fail(let error): throw error
        }
        return nil
    }

    private func connect() async {
        do throws(ChatError) {
            connection = try await WebSocketConnection.open("/ws", by: dialer, token: chat.token)
            actions.append(contentsOf: state.connected())
        } catch {
            actions.append(contentsOf: state.refused(error))
        }
    }

    /// What the old connection still had to say is in the log, behind the position.
    private func reconnect(_ attempt: Int) async {
        connection = nil
        actions.removeAll()
        try? await Task.sleep(for: BackOff.delay(attempt: attempt, chance: .random(in: 0...1)))
        await connect()
    }

    /// Goes before what is due already, so that the room's order holds.
    private func fetch(_ room: RoomName, after: Int64, through: Int64) async {
        let news: [FollowState.Action]
        do throws(ChatError) {
            let page = try await chat.messages(in: room, .after(after), limit: Limits.pageMessages)
            news = state.fetched(page, of: room, through: through)
        } catch {
            news = state.failedToFetch(error)
        }
        for action in news.reversed() { actions.prepend(action) }
    }
}
