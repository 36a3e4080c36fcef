import ChatCore
import Testing

@testable import ChatPages

/// Forms with files.
@Suite struct MultipartFormTests {
    private static let type = "multipart/form-data; boundary=XX"

    private func form(_ text: String, type: String = type) throws(ChatError) -> MultipartForm {
        try MultipartForm(Array(text.utf8), type: type)
    }

    private func part(_ name: String, _ content: String) -> String {
        let disposition = #"Content-Disposition: form-data; name="\#(name)"; filename="x;name=""#
        return "--XX\r\n\(disposition)\r\nContent-Type: a/b\r\n\r\n\(content)\r\n"
    }

    @Test(arguments: [type, "Multipart/Form-Data; charset=x; boundary=\"XX\""])
    func `fields and files are read byte by byte`(type: String) throws {
        let content = "\r\n--X\r\nXX--\r\n\r\n\0"
        let form = try form(part("csrf", "abc") + part("picture", content) + "--XX--\r\n", type: type)
        #expect(form["csrf"] == "abc" && form.file("picture") == Array(content.utf8))
        #expect(form["other"] == "" && form.file("other").isEmpty)
    }

    @Test func `an empty file is empty`() throws {
        #expect(try form(part("picture", "") + "--XX--").file("picture").isEmpty)
    }

    @Test(arguments: [
        "", "--XX", "--XX\r\n", "--XX\r\n\r\n\r\n--XX--", "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb",
        "--XX\r\nContent-Disposition: form-data\r\n\r\nb\r\n--XX--", "--YY\r\n", "--XX!\r\n--XX--", "x=y",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n--XX--",
    ])
    func `what is broken is refused`(text: String) {
        #expect(throws: ChatError.self) { try form(text) }
    }

    @Test(arguments: ["", "text/plain; boundary=XX", "multipart/form-data", "multipart/form-data; boundary="])
    func `another type is refused`(type: String) {
        #expect(throws: ChatError.self) { try form(part("a", "b") + "--XX--", type: type) }
    }

    @Test func `a field that stands twice and too many fields are refused`() {
        #expect(throws: ChatError.self) { try form(part("a", "1") + part("a", "2") + "--XX--") }
        let many = (0..<17).map { part("f\($0)", "") }.joined() + "--XX--"
        #expect(throws: ChatError.self) { try form(many) }
    }
}
