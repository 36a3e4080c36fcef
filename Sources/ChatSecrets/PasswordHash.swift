/// The parameters of scrypt (RFC 7914 §2).
struct ScryptCost: Equatable {
    /// The binary logarithm of N.
    let logN: UInt64
    let blockSize: UInt64
    let parallelism: UInt64
}

/// A stored hash in text, `$scrypt$ln=15,r=8,p=1$SALT$KEY`, so that old hashes stay readable when costs rise.
struct PasswordHash: Equatable {
    let cost: ScryptCost
    let salt: [UInt8]
    let key: [UInt8]

    init(cost: ScryptCost, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// Nil for text of another form, or costs beyond what we would ever have written.
    init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[1] == "scrypt" else { return nil }
        let numbers = parts[2].split(separator: ",").compactMap { UInt64($0.drop { !$0.isNumber }) }
        guard numbers.count == 3, (1...17).contains(numbers[0]), (1...16).contains(numbers[1]), numbers[2] == 1,
            let salt = Base64URL.decode(parts[3]), let key = Base64URL.decode(parts[4])
        else { return nil }
        self.init(
            cost: ScryptCost(logN: numbers[0], blockSize: numbers[1], parallelism: numbers[2]), salt: salt, key: key)
    }

    var text: String {
        "$scrypt$ln=\(cost.logN),r=\(cost.blockSize),p=\(cost.parallelism)"
            + "$\(Base64URL.encode(salt))$\(Base64URL.encode(key))"
    }
}
