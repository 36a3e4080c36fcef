import ChatCore
import ChatHTTP
import Hummingbird

/// All routes of the JSON API and the health checks (docs/protocol.md, "HTTP").
package enum APIRoutes {
    /// Builds the responder for all routes.
    ///
    /// - Parameters:
    ///   - usesTLS: true marks cookies `Secure`.
    ///   - proxies: are believed about where a log-in came from.
    package static func responder(
        _ chat: Chat, usesTLS: Bool, proxies: TrustedProxies = TrustedProxies()
    ) -> RouterResponder<HTTPContext> {
        let router = Router(context: HTTPContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: ErrorBodies(chat: chat))
        HealthRoutes(chat: chat).add(to: router)
        let accounts = AccountRoutes(chat: chat, usesTLS: usesTLS, proxies: proxies)
        accounts.addLogin(to: router.group("api/v1"))
        let api = router.group("api/v1").add(middleware: Authentication(chat: chat))
        accounts.add(to: api)
        RoomRoutes(chat: chat).add(to: api)
        MessageRoutes(chat: chat).add(to: api)
        return router.buildResponder()
    }
}
