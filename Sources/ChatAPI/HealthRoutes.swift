import ChatCore
import ChatHTTP
import ChatWire
import Hummingbird

/// Health checks for load balancers: is the process alive, and can it serve?
struct HealthRoutes {
    let chat: Chat

    var routes: [Route] {
        [
            Route(
                .get, "/health/live", "Tells that the process is alive", access: .anyone, takesAnyQuery: true,
                answers: [.ok("It is.", .health)]
            ) { _ in
                Response.json { $0.object { $0.field("status", "live") } }
            },
            Route(
                .get, "/health/ready", "Tells whether the server can serve", access: .anyone, takesAnyQuery: true,
                answers: [.ok("It can.", .health)]
            ) { [chat] _ in
                try await chat.requireHealth()
                return Response.json { $0.object { $0.field("status", "ready") } }
            },
        ]
    }
}
