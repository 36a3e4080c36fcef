import ChatCore

/// The picture of somebody who gave none: the first letter of the name on a colour that follows from the name.
struct GeneratedAvatar: Sendable {
    private let letter: String
    private let hue: UInt64

    init(_ name: Username) {
        // A name has only letters, digits, '_', '.' and '-', so it can stand in SVG as it is.
        letter = name.text.prefix(1).uppercased()
        hue = FNV1a.hash(name.text) % 360
    }

    /// White on a dark tone: the contrast is above 4.5 for every hue.
    var svg: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">\
        <rect width="64" height="64" fill="hsl(\(hue),45%,32%)"/>\
        <text x="32" y="32" dy=".35em" text-anchor="middle" font-family="sans-serif" font-size="32" fill="#fff">\
        \(letter)</text></svg>
        """
    }
}
