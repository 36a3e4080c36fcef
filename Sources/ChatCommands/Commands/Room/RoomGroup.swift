import ArgumentParser

/// `chatctl room …`
struct RoomGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "room", abstract: "Rooms, members and moderation.",
        subcommands: [
            RoomCreate.self, RoomList.self, RoomShow.self, RoomRename.self, RoomTopic.self, RoomArchive.self,
            RoomUnarchive.self, RoomDelete.self, RoomDirect.self, RoomMembers.self, RoomKick.self, RoomBan.self,
            RoomUnban.self, RoomMute.self, RoomUnmute.self, RoomRestrictions.self,
        ])
}
