import ChatCore
import Glibc
import Testing

@testable import ChatCommands

@Suite struct ChildProcessTests {
    /// Runs a shell script to its end; its status and what it printed.
    private func run(
        _ script: String, _ environment: Environment = [:], isApart: Bool = false
    ) async throws -> (status: Int32, output: String) {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let child = try ChildProcess.start(["sh", "-c", script], environment, output: ends[1], isApart: isApart)
        close(ends[1])
        var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 4_096))
        while case let count = read(ends[0], &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
        return (await child.wait(), String(decoding: bytes, as: UTF8.self))
    }

    @Test(arguments: [(0x0000, 0), (0x0300, 3), (0xff00, 255), (0x000f, 143), (0x0002, 130), (0x0089, 137)])
    func `the status is the child's, or 128 and the signal that ended it`(raw: Int32, status: Int32) {
        #expect(ChildProcess.exitStatus(raw) == status)
    }

    @Test func `a child ends with its status`() async throws {
        #expect(try await run("exit 3").status == 3)
        #expect(try await run("kill -KILL $$").status == 137)
    }

    @Test func `a child has the variables it is given and no others`() async throws {
        let (_, output) = try await run("/usr/bin/env", ["A": "1", "B": "two words", "PATH": "/usr/bin:/bin"])
        let variables = Set(output.split(separator: "\n").map(String.init))
        #expect(variables.isSuperset(of: ["A=1", "B=two words"]))
        // A shell adds PWD, SHLVL and _.
        #expect(
            variables.allSatisfy {
                ["A", "B", "PATH", "PWD", "SHLVL", "OLDPWD", "_"].contains($0.prefix { $0 != "=" })
            })
    }

    @Test func `no signal is blocked or ignored in a child`() async throws {
        signal(SIGPIPE, SIG_IGN)
        let (_, output) = try await run("grep -E 'SigBlk|SigIgn' /proc/self/status", ["PATH": "/usr/bin:/bin"])
        let masks = output.split(separator: "\n").compactMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) }
        try #require(masks.count == 2)
        #expect(masks[0] == 0)
        for number in [SIGINT, SIGTERM, SIGPIPE] { #expect(masks[1] & (1 << UInt64(number - 1)) == 0) }
    }

    @Test func `a child apart has a process group of its own`() async throws {
        let script = "cut -d' ' -f1,5 /proc/self/stat"
        let path: Environment = ["PATH": "/usr/bin:/bin"]
        #expect(try await run(script, path).output.split(separator: " ").last.map { Int32($0.dropLast()) } == getpgrp())
        #expect(
            try await run(script, path, isApart: true).output.split(separator: " ").last.map { Int32($0.dropLast()) }
                != getpgrp())
    }

    @Test func `terminating a child ends it`() async throws {
        let child = try ChildProcess.start(["sleep", "60"], [:], output: nil)
        child.terminate()
        #expect(await child.wait() == 128 + SIGTERM)
    }

    @Test func `a program that is not there is an error`() {
        #expect {
            try ChildProcess.start(["no-such-program-at-all"], [:], output: nil)
        } throws: { error in
            let error = error as? ChatError
            return error?.code == .notFound && error?.message.hasPrefix("no-such-program-at-all: ") == true
        }
    }
}
