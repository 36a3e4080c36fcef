import ChatCore
import Glibc

/// Small files as text.
enum TextFile {
    /// Files larger than this are not what they should be.
    private static let longest = 1 << 20

    /// The whole file, nil when there is none. - Throws: `configuration` when it cannot be read or is no text.
    static func read(_ path: String) throws(ChatError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("cannot be read", path)
        }
        defer { close(descriptor) }
        guard let bytes = readAll(descriptor, upTo: longest), let text = String(validating: bytes, as: UTF8.self) else {
            throw ChatError(.configuration, "\(path): not a text of at most \(longest) bytes")
        }
        return text
    }

    /// Replaces the file in one step, readable to its owner only; its folder is made when missing.
    static func write(_ text: String, to path: String) throws(ChatError) {
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/").dropLast() {
            folder += part + "/"
            mkdir(folder, 0o700)
        }
        let fresh = "\(path).\(getpid())"
        let descriptor = open(fresh, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be written", path) }
        let bytes = Array(text.utf8)
        let count = Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
        guard count == bytes.count, rename(fresh, path) == 0 else { throw failure("cannot be written", path) }
    }

    /// All of an open descriptor, nil when it is more than `limit` bytes or cannot be read.
    static func readAll(_ descriptor: Int32, upTo limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 && errno == EINTR { continue }
            guard count > 0, bytes.count + count <= limit else { return nil }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    private static func failure(_ what: String, _ path: String) -> ChatError {
        ChatError(.configuration, "\(path): \(what): \(String(cString: strerror(errno)))")
    }
}
