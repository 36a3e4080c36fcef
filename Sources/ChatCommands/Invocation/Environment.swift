/// The environment variables a command sees; an empty variable counts as not set.
package struct Environment: Sendable, ExpressibleByDictionaryLiteral {
    /// All variables by name, as a child process gets them.
    private(set) var variables: [String: String]

    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        variables = Dictionary(elements) { _, last in last }
    }

    subscript(name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    /// The same variables with some set anew; those set to nil are left out.
    func setting(_ changes: [String: String?]) -> Environment {
        Environment(changes.reduce(into: variables) { $0[$1.key] = $1.value })
    }
}
