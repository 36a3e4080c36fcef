import ChatCore
import Glibc

/// Small files as text.
enum TextFile {
    /// A file that is larger than this is not what was meant.
    private static let longest = 1 << 20

    /// The whole file, nil when there is none.
    ///
    /// - Throws: `configuration` when it cannot be read or is not UTF-8.
    static func read(_ path: String) throws(ChatError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("cannot be read", path)
        }
        defer { close(descriptor) }
        guard let bytes = try readAll(descriptor, path), let text = String(validating: bytes, as: UTF8.self) else {
            throw ChatError(.configuration, "\(path): not UTF-8 text of at most \(longest) bytes")
        }
        return text
    }

    /// Replaces the file in one step, readable to its owner only; its folder is made when missing. A symbolic link
    /// stays one, and the file it names is replaced.
    ///
    /// - Throws: `configuration` when it cannot be written.
    static func write(_ text: String, to path: String) throws(ChatError) {
        let target = resolved(path)
        makeFolder(of: target)
        let fresh = "\(target).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        let descriptor = open(fresh, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be written", path) }
        var isWritten = writeAll(Array(text.utf8), descriptor)
        isWritten = close(descriptor) == 0 && isWritten
        guard isWritten, rename(fresh, target) == 0 else {
            let failure = failure("cannot be written", path)
            unlink(fresh)
            throw failure
        }
    }

    /// The file behind symbolic links.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func makeFolder(of path: String) {
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/").dropLast() {
            folder += part + "/"
            mkdir(folder, 0o700)
        }
    }

    private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno != EINTR { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return true
    }

    /// The bytes of a file, nil when it is longer than a text may be.
    private static func readAll(_ descriptor: Int32, _ path: String) throws(ChatError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= longest {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("cannot be read", path) }
            bytes.append(contentsOf: chunk[..<count])
        }
        return nil
    }

    private static func failure(_ what: String, _ path: String) -> ChatError {
        ChatError(.configuration, "\(path): \(what): \(String(cString: strerror(errno)))")
    }
}
