import ChatCore
import Testing

/// Expects `work` to throw an error with `code` whose text contains `part`.
package func expect(
    _ code: ErrorCode, saying part: String = "", sourceLocation: SourceLocation = #_sourceLocation,
    _ work: () async throws -> Void
) async {
    await #expect(sourceLocation: sourceLocation) {
        try await work()
    } throws: { error in
        guard let error = error as? ChatError else { return false }
        return error.code == code && (part.isEmpty || error.message.contains(part))
    }
}
