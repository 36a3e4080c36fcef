import ChatCore
import Glibc

/// A file that is written beside its target and takes the target's name once it is whole. What a killed process left
/// behind is overwritten by the next one.
final class PartialFile: Sendable {
    let path: String
    /// Stays open to the end: closing it would release the locks that SQLite holds on the file in this process.
    private let descriptor: Int32

    private static let mostTries = 100
    /// What SQLite keeps beside a database.
    static let companions = ["-wal", "-shm", "-journal"]

    /// An empty file, readable to its owner only.
    ///
    /// - Throws: `unavailable` while another process writes it, `outputFailed` when it cannot be made.
    init(_ path: String) throws(ChatError) {
        self.path = path
        for _ in 0..<Self.mostTries {
            let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
            guard descriptor >= 0 else { throw Self.failure("cannot be created", path) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw ChatError(.unavailable, "file \(path): another process is writing it", hint: "try again")
            }
            // The other process may have renamed the file between the two calls.
            guard SQLiteFile.identity(of: descriptor) == SQLiteFile.identity(path) else {
                close(descriptor)
                continue
            }
            self.descriptor = descriptor
            guard ftruncate(descriptor, 0) == 0 else { throw Self.failure("cannot be written", path) }
            for suffix in Self.companions { unlink(path + suffix) }
            return
        }
        throw ChatError(.unavailable, "file \(path): other processes are writing it", hint: "try again")
    }

    deinit { close(descriptor) }

    /// The length in bytes.
    var size: Int { SQLiteFile.size(path) ?? 0 }

    /// Makes the content durable.
    func sync() throws(ChatError) {
        guard fsync(descriptor) == 0 else { throw Self.failure("cannot be written", path) }
    }

    /// Gives the file the owner and the permissions of another one, as far as this process may.
    func adopt(from other: String) {
        var status = stat()
        guard stat(other, &status) == 0 else { return }
        _ = fchown(descriptor, status.st_uid, status.st_gid)
        fchmod(descriptor, status.st_mode & 0o777)
    }

    /// Takes a name that nothing has yet.
    ///
    /// - Throws: `alreadyExists`.
    func publish(as target: String) throws(ChatError) {
        guard link(path, target) == 0 else {
            if errno == EEXIST { throw Self.exists(target) }
            // A file system without hard links.
            guard !Self.isTaken(target), rename(path, target) == 0 else {
                throw Self.failure("cannot be written", target)
            }
            return try SQLiteFile.syncFolder(of: target)
        }
        unlink(path)
        try SQLiteFile.syncFolder(of: target)
    }

    /// Takes a name in place of what has it.
    func replace(_ target: String) throws(ChatError) {
        guard rename(path, target) == 0 else { throw Self.failure("cannot be replaced", target) }
        try SQLiteFile.syncFolder(of: target)
    }

    /// Removes the file with what SQLite keeps beside it.
    func discard() {
        for suffix in [""] + Self.companions { unlink(path + suffix) }
    }

    /// There is something of that name, a dangling link included.
    static func isTaken(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    private static func failure(_ what: String, _ path: String) -> ChatError {
        ChatError(.outputFailed, "file \(path): \(what): \(String(cString: strerror(errno)))")
    }

    static func exists(_ path: String) -> ChatError {
        ChatError(.alreadyExists, "file \(path): it is there already", hint: "name a file that does not exist yet")
    }
}
