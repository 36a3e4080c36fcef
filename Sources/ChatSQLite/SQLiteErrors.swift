import ChatCore
import GRDB

/// Translates SQLite's result codes. The decision never depends on an error's text.
enum SQLiteErrors {
    /// - Parameter isClosed: true once the connections have been closed, which SQLite reports as a misuse.
    static func translate(_ error: any Error, path: String, isClosed: Bool = false) -> ChatError {
        guard let fault = error as? DatabaseError else { return .wrapping(error) }
        let what = "database \(path): "
        if isClosed { return ChatError(.unavailable, what + "it was closed") }
        // The file that a log in shared memory needs is made with its size, which fails this way on a full disk.
        if fault.extendedResultCode == .SQLITE_IOERR_SHMSIZE {
            return ChatError(
                .unavailable, what + "its -shm file cannot grow; the disk may be full", hint: "make room and try again")
        }
        switch fault.resultCode {
        case .SQLITE_CONSTRAINT: return violated(fault, what)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return ChatError(.unavailable, what + "it is busy", hint: "another program is writing to it; try again")
        case .SQLITE_FULL:
            return ChatError(.unavailable, what + "the disk is full", hint: "make room and try again")
        case .SQLITE_READONLY:
            return ChatError(
                .unavailable, what + "it cannot be written to",
                hint: "check the permissions of the file and of its folder")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            return ChatError(
                .unavailable, what + "it cannot be opened",
                hint: "check that its folder exists and that you may write there")
        case .SQLITE_IOERR, .SQLITE_PROTOCOL:
            return ChatError(
                .unavailable, what + "input/output error \(fault.extendedResultCode.rawValue)",
                hint: "check the disk and the system's log")
        case .SQLITE_NOTADB: return ChatError(.configuration, what + "not a SQLite database")
        case .SQLITE_CORRUPT: return .damaged(path)
        case .SQLITE_NOMEM: return ChatError(.unavailable, what + "there is too little memory")
        case .SQLITE_INTERRUPT: return ChatError(.interrupted, what + "stopped")
        default:
            let text = fault.message ?? "no text"
            return ChatError(.fault, what + "SQLite error \(fault.extendedResultCode.rawValue), \(text)")
        }
    }

    private static func violated(_ fault: DatabaseError, _ what: String) -> ChatError {
        switch fault.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            ChatError(.alreadyExists, what + "the same entry exists already")
        case .SQLITE_CONSTRAINT_FOREIGNKEY:
            ChatError(.notFound, what + "a room or an account no longer exists")
        default:
            ChatError(.fault, what + "constraint \(fault.extendedResultCode.rawValue) is violated")
        }
    }
}

extension ChatError {
    static func damaged(_ path: String) -> ChatError {
        ChatError(.unavailable, "database \(path): it is damaged", hint: "restore a backup")
    }
}
