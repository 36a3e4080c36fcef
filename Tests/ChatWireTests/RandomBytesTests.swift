import ChatCore
import ChatTestKit
import NIOCore
import Testing

@testable import ChatWire

/// What comes from outside is read without a trap, whatever it is; a trap would end this process.
@Suite struct RandomBytesTests {
    /// Random bytes, or `samples` with some bytes changed, cut or doubled.
    private static func bytes(like samples: [[UInt8]], _ random: inout Seeded) -> [UInt8] {
        guard var bytes = samples.randomElement(using: &random), Int.random(in: 0..<8, using: &random) > 0 else {
            return (0..<Int.random(in: 0...64, using: &random)).map { _ in .random(in: .min ... .max, using: &random) }
        }
        for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[index] = .random(in: .min ... .max, using: &random)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(contentsOf: bytes[index...].prefix(9), at: index)
            default: bytes[index] = "{}[]\",:\\u0e+-.".utf8.randomElement(using: &random) ?? 0
            }
        }
        return bytes
    }

    private static let texts = [
        #"{"event":"message","room":"a","body":"h\u00e9\ud83d\ude00","client_id":"1","ref":"r"}"#,
        #"{"event":"join","room":"a","after":9223372036854775807,"epoch":"e","ref":-1.5e+300}"#,
        #"{"event":"read","seq":1e2147483647,"ref":null,"x":[[{"y":[]}],true,false,1E-9223372036854775808]}"#,
        #"{"ok":true,"event":"joined","ref":1,"room":"a","last_seq":4.5e1,"epoch":"e","online_count":2,"recovered":true}"#,
    ].map { Array($0.utf8) }

    @Test(arguments: 0..<20) func `frames of any bytes are read or refused, in any cuts`(seed: Int) {
        var random = Seeded(seed)
        let samples =
            Self.texts.map { WebSocketFrame.encode(.text, $0, mask: 0x1234_5678) } + [
                WebSocketFrame.encode(.ping, [1], mask: 1) + WebSocketFrame.close(1000, reason: "é", mask: 2),
                WebSocketFrame.encode(.binary, [UInt8](repeating: 0, count: 200)),
                [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x01, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0],
            ]
        for _ in 0..<300 {
            var decoder = FrameDecoder(role: Bool.random(using: &random) ? .server : .client)
            var violations = 0
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                decoder.feed(ByteBuffer(bytes: Self.bytes(like: samples, &random)))
                do throws(FrameDecoder.Violation) {
                    while try decoder.next() != nil {}
                } catch {
                    violations += 1
                }
            }
            #expect(violations <= 1)
        }
    }

    @Test(arguments: 0..<20) func `JSON of any bytes is scanned or refused`(seed: Int) {
        var random = Seeded(seed)
        for _ in 0..<500 {
            var scanner = JSONScanner(Self.bytes(like: Self.texts, &random))
            var values: [JSONScanner.Value] = []
            guard (try? scanner.members { values.append($1) }) != nil else { continue }
            for value in values {
                let isString = if case .string = value.kind { true } else { false }
                #expect(scanner.text(of: value) == nil || isString)
                #expect(scanner.integer(of: value) == nil || !isString)
            }
        }
    }

    @Test(arguments: 0..<20) func `client frames of any bytes are read or refused with a code of the contract`(
        seed: Int
    ) {
        var random = Seeded(seed)
        for _ in 0..<500 {
            guard case .failure(let fault) = ClientFrame.parse(Self.bytes(like: Self.texts, &random)) else { continue }
            #expect([.invalidJSON, .invalidFrame, .invalidBody].contains(fault.error.code))
        }
    }

    @Test(arguments: 0..<20) func `server frames of any bytes are read or refused`(seed: Int) {
        var random = Seeded(seed)
        for _ in 0..<50 {
            let text = Self.bytes(like: Self.texts, &random)
            _ = ReceivedFrame.isPassing(text)
            do throws(ChatError) {
                _ = try ReceivedFrame(text)
            } catch {
                #expect([.invalidJSON, .invalidInput].contains(error.code))
            }
        }
    }
}
