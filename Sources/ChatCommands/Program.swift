import ArgumentParser
import ChatCore
import ChatTerminal

/// The whole command line as a function: it parses, runs the command and turns what ends it into an exit status.
package enum Program {
    /// Runs one command line. It can be called any number of times in a process, also at once.
    ///
    /// - Parameter arguments: those behind the program's name.
    package static func run(_ arguments: [String], in context: CommandContext) async -> Int32 {
        do throws(ChatError) {
            return try await perform(arguments, in: context)
        } catch {
            // Whoever closed the pipe has read enough.
            if error.code == .outputFailed, context.output.isClosedByReader { return 0 }
            ErrorReport.show(error, asJSON: ArgumentOrder.asksForJSON(arguments), on: context.error)
            return error.code.exitStatus
        }
    }

    /// The same, for who tells the error: the REPL, which knows the line that led to it.
    ///
    /// - Throws: what the command throws; `usage` for what is no command line.
    static func perform(_ arguments: [String], in context: CommandContext) async throws(ChatError) -> Int32 {
        let ordered = ArgumentOrder.globalsLast(arguments)
        return try await execute(ShortOptions.apart(ordered, of: CommandPath(ordered).command), context)
    }

    private static func execute(_ arguments: [String], _ context: CommandContext) async throws(ChatError) -> Int32 {
        let isHelp = arguments.first == "help"
        let words = isHelp ? arguments.filter { $0 != "--json" } : arguments
        try CommandPath(words.drop { isHelp && $0 == "help" }).requireKnown()
        do {
            var command = try Chatctl.parseAsRoot(words)
            if let command = command as? any InvocableCommand { return try await timed(command, context) }
            // A group without a command of its own, or 'help': it throws what is to be shown.
            try command.run()
            return 0
        } catch let error as ChatError {
            throw error
        } catch {
            try show(error, of: arguments, context)
            return 0
        }
    }

    private static func timed(
        _ command: any InvocableCommand, _ context: CommandContext
    ) async throws(ChatError) -> Int32 {
        let invocation = try Invocation(command.global, in: context)
        let start = ContinuousClock.now
        defer { invocation.screen.detail("took \((ContinuousClock.now - start).milliseconds) ms") }
        return try await command.status(invocation)
    }

    /// Shows help, the version or a completion script, which come as errors of the parser.
    ///
    /// - Throws: `usage` for all other errors of the parser.
    private static func show(
        _ error: any Error, of arguments: [String], _ context: CommandContext
    ) throws(ChatError) {
        guard Chatctl.exitCode(for: error) == .success else {
            let first = Chatctl.message(for: error).split(separator: "\n").first.map(String.init)
            let command = (["chatctl"] + CommandPath(arguments).words).joined(separator: " ")
            let isOption = first?.hasPrefix("Unknown option") == true
            throw ChatError(
                .usage, "arguments: \(first ?? "they cannot be understood")",
                hint: "see '\(command) --help'" + (isOption ? "; a text that begins with '-' goes behind '--'" : ""))
        }
        let text = Chatctl.fullMessage(for: error, columns: context.output.width ?? 80)
        let words = CommandPath(arguments.drop { $0 == "help" }).words
        try context.output.write(Array((HelpText.arranged(text, of: words) + "\n").utf8))
    }
}
