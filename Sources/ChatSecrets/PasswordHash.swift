/// A stored hash, `$scrypt$ln=15,r=8,p=1$SALT$KEY` as text. It includes its cost, so that old hashes stay valid when
/// the cost is raised.
struct PasswordHash: Equatable {
    let cost: ScryptCost
    let salt: [UInt8]
    let key: [UInt8]

    init(cost: ScryptCost, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// Nil for text in another format, or with a cost that we would never have written.
    init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = Self.cost(parts[2]),
            let salt = Base64.decode(parts[3]), let key = Base64.decode(parts[4]), !salt.isEmpty,
            (16...64).contains(key.count)
        else { return nil }
        self.init(cost: cost, salt: salt, key: key)
    }

    var text: String {
        "$scrypt$ln=\(cost.logN),r=\(cost.blockSize),p=\(cost.parallelism)$\(Base64.encode(salt))$\(Base64.encode(key))"
    }

    private static func cost(_ text: Substring) -> ScryptCost? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3, let logN = number(parts[0], "ln="), let blockSize = number(parts[1], "r="),
            let parallelism = number(parts[2], "p=")
        else { return nil }
        let cost = ScryptCost(logN: logN, blockSize: blockSize, parallelism: parallelism)
        return cost.isBearable ? cost : nil
    }

    private static func number(_ text: Substring, _ name: String) -> UInt64? {
        text.hasPrefix(name) ? UInt64(text.dropFirst(name.count)) : nil
    }
}
