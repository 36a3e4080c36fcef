import ChatCore
import Glibc
import Synchronization

// While a secret is typed the terminal neither shows nor interprets keys. Whatever ends that, also a signal from
// elsewhere, must give the terminal back as it was: a shell without echo is of no use to anybody. getpass(3) was
// rejected: it lets Ctrl-C and Ctrl-D become part of the password, and a signal leaves the echo off.

/// A terminal on which one secret at a time is typed.
enum HiddenTerminal {
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    private static let oneAtATime = Mutex(())

    // nonisolated(unsafe): all three are allocated once, written under `oneAtATime` before the handlers that read them are
    // in force, and not written while they are. Pointers, because a handler must not run into Swift's checks of access.
    private nonisolated(unsafe) static let terminal = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    // nonisolated(unsafe): as above.
    private nonisolated(unsafe) static let shown = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    // nonisolated(unsafe): as above.
    private nonisolated(unsafe) static let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: signals.count)

    /// Reads a line that is not shown from `descriptor`, after writing `prompt` to it.
    ///
    /// - Returns: nil when there is none: the input has ended, or the descriptor is no terminal.
    /// - Throws: `interrupted` after Ctrl-C, `invalidInput` for bytes that are not UTF-8.
    static func readLine(_ prompt: String, from descriptor: Int32) throws(ChatError) -> String? {
        try oneAtATime.withLock { _ throws(ChatError) in
            guard hide(descriptor) else { return nil }
            defer { show() }
            write(prompt, to: descriptor)
            let step = typed(on: descriptor)
            write("\n", to: descriptor)
            switch step {
            case .ended, .more: return nil
            case .interrupted: throw ChatError(.interrupted, "password: interrupted")
            case .done(let bytes):
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw ChatError(.invalidInput, "password: what was typed is not UTF-8")
                }
                return text
            }
        }
    }

    private static func typed(on descriptor: Int32) -> SecretLine.Step {
        var line = SecretLine()
        var byte: UInt8 = 0
        while true {
            let count = read(descriptor, &byte, 1)
            if count < 0 && errno == EINTR { continue }
            guard count == 1 else { return .ended }
            let step = line.take(byte)
            guard step == .more else { return step }
        }
    }

    private static func hide(_ descriptor: Int32) -> Bool {
        var attributes = termios()
        guard tcgetattr(descriptor, &attributes) == 0 else { return false }
        terminal.initialize(to: descriptor)
        shown.initialize(to: attributes)
        var hiding = sigaction()
        hiding.__sigaction_handler.sa_handler = { number in HiddenTerminal.restore(at: number) }
        for (index, number) in signals.enumerated() {
            sigaction(number, nil, actions + index)
            sigaction(number, &hiding, nil)
        }
        let output = attributes.c_oflag
        cfmakeraw(&attributes)
        attributes.c_oflag = output
        // TCSAFLUSH drops what was typed before the prompt, and shown.
        return tcsetattr(descriptor, TCSAFLUSH, &attributes) == 0
    }

    private static func show() {
        tcsetattr(terminal.pointee, TCSAFLUSH, shown)
        for (index, number) in signals.enumerated() { sigaction(number, actions + index, nil) }
    }

    /// The handler: gives the terminal back, and lets the signal do what it did before. It calls nothing but functions that
    /// are safe in a handler (signal-safety(7)).
    private static func restore(at number: Int32) {
        tcsetattr(terminal.pointee, TCSANOW, shown)
        for index in 0..<signals.count where signals[index] == number { sigaction(number, actions + index, nil) }
        raise(number)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        // A prompt that cannot be shown is no reason not to read.
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }
}
