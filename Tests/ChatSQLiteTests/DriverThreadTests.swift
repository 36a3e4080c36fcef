import ChatCore
import ChatTestKit
import Synchronization
import Testing

@testable import ChatSQLite

@Suite struct DriverThreadTests {
    @Test func `tasks run on the thread and on no other`() async throws {
        let (one, two) = (try DriverThread(), try DriverThread())
        #expect(!one.isCurrent)
        let inOne = Task(executorPreference: one) { [one.isCurrent, two.isCurrent] }
        let inTwo = Task(executorPreference: two) { [one.isCurrent, two.isCurrent] }
        #expect(await inOne.value == [true, false])
        #expect(await inTwo.value == [false, true])
    }

    @Test func `jobs run one at a time, in the order in which they came`() async throws {
        let thread = try DriverThread()
        let order = Order()
        let tasks = (0..<200).map { number in Task(executorPreference: thread) { order.add(number) } }
        for task in tasks { await task.value }
        #expect(order.numbers == Array(0..<200))
    }

    private final class Order: Sendable {
        private let state = Mutex<[Int]>([])
        var numbers: [Int] { state.withLock { $0 } }
        func add(_ number: Int) { state.withLock { $0.append(number) } }
    }

    @Test func `a task comes back to the thread after it has waited for another`() async throws {
        let (thread, other) = (try DriverThread(), try DriverThread())
        let task = Task(executorPreference: thread) {
            let there = await Task(executorPreference: other) { other.isCurrent }.value
            return there && thread.isCurrent
        }
        #expect(await task.value)
    }

    @Test func `a driver's transactions run on the thread of the task that asks`() async throws {
        let folder = try TemporaryFolder()
        let database = try await folder.open()
        let driver = try await SQLiteDriver.open(folder.file)
        let writer = try #require(driver.writer as? DriverThread)
        let reader = try #require(driver.reader as? DriverThread)
        let wrote = Task(executorPreference: writer) {
            try await driver.write { _ throws(ChatError) in writer.isCurrent }
        }
        let read = Task(executorPreference: reader) {
            try await driver.read { _ throws(ChatError) in reader.isCurrent }
        }
        #expect(try await wrote.value)
        #expect(try await read.value)
        #expect(try await !driver.write { _ throws(ChatError) in writer.isCurrent })
        await driver.close()
        await database.close()
    }
}
