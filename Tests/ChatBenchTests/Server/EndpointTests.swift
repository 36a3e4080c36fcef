import ChatCore
import Glibc
import Testing

@testable import ChatBench

@Suite struct EndpointTests {
    @Test func `a host that cannot be resolved is unavailable`() {
        let error = #expect(throws: ChatError.self) {
            try Endpoint(url: "http://a.invalid:1", host: "a.invalid", port: 1)
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message == "server http://a.invalid:1: the host cannot be resolved")
    }

    @Test func `a server that listens is connected to`() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let descriptor = try SampleServers.at(server).endpoint.open(isBlocking: true)
        var (fault, size) = (Int32(-1), socklen_t(MemoryLayout<Int32>.size))
        #expect(getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &fault, &size) == 0 && fault == 0)
        #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK == 0 && fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        close(descriptor)
    }

    @Test func `the generator's sockets do not block`() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let descriptor = try SampleServers.at(server).endpoint.open(isBlocking: false)
        #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0)
        close(descriptor)
    }

    @Test func `a port on which nobody listens is unavailable, and says why`() throws {
        let server = try TinyServer()
        let endpoint = try SampleServers.at(server).endpoint
        server.stop()
        let error = #expect(throws: ChatError.self) {
            // The listener is closed a moment after stopping.
            while true { close(try endpoint.open(isBlocking: true)) }
        }
        #expect(error?.message == "server \(server.url): Connection refused")
    }
}
