/// Measures what a run costs: CPU and memory of the server, CPU of the generator's own thread.
struct UsageMeter {
    private let process: ServerProcess?
    /// The server's resident memory when the meter was made, before the connections.
    let residentBytesBefore: Int?

    init(_ process: ServerProcess?) {
        self.process = process
        residentBytesBefore = process?.residentBytes
    }

    /// Starts counting CPU; on the generator's thread.
    func start() -> Running {
        Running(
            process: process, residentBytesBefore: residentBytesBefore, serverCPU: process?.cpuSeconds,
            generatorCPU: LoadClock.threadCPU())
    }

    /// A meter that counts CPU.
    struct Running {
        fileprivate let process: ServerProcess?
        fileprivate let residentBytesBefore: Int?
        fileprivate let serverCPU: Double?
        fileprivate let generatorCPU: UInt64

        /// Writes what was used since the start; ``BenchResult/seconds`` must be set.
        ///
        /// - Parameter connections: that came since the meter was made; nil when their memory was not of interest.
        func fill(_ result: inout BenchResult, connections: Int?) {
            result.generatorCPUSeconds = Double(LoadClock.threadCPU() - generatorCPU) / 1e9
            if connections != nil { result.residentBytesBefore = residentBytesBefore }
            if let serverCPU, let now = process?.cpuSeconds, let resident = process?.residentBytes {
                let before = connections == nil ? nil : residentBytesBefore
                result.server = ServerUsage(
                    residentBytes: resident,
                    bytesPerConnection: before.map { Double(resident - $0) / Double(max(1, connections ?? 1)) },
                    cpuSeconds: now - serverCPU)
            }
            result.generatorWasLimit = Self.wasLimit(result)
        }

        /// The generator was hardly ever idle while the server was.
        static func wasLimit(_ result: BenchResult) -> Bool {
            guard result.generatorCPUSeconds > 0.95 * result.seconds else { return false }
            return (result.server?.cpuSeconds ?? 0) < 0.9 * result.seconds
        }
    }
}
