/// Everything the core needs of a database.
package typealias Store =
    UserStore & TokenStore & RoomStore & MemberStore & MessageStore & SweepStore & ChangeStore & SearchIndexStore
    & PresenceStore & AuditStore & InstallationStore & InvitationStore & SeatStore & AvatarStore
