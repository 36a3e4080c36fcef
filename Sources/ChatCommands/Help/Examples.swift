/// Command lines that the help of a command shows.
enum Examples {
    /// By the words of the command.
    static let all = [server, accounts, rooms, messages, measurements].reduce(into: [:]) { all, group in
        all.merge(group) { $0 + $1 }
    }

    private static let server: [String: [String]] = [
        "serve": [
            "chatctl serve --tls-certificate chain.pem --tls-key key.pem",
            "chatctl serve --admin root --admin-password-file root.password",
            "chatctl serve --signup closed",
        ],
        "migrate": ["chatctl migrate --status", "chatctl migrate --new-epoch"],
        "backup": ["chatctl backup chat-backup.db"],
        "restore": ["chatctl restore chat-backup.db --yes"],
        "config": ["chatctl config --json"],
        "login": ["chatctl login https://chat.example.org --username alice"],
        "logout": ["chatctl logout https://chat.example.org"],
        "audit": ["chatctl audit -f --actor alice --since 2h"],
        "run": ["chatctl run -- sh -c 'chatctl user create tess && chatctl room list'"],
    ]

    private static let accounts: [String: [String]] = [
        "user create": [
            "chatctl user create alice --generate-password --display-name 'Alice B.'",
            "chatctl user create robot --if-not-exists --json",
        ],
        "user list": ["chatctl user list --json"],
        "user show": ["chatctl user show alice bob"],
        "user password": ["chatctl user password alice --password-stdin < password"],
        "user role": ["chatctl user role alice admin"],
        "user disable": ["chatctl user disable eve mallory"],
        "user enable": ["chatctl user enable eve"],
        "user delete": ["chatctl user delete eve mallory --yes"],
        "user token": ["chatctl user token robot --label deploy --expires 30d"],
        "user tokens": ["chatctl user tokens robot"],
        "user revoke-token": ["chatctl user revoke-token robot 7 8"],
        "invite create": ["chatctl invite create --uses 20 --expires 7d"],
        "invite list": ["chatctl invite list --json"],
        "invite revoke": ["chatctl invite revoke 3"],
        "whoami": ["chatctl whoami --as alice"],
    ]

    private static let rooms: [String: [String]] = [
        "room create": ["chatctl room create plans --private --member bob --as alice"],
        "room list": ["chatctl room list --kind private --idle 30d"],
        "room show": ["chatctl room show plans general"],
        "room rename": ["chatctl room rename plans archive-2026"],
        "room topic": ["chatctl room topic plans 'What came next'"],
        "room archive": ["chatctl room archive plans"],
        "room unarchive": ["chatctl room unarchive plans"],
        "room delete": ["chatctl room delete plans --yes"],
        "room direct": ["chatctl room direct alice bob"],
        "room members": ["chatctl room members plans --add carol --role moderator --remove bob"],
        "room kick": ["chatctl room kick plans bob"],
        "room ban": ["chatctl room ban general eve --for 1h30m --reason 'sells watches'"],
        "room unban": ["chatctl room unban general eve"],
        "room mute": ["chatctl room mute general eve --for 10m"],
        "room unmute": ["chatctl room unmute general eve"],
        "room restrictions": ["chatctl room restrictions general"],
    ]

    private static let messages: [String: [String]] = [
        "send": [
            "chatctl send general 'deploy 61 ok' --as robot --client-id deploy-61",
            "uptime | chatctl send general --as robot",
            "chatctl send --to bob 'between us' --as alice",
        ],
        "tail": [
            "chatctl tail general plans -f --cursor ./place",
            "chatctl tail general --match 'deploy 61 (ok|failed)' --count 1 --timeout 30s",
        ],
        "repl": [
            "chatctl repl plans --as alice",
            "chatctl repl --script greeting.chat --format tap --as alice",
        ],
        "presence": ["chatctl presence general --watch"],
        "message show": ["chatctl message show general 45"],
        "message edit": ["chatctl message edit general 45 'deploy 61 failed' --as robot"],
        "message delete": [
            "chatctl message delete general 45 46",
            "chatctl message delete --author eve --since 2h --yes",
        ],
        "message search": ["chatctl message search deploy --room general -n 100"],
    ]

    private static let measurements: [String: [String]] = [
        "bench fanout": ["chatctl bench fanout --clients 1000 --window 32 --report fanout.html"],
        "bench ingest": ["chatctl bench ingest --clients 64 --rooms 100 --members 10"],
        "bench connect": ["chatctl bench connect --clients 10000"],
        "bench history": ["chatctl bench history --depth 1000000"],
    ]
}
