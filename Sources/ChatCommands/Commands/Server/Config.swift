import ArgumentParser
import ChatCore
import ChatTerminal

/// `chatctl config`
struct Config: ChatCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print each setting and where it came from.",
        discussion: "The first line is the path of the configuration file, which need not exist.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(_ invocation: Invocation) async throws(ChatError) {
        let settings = [file(invocation)] + invocation.settings.all
        try invocation.show { json in
            json.array(settings) { json, setting in
                json.object { json in
                    json.field("name", setting.name)
                    json.key("value")
                    if setting.value == nil { json.raw("null") } else { json.value(setting.shown) }
                    json.field("source", setting.source.rawValue)
                }
            }
        } text: {
            var table = Table("SETTING", "VALUE", "FROM")
            for setting in settings { table.add(setting.name, setting.shown, setting.source.rawValue) }
            return table.lines(width: invocation.screen.output.width)
        }
    }

    /// The file that settings are read from, as a setting of its own.
    private func file(_ invocation: Invocation) -> Setting {
        let isMoved = invocation.environment["XDG_CONFIG_HOME"] != nil
        return Setting(
            name: "config_file", value: ConfigurationFile.path(Folders(invocation.environment)),
            source: isMoved ? .environment : .fallback)
    }
}
