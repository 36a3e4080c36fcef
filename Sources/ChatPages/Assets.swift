import ChatCore

// Everything that a page loads is part of the program. The address of an asset contains a hash of its content, so
// browsers keep it for ever and never show an old one. Pages themselves are not compressed: they hold a secret beside text
// of others, and the length of what is compressed would tell of it (BREACH).

/// A file that pages load.
struct Asset: Sendable {
    let file: String
    let type: String
    let bytes: [UInt8]
    /// The same for clients that take it (RFC 1952).
    let gzip: [UInt8]

    /// - Parameter name: the file's name, `style.css`.
    init(_ name: String, type: String, bytes: [UInt8]) {
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        let digits = String(FNV1a.hash(bytes), radix: 16)
        file = "\(name[..<dot]).\(String(repeating: "0", count: 16 - digits.count))\(digits)\(name[dot...])"
        self.type = type
        self.bytes = bytes
        gzip = Gzip.compressed(bytes)
    }

    var url: String { "/assets/\(file)" }
}

/// The style sheet, the script of the chat page, and the icon of all pages.
struct Assets: Sendable {
    let style: Asset
    let chatScript: Asset
    let icon: Asset

    /// The parts of the chat page's script, in the order in which they run. `10-start.js` is `_0_start_js`: SwiftPM makes
    /// identifiers of file names.
    static let scripts: [[UInt8]] = [
        PackageResources._0_start_js, PackageResources._2_text_js, PackageResources._4_window_js,
        PackageResources._6_outbox_js, PackageResources._8_backoff_js, PackageResources._0_completion_js,
        PackageResources._0_page_js, PackageResources._2_connection_js, PackageResources._4_offline_js,
        PackageResources._0_message_js, PackageResources._2_timeline_js, PackageResources._0_sending_js,
        PackageResources._2_composer_js, PackageResources._4_completion_js, PackageResources._0_presence_js,
        PackageResources._2_actions_js, PackageResources._0_conversations_js, PackageResources._2_start_js,
        PackageResources._4_read_js, PackageResources._6_notify_js, PackageResources._8_people_js,
        PackageResources._0_go_js,
    ]

    init() {
        style = Asset("style.css", type: "text/css; charset=utf-8", bytes: PackageResources.style_css)
        let script = Self.scripts.flatMap(Self.withoutRemarks)
        chatScript = Asset("chat.js", type: "text/javascript; charset=utf-8", bytes: script)
        icon = Asset("icon.svg", type: "image/svg+xml", bytes: PackageResources.icon_svg)
    }

    /// The asset with this file name; nil if there is none, or only with another content.
    func asset(_ file: String) -> Asset? { [style, chatScript, icon].first { $0.file == file } }

    /// A script without indentation and without lines that are remarks. No line of ours begins with `//` inside of a string.
    static func withoutRemarks(_ script: [UInt8]) -> [UInt8] {
        script.split(separator: 10).flatMap { line -> [UInt8] in
            let code = line.drop { $0 == 32 || $0 == 9 }
            return code.isEmpty || code.starts(with: "//".utf8) ? [] : code + [10]
        }
    }
}
