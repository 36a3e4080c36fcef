import ChatCore
import Dispatch
import Glibc
import Synchronization

// A process that is killed cannot tidy up. So the server it started holds the reading end of a pipe: when the writing end
// closes without a farewell, whoever held it is gone, and the server ends what was left, itself included.

/// The writing end: tells a server that this process has ended what it started.
final class Lifeline: Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// From now on nothing is left to be ended.
    func part() { _ = write(descriptor, LifelineWatch.farewell, LifelineWatch.farewell.count) }
}

/// The reading end, in the server.
enum LifelineWatch {
    static let farewell = Array("done\n".utf8)

    /// Waits on a thread of its own until the other end is closed. Without a farewell, ends what was started on the server
    /// in `folder`, calls `orphaned`, and asks this process to end as by SIGTERM.
    static func start(on descriptor: Int32, folder: String, orphaned: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "chatctl.lifeline").async {
            var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 64))
            while bytes.count < farewell.count {
                let count = read(descriptor, &chunk, chunk.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { break }
                bytes += chunk[..<count]
            }
            guard bytes != farewell else { return }
            Descendants.end(of: folder)
            orphaned()
            kill(getpid(), SIGTERM)
        }
    }
}

/// The processes that a command started on a temporary server, and theirs: all have its folder in their environment, also
/// those that nobody named because the command was killed at once. See proc(5), "/proc/pid/environ".
enum Descendants {
    /// The variable that marks them.
    static let variable = "CHATCTL_RUN"
    /// How long they have to end by themselves.
    private static let patience: useconds_t = 500_000

    /// Ends them: SIGTERM, and SIGKILL for those that are left after a moment.
    static func end(of folder: String) {
        for signal in [SIGTERM, SIGKILL] {
            let left = processes(of: folder)
            if left.isEmpty { return }
            for process in left { kill(process, signal) }
            usleep(patience)
        }
    }

    static func processes(of folder: String) -> [pid_t] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        let mark = Array("\(variable)=\(folder)".utf8)
        var found: [pid_t] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let id = pid_t(name), id != getpid(), environment(of: id).contains(where: { $0.elementsEqual(mark) })
            else { continue }
            found.append(id)
        }
        return found
    }

    /// The variables of a process; none for one of another user.
    private static func environment(of id: pid_t) -> [ArraySlice<UInt8>] {
        let descriptor = open("/proc/\(id)/environ", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while bytes.count < 1 << 22, case let count = read(descriptor, &chunk, chunk.count), count > 0 {
            bytes += chunk[..<count]
        }
        return bytes.split(separator: 0)
    }
}

/// Set once the process that started this server is gone.
final class OrphanMark: Sendable {
    private let mark = Atomic(false)

    var isSet: Bool { mark.load(ordering: .acquiring) }

    func set() { mark.store(true, ordering: .releasing) }
}
