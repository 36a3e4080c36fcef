/// Who posts and listens where in `bench ingest`.
///
/// Each room has as many streams as members, numbered room by room. Streams are dealt out to the connections in turn, so
/// each posts to as many rooms as the next one, and it joins the rooms that it posts to.
struct IngestLayout {
    let clients: Int
    let members: Int
    let streams: Int
    /// The streams that each connection posts to.
    let posts: [[Int]]
    /// The rooms that each connection joins, in ascending order.
    let joins: [[Int]]
    /// How many connections have joined each room.
    let audience: [Int]

    init(clients: Int, rooms: Int, members: Int) {
        let streams = rooms * members
        let posts = (0..<clients).map { Array(stride(from: $0, to: streams, by: clients)) }
        let joins = posts.map { streams in Set(streams.map { $0 / members }).sorted() }
        (self.clients, self.members, self.streams, self.posts, self.joins) = (clients, members, streams, posts, joins)
        audience = joins.joined().reduce(into: Array(repeating: 0, count: rooms)) { $0[$1] += 1 }
    }

    func room(of stream: Int) -> Int { stream / members }

    /// The streams that a connection receives.
    func hears(_ client: Int) -> Set<Int> {
        Set(joins[client].flatMap { $0 * members..<($0 + 1) * members })
    }
}
