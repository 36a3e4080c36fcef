import ChatCore
import Dispatch
import Glibc

/// A process this one started.
struct ChildProcess: Sendable {
    let id: pid_t

    /// Starts `command`, looked up in the PATH of this process.
    ///
    /// - Parameters:
    ///   - input: descriptor that becomes its standard input; nil shares ours.
    ///   - output: descriptor that becomes its standard output; nil shares ours.
    ///   - isApart: it has a process group of its own, so a Ctrl-C at the terminal does not reach it.
    /// - Throws: `notFound` when there is no such program.
    static func start(
        _ command: [String], _ environment: Environment, input: Int32? = nil, output: Int32?, isApart: Bool = false
    ) throws(ChatError) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals that we ignore or watch, or that the threads of Dispatch block, must work as usual in the child.
        var (defaults, blocked) = (sigset_t(), sigset_t())
        sigemptyset(&defaults)
        for number in [SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGQUIT] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (isApart ? POSIX_SPAWN_SETPGROUP : 0)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words = command.map { strdup($0) } + [nil]
        var variables = environment.variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var id: pid_t = 0
        let code = posix_spawnp(&id, command[0], &actions, &attributes, &words, &variables)
        guard code == 0 else {
            throw ChatError(.notFound, "\(command[0]): cannot be started: \(String(cString: strerror(code)))")
        }
        return ChildProcess(id: id)
    }

    /// Waits until it has ended; the exit status as ``exitStatus(_:)`` gives it.
    func wait() async -> Int32 {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var status: Int32 = 0
                while waitpid(id, &status, 0) < 0 && errno == EINTR {}
                continuation.resume(returning: Self.exitStatus(status))
            }
        }
    }

    /// The exit status in what waitpid(2) gives, as shells have it: 128 and the signal's number when one ended it.
    static func exitStatus(_ status: Int32) -> Int32 {
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    func terminate() { pass(SIGTERM) }

    func pass(_ signal: Int32) { kill(id, signal) }
}
