/// Text from the system's random numbers, for names that must not meet by chance.
package enum RandomText {
    package static func hex(bytes: Int) -> String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        var generator = SystemRandomNumberGenerator()
        var text = ""
        for _ in 0..<bytes * 2 {
            text.unicodeScalars.append(digits[Int.random(in: 0..<16, using: &generator)])
        }
        return text
    }
}
