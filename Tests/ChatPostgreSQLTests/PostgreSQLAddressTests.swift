import ChatCore
import Testing

@testable import ChatPostgreSQL

@Suite struct PostgreSQLAddressTests {
    @Test(arguments: [
        ("postgres://bob:hunter2@db.example:6000/chat", "postgres db.example:6000/chat"),
        ("postgresql://bob:hunter2@db.example/chat?sslmode=require", "postgres db.example:5432/chat"),
        ("postgres://db.example", "postgres db.example:5432"),
        ("postgres:///chat", "postgres local:5432/chat"),
        ("postgres:///chat?host=/run/postgresql&password=hunter2", "postgres /run/postgresql:5432/chat"),
        ("postgres://bob:hunter2@[::1]:6000/chat", "postgres ::1:6000/chat"),
        ("postgres://bob:p%40ss%2Fhunter2@a:1,b:2/chat", "postgres a,b:1,2/chat"),
    ])
    func `the name says where the database is and never the password`(url: String, name: String) throws {
        let address = try PostgreSQLAddress(url)
        #expect(address.name == name && address.url == url)
    }

    @Test(arguments: [
        "postgres://bob:hun%ter2@db/chat", "postgres://[::1/chat", "postgres://db/chat?hunter2=x",
    ])
    func `what libpq cannot parse is a fault of the configuration and is not repeated`(url: String) {
        let error = #expect(throws: ChatError.self) { try PostgreSQLAddress(url) }
        #expect(error?.code == .configuration && error?.hint != nil)
        #expect(error?.message == "database: not a PostgreSQL URL")
    }

    @Test func `a server that is not there is unavailable, and the error names it without the password`() throws {
        let address = try PostgreSQLAddress("postgres://bob:hunter2@127.0.0.1:1/chat")
        let error = #expect(throws: ChatError.self) { _ = try address.connect() }
        #expect(error?.code == .unavailable)
        #expect(error?.message.hasPrefix("database postgres 127.0.0.1:1/chat: ") == true)
        #expect(error?.message.contains("hunter2") == false)
    }
}
