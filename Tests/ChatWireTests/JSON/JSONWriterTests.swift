import ChatCore
import ChatTestKit
import FoundationEssentials
import Testing

@testable import ChatWire

@Suite struct JSONWriterTests {
    @Test func `each kind of member is written in the order of the calls`() {
        let text = Sample.text { json in
            json.object { json in
                json.field("z", "text")
                json.field("number", Int64.min)
                json.field("zero", 0)
                json.field("yes", true)
                json.field("no", false)
                json.field("at", Sample.moment)
                json.field("never", Timestamp?.none)
                json.key("list")
                json.array([1, 2]) { $0.value(Int64($1)) }
                json.key("empty")
                json.object { _ in }
            }
        }
        #expect(
            text == #"{"z":"text","number":-9223372036854775808,"zero":0,"yes":true,"no":false,"#
                + #""at":"\#(Sample.time)","never":null,"list":[1,2],"empty":{}}"#)
    }

    @Test func `escapes are those of the contract`() {
        let text = Sample.text { $0.value("\"\\/\n\r\t\u{8}\u{c}\0\u{1f}\u{7f}é漢😀\u{2028}") }
        #expect(text == #""\"\\/\n\r\t\u0008\u000c\u0000\u001f"# + "\u{7f}é漢😀\u{2028}\"")
    }

    @Test func `every byte that needs an escape gets one wherever it stands`() throws {
        for position in 0..<20 {
            for byte in UInt8(0)..<128 {
                var text = [UInt8](repeating: UInt8(ascii: "a"), count: 20)
                text[position] = byte
                let string = String(decoding: text, as: UTF8.self)
                let bytes = JSON.document { $0.array([string]) { $0.value($1) } }
                #expect(try JSONDecoder().decode([String].self, from: Data(bytes)) == [string])
            }
        }
    }

    @Test(arguments: 0..<100) func `any text and number is read back the same by another parser`(seed: Int) throws {
        var random = Seeded(seed)
        let characters = "ab\"\\\n\r\t\0\u{1}\u{1f}\u{20}\u{7f}\u{80}éß漢😀\u{2028}\u{ffff}\u{10ffff}/<'"
        let texts = (0..<20).map { _ in
            String(
                (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in characters.randomElement(using: &random)
                })
        }
        let bytes = JSON.document { $0.array(texts) { $0.value($1) } }
        #expect(try JSONDecoder().decode([String].self, from: Data(bytes)) == texts)
        let numbers = (0..<20).map { Int64.random(in: .min ... .max, using: &random) >> Int64($0 * 3) }
        let digits = JSON.document { $0.array(numbers) { $0.value($1) } }
        #expect(try JSONDecoder().decode([Int64].self, from: Data(digits)) == numbers)
    }
}
