/// What helps against an error. Each frontend words it itself, as a command, an option or a request.
package enum Remedy: Sendable, Equatable {
    /// With the name that no room has; nil where it is not known.
    case listRooms(for: RoomName?)
    /// With the name that no user has; nil where it is not known.
    case listUsers(for: Username?)
    case listTokens(of: Username)
    /// The act needs a user to act as, and none was given.
    case nameSpeaker
    case logIn
    /// The database's schema is missing or old.
    case migrate
    /// The name of the database is wrong.
    case nameDatabase
    /// A room would lose its last owner.
    case appointOwner(of: RoomName)
    /// The installation would lose its last administrator.
    case appointAdministrator
    /// An account that should be an administrator is none.
    case promote(Username)
    /// No server was found under the address.
    case checkServerAddress
    case startServer
    /// The port is taken or may not be listened on.
    case choosePort
    /// The certificate or its key cannot be used.
    case nameCertificate
    /// Pages of another origin may not use the cookie.
    case allowOrigin
}
