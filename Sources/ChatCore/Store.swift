/// Everything the core needs of a database.
package typealias Store =
    UserStore & TokenStore & RoomStore & MemberStore & MessageStore & ChangeStore & SearchIndexStore & PresenceStore
    & AuditStore & InstallationStore
