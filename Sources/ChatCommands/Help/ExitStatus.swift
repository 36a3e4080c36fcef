/// What exit codes mean: all of them for `help exit-codes`, and those of a command that its help names.
enum ExitStatus {
    /// In ascending order, for every command.
    static let meanings: [(code: Int32, meaning: String)] = [
        (0, "Done."),
        (1, "A check or an expectation failed."),
        (64, "Wrong usage: an unknown command or option, or a missing argument."),
        (65, "Invalid input, such as a name or a body that breaks a rule."),
        (66, "No such room, user, message or token."),
        (69, "The database, Redis or the server cannot be reached."),
        (70, "A fault of chatctl; please report it."),
        (73, "It exists already."),
        (74, "The output could not be written."),
        (75, "It did not happen in time, or came too often."),
        (77, "Not allowed, or not logged in."),
        (78, "A wrong configuration."),
        (130, "Interrupted."),
    ]

    /// By the words of the command, those that a script should tell apart, with what they mean there.
    static let ofCommands: [String: [(code: Int32, meaning: String)]] = [
        "serve": [
            (0, "Ended by SIGTERM or SIGINT."), (69, "The database or Redis cannot be reached."),
            (78, "The address, the certificate, the schema or a setting cannot be used."),
        ],
        "migrate": [(69, "The database cannot be reached."), (78, "The database is not one of chatctl, or newer.")],
        "backup": [(73, "The file exists already.")],
        "restore": [(65, "The file is no backup, or damaged."), (69, "A server uses the database.")],
        "run": [(69, "The temporary server did not start."), (130, "Interrupted; otherwise the command's status.")],
        "login": [(69, "The server cannot be reached."), (77, "Wrong username or password.")],
        "whoami": [(77, "No token, or one that is no longer valid.")],
        "user create": [(65, "The name breaks a rule."), (73, "The user exists; see --if-not-exists.")],
        "user show": [(66, "No such user.")],
        "user role": [(66, "No such user."), (77, "It is the last administrator.")],
        "user disable": [(66, "No such user."), (77, "It is the last administrator.")],
        "user delete": [
            (64, "--yes is missing."), (66, "No such user."), (77, "It is the last administrator."),
        ],
        "user revoke-token": [(66, "No such user or token.")],
        "room create": [(65, "The name breaks a rule."), (73, "The room exists; see --if-not-exists.")],
        "room show": [(66, "No such room.")],
        "room rename": [(66, "No such room."), (73, "A room has the new name.")],
        "room delete": [(64, "--yes is missing."), (66, "No such room.")],
        "room members": [(66, "No such room or user."), (77, "It is the last owner.")],
        "room kick": [(66, "No such room or user."), (77, "It is the last owner.")],
        "room ban": [(66, "No such room or user."), (77, "It is the last owner.")],
        "send": [
            (65, "The body is empty, too long or not UTF-8."), (66, "No such room."), (75, "Too many messages."),
            (77, "Not a member, muted, banned, or the room is archived."),
        ],
        "tail": [
            (0, "Done, with --count after so many messages."), (1, "A message matched --reject."),
            (66, "No such room."), (75, "--timeout passed first."), (77, "The room is not yours to read."),
        ],
        "presence": [(66, "No such room.")],
        "message show": [(66, "No such room or message.")],
        "message edit": [(66, "No such room or message."), (77, "It is not your message.")],
        "message delete": [(64, "--yes is missing."), (66, "No such room or message.")],
        "bench fanout": bench, "bench ingest": bench, "bench connect": bench, "bench history": bench,
    ]

    private static let bench: [(code: Int32, meaning: String)] = [
        (1, "A condition of --slo or the baseline was missed."), (69, "The server cannot be reached."),
    ]

    /// Lines of a section of help.
    static func lines(_ list: [(code: Int32, meaning: String)]) -> [String] {
        list.map { code, meaning in "  \(code)" + String(repeating: " ", count: 5 - "\(code)".count) + meaning }
    }
}
