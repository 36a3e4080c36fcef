import ChatCore
import Testing

/// Every rule of who may do what in a room, for every standing there is.
@Suite struct RoomAccessTests {
    private func access(
        _ kind: RoomKind, role: MemberRole? = nil, banned: Bool = false, muted: Bool = false, archived: Bool = false,
        admin: Bool = false
    ) -> RoomAccess {
        RoomAccess(
            room: RoomReference(id: RoomID(1), name: RoomName(stored: "plans")), kind: kind, isArchived: archived,
            lastSeq: 0, role: role, isBanned: banned, isMuted: muted, isSiteAdmin: admin)
    }

    private func code(_ ask: () throws(ChatError) -> Void) -> ErrorCode? {
        do throws(ChatError) { try ask() } catch { return error.code }
        return nil
    }

    // MARK: Reading

    @Test(
        arguments: [
            // kind, member, banned, site administrator, refused with
            (.public, false, false, false, nil), (.public, true, false, false, nil),
            (.public, false, true, false, .banned), (.public, true, true, false, .banned),
            (.public, false, true, true, nil),
            (.private, false, false, false, .notAMember), (.private, true, false, false, nil),
            (.private, true, true, false, .banned), (.private, false, false, true, nil),
            (.private, false, true, true, nil),
            (.direct, false, false, false, .notAMember), (.direct, true, false, false, nil),
            (.direct, false, false, true, .notAMember), (.direct, true, false, true, nil),
        ] as [(RoomKind, Bool, Bool, Bool, ErrorCode?)])
    func `who may read`(kind: RoomKind, member: Bool, banned: Bool, admin: Bool, expected: ErrorCode?) {
        let access = access(kind, role: member ? .member : nil, banned: banned, admin: admin)
        #expect(code { () throws(ChatError) in try access.requireReading() } == expected)
    }

    // MARK: Posting

    @Test(arguments: RoomKind.allCases, [nil, MemberRole.member, .moderator, .owner])
    func `posting needs membership except in public rooms`(kind: RoomKind, role: MemberRole?) {
        let expected: ErrorCode? = kind == .public || role != nil ? nil : .notAMember
        #expect(code { () throws(ChatError) in try access(kind, role: role).requirePosting() } == expected)
    }

    @Test func `nobody posts where the other account is gone`() {
        var access = access(.direct, role: .member)
        access.hasPeer = false
        #expect(code { () throws(ChatError) in try access.requirePosting() } == .archived)
        #expect(code { () throws(ChatError) in try access.requireReading() } == nil)
    }

    @Test(arguments: RoomKind.allCases)
    func `a site administrator posts only where a member may`(kind: RoomKind) {
        let expected: ErrorCode? = kind == .public ? nil : .notAMember
        #expect(code { () throws(ChatError) in try access(kind, admin: true).requirePosting() } == expected)
    }

    @Test(arguments: [MemberRole.member, .moderator, .owner])
    func `a ban, a mute and an archived room stop everybody, in this order`(role: MemberRole) {
        let all = access(.public, role: role, banned: true, muted: true, archived: true)
        #expect(code { () throws(ChatError) in try all.requirePosting() } == .banned)
        let muted = access(.public, role: role, muted: true, archived: true)
        #expect(code { () throws(ChatError) in try muted.requirePosting() } == .muted)
        let archived = access(.public, role: role, archived: true)
        #expect(code { () throws(ChatError) in try archived.requirePosting() } == .archived)
    }

    // MARK: Owning

    @Test(arguments: [RoomKind.public, .private], [nil, MemberRole.member, .moderator, .owner])
    func `only owners and site administrators own`(kind: RoomKind, role: MemberRole?) {
        let expected: ErrorCode? = role == .owner ? nil : .notAllowed
        #expect(code { () throws(ChatError) in try access(kind, role: role).requireOwning(for: "x") } == expected)
        #expect(
            code { () throws(ChatError) in try access(kind, role: role, admin: true).requireOwning(for: "x") } == nil)
    }

    @Test func `nobody owns a direct room`() {
        for access in [access(.direct, role: .owner), access(.direct, admin: true)] {
            #expect(code { () throws(ChatError) in try access.requireOwning(for: "x") } == .notAllowed)
            #expect(code { () throws(ChatError) in try access.requireModerating(nil, for: "x") } == .notAllowed)
        }
    }

    // MARK: Moderating

    @Test(
        arguments: [nil, MemberRole.member, .moderator, .owner], [nil, MemberRole.member, .moderator, .owner])
    func `moderators act on plain members, owners on everybody below`(own: MemberRole?, other: MemberRole?) {
        let mayAct: Bool
        switch own {
        case nil, .member: mayAct = false
        case .moderator: mayAct = other == nil || other == .member
        case .owner: mayAct = other != .owner
        }
        let access = access(.public, role: own)
        let refused = code { () throws(ChatError) in try access.requireModerating(other, for: "kick") }
        #expect(refused == (mayAct ? nil : .notAllowed))
    }

    @Test(arguments: [nil, MemberRole.member, .moderator, .owner])
    func `a site administrator moderates everybody`(other: MemberRole?) {
        let access = access(.private, admin: true)
        #expect(code { () throws(ChatError) in try access.requireModerating(other, for: "kick") } == nil)
    }

    @Test func `a refusal names the room and the act`() throws {
        do throws(ChatError) {
            try access(.public, role: .moderator).requireModerating(.owner, for: "kick")
            Issue.record("a moderator kicked an owner")
        } catch {
            #expect(error.message == "room plans: a moderator may not kick a owner")
        }
    }
}
