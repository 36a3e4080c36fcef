import FoundationEssentials
import Glibc

/// Memory and CPU of a process on this machine, from proc(5).
package struct ServerProcess: Sendable {
    package let id: pid_t

    package init(id: pid_t) {
        self.id = id
    }

    /// Resident bytes; nil when the process is gone.
    var residentBytes: Int? {
        content("statm").flatMap(ProcFile.residentPages).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
    }

    /// CPU seconds of all its threads since it began, in nanosecond resolution where the kernel keeps it; nil when the
    /// process is gone.
    var cpuSeconds: Double? {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")) ?? []
        let spent = tasks.compactMap { content("task/\($0)/schedstat").flatMap(ProcFile.cpuNanoseconds) }
        if !spent.isEmpty { return Double(spent.reduce(0, +)) / 1e9 }
        return content("stat").flatMap(ProcFile.cpuTicks).map { Double($0) / Double(sysconf(Int32(_SC_CLK_TCK))) }
    }

    private func content(_ file: String) -> String? { ProcFile.content("/proc/\(id)/\(file)") }
}

/// The text of files under `/proc`, and the fields that are read from it.
enum ProcFile {
    static func content(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// `resident` of `/proc/PID/statm`, in pages.
    static func residentPages(statm: String) -> Int? { number(in: words(statm), field: 2) }

    /// `sum_exec_runtime` of `/proc/PID/task/TID/schedstat`.
    static func cpuNanoseconds(schedstat: String) -> UInt64? {
        number(in: words(schedstat), field: 1)
    }

    /// `utime` and `stime` of `/proc/PID/stat` together.
    static func cpuTicks(stat: String) -> Int? {
        // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let behindName = words(stat[stat.index(after: end)...])
        let user: Int? = number(in: behindName, field: 14 - 2)
        let system: Int? = number(in: behindName, field: 15 - 2)
        guard let user, let system else { return nil }
        return user + system
    }

    private static func words(_ text: some StringProtocol) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map { String($0) }
    }

    /// - Parameter field: counted from 1, as proc(5) does.
    private static func number<Number: FixedWidthInteger>(in words: [String], field: Int) -> Number? {
        words.count >= field ? Number(words[field - 1]) : nil
    }
}
