import Testing

@testable import ChatCommands

@Suite struct FoldersTests {
    @Test func `the XDG variables name the folders`() {
        let folders = Folders(["XDG_DATA_HOME": "/d", "XDG_CONFIG_HOME": "/c", "HOME": "/home/alice"])
        #expect(folders.data == "/d/chatctl" && folders.configuration == "/c/chatctl")
    }

    @Test func `without them they lie in the home`() {
        let folders = Folders(["HOME": "/home/alice", "XDG_DATA_HOME": ""])
        #expect(folders.data == "/home/alice/.local/share/chatctl")
        #expect(folders.configuration == "/home/alice/.config/chatctl")
    }

    @Test func `without a home there are none`() {
        #expect(Folders([:]).data == nil && Folders([:]).configuration == nil)
    }
}
