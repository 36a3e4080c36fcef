import ChatCore

extension ChatError {
    /// The error as a client of a server may see it: without addresses of the installation's parts, and with hints
    /// about requests.
    package var overHTTP: ChatError { outward.saying(\.requestWords) }
}

extension Remedy {
    /// What a client of the API can do; nil if it can do nothing.
    fileprivate var requestWords: String? {
        switch self {
        case .listRooms: "GET /api/v1/rooms lists the rooms"
        case .listUsers: "GET /api/v1/users lists the users, for administrators"
        case .listTokens(let user): "GET /api/v1/users/\(user)/tokens lists the tokens"
        case .nameSpeaker, .logIn: "POST /api/v1/login for a new token"
        case .appointOwner(let room): "make somebody else an owner first: PUT /api/v1/rooms/\(room)/members/USER"
        case .appointAdministrator:
            "make somebody else an administrator first: PATCH /api/v1/users/USER with the role admin"
        case .promote(let user): "PATCH /api/v1/users/\(user) with the role admin"
        case .allowOrigin: "the server's operator can allow the origin"
        case .migrate, .nameDatabase, .checkServerAddress, .startServer, .choosePort, .nameCertificate: nil
        }
    }
}
