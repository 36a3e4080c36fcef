import ChatCore
import Glibc

/// An open descriptor of the process, such as standard input. It is not closed with this value.
package struct DescriptorInput: InputChannel {
    package let isTerminal: Bool
    private let descriptor: Int32
    private let name: String

    /// - Parameter name: what an error calls the descriptor.
    package init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        isTerminal = isatty(descriptor) == 1
    }

    package func read() throws(ChatError) -> [UInt8] {
        while true {
            var code: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                code = got < 0 ? errno : 0
                count = max(0, got)
            }
            switch code {
            case 0: return bytes
            case EINTR: continue
            case EAGAIN: waitForBytes()
            default:
                throw ChatError(.invalidInput, "\(name): cannot be read: \(String(cString: strerror(code)))")
            }
        }
    }

    package func secret(_ prompt: String) throws(ChatError) -> String? {
        // The terminal of the process takes the prompt also where standard input is open for reading only.
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        defer { if terminal >= 0 { close(terminal) } }
        return try HiddenTerminal.readLine(prompt, from: terminal >= 0 ? terminal : descriptor)
    }

    private func waitForBytes() {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&wanted, 1, -1)
    }
}
