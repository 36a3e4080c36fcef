import ChatCore
import ChatTerminal
import ChatWire

// One session serves the keyboard and scripts alike: a line comes in, and what it asks for is done before the next one.
// What the feeds bring is shown between two steps of that. Commands are the command line's own, called in this process.

/// A session of the REPL: people, rooms, variables, and what is shown.
actor ReplSession {
    /// What does not change while a session runs.
    struct Plan: Sendable {
        /// Where the session begins; nil for nowhere.
        let room: RoomName?
        /// Nobody types: what was posted is waited for, and a failure ends the session.
        let isScript: Bool
        /// How long `/expect` waits when it does not say it.
        let patience: Duration
    }

    /// How many messages a person is shown of a room at first.
    static let history = 10
    /// Lines that a session is given up over would be worse than one that is shown late.
    static let hearing: Duration = .seconds(20)

    let plan: Plan
    let invocation: Invocation
    let screen: ReplScreen
    /// What the session says beside the results.
    let notices: any OutputChannel
    /// What commands say beside theirs.
    let commandNotices: any OutputChannel
    let names: ReplNames
    private(set) var people: [ReplPersona]
    private(set) var current = 0
    var variables: [String: String] = [:]
    var toggles: Set<ReplToggle>
    var record = ReplRecord()
    /// A line asked to leave.
    private(set) var hasEnded = false
    private let firstSpeaker: Username?
    /// Told about each new prompt, also while a line is typed.
    private(set) var didChange: (@Sendable (ReplPrompt) -> Void)?

    init(
        _ plan: Plan, _ backend: Backend, speaker: Username?, _ invocation: Invocation, _ screen: ReplScreen,
        notices: any OutputChannel, commandNotices: any OutputChannel, names: ReplNames
    ) {
        (self.plan, self.invocation, self.screen) = (plan, invocation, screen)
        (self.notices, self.commandNotices, self.names) = (notices, commandNotices, names)
        people = [ReplPersona(name: speaker, backend: backend)]
        toggles = plan.isScript ? [] : [.notices]
        if invocation.printsJSON { toggles.formUnion([.json, .raw]) }
        firstSpeaker = speaker
    }

    var person: ReplPersona {
        get { people[current] }
        set { people[current] = newValue }
    }

    var prompt: ReplPrompt { ReplPrompt(user: person.name, room: person.room, unread: person.unread) }

    var script: String { record.script(from: plan.room, as: invocation.settings["server"] == nil ? firstSpeaker : nil) }

    func tell(_ didChange: @escaping @Sendable (ReplPrompt) -> Void) { self.didChange = didChange }

    /// Makes somebody the one who speaks. They take the place of nobody.
    func speak(as persona: ReplPersona) {
        if person.name == nil {
            person.reader?.cancel()
            person = persona
        } else {
            people.append(persona)
            current = people.count - 1
        }
    }

    func speak(as index: Int) { current = index }

    /// Where somebody stands in the list; a person who has gone has no place.
    func index(of name: Username?) -> Int? { people.firstIndex { $0.name == name } }

    func change(_ name: Username?, _ act: (inout ReplPersona) -> Void) {
        if let index = index(of: name) { act(&people[index]) }
    }

    /// Goes to the first room.
    ///
    /// - Throws: what joining it throws.
    func begin() async throws(ChatError) {
        if let room = plan.room { try await join(room) }
        if !plan.isScript { refreshNames() }
    }

    /// Does what a line that was typed asks for.
    ///
    /// - Throws: what the line throws.
    func carryOut(_ line: String) async throws(ChatError) {
        if try await perform(line).ends { hasEnded = true }
    }

    /// Ends what runs beside the lines.
    func close() async {
        for person in people {
            person.reader?.cancel()
            await person.feed?.close()
        }
    }

    // MARK: What is shown

    /// Shows a line of the session's own.
    ///
    /// - Throws: `outputFailed`.
    func line(_ text: String) throws(ChatError) { try screen.write(Array((text + "\n").utf8)) }

    /// Says something beside the results.
    func notice(_ text: String) {
        guard !invocation.options.quiet else { return }
        let text = notices.isTerminal ? Harmless.text(text) : Harmless.oneLine(text)
        try? notices.write(Array(("chatctl: \(text)\n").utf8))
    }

    /// What shows something to this person: where there are several, each line says who hears it.
    func view(of name: Username?) -> Invocation {
        let output: any OutputChannel =
            people.count > 1 ? MarkedOutput(base: screen, mark: "[\(name?.text ?? "-")] ") : screen
        return invocation.showing(on: output, asJSON: toggles.contains(.raw))
    }
}
