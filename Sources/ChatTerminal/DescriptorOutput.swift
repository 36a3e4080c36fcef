import ChatCore
import Glibc
import Synchronization

// Writes block the calling thread. That is the back-pressure a command wants: it has nothing better to do than to wait
// for its reader. A server writes its few lines through here too, but no client waits for them.

/// An open descriptor of the process, such as standard output. It is not closed with this value.
package final class DescriptorOutput: OutputChannel {
    package let isTerminal: Bool
    private let descriptor: Int32
    private let name: String
    /// Whether the reader is gone; the lock also keeps the bytes of two calls apart.
    private let state = Mutex(false)

    /// - Parameter name: what an error calls the descriptor.
    package init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        isTerminal = isatty(descriptor) == 1
    }

    package var width: Int? {
        var size = winsize()
        guard isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    package var isClosedByReader: Bool { state.withLock { $0 } }

    package func waitUntilReaderLeaves() async {
        guard ReaderWatch.canTell(descriptor) else { return await ReaderWatch.untilCancelled() }
        if await ReaderWatch.wait(for: descriptor) { state.withLock { $0 = true } }
    }

    package func write(_ bytes: [UInt8]) throws(ChatError) {
        let code = state.withLock { isClosedByReader in
            let code = writeAll(bytes)
            if code == EPIPE { isClosedByReader = true }
            return code
        }
        guard code == 0 else {
            throw ChatError(.outputFailed, "\(name): cannot be written: \(String(cString: strerror(code)))")
        }
    }

    /// 0, or the error number of the write that failed.
    private func writeAll(_ bytes: [UInt8]) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let count = Glibc.write(descriptor, part.baseAddress, part.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    waitForRoom()
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }

    /// Waits until a descriptor that another program made non-blocking takes more, or fails for another reason.
    private func waitForRoom() {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&wanted, 1, -1)
    }
}
