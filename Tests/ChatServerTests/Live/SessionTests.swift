import ChatCore
import ChatWire
import Testing

@testable import ChatServer

/// What each client frame means, in both forms and every state of joining.
@Suite struct SessionTests {
    private let general = RoomReference(id: RoomID(1), name: RoomName(stored: "general"))
    private let plans = RoomReference(id: RoomID(2), name: RoomName(stored: "plans"))

    private func session(onlyRoom: RoomReference? = nil, joined: RoomReference...) -> Session {
        var session = Session(onlyRoom: onlyRoom?.name)
        for room in joined { session.joined(room) }
        return session
    }

    private func act(_ text: String, in session: Session) -> Session.Act { session.receive(Array(text.utf8)) }

    private func refusal(_ text: String, in session: Session) -> ErrorCode? {
        guard case .refuse(let error, _) = act(text, in: session) else { return nil }
        return error.code
    }

    // MARK: What is no frame

    @Test(
        arguments: [
            ("", .invalidJSON), ("{", .invalidJSON), ("[]", .invalidFrame), ("{\"event\":\"dance\"}", .invalidFrame),
            ("{\"event\":\"message\"}", .invalidBody), ("{\"event\":\"join\"}", .invalidFrame),
            ("{\"event\":\"read\"}", .invalidFrame),
        ] as [(String, ErrorCode)])
    func `what cannot be read is refused`(text: String, code: ErrorCode) {
        #expect(refusal(text, in: session(joined: general)) == code)
    }

    @Test func `a refusal bears the ref of its frame`() {
        let act = act(#"{"event":"message","ref":7,"body":"  "}"#, in: session(joined: general))
        guard case .refuse(let error, let ref) = act else { return #expect(Bool(false)) }
        #expect(error.code == .invalidBody)
        #expect(ref == .number(7))
    }

    // MARK: Ping

    @Test func `a ping is answered without a room`() {
        #expect(act(#"{"event":"ping","ref":"a"}"#, in: session()) == .answer(ServerFrame.pong(ref: .text("a"))))
    }

    // MARK: Joining

    @Test(
        arguments: [
            (#"{"event":"join","room":"plans"}"#, nil, nil),
            (#"{"event":"join","room":"PLANS","after":0}"#, 0, nil),
            (#"{"event":"join","room":"plans","after":45,"epoch":"e"}"#, 45, "e"),
            (#"{"event":"join","room":"plans","after":9223372036854775807}"#, Int64.max, nil),
        ] as [(String, Int64?, String?)])
    func `a join is passed on with its position`(text: String, after: Int64?, epoch: String?) {
        let request = JoinRequest(room: plans.name, after: after, epoch: epoch)
        #expect(act(text, in: session()) == .join(request, nil))
    }

    @Test(
        arguments: [
            (#"{"event":"join","room":"no room"}"#, .roomNotFound), (#"{"event":"join","room":""}"#, .roomNotFound),
            (#"{"event":"join","room":"plans","after":-1}"#, .invalidFrame),
        ] as [(String, ErrorCode)])
    func `a join of what can be no room or position is refused`(text: String, code: ErrorCode) {
        #expect(refusal(text, in: session()) == code)
    }

    @Test func `the one-room form joins nothing else`() {
        let session = session(onlyRoom: general, joined: general)
        #expect(refusal(#"{"event":"join","room":"plans"}"#, in: session) == .invalidFrame)
    }

    @Test func `a room that was joined can be joined again, with another position`() {
        let request = JoinRequest(room: general.name, after: 3)
        #expect(
            act(#"{"event":"join","room":"general","after":3}"#, in: session(joined: general)) == .join(request, nil))
    }

    // MARK: Which room is meant

    @Test func `without a name the only joined room is meant`() throws {
        let body = try MessageBody("hi")
        #expect(act(#"{"body":"hi"}"#, in: session(joined: general)) == .send(general, body, nil, nil))
        #expect(refusal(#"{"body":"hi"}"#, in: session(joined: general, plans)) == .invalidFrame)
        #expect(refusal(#"{"body":"hi"}"#, in: session()) == .notJoined)
    }

    @Test(arguments: ["leave", "typing", "message", "read"])
    func `a room that was not joined is refused by every frame`(event: String) {
        let text = #"{"event":"\#(event)","room":"plans","body":"hi","seq":1}"#
        #expect(refusal(text, in: session(joined: general)) == .notJoined)
    }

    @Test(arguments: ["plans", "PLANS"])
    func `a joined room is found in any case`(name: String) {
        #expect(act(#"{"event":"typing","room":"\#(name)"}"#, in: session(joined: general, plans)) == .typing(plans))
    }

    // MARK: The other frames

    @Test func `a message has its body judged and its client id`() throws {
        let text = #"{"event":"message","room":"general","body":"hi","client_id":"a1","ref":1}"#
        let (body, id) = (try MessageBody("hi"), try ClientID("a1"))
        #expect(act(text, in: session(joined: general)) == .send(general, body, id, .number(1)))
        #expect(refusal(#"{"body":"hi","client_id":""}"#, in: session(joined: general)) == .invalidInput)
        #expect(refusal(#"{"body":"\u0000"}"#, in: session(joined: general)) == .invalidBody)
    }

    @Test func `reading and leaving name their room`() {
        let session = session(joined: general, plans)
        #expect(act(#"{"event":"read","room":"plans","seq":48}"#, in: session) == .read(plans, seq: 48))
        #expect(act(#"{"event":"leave","room":"general","ref":null}"#, in: session) != .leave(plans, nil))
        guard case .leave(let room, _) = act(#"{"event":"leave","room":"general"}"#, in: session) else {
            return #expect(Bool(false))
        }
        #expect(room == general)
    }

    // MARK: What happens to rooms

    @Test func `a room that was left is joined no longer`() {
        var session = session(joined: general, plans)
        session.left(plans)
        #expect(session.rooms == [general.name: general])
        #expect(refusal(#"{"event":"typing","room":"plans"}"#, in: session) == .notJoined)
    }

    @Test func `a renamed room is found under its new name only`() {
        var session = session(joined: general)
        let lobby = RoomReference(id: general.id, name: RoomName(stored: "lobby"))
        session.renamed(lobby)
        #expect(act(#"{"event":"typing","room":"lobby"}"#, in: session) == .typing(lobby))
        #expect(refusal(#"{"event":"typing","room":"general"}"#, in: session) == .notJoined)
    }

    @Test func `the renaming of a room that was not joined changes nothing`() {
        var session = session(joined: general)
        session.renamed(RoomReference(id: RoomID(9), name: RoomName(stored: "lobby")))
        #expect(session.rooms == [general.name: general])
    }

    // MARK: Joins on their way

    /// Limits with joins of these rooms under way.
    private func joining(_ rooms: RoomName...) -> ConnectionLimits {
        var limits = ConnectionLimits()
        for room in rooms { try? limits.beginJoin(of: room, joined: 0, isJoined: false) }
        return limits
    }

    @Test func `a frame for a room that is not joined depends on joins, others do not`() {
        let session = session(joined: general)
        func depends(_ frame: String, _ session: Session, joined: Int = 1) -> Bool {
            act(frame, in: session).dependsOnJoin(joining(plans.name), joined: joined)
        }
        #expect(depends(#"{"event":"typing","room":"plans"}"#, session))
        #expect(depends(#"{"body":"hi"}"#, self.session()))
        #expect(!depends(#"{"event":"typing","room":"general"}"#, session))
        #expect(!depends(#"{"event":"ping"}"#, session))
        #expect(depends(#"{"event":"join","room":"plans"}"#, session))
        #expect(!depends(#"{"event":"join","room":"other"}"#, session))
        #expect(!depends("{", session))
    }

    @Test func `a join depends on joins that may leave it the last place`() {
        let join = act(#"{"event":"join","room":"other"}"#, in: session(joined: general))
        #expect(!join.dependsOnJoin(joining(plans.name), joined: 998))
        #expect(join.dependsOnJoin(joining(plans.name), joined: 999))
        #expect(!join.dependsOnJoin(joining(plans.name), joined: 1_000))
    }

    @Test func `leaving a room that is joined again depends on that join`() {
        let leave = act(#"{"event":"leave","room":"general"}"#, in: session(joined: general))
        #expect(leave.dependsOnJoin(joining(general.name), joined: 1))
        #expect(!leave.dependsOnJoin(joining(plans.name), joined: 1))
    }
}
