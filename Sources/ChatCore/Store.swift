/// Everything a database does for the core.
package typealias Store =
    UserStore & TokenStore & RoomStore & MemberStore & MessageStore & PresenceStore & AuditStore & InstallationStore
