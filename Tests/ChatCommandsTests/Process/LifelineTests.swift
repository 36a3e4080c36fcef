import Glibc
import Synchronization
import Testing

@testable import ChatCommands

/// What a server ends when the process that started it is gone.
@Suite struct LifelineTests {
    @Test(
        arguments: [
            ("", [], false), ("process 17\nprocess 18\n", [17, 18], false), ("process 17\ndone\n", [17], true),
            ("process 1\nprocess -5\nprocess x\nnonsense", [], false),
        ] as [(String, [pid_t], Bool)])
    func `words name processes, and a farewell`(text: String, processes: [pid_t], hasParted: Bool) {
        let words = LifelineWatch.Words(text)
        #expect(words.processes == processes && words.hasParted == hasParted)
    }

    @Test func `what was named and parted from is said in lines`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let lifeline = Lifeline(descriptor: ends[1])
        lifeline.add(ChildProcess(id: 17))
        lifeline.part()
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(ends[0], &bytes, bytes.count)
        #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == "process 17\ndone\n")
        close(ends[0])
    }
}
