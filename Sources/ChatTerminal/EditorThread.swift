import CEditline
import ChatCore
import Glibc

/// libedit on its thread. Made, used and ended on one thread, which never gives it to another.
final class EditorThread {
    /// Lines of history that are kept.
    private static let history = 1_000

    private let shared: EditorState
    private let input: Int32
    private let output: Int32
    private let historyFile: String?
    private let complete: (String) -> [String]
    private let editor: OpaquePointer
    private let lines: OpaquePointer
    private let files: [UnsafeMutablePointer<FILE>]
    private var prompt: UnsafeMutablePointer<CChar>?
    private var columns = 80
    private var decoding = mbstate_t()

    /// nil when libedit cannot work with the descriptors.
    init?(
        _ shared: EditorState, input: Int32, output: Int32, history: String?, complete: @escaping (String) -> [String]
    ) {
        Self.useUTF8()
        let wanted: [(Int32, String)] = [(input, "r"), (output, "w"), (output, "w")]
        let files = wanted.compactMap { descriptor, mode in fdopen(dup(descriptor), mode) }
        guard files.count == 3, let lines = history_init() else { return nil }
        guard let editor = el_init("chatctl", files[0], files[1], files[2]) else {
            history_end(lines)
            return nil
        }
        (self.shared, self.input, self.output, self.complete) = (shared, input, output, complete)
        (self.editor, self.lines, self.files, historyFile) = (editor, lines, files, history)
        setUp()
    }

    deinit {
        el_end(editor)
        history_end(lines)
        for file in files { fclose(file) }
        free(prompt)
    }

    /// Characters are those of UTF-8, also where no locale is set: chatctl speaks nothing else.
    private static func useUTF8() {
        setlocale(LC_CTYPE, "")
        guard let name = nl_langinfo(nl_item(CODESET)), strcasecmp(name, "UTF-8") != 0 else { return }
        setlocale(LC_CTYPE, "C.UTF-8")
    }

    private func setUp() {
        _ = cedit_set_client(editor, Unmanaged.passUnretained(self).toOpaque())
        _ = cedit_set_editor(editor, "emacs")
        _ = cedit_keep_signals(editor)
        _ = cedit_history_limit(lines, Int32(Self.history))
        if let historyFile { _ = cedit_history_load(lines, historyFile) }
        _ = cedit_set_history(editor, lines)
        _ = cedit_set_prompt(editor) { editor in EditorThread.of(editor)?.prompt }
        _ = cedit_set_reader(editor) { editor, key in EditorThread.of(editor)?.key(key) ?? 0 }
        _ = cedit_add(editor, "chat-complete", "complete a word") { editor, _ in
            EditorThread.of(editor)?.completeWord() ?? UInt8(CC_ERROR)
        }
        _ = cedit_add(editor, "chat-clear", "clear the line") { editor, _ in
            EditorThread.of(editor)?.clearLine() ?? UInt8(CC_ERROR)
        }
        _ = cedit_bind(editor, "^I", "chat-complete")
        _ = cedit_bind(editor, "^C", "chat-clear")
        _ = cedit_bind(editor, "^R", "em-inc-search-prev")
    }

    /// The object behind libedit's own: it is alive as long as libedit is, see `deinit`.
    private static func of(_ editor: OpaquePointer?) -> EditorThread? {
        guard let editor, let client = cedit_client(editor) else { return nil }
        return Unmanaged<EditorThread>.fromOpaque(client).takeUnretainedValue()
    }

    /// Reads a line whenever one is asked for, until there are to be no more.
    func run() {
        while let offered = shared.waitForReader() {
            takePrompt()
            takeSize()
            if !offered.isEmpty { el_push(editor, offered) }
            _ = cedit_prepare(editor)
            var count: Int32 = 0
            guard let typed = el_gets(editor, &count), count > 0 else { return endLine() }
            let line = Self.line(String(cString: typed))
            keep(line)
            shared.answer(line)
        }
    }

    /// The cursor goes below the line that was not finished.
    private func endLine() { Self.write(Array("\r\n".utf8), to: output) }

    private static func line(_ text: String) -> String { text.last?.isNewline == true ? String(text.dropLast()) : text }

    private func keep(_ line: String) {
        guard line.contains(where: { !$0.isWhitespace }) else { return }
        _ = cedit_history_enter(lines, line)
        guard let historyFile else { return }
        // libedit makes the file with the rights of the process's mask: it is ours before anything stands in it.
        let descriptor = open(historyFile, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        fchmod(descriptor, 0o600)
        close(descriptor)
        _ = cedit_history_save(lines, historyFile)
    }

    private func takePrompt() {
        free(prompt)
        prompt = strdup(shared.prompt)
    }

    private func takeSize() {
        el_resize(editor)
        var size = winsize()
        columns = ioctl(output, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    // MARK: Called by libedit

    /// Waits for a key. News appears above the line meanwhile.
    ///
    /// - Returns: 1 with a key, 0 at the end.
    private func key(_ key: UnsafeMutablePointer<wchar_t>?) -> Int32 {
        while true {
            var watched = [
                pollfd(fd: input, events: Int16(POLLIN), revents: 0),
                pollfd(fd: shared.wake, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&watched, 2, -1) >= 0 else {
                if errno == EINTR { continue }
                return 0
            }
            // Keys come first: whoever types must see it, however much arrives.
            if watched[0].revents != 0 {
                var byte: CChar = 0
                let count = read(input, &byte, 1)
                if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
                guard count == 1 else { return 0 }
                if let scalar = decode(byte) {
                    key?.pointee = scalar
                    return 1
                }
            } else if watched[1].revents != 0, !takeNews() {
                return 0
            }
        }
    }

    /// The character that ends with this byte; nil in the middle of one.
    private func decode(_ byte: CChar) -> wchar_t? {
        var (byte, scalar) = (byte, wchar_t())
        // The two results that are no lengths: (size_t)-2 within a character, (size_t)-1 for what is none.
        switch mbrtowc(&scalar, &byte, 1, &decoding) {
        case -2: return nil
        case -1:
            decoding = mbstate_t()
            return 0xfffd
        default: return scalar
        }
    }

    /// Returns false when no more lines are to be read.
    private func takeNews() -> Bool {
        let news = shared.news()
        guard !news.isStopped else { return false }
        if news.isResized {
            let old = columns
            takeSize()
            redraw(news.above, row: min(row(of: old), row(of: columns)), hasNewPrompt: news.hasNewPrompt)
        } else if !news.above.isEmpty || news.hasNewPrompt {
            redraw(news.above, row: row(of: columns), hasNewPrompt: news.hasNewPrompt)
        }
        return true
    }

    /// Puts bytes where the line stands, and the line below them.
    ///
    /// - Parameter row: that of the cursor within the line.
    private func redraw(_ above: [UInt8], row: Int, hasNewPrompt: Bool) {
        let start = Array(((row > 0 ? "\u{1b}[\(row)A" : "") + "\r\u{1b}[J").utf8)
        Self.write(start + above, to: output)
        if hasNewPrompt { takePrompt() }
        _ = cedit_refresh(editor)
    }

    private func row(of columns: Int) -> Int {
        let shown = prompt.map { Array(String(cString: $0).unicodeScalars) } ?? []
        return TypedLine(text: shown + typed).row(columns: columns) { Int(cedit_width(wchar_t($0.value))) }
    }

    /// What stands before the cursor.
    private var typed: [Unicode.Scalar] {
        guard let line = el_wline(editor)?.pointee, let buffer = line.buffer, let cursor = line.cursor else {
            return []
        }
        return UnsafeBufferPointer(start: buffer, count: cursor - buffer).map {
            Unicode.Scalar(UInt32(truncatingIfNeeded: $0)) ?? "\u{fffd}"
        }
    }

    private func completeWord() -> UInt8 {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: typed)
        let before = String(text)
        let word = before.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let words = complete(before)
        let common = TypedLine.commonPrefix(of: words)
        if words.count == 1 || common.count > word.count, common.hasPrefix(word) {
            let more = String(common.dropFirst(word.count)) + (words.count == 1 ? " " : "")
            return UInt8(el_insertstr(editor, more) == 0 ? CC_REFRESH : CC_ERROR)
        }
        guard words.count > 1 else { return UInt8(CC_ERROR) }
        let list = Harmless.text(words.prefix(Self.mostShown).joined(separator: "  "))
        let rest = words.count > Self.mostShown ? "  … \(words.count - Self.mostShown) more" : ""
        redraw(Array("\(list)\(rest)\r\n".utf8), row: row(of: columns), hasNewPrompt: false)
        return UInt8(CC_NORM)
    }

    /// Words that a completion lists.
    private static let mostShown = 60

    private func clearLine() -> UInt8 {
        guard let line = el_wline(editor)?.pointee, let buffer = line.buffer, let end = line.lastchar,
            let cursor = line.cursor
        else { return UInt8(CC_ERROR) }
        _ = el_cursor(editor, Int32(end - cursor))
        el_deletestr(editor, Int32(end - buffer))
        return UInt8(CC_REFRESH)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        // A terminal that has gone is noticed when the next key is waited for.
        try? DescriptorOutput(descriptor, name: "standard output").write(bytes)
    }
}
