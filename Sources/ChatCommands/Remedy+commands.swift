import ChatCore

extension Remedy {
    /// The command or option that helps.
    var commandWords: String {
        switch self {
        case .listRooms: "list the rooms with 'chatctl room list'"
        case .listUsers: "list the users with 'chatctl user list'"
        case .listTokens(let user): "list the tokens with 'chatctl user tokens \(user)'"
        case .nameSpeaker: "name one with '--as USER' or CHATCTL_USER"
        case .logIn: "log in again with 'chatctl login URL'"
        case .migrate: "run 'chatctl migrate'"
        case .nameDatabase: "name the database with '--database' or CHATCTL_DATABASE"
        case .appointOwner(let room):
            "make somebody else an owner first: 'chatctl room members \(room) --add USER --role owner'"
        case .appointAdministrator: "make somebody else an administrator first: 'chatctl user role USER admin'"
        case .promote(let user): "make it one with 'chatctl user role \(user) admin' and 'chatctl user enable \(user)'"
        case .checkServerAddress: "check the address given by --server or CHATCTL_SERVER"
        case .startServer: "is the server running? start one with 'chatctl serve'"
        case .choosePort: "choose another with '--port', or '--port 0' for any free one"
        case .nameCertificate: "give PEM files with '--tls-certificate' and '--tls-key'"
        case .allowOrigin: "start the server with '--origin URL' to allow it"
        }
    }
}
