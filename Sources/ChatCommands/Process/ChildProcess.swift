import ChatCore
import Dispatch
import Glibc

/// A process this one started.
struct ChildProcess: Sendable {
    let id: pid_t

    /// Starts `command`, looked up in PATH, with this process' environment.
    ///
    /// - Parameters:
    ///   - output: descriptor that becomes its standard output; nil shares ours.
    ///   - isApart: a Ctrl-C at the terminal does not reach it.
    /// - Throws: `notFound` when there is no such program.
    static func start(
        _ command: [String], output: Int32?, isApart: Bool = false
    ) throws(ChatError) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals we ignore or watch must work as usual in the child.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGPIPE, SIGTERM, SIGINT] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        let flags = POSIX_SPAWN_SETSIGDEF | (isApart ? POSIX_SPAWN_SETPGROUP : 0)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words = command.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id: pid_t = 0
        let code = posix_spawnp(&id, command[0], &actions, &attributes, &words, environ)
        guard code == 0 else {
            throw ChatError(.notFound, "\(command[0]): cannot be started: \(String(cString: strerror(code)))")
        }
        return ChildProcess(id: id)
    }

    /// The exit status once it has ended; 128 and the signal's number when one ended it.
    func wait() async -> Int32 {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var status: Int32 = 0
                while waitpid(id, &status, 0) < 0 && errno == EINTR {}
                let signal = status & 0x7f
                continuation.resume(returning: signal == 0 ? (status >> 8) & 0xff : 128 + signal)
            }
        }
    }

    func terminate() { kill(id, SIGTERM) }
}
