import Testing

@testable import ChatBench

@Suite struct IngestLayoutTests {
    @Test func `streams are numbered by room and dealt out in turn`() {
        let layout = IngestLayout(clients: 3, rooms: 2, members: 3)
        #expect(layout.streams == 6 && layout.posts == [[0, 3], [1, 4], [2, 5]])
        #expect((0..<6).map(layout.room) == [0, 0, 0, 1, 1, 1])
        #expect(layout.joins == [[0, 1], [0, 1], [0, 1]] && layout.audience == [3, 3])
    }

    @Test func `a connection joins a room once, even when it posts two of its streams`() {
        let layout = IngestLayout(clients: 1, rooms: 2, members: 2)
        #expect(layout.posts == [[0, 1, 2, 3]] && layout.joins == [[0, 1]] && layout.audience == [1, 1])
    }

    @Test func `a connection hears all streams of its rooms and no others`() {
        let layout = IngestLayout(clients: 4, rooms: 2, members: 2)
        #expect(layout.joins == [[0], [0], [1], [1]])
        #expect(layout.hears(0) == [0, 1] && layout.hears(3) == [2, 3])
    }

    @Test(arguments: [(64, 100, 10), (8, 12, 3), (10, 10, 1), (7, 5, 3), (5, 1, 5)])
    func `everyone posts, every room has its members, and all agree`(clients: Int, rooms: Int, members: Int) {
        let layout = IngestLayout(clients: clients, rooms: rooms, members: members)
        #expect(layout.posts.allSatisfy { !$0.isEmpty })
        #expect(layout.posts.joined().sorted() == Array(0..<rooms * members))
        let sizes = layout.posts.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        for room in 0..<rooms {
            #expect(layout.audience[room] == layout.joins.count { $0.contains(room) })
            #expect(layout.audience[room] == min(members, clients))
        }
    }
}
