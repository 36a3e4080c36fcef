/// The user's folders after the XDG base directory specification; nil where neither its variable nor HOME is set.
struct Folders: Sendable {
    let data: String?
    let configuration: String?
    let state: String?

    init(_ environment: Environment) {
        func folder(_ variable: String, under home: String) -> String? {
            (environment[variable] ?? environment["HOME"].map { "\($0)/\(home)" }).map { "\($0)/chatctl" }
        }
        data = folder("XDG_DATA_HOME", under: ".local/share")
        configuration = folder("XDG_CONFIG_HOME", under: ".config")
        state = folder("XDG_STATE_HOME", under: ".local/state")
    }
}
