import ChatCore
import ChatTerminal
import Synchronization

/// Where everything that the session shows goes: to a channel, and into the transcript that expectations look at.
final class ReplScreen: OutputChannel {
    private struct State {
        var transcript = ReplTranscript()
        /// The last message of each room that a person was shown.
        var heard: [Hearing: Int64] = [:]
        var listener: AsyncStream<Void>.Continuation?
        /// Why nothing can be shown any more.
        var failure: ChatError?
    }

    /// Who hears in which room.
    struct Hearing: Hashable {
        let user: Username?
        let room: RoomName
    }

    private let base: any OutputChannel
    /// False where a report takes the place of the session.
    private let isShown: Bool
    private let state = Mutex(State())

    init(_ base: any OutputChannel, isShown: Bool = true) {
        (self.base, self.isShown) = (base, isShown)
    }

    var isTerminal: Bool { base.isTerminal }
    var width: Int? { base.width }
    var isClosedByReader: Bool { base.isClosedByReader }

    func waitUntilReaderLeaves() async { await base.waitUntilReaderLeaves() }

    func write(_ bytes: [UInt8]) throws(ChatError) {
        do throws(ChatError) {
            if isShown { try base.write(bytes) }
        } catch {
            change { $0.failure = error }
            throw error
        }
        change { $0.transcript.take(bytes) }
    }

    /// For who waits for a line.
    ///
    /// - Throws: `outputFailed` once something could not be shown: what is waited for may have been that.
    func requireWritten() throws(ChatError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    // MARK: The transcript

    /// The number of the first line behind the last match.
    var mark: Int { state.withLock { $0.transcript.mark } }

    /// The lines from a number on, and the number of the first of them: older ones may be gone.
    func lines(from number: Int) -> (first: Int, lines: [String]) {
        state.withLock { (max(number, $0.transcript.first), Array($0.transcript.lines(from: number))) }
    }

    func matched(_ number: Int) { state.withLock { $0.transcript.matched(number) } }

    /// Notes that a person was shown a message.
    func heard(_ seq: Int64, in room: RoomName, by user: Username?) {
        change { $0.heard[Hearing(user: user, room: room)] = seq }
    }

    func hasHeard(_ seq: Int64, in room: RoomName, by user: Username?) -> Bool {
        state.withLock { $0.heard[Hearing(user: user, room: room)] ?? 0 } >= seq
    }

    /// An event for what happens from this call on. Only one task at a time may wait.
    func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.listener = continuation }
        return stream
    }

    private func change(_ act: (inout State) -> Void) {
        let listener = state.withLock { state in
            act(&state)
            return state.listener
        }
        listener?.yield()
    }
}

/// Writes with a mark before each text: who of several people in a session hears it.
struct MarkedOutput: OutputChannel {
    let base: any OutputChannel
    let mark: String

    var isTerminal: Bool { base.isTerminal }
    var width: Int? { base.width }
    var isClosedByReader: Bool { base.isClosedByReader }

    func waitUntilReaderLeaves() async { await base.waitUntilReaderLeaves() }

    func write(_ bytes: [UInt8]) throws(ChatError) { try base.write(Array(mark.utf8) + bytes) }
}

/// What commands within a session read: nothing, because standard input holds the session itself. A secret is asked for at
/// the terminal.
struct ReplInput: InputChannel {
    let base: any InputChannel

    var isTerminal: Bool { base.isTerminal }

    func read() throws(ChatError) -> [UInt8] { [] }

    func secret(_ prompt: String) throws(ChatError) -> String? { try base.isTerminal ? base.secret(prompt) : nil }
}

/// Keeps what a command in a script says beside its results, until it is known whether the command has failed.
final class HeldOutput: OutputChannel {
    /// More than this is not kept.
    private static let most = 64 << 10

    private let bytes = Mutex<[UInt8]>([])

    var isTerminal: Bool { false }
    var width: Int? { nil }
    var isClosedByReader: Bool { false }

    func waitUntilReaderLeaves() async { while !Task.isCancelled { try? await Task.sleep(for: .seconds(86_400)) } }

    func write(_ more: [UInt8]) throws(ChatError) {
        bytes.withLock { $0 += more.prefix(Self.most - $0.count) }
    }

    /// What was written, which is then forgotten.
    func take() -> [UInt8] {
        bytes.withLock { bytes in
            defer { bytes = [] }
            return bytes
        }
    }
}
