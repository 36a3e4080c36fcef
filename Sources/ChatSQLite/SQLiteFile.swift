import ChatCore
import Glibc

/// The file of a database before SQLite opens it: SQLite would make it readable to everyone, and makes no folders.
enum SQLiteFile {
    /// - Throws: `configuration` when the path is not a regular file, or cannot be inspected or read.
    static func exists(_ path: String) throws(ChatError) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return false }
            throw failure("cannot be inspected", path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ChatError(.configuration, "database \(path): not a file", remedy: .nameDatabase)
        }
        guard access(path, R_OK) == 0 else { throw failure("cannot be read", path) }
        return true
    }

    /// The length in bytes; nil when the file cannot be inspected.
    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// What a file is, whatever its name becomes.
    struct Identity: Equatable, Sendable {
        let device: UInt
        let number: UInt
    }

    /// The file that is at this path now; nil if there is none.
    static func identity(_ path: String) -> Identity? {
        var status = stat()
        return stat(path, &status) == 0 ? Identity(device: UInt(status.st_dev), number: UInt(status.st_ino)) : nil
    }

    /// The file behind an open descriptor; nil when it cannot be inspected.
    static func identity(of descriptor: Int32) -> Identity? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return Identity(device: UInt(status.st_dev), number: UInt(status.st_ino))
    }

    /// The path without symbolic links; as it was given for what does not exist.
    static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// Makes what was renamed in the folder of a file durable.
    ///
    /// - Throws: `configuration` with the system's error.
    static func syncFolder(of path: String) throws(ChatError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("its folder cannot be opened", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("its folder cannot be written", path) }
    }

    /// Creates an empty file (mode 0600), and missing folders above it (mode 0700).
    ///
    /// - Throws: `configuration` with the system's error.
    static func create(_ path: String) throws(ChatError) {
        try createFolders(above: path)
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be created", path) }
        close(descriptor)
    }

    static func createFolders(above path: String) throws(ChatError) {
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/").dropLast() {
            folder += part + "/"
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST || errno == EISDIR || errno == EROFS else {
                throw failure("its folder \(folder) cannot be created", path)
            }
        }
    }

    static func failure(_ what: String, _ path: String) -> ChatError {
        let why = String(cString: strerror(errno))
        return ChatError(
            .configuration, "database \(path): \(what): \(why)",
            hint: "check the path and the permissions of its folder")
    }
}
