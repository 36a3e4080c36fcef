import ArgumentParser
import ChatCore
import ChatTerminal
@preconcurrency import Dispatch
import Glibc

// This file alone touches the process the commands run in: its descriptors, variables, signals and end.

extension Program {
    /// Runs the command line of this process and ends it with its exit status.
    ///
    /// It is not `async`: a task needs descriptors, and those of a caller that closed its own would be taken for them.
    package static func main() -> Never {
        StandardDescriptors.reserve()
        // First of all: whoever asks a server for a new certificate may do so at any time, also while it starts.
        if Arguments.name(Serve.self) { signal(SIGHUP) { _ in } }
        // A closed pipe or socket is an error where it is written to, never a silent end of the process.
        signal(SIGPIPE, SIG_IGN)
        // Results are written at once, so there is nothing to tidy up; commands that have something ask for signals.
        signal(SIGINT) { _ in _exit(ErrorCode.interrupted.exitStatus) }
        // Not exit(3): the handlers of libraries would run while threads that hang are still in them, which ends in an abort.
        // Nothing is lost, because results are written at once.
        Task.detached { _exit(await run(in: .process)) }
        dispatchMain()
    }
}

extension Program {
    /// Runs the arguments of this process. Those that are not UTF-8 are refused as input is: what would become of them when
    /// they are mended is not what was meant.
    private static func run(in context: CommandContext) async -> Int32 {
        do throws(ChatError) {
            return await run(try Arguments.checked(Arguments.process), in: context)
        } catch {
            let asJSON = Arguments.process.contains { $0.elementsEqual("--json".utf8) }
            ErrorReport.show(error, asJSON: asJSON, on: context.error)
            return error.code.exitStatus
        }
    }
}

/// The words of a command line as the system passes them: bytes.
enum Arguments {
    /// Those of this process behind the program's name.
    static var process: [[UInt8]] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map { word in
                [UInt8](UnsafeBufferPointer(start: word, count: strlen(word)).lazy.map { UInt8(bitPattern: $0) })
            }
        }
    }

    /// Whether the words of this process call a command.
    static func name(_ command: any ParsableCommand.Type) -> Bool {
        guard let words = try? checked(process) else { return false }
        return CommandPath(ArgumentOrder.globalsLast(words)).command == command
    }

    /// - Throws: `invalidInput` for a word that is not UTF-8.
    static func checked(_ words: [[UInt8]]) throws(ChatError) -> [String] {
        var texts: [String] = []
        for (index, word) in words.enumerated() {
            guard let text = String(validating: word, as: UTF8.self) else {
                let shown = String(decoding: word.prefix(80), as: UTF8.self)
                throw ChatError(.invalidInput, "arguments: number \(index + 1), '\(shown)', is not UTF-8")
            }
            texts.append(text)
        }
        return texts
    }
}

extension CommandContext {
    /// That of this process.
    static var process: CommandContext {
        CommandContext(
            output: DescriptorOutput(STDOUT_FILENO, name: "standard output"),
            error: DescriptorOutput(STDERR_FILENO, name: "standard error"),
            input: DescriptorInput(STDIN_FILENO, name: "standard input"),
            environment: .process, signals: .process, clock: .system, zone: .process,
            systemUser: { SystemUser.name },
            lineEditor: { history, complete throws(ChatError) in
                try LineEditor(input: STDIN_FILENO, output: STDOUT_FILENO, history: history, complete: complete)
            })
    }
}

/// The user of this machine who runs the process.
enum SystemUser {
    /// The account's name, or its number where it has none.
    static var name: String {
        var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
        var text = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(getuid(), &entry, &text, text.count, &found) == 0, found != nil, let name = entry.pw_name
        else {
            return "uid \(getuid())"
        }
        return String(cString: name)
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

extension LocalZone {
    /// The zone of this process: TZ, or the machine's.
    static let process = LocalZone { moment in
        var seconds = time_t(moment.milliseconds / 1_000)
        var parts = tm()
        return localtime_r(&seconds, &parts) == nil ? 0 : parts.tm_gmtoff
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
