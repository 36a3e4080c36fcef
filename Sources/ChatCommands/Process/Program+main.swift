import ChatCore
import ChatTerminal
@preconcurrency import Dispatch
import Glibc

// This file alone touches the process the commands run in: its descriptors, variables, signals and end.

extension Program {
    /// Runs the command line of this process and ends it with its exit status.
    ///
    /// It is not `async`: a task needs descriptors, and those of a caller that closed its own would be taken for them.
    package static func main(_ arguments: [String]) -> Never {
        StandardDescriptors.reserve()
        // A closed pipe or socket is an error where it is written to, never a silent end of the process.
        signal(SIGPIPE, SIG_IGN)
        // Results are written at once, so there is nothing to tidy up; commands that have something ask for signals.
        signal(SIGINT) { _ in _exit(ErrorCode.interrupted.exitStatus) }
        Task.detached { exit(await run(Array(arguments.dropFirst()), in: .process)) }
        dispatchMain()
    }
}

extension CommandContext {
    /// That of this process.
    static var process: CommandContext {
        CommandContext(
            output: DescriptorOutput(STDOUT_FILENO, name: "standard output"),
            error: DescriptorOutput(STDERR_FILENO, name: "standard error"),
            input: DescriptorInput(STDIN_FILENO, name: "standard input"),
            environment: .process, signals: .process, clock: .system)
    }
}

extension Environment {
    /// That of this process; a name that stands there twice has its first value, as getenv(3) has it.
    static var process: Environment {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "="), variables[String(text[..<equals])] == nil {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return Environment(variables)
    }
}

extension Signals {
    /// Those of this process. Dispatch replaces their handlers when it registers a source; until then they act as
    /// before. Ignoring them first would lose what comes in between, so registration is waited for instead.
    static let process = Signals { numbers in
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let sources = numbers.map { number in
            let registered = DispatchSemaphore(value: 0)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.setRegistrationHandler { registered.signal() }
            source.activate()
            registered.wait()
            return source
        }
        // The sources live as long as somebody listens.
        continuation.onTermination = { _ in for source in sources { source.cancel() } }
        return stream
    }
}

extension WallClock {
    /// The clock of this machine.
    static let system = WallClock {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(milliseconds: Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000)
    }
}
