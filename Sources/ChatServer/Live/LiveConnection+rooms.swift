import ChatCore
import ChatWire
import NIOCore

// Performs what a session decides. Work that reads the database is in flight until it is answered; only a few joins
// read at once, in order. The core's `JoinPlan` decides how a join is cut, replayed and answered.

/// A join in flight, from its frame to its answer.
struct PendingJoin: Sendable {
    let request: JoinRequest
    let ref: Ref?
}

extension LiveConnection {
    func perform(_ act: Session.Act) {
        switch act {
        case .answer(let bytes): enqueue(bytes)
        case .refuse(let error, let ref): refuse(error, ref)
        case .join(let request, let ref): begin(PendingJoin(request: request, ref: ref))
        case .leave(let room, let ref):
            if let subscription = subscriptions[room.id] { leave(subscription) }
            enqueue(ServerFrame.left(ref: ref, room: room.name))
        case .send(let room, let body, let clientID, let ref): send(body, to: room, clientID, ref)
        case .edit(let room, let seq, let body, let ref): edit(seq, of: room, to: body, ref)
        case .typing(let room): type(in: room)
        case .read(let room, let seq): service.markRead(room.id, through: seq)
        }
    }

    private func refuse(_ error: ChatError, _ ref: Ref?) {
        context.chat.report(.refused(error.code))
        enqueue(ServerFrame.error(ref: ref, error))
    }

    // MARK: Messages

    private func send(_ body: MessageBody, to room: RoomReference, _ clientID: ClientID?, _ ref: Ref?) {
        limits.begin()
        service.post(body, in: room.id, clientID: clientID) { [hub] result in
            hub.finish(self, answer: Self.answer(to: result, clientID, ref))
        }
    }

    /// Empty if the sender did not ask for an acknowledgement.
    private static func answer(to result: Result<Appended, ChatError>, _ clientID: ClientID?, _ ref: Ref?) -> [UInt8] {
        switch result {
        case .failure(let error): return ServerFrame.error(ref: ref, error)
        case .success(let appended):
            guard ref != nil || clientID != nil else { return [] }
            let message = appended.message
            return ServerFrame.ack(
                ref: ref, room: message.room.name, id: message.id, seq: message.seq, clientID: clientID)
        }
    }

    private func edit(_ seq: Int64, of room: RoomReference, to body: MessageBody, _ ref: Ref?) {
        limits.begin()
        lastEdit = context.chat.read { [service = service, hub, lastEdit] in
            // One after the other: the last text that was sent is the one that stays.
            await lastEdit?.value
            let answer: [UInt8]
            do throws(ChatError) {
                let message = try await service.editMessage(inJoined: room, seq: seq, to: body)
                answer = ServerFrame.edited(ref: ref, room: message.room.name, seq: seq)
            } catch {
                answer = ServerFrame.error(ref: ref, error)
            }
            hub.finish(self, answer: answer)
        }
    }

    private func type(in room: RoomReference) {
        guard limits.takeTyping(in: room.id, at: hub.clock.now()) else { return }
        limits.begin()
        context.chat.read { [service = service, hub] in
            await service.type(in: room)
            hub.finish(self)
        }
    }

    // MARK: Joining

    private func begin(_ join: PendingJoin) {
        let room = join.request.room
        do throws(ChatError) {
            try limits.beginJoin(of: room, joined: session.rooms.count, isJoined: session.rooms[room] != nil)
        } catch {
            return refuse(error, join.ref)
        }
        limits.begin()
        if limits.takeJoinPlace() { ask(join) } else { waitingJoins.append(join) }
    }

    /// Ends a join with its answer and starts the next one.
    private func end(_ join: PendingJoin, answer: [UInt8] = []) {
        limits.endJoin(of: join.request.room)
        limits.giveJoinPlaceBack()
        if !waitingJoins.isEmpty, limits.takeJoinPlace() { ask(waitingJoins.removeFirst()) }
        finished(answer)
        releaseHeldFrame()
    }

    private func ask(_ join: PendingJoin) {
        let (asked, changes) = (revision, hub.roomChanges.count)
        context.chat.read { [service = service, hub] in
            let admission: Result<JoinAdmission, ChatError>
            do throws(ChatError) {
                admission = .success(try await service.admit(join.request))
            } catch {
                admission = .failure(error)
            }
            hub.loop.execute {
                guard hub.isHolding(self) else { return }
                // The user's rights changed while the database was read: read again.
                if asked != self.revision { return self.ask(join) }
                self.admitted(admission, join, changes: changes)
                hub.flush()
            }
        }
    }

    /// Joins the room of a one-room connection, which was admitted before the 101.
    func enter(_ admission: JoinAdmission, changes: UInt64) {
        limits.begin()
        _ = limits.takeJoinPlace()
        subscribe(admission, PendingJoin(request: admission.request, ref: nil), changes: changes)
    }

    /// - Parameter changes: how many changes of rooms the hub had seen before the database was read.
    private func admitted(_ result: Result<JoinAdmission, ChatError>, _ join: PendingJoin, changes: UInt64) {
        do throws(ChatError) {
            let admission = try result.get()
            let room = admission.access.room
            // Checked again: joins in flight may have filled the connection.
            guard subscriptions[room.id] != nil || subscriptions.count < Limits.roomsPerConnection else {
                throw ConnectionLimits.tooManyRooms
            }
            subscribe(admission, join, changes: changes)
        } catch {
            context.chat.report(.refused(error.code))
            end(join, answer: ServerFrame.error(ref: join.ref, error))
            // The one room changed after the 101; whoever connects again is told over HTTP.
            if !isMultiplexed { close(.goingAway, error.message) }
        }
    }

    private func subscribe(_ admission: JoinAdmission, _ join: PendingJoin, changes: UInt64) {
        let room = admission.access.room
        let subscription = Subscription(connection: self, room: room, isReplaying: true)
        let asked = revision
        guard let cut = hub.subscribe(subscription) else {
            // Nobody is left to be answered when the connection ended.
            return hub.isHolding(self) ? ask(join) : ()
        }
        // What had been posted to the hub before is taken in now: the room may have been renamed or deleted, or the user
        // removed from it.
        guard asked == revision, !hub.roomChanges.hasChanged(room.id, since: changes) else {
            hub.unsubscribe(subscription)
            return ask(join)
        }
        // A room that is joined again keeps its seat, so that the user does not appear to leave in between.
        let earlier = subscriptions.updateValue(subscription, forKey: room.id)
        if let earlier { hub.unsubscribe(earlier) }
        session.joined(room)
        let isFirst = earlier == nil && service.enter(room)
        let onlineCount = admission.onlineCount(isFirst: isFirst)
        let plan = JoinPlan(admission, cut: cut)
        guard case .replay = plan else {
            return conclude(plan.outcome(of: nil), subscription, cut, admission, onlineCount, join)
        }
        let bound = NIOLoopBound(subscription, eventLoop: hub.loop)
        context.chat.read { [service = service, hub] in
            let outcome = await service.carryOut(plan, in: room)
            hub.loop.execute {
                guard hub.isHolding(self) else { return }
                self.conclude(outcome, bound.value, cut, admission, onlineCount, join)
                hub.flush()
            }
        }
    }

    /// Answers the join, then sends the missed and the held messages, and goes live.
    private func conclude(
        _ outcome: JoinOutcome, _ subscription: Subscription, _ cut: Int64, _ admission: JoinAdmission,
        _ onlineCount: Int, _ join: PendingJoin
    ) {
        // The room was left, lost or joined again meanwhile.
        guard subscription.index >= 0 else { return end(join) }
        guard case .joined(let missed, let recovered) = outcome else {
            leave(subscription)
            return end(join, answer: ServerFrame.error(ref: join.ref, JoinOutcome.unavailableError))
        }
        let name = subscription.room.name
        enqueue(
            isMultiplexed
                ? ServerFrame.joined(
                    ref: join.ref, room: name, lastSeq: cut, epoch: admission.epoch, onlineCount: onlineCount,
                    recovered: recovered)
                : ServerFrame.onlineCount(room: name, count: onlineCount))
        hub.counts.joined(subscription.room.id, shown: onlineCount)
        for message in missed { enqueue(ServerFrame.message(message)) }
        let held = subscription.held ?? []
        subscription.held = nil
        if !held.isEmpty { enqueue(held) }
        subscription.refresh()
        end(join)
    }

    func leave(_ subscription: Subscription) {
        let room = subscription.room
        guard subscriptions[room.id] === subscription else { return }
        subscriptions[room.id] = nil
        session.left(room)
        hub.unsubscribe(subscription)
        service.leave(room)
    }
}
