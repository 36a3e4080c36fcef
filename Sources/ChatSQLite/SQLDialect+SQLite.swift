import ChatSQL

extension SQLDialect {
    static let sqlite = SQLDialect(
        rowLock: "",
        migrationLock: nil,
        schemaTableCount: "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'",
        migrations: [
            Migration(version: 1, name: "initial", script: sqliteInitial),
            Migration(version: 2, name: "client-ids-of-rooms", script: sqliteClientIDsOfRooms),
            Migration(version: 3, name: "search-blocks", script: sqliteSearchBlocks),
            Migration(version: 4, name: "room-creators", script: sqliteRoomCreators),
            Migration(version: 5, name: "edits", script: sqliteEdits),
            Migration(version: 6, name: "changes", script: sqliteChanges),
            Migration(version: 7, name: "restores", script: sqliteRestores),
            Migration(version: 8, name: "invitations", script: sqliteInvitations),
            Migration(version: 9, name: "avatars", script: sqliteAvatars),
        ],
        runningTransactions: "0, 0",
        hasBits: { "\(FilterFunction.name)(\($0), \($1))" },
        bits: { .bytes(FilterFunction.argument($0)) },
        isListed: { "\($0) IN (SELECT value FROM json_each(\($1)))" },
        list: { .text("[\($0.map(String.init).joined(separator: ","))]") })
}

// AUTOINCREMENT where ids are cursors or are kept in other processes' memory: an id is never reused, not even after the
// row with the greatest one was deleted.
private let sqliteInitial = """
    CREATE TABLE schema_migrations (
        version INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        checksum TEXT NOT NULL,
        applied_at BIGINT NOT NULL
    );
    CREATE TABLE installation (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        epoch TEXT NOT NULL,
        created_at BIGINT NOT NULL
    );
    CREATE TABLE users (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        username TEXT NOT NULL UNIQUE,
        display_name TEXT NOT NULL,
        bio TEXT NOT NULL DEFAULT '',
        password_hash TEXT,
        role TEXT NOT NULL CHECK (role IN ('admin', 'user')),
        disabled_at BIGINT,
        deleted_at BIGINT,
        created_at BIGINT NOT NULL
    );
    CREATE TABLE tokens (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        user_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
        hash BLOB NOT NULL UNIQUE,
        label TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('session', 'access')),
        created_at BIGINT NOT NULL,
        expires_at BIGINT,
        last_used_at BIGINT
    );
    CREATE INDEX tokens_user ON tokens (user_id);
    CREATE TABLE rooms (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('public', 'private', 'direct')),
        topic TEXT NOT NULL DEFAULT '',
        last_seq BIGINT NOT NULL DEFAULT 0,
        last_message_at BIGINT NOT NULL DEFAULT 0,
        direct_key TEXT UNIQUE,
        archived_at BIGINT,
        created_by BIGINT REFERENCES users,
        created_at BIGINT NOT NULL
    );
    CREATE TABLE memberships (
        room_id BIGINT NOT NULL REFERENCES rooms ON DELETE CASCADE,
        user_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
        role TEXT NOT NULL CHECK (role IN ('member', 'moderator', 'owner')),
        joined_at BIGINT NOT NULL,
        last_read_seq BIGINT NOT NULL DEFAULT 0,
        PRIMARY KEY (room_id, user_id)
    ) WITHOUT ROWID;
    CREATE INDEX memberships_user ON memberships (user_id);
    CREATE TABLE restrictions (
        room_id BIGINT NOT NULL REFERENCES rooms ON DELETE CASCADE,
        user_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('ban', 'mute')),
        until BIGINT,
        made_by TEXT NOT NULL,
        made_at BIGINT NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (room_id, user_id, kind)
    ) WITHOUT ROWID;
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        room_id BIGINT NOT NULL REFERENCES rooms ON DELETE CASCADE,
        seq BIGINT NOT NULL,
        author_id BIGINT NOT NULL REFERENCES users,
        body TEXT NOT NULL,
        client_id TEXT,
        created_at BIGINT NOT NULL,
        deleted_at BIGINT
    );
    CREATE UNIQUE INDEX messages_seq ON messages (room_id, seq);
    CREATE UNIQUE INDEX messages_client ON messages (author_id, client_id) WHERE client_id IS NOT NULL;
    CREATE TABLE nodes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        started_at BIGINT NOT NULL,
        lease_until BIGINT NOT NULL
    );
    CREATE TABLE presence (
        room_id BIGINT NOT NULL REFERENCES rooms ON DELETE CASCADE,
        user_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
        node_id BIGINT NOT NULL REFERENCES nodes ON DELETE CASCADE,
        connections BIGINT NOT NULL,
        since BIGINT NOT NULL,
        PRIMARY KEY (room_id, user_id, node_id)
    ) WITHOUT ROWID;
    CREATE INDEX presence_node ON presence (node_id);
    CREATE TABLE signals (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at BIGINT NOT NULL,
        origin TEXT NOT NULL,
        payload TEXT NOT NULL
    );
    CREATE INDEX signals_at ON signals (at);
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at BIGINT NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        target TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    """

private let sqliteClientIDsOfRooms = """
    DROP INDEX messages_client;
    CREATE UNIQUE INDEX messages_client ON messages (room_id, author_id, client_id) WHERE client_id IS NOT NULL;
    """

private let sqliteSearchBlocks = """
    CREATE TABLE search_blocks (
        first_id INTEGER PRIMARY KEY,
        last_id BIGINT NOT NULL,
        filter BLOB NOT NULL
    );
    """

private let sqliteRoomCreators = "CREATE INDEX rooms_created_by ON rooms (created_by);"

private let sqliteEdits = "ALTER TABLE messages ADD COLUMN edited_at BIGINT;"

// Changes that a process may have missed are looked for by their time. The indexes hold only what was changed, so a new
// message costs nothing.
private let sqliteChanges = """
    ALTER TABLE rooms ADD COLUMN changed_at BIGINT;
    CREATE INDEX rooms_changed ON rooms (changed_at) WHERE changed_at IS NOT NULL;
    CREATE INDEX messages_edited ON messages (edited_at) WHERE edited_at IS NOT NULL;
    CREATE INDEX messages_deleted ON messages (deleted_at) WHERE deleted_at IS NOT NULL;
    """

private let sqliteRestores = """
    ALTER TABLE installation ADD COLUMN restored_at BIGINT;
    ALTER TABLE rooms ADD COLUMN restored_seq BIGINT;
    """

private let sqliteInvitations = """
    CREATE TABLE invitations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hash BLOB NOT NULL UNIQUE,
        uses BIGINT NOT NULL,
        used BIGINT NOT NULL DEFAULT 0,
        made_by TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        expires_at BIGINT
    );
    """

private let sqliteAvatars = """
    CREATE TABLE avatars (
        user_id BIGINT PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        type TEXT NOT NULL,
        picture BLOB NOT NULL,
        changed_at BIGINT NOT NULL
    );
    """
