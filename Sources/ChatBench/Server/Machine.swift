import Glibc

/// The machine a measurement ran on: processor, cores and kernel.
enum Machine {
    static var text: String {
        description(
            cpuinfo: ProcFile.content("/proc/cpuinfo") ?? "", cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
            release: ProcFile.content("/proc/sys/kernel/osrelease") ?? "")
    }

    static func description(cpuinfo: String, cores: Int, release: String) -> String {
        let model = cpuinfo.split(separator: "\n").first { $0.hasPrefix("model name") }
        let processor = model.flatMap { line in
            line.split(separator: ":", maxSplits: 1).last?.drop { $0 == " " || $0 == "\t" }
        }
        return "\(processor ?? "unknown processor"), \(cores) cores, Linux \(release.prefix { $0 != "\n" })"
    }
}
