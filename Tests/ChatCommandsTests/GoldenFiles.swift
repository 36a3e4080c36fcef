import Foundation
import Testing

/// Expected texts, kept as files beside the tests. With CHATCTL_UPDATE_GOLDEN=1 they are written instead of compared.
enum GoldenFiles {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    private static let isUpdating = ProcessInfo.processInfo.environment["CHATCTL_UPDATE_GOLDEN"] == "1"

    static func expect(_ text: String, in name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appending(path: name)
        if isUpdating {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let expected = try? String(contentsOf: file, encoding: .utf8)
        let hint: Comment = "CHATCTL_UPDATE_GOLDEN=1 writes Golden/\(name) anew"
        guard let expected else {
            Issue.record("Golden/\(name) is missing; \(hint)", sourceLocation: sourceLocation)
            return
        }
        guard text != expected else { return }
        // The first line that differs says more than both texts.
        let (new, old) = (
            text.split(separator: "\n", omittingEmptySubsequences: false),
            expected.split(
                separator: "\n", omittingEmptySubsequences: false)
        )
        let line = zip(new, old).prefix { $0 == $1 }.count
        let (got, wanted) = (line < new.count ? new[line] : "(the end)", line < old.count ? old[line] : "(the end)")
        Issue.record(
            "Golden/\(name), line \(line + 1):\n  is: \(got)\n  was: \(wanted)\n\(hint)", sourceLocation: sourceLocation
        )
    }

    /// The names of the files in a folder of them.
    static func names(in name: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path))
    }
}
