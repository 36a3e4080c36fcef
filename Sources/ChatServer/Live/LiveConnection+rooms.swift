import ChatCore
import ChatWire
import NIOCore

// Joining with `after` has no hole and no overlap: the subscription is made first, on the loop, at a known
// position of the room's feed. The log is read from `after` to exactly there, while what comes later is held.

extension LiveConnection {
    /// What the database said before a room is joined.
    struct Admission: Sendable {
        let access: RoomAccess
        let onlineCount: Int
        let recovers: Bool
        /// What the client asked with, should it have to be asked again.
        let after: Int64?
        let epoch: String?
    }

    func perform(_ act: Session.Act) {
        switch act {
        case .answer(let bytes): enqueue(bytes)
        case .join(let name, let after, let epoch, let ref): join(name, after: after, epoch: epoch, ref: ref)
        case .leave(let room, let ref):
            if let subscription = subscriptions[room.id] { leave(subscription) }
            enqueue(ServerFrame.left(ref: ref, room: room.name))
        case .send(let room, let body, let clientID, let ref): send(body, to: room, clientID, ref)
        case .typing(let room): announce(.typing(room: room, username: user.username))
        case .read(let room, let seq):
            Task { [context, user] in
                try? await context.chat.store.setLastRead(seq, by: user.id, in: room.id)
            }
        }
    }

    // MARK: Messages

    private func send(_ body: MessageBody, to room: RoomReference, _ clientID: ClientID?, _ ref: Ref?) {
        do throws(ChatError) {
            try context.chat.spendMessage(of: user)
        } catch {
            return enqueue(ServerFrame.error(ref: ref, error))
        }
        inFlight += 1
        let draft = Draft(room: room.id, author: user.author, body: body, clientID: clientID)
        context.chat.journal.submit(draft) { [hub] result in
            let answer: [UInt8]
            switch result {
            case .failure(let error): answer = ServerFrame.error(ref: ref, error)
            case .success(let appended):
                let message = appended.message
                let isAwaited = ref != nil || clientID != nil
                answer =
                    isAwaited
                    ? ServerFrame.ack(
                        ref: ref, room: message.room.name, id: message.id, seq: message.seq, clientID: clientID) : []
            }
            hub.settle(answer, for: self)
        }
    }

    private func announce(_ event: Event) {
        Task { [context] in await context.chat.announce([event]) }
    }

    // MARK: Joining

    func join(_ name: RoomName, after: Int64?, epoch: String?, ref: Ref?) {
        let asked = revision
        Task(executorPreference: context.chat.store.reader) { [context, user, hub] in
            let admission: Result<Admission, ChatError>
            do throws(ChatError) {
                admission = .success(try await Self.admit(user, to: name, after: after, epoch: epoch, context))
            } catch {
                admission = .failure(error)
            }
            hub.loop.execute {
                // What the user may see changed while the database was asked: ask again.
                if asked != self.revision { return self.join(name, after: after, epoch: epoch, ref: ref) }
                self.admitted(admission, after: after, ref: ref)
                hub.flush()
            }
        }
    }

    /// Asks for what a join needs to know, and opens the room's feed.
    ///
    /// - Throws: `roomNotFound`, `banned`, `notAMember`, `unavailable`.
    static func admit(
        _ user: User, to name: RoomName, after: Int64?, epoch: String?, _ context: LiveContext
    ) async throws(ChatError) -> Admission {
        let chat = context.chat
        let access = try await chat.service(for: .user(user)).readableRoom(name)
        try await chat.delivery.open(access.room)
        let count = try await chat.onlineCount(in: access.room.id)
        let isSameLog = epoch == nil || epoch == context.epoch
        guard let after, isSameLog, after <= access.lastSeq else {
            return Admission(
                access: access, onlineCount: count, recovers: after == nil && isSameLog, after: after, epoch: epoch)
        }
        // The client may have seen more on another node than this one has passed on.
        await chat.delivery.grown(access.room.id, to: after)
        return Admission(access: access, onlineCount: count, recovers: true, after: after, epoch: epoch)
    }

    /// Joins the room of the seed's form, judged before the 101, and asks once more whether that still holds.
    func enter(_ admission: Admission) {
        subscribe(admission, after: nil, ref: nil)
        Task(executorPreference: context.chat.store.reader) { [context, user, hub] in
            let room = admission.access.room
            do throws(ChatError) {
                _ = try await context.chat.service(for: .user(user)).readableRoom(room.name)
            } catch  where error.code == .banned || error.code == .notAMember {
                hub.loop.execute { self.lose(room, reason: .removed) }
            } catch {
                // Nothing is known to have changed.
            }
        }
    }

    private func admitted(_ admission: Result<Admission, ChatError>, after: Int64?, ref: Ref?) {
        guard hub.isHolding(self) else { return }
        switch admission {
        case .failure(let error):
            enqueue(ServerFrame.error(ref: ref, error))
        case .success(let admission):
            // In this order the user never leaves the room in between.
            let earlier = subscriptions[admission.access.room.id]
            subscribe(admission, after: admission.recovers ? after : nil, ref: ref)
            if let earlier { release(earlier) }
        }
    }

    private func subscribe(_ admission: Admission, after: Int64?, ref: Ref?) {
        let room = admission.access.room
        let subscription = Subscription(connection: self, room: room, isReplaying: true)
        guard let position = hub.subscribe(subscription) else {
            return join(room.name, after: admission.after, epoch: admission.epoch, ref: ref)
        }
        subscriptions[room.id] = subscription
        session.joined(room)
        let isFirst = context.presence.enter(Seat(room: room.id, user: user.id))
        let isNew = isFirst && !admission.access.isOnline
        let tally = max(1, admission.onlineCount + (isNew ? 1 : 0))
        guard let after, after < position else {
            return goLive(
                subscription, [], ref: ref, position: position, recovered: admission.recovers, onlineCount: tally)
        }
        let limit = Limits.replayMessages
        guard position - after <= limit else {
            return goLive(subscription, [], ref: ref, position: position, recovered: false, onlineCount: tally)
        }
        let bound = NIOLoopBound(subscription, eventLoop: hub.loop)
        Task { [context, hub] in
            let log = try? await context.chat.store.messages(in: room, .after(after), limit: limit)
            let missed = log?.filter { $0.seq <= position } ?? []
            hub.loop.execute {
                let subscription = bound.value
                guard subscription.index >= 0 else { return }
                let isWhole = missed.count == position - after
                self.goLive(
                    subscription, isWhole ? missed : [], ref: ref, position: position, recovered: isWhole,
                    onlineCount: tally)
                hub.flush()
            }
        }
    }

    /// Answers the join, then sends what was missed, then what was held, and lets live frames through.
    private func goLive(
        _ subscription: Subscription, _ missed: [Message], ref: Ref?, position: Int64, recovered: Bool,
        onlineCount: Int
    ) {
        let name = subscription.room.name
        if isMultiplexed {
            enqueue(
                ServerFrame.joined(
                    ref: ref, room: name, lastSeq: position, epoch: context.epoch, onlineCount: onlineCount,
                    recovered: recovered))
        } else {
            enqueue(ServerFrame.onlineCount(room: name, count: onlineCount))
        }
        for message in missed { enqueue(ServerFrame.message(message)) }
        let held = subscription.held ?? []
        subscription.held = nil
        if !held.isEmpty { enqueue(held) }
        hub.refresh(subscription)
    }

    func leave(_ subscription: Subscription) {
        guard subscriptions.removeValue(forKey: subscription.room.id) != nil else { return }
        session.left(subscription.room)
        release(subscription)
    }

    private func release(_ subscription: Subscription) {
        hub.unsubscribe(subscription)
        context.presence.leave(Seat(room: subscription.room.id, user: user.id))
    }
}
