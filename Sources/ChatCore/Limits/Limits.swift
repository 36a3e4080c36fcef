/// Every bound of the system in one table, each with its reason.
package enum Limits {
    /// Bytes of UTF-8 in one message body (contract §1).
    package static let bodyBytes = 16_384
    /// Bytes in one WebSocket message (contract §3): a body of the longest size, escaped, fits.
    package static let frameBytes = 65_536
    /// Bytes of one HTTP request body: a message body in which each byte is escaped as `\u00XX`.
    package static let requestBytes = 131_072
    /// Bytes that may wait for one client before it is dropped with 4008 (contract §5).
    package static let outboxBytes = 1_048_576
    /// Messages replayed on a join with `after` (contract §3).
    package static let replayMessages = 1_000
    /// Messages in one page of history over HTTP (contract §4).
    package static let pageMessages = 200
    /// Messages in one commit: keeps a transaction, and so the wait of the next one, at some ten milliseconds.
    package static let journalBatch = 2_048
    /// Bytes of the bodies in one commit. All may be of one room, whose subscribers get them at once and must not be
    /// taken for slow ones (``outboxBytes``).
    package static let journalBatchBytes = 262_144
    /// Messages that wait for a commit before senders are told `unavailable`: about half a second of work.
    package static let journalQueue = 16_384
    /// Frames one connection may have under way before its socket is read no further (contract §3).
    package static let underWayPerConnection = 1_024
    /// Joins of one connection that ask the database at once; the others wait, so that a client that joins a thousand
    /// rooms does not stand before everybody else's reads.
    package static let joinsAtOnce = 8
    /// Rooms one connection may have joined.
    package static let roomsPerConnection = 1_000
    /// Live connections of one user who is no administrator (contract §3).
    package static let connectionsPerUser = 64
    /// Messages a second, and at once, of a user who is no administrator (contract §3).
    package static let messagesPerSecond = 20
    package static let messageBurst = 50
    /// Rooms, tokens and hooks a minute, each, that a user who is no administrator may make (contract §3).
    package static let creationsPerMinute = 20
    /// Time between two typing frames of one connection that are shown in a room (contract §3).
    package static let typingInterval: Duration = .seconds(2)
    /// People whose typing waits to be told to other nodes, and the time between two publications.
    package static let typingQueue = 1_000
    package static let typingPause: Duration = .milliseconds(100)
    /// Items other than messages that may wait in a feed for its consumer.
    package static let feedItems = 1_000
    /// How often read marks are written: once a second a room (contract §3).
    package static let readMarkWrite: Duration = .seconds(1)
    /// Failed log-ins a minute for one name or one address (contract §3).
    package static let failedLogins = 10
    /// Password computations that may wait for a core.
    package static let waitingPasswordHashes = 64
    /// Characters of a topic (contract §1), a display name, a biography and a token label.
    package static let topicCharacters = 250
    package static let displayNameCharacters = 64
    package static let bioCharacters = 500
    package static let labelCharacters = 64
    /// Bytes of a client id: room for a UUID and a prefix.
    package static let clientIDBytes = 128
    /// Bytes of a password: long enough for a phrase, short enough not to be a load.
    package static let passwordBytes = 8...1_024
    /// Hits of one search.
    package static let searchHits = 200
    /// How long a batch that came too early waits for the missing one before the log is read.
    package static let gapWait: Duration = .milliseconds(50)
    /// Batches held for one room while a gap is open; beyond it they are dropped, the log has them.
    package static let heldBatches = 256
    /// Time between two frames of one room's online count (contract §3: four a second).
    package static let presenceInterval: Duration = .milliseconds(250)
    /// Usernames in one presence frame; beyond it the count alone tells.
    package static let presenceNames = 200
    /// Usernames times receivers in one presence frame, beyond twenty names: a storm of joins is no storm of bytes.
    package static let presenceNamesSent = 200_000
    /// Time between two transactions that write who came and went, while more do: a storm of joins takes few.
    package static let presencePause: Duration = .milliseconds(10)
    /// How often a node renews its lease, how long a lease lives, how often the dead are looked for:
    /// 11 s and 2 s keep the sweep of a crashed node within the 15 s of contract §5.
    package static let nodeBeat: Duration = .seconds(3)
    package static let nodeLease: Duration = .seconds(11)
    package static let nodeSweep: Duration = .seconds(2)
    /// How long rows of the signals table are kept for slow readers.
    package static let signalAge: Duration = .seconds(60)
    /// Deliveries of a bus that may wait to be passed on.
    package static let busQueue = 4_096
    /// How often the ends of the open rooms' logs are asked for, where a bus may miss a commit: what a node lost with
    /// its bus, or a dead node left unsaid, is shown within a second.
    package static let logCheck: Duration = .milliseconds(500)
    /// Connections to a PostgreSQL server, and how many of them readers may use: the journal always finds one.
    package static let databaseConnections = 8
    package static let databaseReaders = 5
    /// Transactions that may wait for a connection.
    package static let databaseQueue = 8_192
    /// How long a connection to PostgreSQL or Redis may take to come about.
    package static let connect: Duration = .seconds(5)
    /// How long a statement may take on the database server, and an answer in all.
    package static let databaseStatement: Duration = .seconds(10)
    package static let databaseWait: Duration = .seconds(15)
    /// How long after a failed attempt to connect the next is made; until then everyone is told at once.
    package static let databaseRetry: Duration = .milliseconds(200)
    /// How often a transaction is run when connections are lost or others are in the way.
    package static let databaseTries = 3
    /// How long the fate of a commit that broke off is asked for.
    package static let commitDoubt: Duration = .seconds(30)
    /// Bytes of one notification: PostgreSQL allows 8,000.
    package static let notificationBytes = 7_900
    /// How long a bus waits before it connects again, at first and at most.
    package static let busRetry: Duration = .milliseconds(100)
    package static let busRetryAtMost: Duration = .seconds(2)
    /// How often a quiet bus is asked whether it lives, and how long the answer may take.
    package static let busPing: Duration = .seconds(3)
    /// How long a bus that is stopped may take to send what it still has.
    package static let busFlush: Duration = .seconds(1)
    /// Bytes that may wait for a bus to take them; beyond it what is new goes another way, or is read in the log.
    package static let busBacklogBytes = 16_777_216
    /// Bytes of one message through Redis; a larger batch is cut.
    package static let busMessageBytes = 262_144
    /// How often `data_version` is looked at.
    package static let signalPoll: Duration = .milliseconds(25)
    /// How often a server asks its database and its bus whether they can be used, to say so in its log.
    package static let partCheck: Duration = .seconds(1)
    /// How often a quiet connection is pinged, and how long it may stay silent (contract: noticed within 45 s).
    package static let pingInterval: Duration = .seconds(15)
    package static let silence: Duration = .seconds(40)
    /// How exact the last use of a token is kept, and how often it is written.
    package static let tokenUse: Duration = .seconds(60)
    package static let tokenUseWrite: Duration = .seconds(2)
    /// How long a token, a ban or a mute with an end may last: a hundred years, which keeps every end a moment that can be
    /// computed and written.
    package static let longestLife: Duration = .seconds(100 * 366 * 86_400)
    /// How long a session token from a log-in lives.
    package static let sessionLife: Duration = .seconds(30 * 86_400)
}
