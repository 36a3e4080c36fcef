import ChatCore
import ChatHTTP
import ChatWire
import HTTPTypes
import Hummingbird

/// Health checks for load balancers: is the process alive, and can it serve?
struct HealthRoutes {
    let chat: Chat

    func add(to router: Router<HTTPContext>) {
        router.get("health/live") { _, _ in
            Response.json { $0.object { $0.field("status", "live") } }
        }
        router.get("health/ready") { _, _ in
            try await chat.requireHealth()
            return Response.json { $0.object { $0.field("status", "ready") } }
        }
    }
}
