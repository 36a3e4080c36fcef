import Glibc
import Testing

@testable import ChatBench

@Suite struct ProcFileTests {
    @Test(arguments: [("2000 512 300 1 0 400 0\n", 512), ("2000", nil), ("", nil), ("1 x 3", nil)] as [(String, Int?)])
    func `resident pages are the second field of statm`(text: String, pages: Int?) {
        #expect(ProcFile.residentPages(statm: text) == pages)
    }

    @Test(arguments: [("123456789 5 6\n", 123_456_789), ("", nil), ("x 5 6", nil)] as [(String, UInt64?)])
    func `CPU nanoseconds are the first field of schedstat`(text: String, nanoseconds: UInt64?) {
        #expect(ProcFile.cpuNanoseconds(schedstat: text) == nanoseconds)
    }

    /// Fields 3 to 15 of proc(5), each with its number.
    private static let rest = "S 4 5 6 7 8 9 10 11 12 13 140 15 16\n"

    @Test(arguments: ["chatctl", "a b", "a) S 1 2 (b", "", ")"])
    func `CPU ticks are utime and stime, whatever the program is called`(name: String) {
        #expect(ProcFile.cpuTicks(stat: "42 (\(name)) \(Self.rest)") == 155)
    }

    @Test(arguments: ["", "42 chatctl S 1", "42 (chatctl) S 4 5 6", "42 (chatctl) S 4 5 6 7 8 9 10 11 12 13 x 15"])
    func `a line that is cut or strange has no ticks`(text: String) {
        #expect(ProcFile.cpuTicks(stat: text) == nil)
    }

    @Test func `a file that is not there has no content`() {
        #expect(ProcFile.content("/proc/self/nothing") == nil)
        #expect(ProcFile.content("/proc/self/statm")?.isEmpty == false)
    }
}

@Suite struct ServerProcessTests {
    @Test func `this process uses memory and CPU`() throws {
        let own = ServerProcess(id: getpid())
        #expect(try #require(own.residentBytes) > 1_000_000)
        let before = try #require(own.cpuSeconds)
        #expect(before > 0)
    }

    @Test func `a process that is gone uses nothing`() throws {
        var id: pid_t = 0
        var words = [strdup("true"), nil]
        defer { free(words[0]) }
        try #require(posix_spawnp(&id, "true", nil, nil, &words, environ) == 0)
        var status: Int32 = 0
        try #require(waitpid(id, &status, 0) == id)
        #expect(ServerProcess(id: id).residentBytes == nil && ServerProcess(id: id).cpuSeconds == nil)
    }
}
