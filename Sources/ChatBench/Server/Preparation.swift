import ChatCore

/// Makes the rooms, users and messages that a scenario needs.
package enum Preparation {
    /// Rooms with names that no other run uses.
    ///
    /// - Throws: what `create` throws; the rooms that were made before the failure are deleted again.
    package static func rooms(
        _ count: Int, create: (NewRoom) async throws(ChatError) -> Room,
        delete: (RoomName) async throws(ChatError) -> Void
    ) async throws(ChatError) -> [Room] {
        let run = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        var made: [Room] = []
        do throws(ChatError) {
            for number in 0..<count {
                let name = try RoomName("bench-\(run)-\(number)")
                made.append(try await create(NewRoom(name: name, isPrivate: false, topic: "", members: [])))
            }
        } catch {
            // The failure is what matters to the caller, and deleting may fail for the same reason.
            for room in made { try? await delete(room.name) }
            throw error
        }
        return made
    }

    /// The tokens of `count` new users.
    ///
    /// - Parameter create: makes a user and answers a token of theirs.
    package static func tokens(
        _ count: Int, progress: (String) -> Void, create: (NewUser) async throws(ChatError) -> String
    ) async throws(ChatError) -> [String] {
        var tokens: [String] = []
        for number in 0..<count {
            let name = try Username("user-\(number)")
            tokens.append(
                try await create(NewUser(username: name, displayName: nil, role: .user, password: nil)))
            if number.isMultiple(of: 500) { progress("preparing: \(number) of \(count) users") }
        }
        return tokens
    }

    /// Hands over `depth` bodies in batches of the size that one commit takes.
    package static func messages(
        _ depth: Int, progress: (String) -> Void, append: ([MessageBody]) async throws(ChatError) -> Void
    ) async throws(ChatError) {
        for (batch, start) in stride(from: 0, to: depth, by: Limits.journalBatch).enumerated() {
            var bodies: [MessageBody] = []
            for number in start..<min(depth, start + Limits.journalBatch) {
                let text = Marker(stream: 0, number: number).body(size: LoadPlan.usualPayload)
                bodies.append(try MessageBody(String(decoding: text, as: UTF8.self)))
            }
            try await append(bodies)
            if batch.isMultiple(of: 20) { progress("preparing: \(start) of \(depth) messages") }
        }
    }
}
