/// What `chatctl help` explains besides the commands.
enum HelpTopic: String, CaseIterable, Sendable {
    case options
    case exitCodes = "exit-codes"
    case scripting
    case `protocol`

    /// One line for the overview.
    var abstract: String {
        switch self {
        case .options: "The global options, and where settings come from."
        case .exitCodes: "What each exit code means."
        case .scripting: "How to use chatctl in scripts and tests."
        case .protocol: "How a program talks to the server."
        }
    }

    /// The whole text, with lines of at most 80 columns.
    ///
    /// - Parameter globalOptions: how the parser lists them.
    func text(globalOptions: String) -> String {
        switch self {
        case .options: globalOptions + "\n\n" + Self.optionText
        case .exitCodes: Self.exitCodeText
        case .scripting: Self.scriptingText
        case .protocol: Self.protocolText
        }
    }

    private static let optionText = """
        Global options may stand before or behind the command. An option beats its
        environment variable, which beats the profile, which beats the configuration
        file. An empty value means none: --server '' works on the database although the
        file names a server.

        The configuration file is $XDG_CONFIG_HOME/chatctl/config.toml, usually
        ~/.config/chatctl/config.toml; see chatctl-config(5):

          database = "sqlite:~/chat.db"
          user = "alice"

          [profile.work]
          server = "https://chat.example.org"

        EXAMPLES:
          chatctl config
          chatctl --database sqlite:chat.db migrate
          chatctl --profile work room list
        """

    private static let exitCodeText =
        "EXIT CODES:\n" + ExitStatus.lines(ExitStatus.meanings).joined(separator: "\n") + """


            An error is one line 'chatctl: what: why' on standard error, and a second one
            with a hint where one helps. With --json it is a document:

              {"error":{"code":"room_not_found","message":"…","hint":"…"}}

            EXAMPLES:
              chatctl room show plans --json || echo "ended with $?"
            """

    private static let scriptingText = """
        Results go to standard output, everything else to standard error. With --json a
        command prints one JSON document; 'tail', 'presence --watch' and 'send --lines'
        print one a line. Times are RFC 3339, in UTC.

        No password or token is ever an argument: pipe a password in with
        --password-stdin, and pass a token in CHATCTL_TOKEN or --token-file.

        'run' starts a temporary server for one command and ends with its status, so a
        test needs no set-up. 'tail' waits for what should happen: --match and --count
        end it with 0, --timeout with 75, --reject with 1. A repeated --client-id does
        not post twice.

        EXAMPLES:
          chatctl user create robot --if-not-exists --json
          uptime | chatctl send general --as robot
          chatctl tail general --match 'deploy .* ok' --count 1 --timeout 30s
          chatctl run -- sh -c 'chatctl room create plans && chatctl room list'
        """

    private static let protocolText = """
        The server speaks HTTP and WebSocket on one port. A program sends its token in
        the header 'Authorization: Bearer TOKEN'; 'chatctl user token' makes one.

          GET  /ws                              WebSocket, many rooms on it
          GET  /ws/chatroom/ROOM                WebSocket in one room
          GET  /api/v1/rooms/ROOM/messages      the messages of a room, as JSON
          POST /api/v1/rooms/ROOM/messages      post one
          GET  /health/ready                    whether the server works
          GET  /api/v1/openapi.json             all requests, described

        Frames are JSON objects in text, such as

          {"event":"join","room":"general","after":45,"epoch":"…"}
          {"event":"message","room":"general","body":"hi","client_id":"a1"}
          {"ok":true,"event":"message","message":{"room":"general","seq":46,…}}

        A client keeps the last 'seq' and the 'epoch' of each room, and joins again with
        both after it lost its connection: nothing is missing, nothing comes twice.
        chatctl-protocol(7) has every frame, request and error.

        EXAMPLES:
          chatctl user token robot --label "my program"
        """
}
