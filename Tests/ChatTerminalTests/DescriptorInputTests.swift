import ChatCore
import ChatTerminal
import Glibc
import Testing

@Suite struct DescriptorInputTests {
    @Test func `bytes come as they were written, and then the end`() throws {
        let (reader, writer) = try makePipe()
        defer { close(reader) }
        let input = DescriptorInput(reader, name: "standard input")
        #expect(!input.isTerminal)
        #expect(write(writer, "hello", 5) == 5)
        #expect(try input.read() == Array("hello".utf8))
        close(writer)
        #expect(try input.read().isEmpty)
    }

    @Test func `a folder and a closed descriptor are errors with their reasons`() throws {
        let folder = open("/", O_RDONLY)
        defer { close(folder) }
        for (descriptor, reason) in [(folder, "Is a directory"), (-1, "Bad file descriptor")] {
            #expect {
                try DescriptorInput(descriptor, name: "standard input").read()
            } throws: { error in
                let error = error as? ChatError
                return error?.code == .invalidInput && error?.message == "standard input: cannot be read: \(reason)"
            }
        }
    }

    @Test func `a non-blocking descriptor is waited for`() async throws {
        let (reader, writer) = try makePipe()
        defer { for end in [reader, writer] { close(end) } }
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
        let reading = Task.detached { try DescriptorInput(reader, name: "standard input").read() }
        #expect(write(writer, "late", 4) == 4)
        #expect(try await reading.value == Array("late".utf8))
    }
}
