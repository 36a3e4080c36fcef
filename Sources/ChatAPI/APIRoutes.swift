import ChatCore
import ChatHTTP
import Hummingbird

/// All routes of the JSON API and of health (contract §4).
package enum APIRoutes {
    /// - Parameter usesTLS: cookies are marked `Secure`.
    package static func responder(_ chat: Chat, usesTLS: Bool) -> RouterResponder<HTTPContext> {
        let router = Router(context: HTTPContext.self)
        router.add(middleware: ErrorBodies(chat: chat))
        HealthRoutes(chat: chat).add(to: router)
        let accounts = AccountRoutes(chat: chat, usesTLS: usesTLS)
        accounts.addLogin(to: router.group("api/v1"))
        let api = router.group("api/v1").add(middleware: Authentication(chat: chat))
        accounts.add(to: api)
        RoomRoutes(chat: chat).add(to: api)
        MessageRoutes(chat: chat).add(to: api)
        return router.buildResponder()
    }
}
