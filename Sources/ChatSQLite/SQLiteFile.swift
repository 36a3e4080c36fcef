import ChatCore
import Glibc

/// The file of a database, before SQLite opens it: SQLite makes files readable to everyone and no folders at all.
enum SQLiteFile {
    /// - Throws: `configuration` when something that is no file has the name, or it cannot be looked at.
    static func exists(_ path: String) throws(ChatError) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return false }
            throw failure("cannot be looked at", path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ChatError(.configuration, "database \(path): not a file", hint: "name a file with --database")
        }
        guard access(path, R_OK) == 0 else { throw failure("cannot be read", path) }
        return true
    }

    /// Its length in bytes, nil when it cannot be looked at.
    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Makes an empty file for its owner alone (0600), in folders that are made for the owner alone (0700).
    ///
    /// - Throws: `configuration` with the system's reason.
    static func create(_ path: String) throws(ChatError) {
        try createFolders(above: path)
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be made", path) }
        close(descriptor)
    }

    private static func createFolders(above path: String) throws(ChatError) {
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/").dropLast() {
            folder += part + "/"
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST || errno == EISDIR || errno == EROFS else {
                throw failure("its folder \(folder) cannot be made", path)
            }
        }
    }

    private static func failure(_ what: String, _ path: String) -> ChatError {
        let why = String(cString: strerror(errno))
        return ChatError(
            .configuration, "database \(path): \(what): \(why)",
            hint: "check the path and the permissions of its folder")
    }
}
