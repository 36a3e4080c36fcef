/// The command lines whose output is kept.
enum Transcripts {
    /// Starts the program itself, so only the end-to-end tests can.
    static let needsProcess: Set<String> = ["run"]

    /// Those of ``ServerGoldenTests``.
    static let needsServer: Set<String> = [
        "serve", "login", "logout", "bench-fanout", "bench-ingest", "bench-connect", "bench-history",
    ]

    static let all = accounts + rooms + moderation + messages + others

    private static let accounts = [
        Transcript(
            "user-create", "user create carol", "user create Dave --admin --display-name 'Dave D.' --json",
            "user create erin --generate-password", "user create frank --generate-password --json",
            "user create grace --password-stdin <<< a long phrase\\n", "user create alice",
            "user create alice --if-not-exists", "user create alice --if-not-exists --json",
            "user create heidi --if-not-exists --json",
            "user create alice --if-not-exists --admin --generate-password --display-name A"),
        Transcript("user-list", "user list", "user list --json"),
        Transcript(
            "user-show", "user show ALICE", "user show alice --json", "user show alice bob",
            "user show alice bob --json", "user show nobody alice a! bob", "user show nobody alice a! bob --json",
            "user show nobody", "user show a! b!"),
        Transcript(
            "user-role", "user role alice admin", "user role root user --json", "user role alice user",
            "user role alice admin --json"),
        Transcript("whoami", "whoami --as alice", "whoami --as root --json", "whoami"),
        Transcript(
            "user-password", "user password alice --generate-password",
            "user password alice --generate-password --json",
            "user password alice --password-stdin <<< a long phrase\\n",
            "user password alice --json <<< a long phrase\\n", "user password alice"),
        Transcript(
            "user-disable", "user disable bob", "user disable bob --json", "user disable alice bob",
            "user disable alice bob --json", "user disable root nobody alice ALICE", "user list"),
        Transcript("user-enable", "user disable bob -q", "user enable bob", "user enable bob --json"),
        Transcript(
            "user-delete", "user delete alice", "user delete alice --yes", "user delete bob --yes --json",
            "user create carol -q", "user create dave -q", "user delete carol dave --yes",
            "user create erin -q", "user delete nobody erin --yes --json",
            "tail general"),
        Transcript(
            "user-token", "user token bob --label phone", "user token bob --expires 30d --json"),
        Transcript("user-tokens", "user tokens bob", "user tokens bob --json", "user tokens alice"),
        Transcript(
            "invite-create", "invite create", "invite create --uses 20 --expires 7d --json", "invite create --uses 0"),
        Transcript("invite-list", "invite list", "invite create --uses 3 -q", "invite list", "invite list --json"),
        Transcript(
            "invite-revoke", "invite create -q", "invite revoke 1", "invite revoke 1", "invite create -q",
            "invite revoke 2 99 --json", "invite list --json"),
        Transcript(
            "user-revoke-token", "user revoke-token bob 1", "user revoke-token bob 1", "user token bob -q",
            "user revoke-token bob 2 --json", "user tokens bob --json", "user token bob -q", "user token bob -q",
            "user revoke-token bob 3 99 4", "user revoke-token bob 3 99 --json"),
    ]

    private static let rooms = [
        Transcript(
            "room-create", "room create blue --topic Cool", "room create Green --private --member alice --json",
            "room create red", "room create red --if-not-exists", "room create red --if-not-exists --json",
            "room create new --if-not-exists --json",
            "room create general --if-not-exists --private --topic T --member bob"),
        Transcript(
            "room-list", "room list", "room list --json", "room list --kind private", "room list --user alice --json",
            "room list --user bob", "room list --idle 30d", "room list --idle 500ms --json"),
        Transcript(
            "room-show", "room show red", "room show RED --json", "room show nowhere",
            "room show general nowhere red", "room show general nowhere red --json"),
        Transcript(
            "room-rename", "room rename red blue", "room rename blue green --json", "room show red",
            "room rename green general"),
        Transcript("room-topic", "room topic red Hot", "room topic red '' --json"),
        Transcript(
            "room-archive", "room archive red", "room archive red --json", "send red hi --as alice", "room list",
            "room create blue -q", "room archive blue nowhere general", "room archive blue nowhere --json"),
        Transcript(
            "room-unarchive", "room archive red -q", "room unarchive red", "room unarchive red --json",
            "room unarchive red nowhere general"),
        Transcript(
            "room-delete", "room delete red", "room delete red --yes", "room delete red --yes --json",
            "room create blue -q", "room create green -q", "room delete blue nowhere green --yes", "room list",
            "room create blue -q", "room create green -q", "room delete blue nowhere green --yes --json"),
        Transcript(
            "room-direct", "room direct alice bob", "room direct bob alice --json", "room direct alice alice"),
        Transcript(
            "room-members", "room members red", "room members red --add bob --json",
            "room members red --add bob --role moderator", "room members red --remove alice --json",
            "room members general"),
    ]

    private static let moderation = [
        Transcript(
            "room-kick", "room kick red alice", "room kick red alice --json", "room members red", "room kick red alice"),
        Transcript(
            "room-restrictions", "room restrictions general", "room mute general bob --for 10m -q",
            "room ban general alice --reason 'sells watches' -q",
            "room restrictions general", "room restrictions general --json"),
        Transcript(
            "room-ban", "room ban general bob", "room ban general alice --for 1h30m --reason 'sells watches' --json",
            "send general hi --as bob"),
        Transcript(
            "room-unban", "room ban general bob -q", "room unban general bob", "room unban general bob --json",
            "room ban general bob -q", "room unban general bob --json"),
        Transcript(
            "room-mute", "room mute general bob --for 10m", "room mute general alice --for 2w --reason noise --json",
            "send general hi --as bob"),
        Transcript(
            "room-unmute", "room mute general bob -q", "room unmute general bob", "room unmute general bob --json"),
    ]

    private static let messages = [
        Transcript(
            "send", "send general hi --as alice", "send general hi --as alice --json",
            "send general again --as alice --client-id c1", "send general again --as alice --client-id c1",
            "send general --as bob <<< two\\nlines\\n", "send general - --as bob <<< windows\\r\\n",
            "send general --lines --as bob <<< one\\n\\ntwo\\nthree",
            "send general --lines --as bob --json <<< four\\n",
            "send --to bob psst --as alice --json", "send general --as alice -- --not-an-option", "tail general -n 20"),
        Transcript(
            "tail", "tail general", "tail general -n 2 --json", "tail general red", "tail general --since 2",
            "tail general --since 1h -n 0 --json", "tail general --match sure", "tail general --count 2",
            "tail general --reject sure", "tail general --color always -n1", "tail general red -n1 --utc"),
        Transcript("message-show", "message show general 3", "message show general 3 --json", "message show general 9"),
        Transcript(
            "message-edit", "message edit general 1 better --as alice",
            "message edit general 1 better --as alice --json",
            "message edit general 1 mine --as bob", "message edit general 9 x --as alice",
            "message edit general 1 x", "tail general"),
        Transcript(
            "message-delete", "message delete general 2", "message delete general 3 --json",
            "message delete general 1 2",
            "message delete general 1 2 --json", "message delete general 9 1 --json", "message delete general 9 1 8",
            "tail general", "message show general 2 --json", "send general four --as alice -q",
            "send general five --as bob -q", "send red six --as alice -q",
            "message delete --author alice --room general --since 1h --yes", "tail general red",
            "message delete --author alice --yes --json", "message delete --author alice --yes --json",
            "message delete --author alice --room general --yes --json", "tail general red -n 1",
            "user delete bob --yes -q", "message delete --author deleted-3 --yes"),
        Transcript(
            "message-search", "message search 100%", "message search LINES --json", "message search nothing",
            "message search nothing --json", "message search hello --room red", "message search -n1 s",
            "message search s -n 1 --json", "message search s --before 3 -n 9",
            "message search l --author alice", "message search l --author bob", "message search l --author nobody"),
    ]

    private static let others = [
        Transcript(
            "repl", "repl --as alice <<< hi all\\n/expect 'alice: hi all'\\n/room show general\\n/nonsense\\n",
            "repl --as bob red <<< hi\\n", "repl --as alice red <<< one\\n/expect never 1ms\\n",
            "repl --as alice red --format tap <<< two\\n/expect two$\\n", "repl nowhere <<< hi\\n",
            "repl <<< hi\\n", "repl --json --as alice <<< hi\\n/expect-not hi 1ms\\n"),
        Transcript("presence", "presence general", "presence general --json", "presence", "presence --json"),
        Transcript(
            "audit", "audit -n 2", "audit -n 2 --json", "room topic red Hot --as alice -q",
            "message delete general 1 -q", "audit --actor alice", "audit --target general --json",
            "audit --target nobody", "audit --target nobody --json", "audit --since 2999-01-01T00:00:00Z -n 9",
            "audit -n 0"),
        Transcript(
            "migrate", "migrate --status --json", "migrate --dry-run", "migrate", "migrate --status", "migrate --json",
            "migrate --new-epoch -q", "migrate --new-epoch --json", "migrate --new-epoch --status"),
        Transcript(
            "backup", "backup FOLDER/copy", "--database sqlite:FOLDER/chat.db backup FOLDER/copy",
            "--database sqlite:FOLDER/chat.db backup FOLDER/copy",
            "--database sqlite:FOLDER/chat.db backup FOLDER/other --json",
            "--database sqlite:FOLDER/chat.db backup FOLDER/none/copy",
            "--database postgres://db/chat backup FOLDER/third", "backup ''"),
        Transcript(
            "restore", "--database sqlite:FOLDER/chat.db backup FOLDER/copy -q", "restore FOLDER/copy",
            "restore FOLDER/copy --yes", "restore FOLDER/copy --yes --json", "restore FOLDER/none --yes",
            "restore FOLDER --yes", "restore FOLDER/new.db --yes",
            "--database postgres://db/chat restore FOLDER/copy --yes"),
        Transcript(
            "config", "--database sqlite:/srv/chat.db config",
            "--database postgres://me:secret@db/chat --redis redis://:a@x,redis://:b@y --as alice config --json"),
    ]
}
