import ChatCore
import Testing

@testable import ChatBus

@Suite struct RedisSubscriptionsTests {
    private let red = RoomID(1)
    private let blue = RoomID(2)

    @Test func `a room is added once and removed once`() {
        var subscriptions = RedisSubscriptions()
        #expect(subscriptions.add(red) && !subscriptions.add(red))
        #expect(subscriptions.remove(red) && !subscriptions.remove(red))
        #expect(subscriptions.rooms.isEmpty)
    }

    @Test func `a confirmation on a running connection is one of its own`() {
        var subscriptions = RedisSubscriptions()
        #expect(subscriptions.restart() == [])
        _ = subscriptions.add(red)
        #expect(subscriptions.confirm() == .single)
        _ = subscriptions.add(blue)
        #expect(subscriptions.confirm() == .single)
    }

    @Test func `a new connection has everything when its last subscription is confirmed`() {
        var subscriptions = RedisSubscriptions()
        _ = (subscriptions.add(red), subscriptions.add(blue))
        #expect(Set(subscriptions.restart()) == [red, blue])
        #expect(subscriptions.confirm() == .oneOfMany)
        #expect(subscriptions.confirm() == .last)
        #expect(subscriptions.confirm() == .single)
    }

    @Test func `a connection that is lost before its confirmations begins again`() {
        var subscriptions = RedisSubscriptions()
        _ = (subscriptions.add(red), subscriptions.add(blue))
        _ = subscriptions.restart()
        #expect(subscriptions.confirm() == .oneOfMany)
        _ = subscriptions.remove(blue)
        #expect(subscriptions.restart() == [red])
        #expect(subscriptions.confirm() == .last)
    }
}
