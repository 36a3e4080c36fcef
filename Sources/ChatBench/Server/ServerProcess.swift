import ChatCore
import FoundationEssentials
import Glibc

/// Memory and CPU of a process on this machine, from proc(5).
struct ServerProcess: Sendable {
    let id: pid_t

    /// Resident bytes, nil when the process is gone.
    var residentBytes: Int? {
        fields("statm").dropFirst().first.flatMap { Int($0) }.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
    }

    /// CPU seconds of all its threads since it began, nil when it is gone. To the nanosecond where the kernel counts so.
    var cpuSeconds: Double? {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")) ?? []
        let spent = tasks.compactMap { fields("task/\($0)/schedstat").first.flatMap { Double($0) } }
        if !spent.isEmpty { return spent.reduce(0, +) / 1e9 }
        // The name of a process stands in parentheses and may hold anything.
        guard let line = content("stat"), let end = line.lastIndex(of: ")") else { return nil }
        let words = line[line.index(after: end)...].split(separator: " ")
        guard words.count > 12, let user = Double(words[11]), let system = Double(words[12]) else { return nil }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private func fields(_ file: String) -> [Substring] { content(file)?.split(whereSeparator: \.isWhitespace) ?? [] }

    private func content(_ file: String) -> String? {
        FileManager.default.contents(atPath: "/proc/\(id)/\(file)").map { String(decoding: $0, as: UTF8.self) }
    }
}

/// What the measuring ran on.
enum Machine {
    static var text: String {
        func first(_ path: String, _ prefix: String) -> String? {
            let data = FileManager.default.contents(atPath: path) ?? Data()
            let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(prefix) }
            return line?.split(separator: ":").last?.drop { $0 == " " || $0 == "\t" }.description
        }
        let processor = first("/proc/cpuinfo", "model name") ?? "unknown processor"
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let kernel = FileManager.default.contents(atPath: "/proc/sys/kernel/osrelease") ?? Data()
        return "\(processor), \(cores) cores, Linux \(String(decoding: kernel, as: UTF8.self).prefix { $0 != "\n" })"
    }
}
