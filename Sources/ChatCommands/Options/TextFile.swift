import ChatCore
import Glibc

/// Small files as text.
enum TextFile {
    /// A file that is larger than this is not what was meant.
    private static let longest = 1 << 20

    /// How long a pipe in a file's place may take: `--token-file <(pass show chat)` is one.
    private static let patience: Duration = .seconds(5)
    /// As many links as the system follows.
    private static let mostLinks = 40

    /// The whole file, nil when there is none.
    ///
    /// - Throws: `configuration` when it cannot be read or is not UTF-8.
    static func read(_ path: String) throws(ChatError) -> String? {
        // Without O_NONBLOCK a named pipe that nobody writes to would be waited for without end.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
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
        let target = try resolved(path)
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

    /// The file behind symbolic links, whether it exists or not.
    ///
    /// - Throws: `configuration` for what is no file that can be replaced, such as a pipe or a device.
    private static func resolved(_ path: String) throws(ChatError) -> String {
        var target = path
        for _ in 0..<mostLinks {
            var status = stat()
            guard lstat(target, &status) == 0 else { return target }
            switch status.st_mode & S_IFMT {
            case S_IFREG: return target
            case S_IFLNK: target = link(target).map { $0.hasPrefix("/") ? $0 : folder(of: target) + $0 } ?? target
            default: throw ChatError(.configuration, "\(path): not a regular file")
            }
        }
        errno = ELOOP
        throw failure("cannot be written", path)
    }

    /// What a symbolic link names.
    private static func link(_ path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        return count > 0 ? String(validating: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    /// Makes the folder of a file, and those around it, where they are missing.
    static func makeFolder(of path: String) {
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
        let deadline = ContinuousClock.now + patience
        while bytes.count <= longest {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN {
                try waitForBytes(descriptor, path, until: deadline)
                continue
            }
            guard count > 0 else { throw failure("cannot be read", path) }
            bytes.append(contentsOf: chunk[..<count])
        }
        return nil
    }

    /// - Throws: `configuration` when nothing came in time.
    private static func waitForBytes(
        _ descriptor: Int32, _ path: String, until deadline: ContinuousClock.Instant
    ) throws(ChatError) {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let rest = (deadline - .now).milliseconds
        guard rest > 0, poll(&wanted, 1, Int32(rest)) != 0 else {
            throw ChatError(.configuration, "\(path): a pipe, and its end did not come within \(patience)")
        }
    }

    private static func failure(_ what: String, _ path: String) -> ChatError {
        ChatError(.configuration, "\(path): \(what): \(String(cString: strerror(errno)))")
    }
}
