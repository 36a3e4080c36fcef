import ArgumentParser

/// The short options of a command, as the parser has them. It understands `-n 1` and `-n=1`; other programs also take `-n1`
/// and `-fn1`, which this splits for it.
struct ShortOptions {
    private var valued: Set<Character> = []
    private var flags: Set<Character> = []

    init(of command: any ParsableCommand.Type) {
        for argument in CommandShape(of: command).arguments {
            for name in argument.names ?? [] where name.isShort {
                guard let letter = name.name.first else { continue }
                if argument.kind == .option { valued.insert(letter) } else { flags.insert(letter) }
            }
        }
    }

    /// The arguments with attached values set apart, up to a `--`.
    static func apart(_ arguments: [String], of command: any ParsableCommand.Type) -> [String] {
        let own = arguments.prefix { $0 != "--" }
        // Only where it matters: the description takes some milliseconds.
        guard own.contains(where: { isCluster($0) }) else { return arguments }
        let options = ShortOptions(of: command)
        return own.flatMap { options.apart($0) } + arguments.dropFirst(own.count)
    }

    private static func isCluster(_ argument: String) -> Bool {
        argument.count > 2 && argument.first == "-" && argument.dropFirst().first?.isLetter == true
    }

    private func apart(_ argument: String) -> [String] {
        guard Self.isCluster(argument) else { return [argument] }
        var front = "-"
        var rest = argument.dropFirst()
        while let letter = rest.popFirst() {
            if valued.contains(letter) {
                guard !rest.isEmpty, rest.first != "=" else { return [argument] }
                return (front.count > 1 ? [front] : []) + ["-\(letter)", String(rest)]
            }
            guard flags.contains(letter) else { return [argument] }
            front.append(letter)
        }
        return [argument]
    }
}
