import ChatCore
import ChatTerminal

/// What the command line runs in. A process has one for itself (``process``); tests and the REPL make their own.
package struct CommandContext: Sendable {
    package var output: any OutputChannel
    package var error: any OutputChannel
    package var input: any InputChannel
    package var environment: Environment
    package var signals: Signals
    package var clock: WallClock
    /// The zone of who reads the output.
    package var zone: LocalZone
    /// The name of the machine's user, under which acts without a speaker are recorded.
    /// A look-up, which may ask a directory: made only where it is needed.
    package var systemUser: @Sendable () -> String
    /// Makes an editor of lines on the terminal of the process; nil where there is none.
    package var lineEditor: LineEditor.Maker?
    /// An open backend for all commands that need one; whoever lends it closes it.
    package var lent: Backend?

    package init(
        output: any OutputChannel, error: any OutputChannel, input: any InputChannel, environment: Environment,
        signals: Signals, clock: WallClock, zone: LocalZone = .utc,
        systemUser: @escaping @Sendable () -> String = { Caller.unnamed }, lineEditor: LineEditor.Maker? = nil,
        lent: Backend? = nil
    ) {
        self.output = output
        self.error = error
        self.input = input
        self.environment = environment
        self.signals = signals
        self.clock = clock
        self.zone = zone
        self.systemUser = systemUser
        self.lineEditor = lineEditor
        self.lent = lent
    }
}
