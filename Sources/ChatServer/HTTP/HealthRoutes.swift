import ChatCore
import ChatWire
import HTTPTypes
import Hummingbird

/// What load balancers ask: is the process alive, can it serve.
struct HealthRoutes {
    let chat: Chat

    func add(to router: Router<APIContext>) {
        router.get("health/live") { _, _ in
            Response.json { $0.object { $0.field("status", "live") } }
        }
        router.get("health/ready") { _, _ in
            do {
                _ = try await chat.store.epoch()
                if let fault = await chat.bus.fault() { return Response.error(fault) }
                return Response.json { $0.object { $0.field("status", "ready") } }
            } catch {
                return Response.error(ChatError(.unavailable, ChatError.wrapping(error).message).of(.database))
            }
        }
    }
}
