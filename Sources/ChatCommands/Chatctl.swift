import ArgumentParser
import ChatCore
import Glibc

/// The root of the command tree.
package struct Chatctl: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "chatctl",
        abstract: "A realtime chat service and its toolkit.",
        discussion: """
            Without --server a command works on the database itself; with it, on a running server.
            """,
        version: "0.1.0",
        subcommands: [
            Serve.self, Migrate.self, UserGroup.self, Login.self, Logout.self, RoomGroup.self, Send.self, Tail.self,
            PresenceCommand.self, MessageGroup.self, Config.self, Run.self, BenchGroup.self,
        ])

    @OptionGroup(title: "Global options") var global: GlobalOptions

    package init() {}
}

/// Runs the program: parses, executes, and turns whatever ends it into an exit status.
package enum Program {
    package static func main(_ arguments: [String]) async -> Never {
        // A closed pipe or socket is an error where it is written to, never a silent end of the process.
        signal(SIGPIPE, SIG_IGN)
        // Every result was written at once, so there is nothing to tidy; commands that have something say so.
        signal(SIGINT) { _ in _exit(ErrorCode.interrupted.exitStatus) }
        let arguments = ArgumentOrder.globalsLast(Array(arguments.dropFirst()), under: Chatctl.self)
        let asJSON = arguments.prefix { $0 != "--" }.contains("--json")
        do {
            var command = try Chatctl.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            exit(0)
        } catch let error as ChatError {
            Terminal.error(error, asJSON: asJSON)
            exit(error.code.exitStatus)
        } catch let status as ExitStatus {
            exit(status.code)
        } catch {
            end(error, asJSON: asJSON)
        }
    }

    /// Help and version are results; other faults of parsing are usage errors.
    private static func end(_ error: any Error, asJSON: Bool) -> Never {
        guard Chatctl.exitCode(for: error) != .success else { Chatctl.exit(withError: error) }
        let text = Chatctl.message(for: error)
        let first = text.split(separator: "\n").first.map(String.init) ?? "the arguments cannot be understood"
        let usage = ChatError(.usage, "arguments: \(first)", hint: "see 'chatctl help'")
        Terminal.error(usage, asJSON: asJSON)
        exit(usage.code.exitStatus)
    }
}

/// Ends a command with a status that is no error of ours.
struct ExitStatus: Error {
    let code: Int32
}

/// Global options may stand before the command; the parser wants them behind it.
enum ArgumentOrder {
    private static let valued: Set<String> = ["--database", "--redis", "--server", "--token-file", "--as", "--color"]

    /// Moves leading global options behind the words that name the command.
    static func globalsLast(_ arguments: [String], under root: any ParsableCommand.Type) -> [String] {
        var leading: [String] = []
        var rest = arguments[...]
        while let first = rest.first, first.hasPrefix("-"), !["--help", "-h", "--version"].contains(first),
            !first.hasPrefix("--generate-completion-script"), !first.hasPrefix("--experimental")
        {
            leading.append(rest.removeFirst())
            if valued.contains(first), let value = rest.popFirst() { leading.append(value) }
        }
        guard !leading.isEmpty else { return arguments }
        var path: [String] = []
        var level = root
        while let word = rest.first,
            let next = level.configuration.subcommands.first(where: { $0._commandName == word })
        {
            path.append(rest.removeFirst())
            level = next
        }
        return path + leading + rest
    }
}
