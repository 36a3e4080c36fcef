import ChatTestKit
import Testing

@testable import ChatClient

@Suite(.timeLimit(.minutes(1))) struct InboxTests {
    /// Frames that begin with 0 are passing.
    private let inbox = Inbox { $0.first == 0 }

    @Test func `a writer is paused when the inbox is full and resumed when it is read`() async {
        let frame = [UInt8](repeating: 1, count: Inbox.high / 4)
        #expect((0..<4).map { _ in inbox.put(frame) } == [false, false, false, true])
        inbox.end(code: 1001)
        var resumedAfter: [Int] = []
        for count in 1...4 {
            let event = await inbox.next { resumedAfter.append(count) }
            #expect(event == .text(frame))
        }
        #expect(resumedAfter == [3])
        let last = await inbox.next {}
        #expect(last == .closed(code: 1001))
    }

    @Test func `an end is told again to whoever asks again, and the first code counts`() async {
        inbox.end(code: 4001)
        inbox.end(code: 1006)
        for _ in 0..<2 {
            let event = await inbox.next {}
            #expect(event == .closed(code: 4001))
        }
    }

    @Test func `passing frames are dropped, oldest first, and do not pause the writer`() async {
        let size = Inbox.passingBytes / 8
        for number in 1...20 { #expect(!inbox.put([0, UInt8(number)] + [UInt8](repeating: 0, count: size - 2))) }
        inbox.end(code: 1000)
        var numbers: [UInt8] = []
        while case .text(let frame)? = await inbox.next(resume: {}) { numbers.append(frame[1]) }
        #expect(numbers == Array(13...20))
    }

    @Test func `a passing frame too large for the inbox is dropped alone`() async {
        #expect(!inbox.put([1]))
        #expect(!inbox.put([UInt8](repeating: 0, count: Inbox.passingBytes + 1)))
        #expect(!inbox.put([2]))
        for expected in [[1], [2]] as [[UInt8]] {
            let event = await inbox.next {}
            #expect(event == .text(expected))
        }
    }

    @Test(arguments: 0..<50) func `frames keep their order, and none is lost but passing ones`(seed: Int) async {
        var random = Seeded(seed)
        var written: [[UInt8]] = []
        for number in 0..<200 {
            let kind = UInt8.random(in: 0...1, using: &random)
            let size = Int.random(in: 0..<2_000, using: &random)
            written.append([kind, UInt8(number)] + [UInt8](repeating: 0, count: size))
            _ = inbox.put(written[number])
        }
        inbox.end(code: 1000)
        var read: [[UInt8]] = []
        while case .text(let frame)? = await inbox.next(resume: {}) { read.append(frame) }
        #expect(read.filter { $0[0] == 1 } == written.filter { $0[0] == 1 })
        let passing = read.filter { $0[0] == 0 }
        #expect(passing == written.filter { $0[0] == 0 }.suffix(passing.count))
        #expect(read.map { $0[1] } == read.map { $0[1] }.sorted())
    }

    @Test func `a reader waits for an event`() async {
        let reader = Task { [inbox] in await inbox.next {} }
        #expect(!inbox.put([1]))
        #expect(await reader.value == .text([1]))
        let last = Task { [inbox] in await inbox.next {} }
        inbox.end(code: 1006)
        #expect(await last.value == .closed(code: 1006))
    }

    @Test func `a cancelled reader gets nil and takes nothing`() async {
        let reader = Task { [inbox] in await inbox.next {} }
        reader.cancel()
        #expect(await reader.value == nil)
        #expect(!inbox.put([1]))
        let event = await inbox.next {}
        #expect(event == .text([1]))
    }
}
