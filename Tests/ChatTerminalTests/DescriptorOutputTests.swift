import ChatCore
import ChatTerminal
import Glibc
import Testing

@Suite struct DescriptorOutputTests {
    /// A pipe that closes with the test.
    private final class Pipe {
        var (reader, writer): (Int32, Int32)

        init(isNonBlocking: Bool = false) throws {
            (reader, writer) = try makePipe()
            if isNonBlocking { _ = fcntl(writer, F_SETFL, O_NONBLOCK) }
            // Otherwise a write without a reader ends the process before it fails.
            signal(SIGPIPE, SIG_IGN)
        }

        deinit {
            for end in [reader, writer] where end >= 0 { close(end) }
        }

        func closeReader() {
            close(reader)
            reader = -1
        }

        func closeWriter() {
            close(writer)
            writer = -1
        }

        func readAll() -> [UInt8] {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 8_192)
            while case let count = read(reader, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
            return bytes
        }
    }

    @Test func `all bytes arrive`() throws {
        let pipe = try Pipe()
        try DescriptorOutput(pipe.writer, name: "standard output").write(Array("hello\n".utf8))
        pipe.closeWriter()
        #expect(pipe.readAll() == Array("hello\n".utf8))
    }

    @Test func `a non-blocking descriptor with a slow reader gets all bytes`() async throws {
        let pipe = try Pipe(isNonBlocking: true)
        let output = DescriptorOutput(pipe.writer, name: "standard output")
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
        let (reader, descriptor) = (pipe.reader, pipe.writer)
        // More than a pipe holds, so the writer has to wait for the reader.
        let writing = Task.detached {
            try output.write(bytes)
            close(descriptor)
        }
        var (got, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 8_192))
        while case let count = read(reader, &chunk, chunk.count), count > 0 { got += chunk[..<count] }
        pipe.writer = -1
        try await writing.value
        #expect(got == bytes)
    }

    @Test func `a pipe whose reader is gone says so`() throws {
        let pipe = try Pipe()
        pipe.closeReader()
        let output = DescriptorOutput(pipe.writer, name: "standard output")
        #expect(!output.isClosedByReader)
        #expect { try output.write([65]) } throws: { ($0 as? ChatError)?.code == .outputFailed }
        #expect(output.isClosedByReader)
    }

    @Test(.timeLimit(.minutes(1))) func `a reader that leaves is noticed without a write`() async throws {
        let pipe = try Pipe()
        let output = DescriptorOutput(pipe.writer, name: "standard output")
        let waiting = Task { await output.waitUntilReaderLeaves() }
        pipe.closeReader()
        await waiting.value
        #expect(output.isClosedByReader)
    }

    @Test(.timeLimit(.minutes(1))) func `waiting for a reader to leave can be given up`() async throws {
        let pipe = try Pipe()
        let null = open("/dev/null", O_WRONLY)
        defer { close(null) }
        for descriptor in [pipe.writer, null] {
            let output = DescriptorOutput(descriptor, name: "standard output")
            let waiting = Task { await output.waitUntilReaderLeaves() }
            waiting.cancel()
            await waiting.value
            #expect(!output.isClosedByReader)
        }
    }

    @Test(arguments: ["/dev/full", "/dev/null"])
    func `what the system refuses is an error with its reason`(path: String) throws {
        // The second one is opened the wrong way round, as a closed standard output is.
        let descriptor = open(path, path == "/dev/full" ? O_WRONLY : O_RDONLY)
        defer { close(descriptor) }
        let output = DescriptorOutput(descriptor, name: "standard output")
        let reason = path == "/dev/full" ? "No space left on device" : "Bad file descriptor"
        #expect {
            try output.write([65])
        } throws: { error in
            let error = error as? ChatError
            return error?.code == .outputFailed
                && error?.message == "standard output: cannot be written: \(reason)"
        }
        #expect(!output.isClosedByReader)
    }

    @Test func `a pipe is no terminal and has no width`() throws {
        let pipe = try Pipe()
        let output = DescriptorOutput(pipe.writer, name: "standard output")
        #expect(!output.isTerminal && output.width == nil)
    }

    @Test func `a terminal has the width that was set`() throws {
        var (main, terminal): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: 24, ws_col: 132, ws_xpixel: 0, ws_ypixel: 0)
        try #require(openpty(&main, &terminal, nil, nil, &size) == 0)
        defer { for end in [main, terminal] { close(end) } }
        let output = DescriptorOutput(terminal, name: "standard output")
        #expect(output.isTerminal && output.width == 132)
    }
}
