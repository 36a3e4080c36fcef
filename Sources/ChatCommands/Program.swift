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
        if arguments.first == Completion.verb { return try await Completion.answer(arguments, context) }
        if let script = try CompletionScript.wanted(by: arguments) { return try shown(script.text, context) }
        if arguments.isEmpty { return try shown(HelpText.firstSteps, context) }
        let isHelp = arguments.first == "help"
        let words = isHelp ? arguments.filter { $0 != "--json" } : arguments
        if isHelp, words.count == 2, let topic = HelpTopic(rawValue: words[1]) {
            return try shown(topic.text(globalOptions: HelpText.globalOptions(columns: 80)), context)
        }
        try CommandPath(words.drop { isHelp && $0 == "help" }).requireKnown(isHelp: isHelp)
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
            throw UsageFault(Chatctl.message(for: error), of: CommandPath(arguments)).error
        }
        let text = Chatctl.fullMessage(for: error, columns: context.output.width ?? 80)
        let words = CommandPath(arguments.drop { $0 == "help" }).words
        _ = try shown(HelpText.arranged(text, of: words), context)
    }

    private static func shown(_ text: String, _ context: CommandContext) throws(ChatError) -> Int32 {
        try context.output.write(Array((text + "\n").utf8))
        return 0
    }
}
