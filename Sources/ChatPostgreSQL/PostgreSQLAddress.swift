import CPostgreSQL
import ChatCore
import Glibc

/// A URL in the form of libpq, and a name for errors, which never contains the password.
struct PostgreSQLAddress: Sendable {
    let url: String
    /// `postgres HOST:PORT/DATABASE`.
    let name: String

    /// - Throws: `configuration` for what libpq cannot parse, without libpq's own text, which could repeat the password.
    init(_ url: String) throws(ChatError) {
        guard let options = PQconninfoParse(url, nil) else {
            throw ChatError(
                .configuration, "database: not a PostgreSQL URL",
                hint: "use postgres://USER:PASSWORD@HOST:PORT/DATABASE")
        }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        self.url = url
        let host = values["host"] ?? values["hostaddr"] ?? "local"
        name = "postgres \(host):\(values["port"] ?? "5432")" + (values["dbname"].map { "/" + $0 } ?? "")
    }

    /// Opens a connection. Blocks the thread.
    ///
    /// - Throws: `unavailable`; `configuration` when the server asks for a password and none was given.
    func connect() throws(ChatError) -> OpaquePointer {
        // Later entries win: the URL overrides those before `dbname`, and nothing overrides the encoding.
        let settings = [
            ("connect_timeout", String(Limits.connect.components.seconds)), ("application_name", "chatctl"),
            ("tcp_user_timeout", String(Limits.databaseWait.milliseconds)), ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
        var keywords = settings.map { UnsafePointer<CChar>(strdup($0.0)) } + [nil]
        var values = settings.map { UnsafePointer<CChar>(strdup($0.1)) } + [nil]
        defer { for pointer in keywords + values { free(UnsafeMutablePointer(mutating: pointer)) } }
        guard let connection = PQconnectdbParams(&keywords, &values, 1) else {
            throw ChatError(.unavailable, "database \(name): there is too little memory")
        }
        guard PQstatus(connection) == CONNECTION_OK else {
            defer { PQfinish(connection) }
            throw refusal(connection)
        }
        return connection
    }

    private func refusal(_ connection: OpaquePointer) -> ChatError {
        if PQconnectionNeedsPassword(connection) == 1 {
            return ChatError(
                .configuration, "database \(name): it asks for a password",
                hint: "put it into the URL, PGPASSWORD or ~/.pgpass")
        }
        let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let why = text.split(separator: "\n").first.map(String.init) ?? "no connection"
        return ChatError(
            .unavailable, "database \(name): \(why)", hint: "check that PostgreSQL runs and that the URL is right")
    }
}
