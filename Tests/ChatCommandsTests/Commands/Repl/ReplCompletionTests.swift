import Testing

@testable import ChatCommands

@Suite struct ReplCompletionTests {
    private let completion = ReplCompletion(rooms: ["general", "plans"], users: ["alice", "alan", "bob"])

    @Test(
        arguments: [
            ("/jo", ["/join"]), ("/room", ["/room", "/rooms"]), ("hello @al", ["@alan", "@alice"]), ("@b", ["@bob"]),
            ("see #pl", ["#plans"]), ("hello al", []), ("", []), ("/join ", ["general", "plans"]),
            ("/join #g", ["#general"]),
            ("/kick al", ["alan", "alice"]), ("/room mem", ["members"]), ("/room members pl", ["plans"]),
            ("/room members plans --a", ["--add", "--as"]), ("/timing o", ["off", "on"]), ("//jo", []),
            ("/nonsense x", []),
            ("/save ", []),
        ])
    func `the last word is completed`(text: String, words: [String]) {
        #expect(completion.words(for: text) == words)
    }
}
