/// Every limit of the system in one table, each with its reason. docs/protocol.md lists those that clients observe.
package enum Limits {
    /// Bytes of UTF-8 in one message body.
    package static let bodyBytes = 16_384
    /// Bytes in one WebSocket message: fits a body of maximum size with typical escaping.
    package static let frameBytes = 65_536
    /// Fragments of one WebSocket message: empty ones add no bytes, and each costs work.
    package static let fragments = 4_096
    /// Bytes in one HTTP request body: fits a message body in which every byte is escaped as `\u00XX`.
    package static let requestBytes = 131_072
    /// Bytes that may be queued for one client before it is disconnected with 4008.
    package static let outboxBytes = 1_048_576
    /// Bytes of a client's queue that are on their way to a socket that is behind: each such write costs a buffer of its own,
    /// over TLS one of 16 KiB even for a short message, so there is one at a time.
    package static let outboxPartBytes = 65_536
    /// Messages replayed on a join with `after`.
    package static let replayMessages = 1_000
    /// Messages in one page of history over HTTP.
    package static let pageMessages = 200
    /// Items in one page of a list over HTTP, and in a list of names in a request.
    package static let listPage = 1_000
    /// Items of a list that a client reads from a server, page by page.
    package static let listItems = 1_000_000
    /// Messages in one commit: keeps a transaction, and so the wait for the next one, at about ten milliseconds.
    package static let journalBatch = 2_048
    /// Bytes of messages that a join replays; a client that missed more fetches them over HTTP. Together with what arrives
    /// meanwhile it must fit into ``outboxBytes``.
    package static let replayBytes = 786_432
    /// How many messages of a replay or of a long page of history are read at once.
    package static let replayChunk = 32
    /// Bytes of a page of history that is sent as a whole. A longer one is read again in small parts as the socket drains,
    /// so that pages nobody takes cost little.
    package static let wholePageBytes = 262_144
    package static let pageChunk = 4
    /// Bytes of message bodies, as they are sent, in one commit. All may go to one room, whose subscribers receive them at once and must
    /// not be mistaken for slow clients (``outboxBytes``).
    package static let journalBatchBytes = 262_144
    /// Messages that may wait for a commit before senders get `unavailable`: about half a second of work.
    package static let journalQueue = 16_384
    /// Frames one connection may have in flight before its socket is read no further.
    package static let inFlightPerConnection = 1_024
    /// Frames of one connection that are handled before others have their turn, and how long they have it for each connection
    /// that rests. All connections of a loop that send pings as fast as they can so take about half of its time, and one can
    /// still send 50,000 frames a second.
    package static let framesPerTurn = 64
    package static let turnRest: Duration = .milliseconds(1)
    /// Joins of one connection that read the database at once; the others wait, so that a client that joins a thousand
    /// rooms does not delay everybody else's reads.
    package static let joinsAtOnce = 2
    /// Rooms one connection may join.
    package static let roomsPerConnection = 1_000
    /// Live connections of one user on one server; administrators have no limit.
    package static let connectionsPerUser = 64
    /// Messages a second, and burst, of one user; administrators have no limit.
    package static let messagesPerSecond = 20
    package static let messageBurst = 50
    /// Rooms, tokens and hooks, each, that one user may create a minute; administrators have no limit.
    package static let creationsPerMinute = 20
    /// The minimum time between two typing notices that one connection shows in a room.
    package static let typingInterval: Duration = .seconds(2)
    /// Typing notices that may wait to be published to other nodes, and the pause between two publications.
    package static let typingQueue = 1_000
    package static let typingPause: Duration = .milliseconds(100)
    /// Items other than messages that may be queued in a feed.
    package static let feedItems = 1_000
    /// How often gathered read marks are written.
    package static let readMarkWrite: Duration = .seconds(1)
    /// Failed log-ins a minute for one name or one address.
    package static let loginAttempts = 10
    /// Attempts a minute to sign up from one address: enough for a class behind one router, and each costs a hash.
    package static let signUpsPerMinute = 20
    /// Accounts that one invitation may make.
    package static let invitationUses = 1...10_000
    /// Rooms in a person's list of conversations on a page.
    package static let conversations = 200
    /// Bytes of a person's picture.
    package static let avatarBytes = 1_048_576
    /// How many changes of rooms, members and profiles a user may make in a minute, and how many access tokens may have.
    package static let changesPerMinute = 120
    package static let tokensPerUser = 200
    /// How many rooms a user may have created that still exist, and how many members a room may have; administrators and
    /// operators have no limit.
    package static let roomsPerUser = 1_000
    package static let membersPerRoom = 10_000
    /// How long a request may take to come in whole, from its first byte.
    package static let requestTime: Duration = .seconds(10)
    /// Bytes of a read in which the first line of a request is looked for that the parser refused.
    package static let requestLinesBytes = 8_192
    /// How many connections are kept open for further HTTP requests; a proxy keeps some hundreds.
    package static let keptConnections = 4_096
    package static let keptConnectionsPerAddress = 1_024
    /// Password hash computations that may wait for a core.
    package static let waitingPasswordHashes = 64
    /// Characters in a topic, the reason of a ban or mute, a display name, a biography and a token label.
    package static let topicCharacters = 250
    package static let reasonCharacters = 250
    /// Characters in the name of who acted, or was acted on, by which acts are looked for.
    package static let auditTextCharacters = 250
    package static let displayNameCharacters = 64
    package static let bioCharacters = 500
    package static let labelCharacters = 64
    /// Bytes in a client id: fits a UUID and a prefix.
    package static let clientIDBytes = 128
    /// Bytes in a password: long enough for a passphrase, short enough not to burden the server.
    package static let passwordBytes = 8...1_024
    /// Messages that one transaction deletes of an author, and how many it looks at to find them.
    package static let sweepBatch = 200
    package static let sweepScan: Int64 = 20_000
    /// Hits of one search.
    package static let searchHits = 200
    /// Characters in the text of a search.
    package static let searchCharacters = 250
    /// How long a search may take, how many run at once and how many more wait, one of each user.
    package static let searchTime: Duration = .seconds(2)
    package static let searchesAtOnce = 2
    /// How often a server adds new messages to the search index.
    package static let searchIndexing: Duration = .seconds(1)
    /// Messages posted between two such moments up to which the index is brought up to date at once.
    package static let fewMessages = 1_000
    /// How many searches a second a user may make, and how many at once after a pause.
    package static let searchesPerSecond = 2
    package static let searchBurst = 20
    package static let waitingSearches = 8
    /// How long a batch that arrived too early waits for the missing one before the log is read.
    package static let gapWait: Duration = .milliseconds(50)
    /// Batches held for one room while a gap is open; more are dropped and read from the log later.
    package static let heldBatches = 256
    /// How often the online counts that were shown are compared with the database: whatever made one wrong, it is right
    /// again soon after.
    package static let presenceCheck: Duration = .seconds(2)
    /// How soon a node tries again to renew its lease or to write presence after it failed.
    package static let presenceRetry: Duration = .milliseconds(500)
    /// The minimum time between two frames with one room's online count: four a second.
    package static let presenceInterval: Duration = .milliseconds(250)
    /// Usernames in one presence frame; beyond it, only the count is sent.
    package static let presenceNames = 200
    /// Usernames times receivers in one presence frame with more than twenty names: bounds the bytes that a join storm
    /// costs.
    package static let presenceNamesSent = 200_000
    /// The pause between two transactions that write presence, so that a join storm needs few of them.
    package static let presencePause: Duration = .milliseconds(10)
    /// Seats in one of these transactions: messages wait for it no longer than for a batch of their own.
    package static let presenceBatch = 512
    /// How often a node renews its lease, how long a lease lasts, and how often expired nodes are swept: 11 s and 2 s
    /// remove the presence of a crashed node within 15 s.
    package static let nodeBeat: Duration = .seconds(3)
    package static let nodeLease: Duration = .seconds(11)
    package static let nodeSweep: Duration = .seconds(2)
    /// How long rows of the signals table are kept for slow readers.
    package static let signalAge: Duration = .seconds(60)
    /// Bus deliveries that may be queued.
    package static let busQueue = 4_096
    /// How often open rooms are compared with their logs where a bus may miss a commit: what a bus outage or a crashed
    /// node left undelivered appears within a second.
    package static let logCheck: Duration = .milliseconds(500)
    /// Connections to a PostgreSQL server, and how many of them readers may use, so that the journal always finds one.
    package static let databaseConnections = 8
    package static let databaseReaders = 5
    /// Transactions that may wait for a connection.
    package static let databaseQueue = 8_192
    /// The timeout for connecting to PostgreSQL or Redis.
    package static let connect: Duration = .seconds(5)
    /// The timeout of a statement on the database server, and of waiting for an answer in total.
    package static let databaseStatement: Duration = .seconds(10)
    package static let databaseWait: Duration = .seconds(15)
    /// How long a batch of messages waits for an answer before another connection is tried: one hung backend must not stop a
    /// node's writing.
    package static let databaseAnswer: Duration = .seconds(3)
    /// How long a transaction may wait for its client before the server ends it: a node that is paused while it holds a
    /// room's lock holds up the others for no longer.
    package static let databaseIdle: Duration = .seconds(2)
    /// How long a statement waits for a lock, on the database server: whatever holds a room's lock, the messages of other rooms
    /// wait for it no longer, and the connection that waits is not given up.
    package static let databaseRowLock: Duration = .milliseconds(2_500)
    /// How long writes wait, all together, while another process holds the lock of a SQLite file.
    package static let databaseLock: Duration = .seconds(5)
    /// How long after a failed connection attempt the next is made; until then, callers fail at once.
    package static let databaseRetry: Duration = .milliseconds(200)
    /// How many times a transaction is attempted when connections are lost or it conflicts with others.
    package static let databaseTries = 3
    /// How long to try to find out the outcome of a commit whose connection broke.
    package static let commitDoubt: Duration = .seconds(30)
    /// Bytes in one notification: PostgreSQL allows 8,000.
    package static let notificationBytes = 7_900
    /// How long a bus waits before it reconnects, at first and at most.
    package static let busRetry: Duration = .milliseconds(100)
    package static let busRetryAtMost: Duration = .seconds(2)
    /// How often an idle bus connection is pinged, and the timeout of the answer.
    package static let busPing: Duration = .seconds(3)
    /// How long a stopping bus may take to flush its queue.
    package static let busFlush: Duration = .seconds(1)
    /// Bytes that may be queued for a bus; beyond it, new events take another route or are read from the log.
    package static let busBacklogBytes = 16_777_216
    /// Bytes in one Redis message; a larger batch is split.
    package static let busMessageBytes = 262_144
    /// How long after a failure the next attempt is made to find out what a bus may have lost.
    package static let gapRetry: Duration = .milliseconds(500)
    /// By how much changes that a bus may have lost may be older than the last look for them: a transaction takes its time,
    /// and machines their clocks.
    package static let commitDelay: Duration = .seconds(60)
    /// Edited and deleted messages, and rooms, each, that are looked for after a bus may have lost something: the newest.
    package static let missedChanges = 1_000
    /// How often SQLite's `data_version` is polled.
    package static let signalPoll: Duration = .milliseconds(25)
    /// How often a server checks its database and its bus, to log outages and recoveries, and how long a check may take.
    package static let partCheck: Duration = .seconds(1)
    package static let partAnswer: Duration = .seconds(3)
    /// After how long a periodic task that does not come round makes a server not ready: no round takes as long, unless the
    /// database is out.
    package static let lateRound: Duration = .seconds(15)
    /// What the end of a server may take beyond its drain, a little less than the promised 2 s: for accepted messages at
    /// least, for connections that do not close, and for all.
    package static let leastDrain: Duration = .milliseconds(500)
    package static let drainConnections: Duration = .milliseconds(500)
    package static let drainServing: Duration = .milliseconds(1_400)
    package static let drainAll: Duration = .milliseconds(1_700)
    /// How often an idle connection is pinged, and after how long without data it is dropped: a dead client is noticed
    /// within 45 s.
    package static let pingInterval: Duration = .seconds(15)
    package static let silence: Duration = .seconds(40)
    /// The precision of a token's last-use time, and how often gathered times are written.
    package static let tokenUse: Duration = .seconds(60)
    package static let tokenUseWrite: Duration = .seconds(2)
    /// How long a token, a ban or a mute with an end may last: 1 s to 10 years. Every end is a moment that can be computed
    /// and written.
    package static let lives: ClosedRange<Duration> = .seconds(1) ... .seconds(3_653 * 86_400)
    /// The lifetime of a log-in session.
    package static let sessionLife: Duration = .seconds(30 * 86_400)
}
