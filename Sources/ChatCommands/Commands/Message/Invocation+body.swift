import ChatCore
import ChatTerminal

extension Invocation {
    /// The body of one message: the argument, or what standard input holds up to its end, without a last line end.
    ///
    /// - Throws: `usage` when there is no argument and standard input is a terminal, and `invalidBody`.
    func wholeBody(_ argument: String?) throws(ChatError) -> MessageBody {
        if let argument { return try MessageBody(argument) }
        guard !input.isTerminal else {
            throw ChatError(.usage, "body: none given", hint: "give it as an argument, or pipe it in")
        }
        guard let bytes = try input.readAll(upTo: Limits.bodyBytes * 2) else {
            throw ChatError(.invalidBody, "body: standard input is longer than \(Limits.bodyBytes) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ChatError(.invalidBody, "body: standard input is not UTF-8")
        }
        return try MessageBody(text.last?.isNewline == true ? String(text.dropLast()) : text)
    }
}
