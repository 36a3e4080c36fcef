"""Acts on connections as such: resets at every stage, heads that are broken or slow, readers that do not read."""

import asyncio
import json

from acts import act
from wire import TEXT, client_hello, frame, upgrade_head

GET = b"GET /api/v1/rooms HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
MESSAGE = frame(TEXT, b'{"event":"ping"}')


# Resets, by the stage at which they come.

@act("resets")
async def after_connecting(it):
    (await it.line(tls=False)).reset()


@act("resets")
async def inside_the_tls_hello(it):
    line = await it.line(tls=False)
    hello = client_hello()
    await line.send(hello[:it.rng.randrange(1, len(hello))])
    line.reset()


@act("resets")
async def inside_the_head(it):
    line = await it.line()
    head = upgrade_head(it.path(), it.token)
    await line.send(head[:it.rng.randrange(1, len(head))])
    line.reset()


@act("resets")
async def after_the_head(it):
    line = await it.line()
    await line.send(upgrade_head(it.path(), it.token))
    # A pause of 0 to 4 ms hits the moments in which the server reads the database and writes the 101.
    await asyncio.sleep(it.rng.random() * 0.004)
    line.reset()


@act("resets")
async def after_the_head_and_a_frame(it):
    line = await it.line()
    await line.send(upgrade_head(it.path(), it.token) + MESSAGE * it.rng.randrange(1, 20))
    await asyncio.sleep(it.rng.random() * 0.004)
    line.reset()


@act("resets")
async def after_the_head_of_a_later_upgrade(it):
    line = await it.line()
    await line.send(GET * it.rng.randrange(1, 4) + upgrade_head(it.path(), it.token) + MESSAGE * it.rng.randrange(5))
    await asyncio.sleep(it.rng.random() * 0.008)
    line.reset()


@act("resets")
async def after_the_switch(it):
    (await it.upgraded()).reset()


@act("resets")
async def inside_a_frame(it):
    line = await it.upgraded()
    data = frame(TEXT, b"x" * it.rng.choice([10, 200, 60_000]))
    await line.send(data[:it.rng.randrange(1, len(data))])
    line.reset()


@act("resets")
async def inside_a_request(it):
    line = await it.line()
    await line.send(GET * it.rng.randrange(1, 8) + GET[:it.rng.randrange(len(GET))])
    line.reset()


@act("resets")
async def with_work_in_flight(it):
    line = await it.upgraded("/ws")
    join = json.dumps({"event": "join", "room": it.room(), "after": 0}).encode()
    await line.send(frame(TEXT, join) * it.rng.randrange(1, 40))
    await asyncio.sleep(it.rng.random() * 0.01)
    line.reset()


# Heads.

@act("heads")
async def pipelined_requests(it):
    line = await it.line()
    count = it.rng.randrange(2, 6)
    await line.send(GET * count)
    for _ in range(count):
        await it.judged(line, "GET", "pipelined")


@act("heads")
async def an_upgrade_behind_a_request(it):
    line = await it.line()
    await line.send(GET + upgrade_head(it.path(), it.token) + MESSAGE)
    await it.judged(line, "GET", "first of two")
    await it.judged(line, "GET", "upgrade on a kept connection")
    it.watch(line)
    await it.settled(0.3)


@act("heads")
async def a_head_that_bends_the_rules(it):
    method, version = it.rng.choice(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "CONNECT"]), it.rng.choice(["1.0", "1.1"])
    target = it.rng.choice(["/health/live", "*", "http://x/health/live", "http://x", "ftp://x/", "x:80", "/%zz", "//", "/a?%"])
    fields = it.rng.sample(
        ["Host: x", "Host: y", "Host: a b", "Connection: close", "Connection: keep-alive", "Expect: 100-continue",
         "Upgrade: h2c\r\nConnection: Upgrade", "Content-Length: 18446744073709551615", "Content-Length: 1"],
        it.rng.randrange(4))
    line = await it.line()
    await line.send("\r\n".join([f"{method} {target} HTTP/{version}", *fields, "", ""]).encode() + GET)
    await it.judged(line, method, f"{method} {target} {version} {fields}")


@act("heads")
async def a_request_behind_an_upgrade(it):
    line = await it.line()
    await line.send(upgrade_head(it.path(), it.token) + it.rng.choice([GET, upgrade_head("/ws", it.token), MESSAGE * 9]))
    await it.judged(line, "GET", "upgrade with bytes behind it")
    it.watch(line)
    await it.settled(0.3)


@act("heads")
async def a_broken_handshake(it):
    changes = it.rng.choice([
        {"Upgrade": "foo"}, {"Upgrade": "h2c, websocket"}, {"Upgrade": ""}, {"Connection": None}, {"Host": None},
        {"Connection": "keep-alive, Upgrade, close"}, {"Sec_WebSocket_Key": "short"}, {"Sec_WebSocket_Key": None},
        {"Sec_WebSocket_Version": "99"}, {"Sec_WebSocket_Version": "13, 8"}, {"Content_Length": "5"},
        {"Content_Length": "-1"}, {"Transfer_Encoding": "chunked"}, {"Authorization": "Bearer " + "x" * 9_000},
        {"Authorization": "Basic eDp5"}, {"Cookie": "chatctl_session=" + "y" * 100}, {"Origin": "http://evil.example"},
        {"Expect": "100-continue"}, {"Sec_WebSocket_Extensions": "permessage-deflate"}])
    line = await it.line()
    await line.send(upgrade_head(it.path(), it.token, **changes))
    await it.judged(line, "GET", f"handshake with {str(changes)[:100]}")


@act("heads")
async def a_room_with_an_odd_name(it):
    name = it.rng.choice(["%", "%00", "%2e%2e", "..", "x" * 129, "a/b", "%F0%9F%98%80", "general?x=1", "LOUD", "", "#", "%C0%AF"])
    line = await it.line()
    await line.send(upgrade_head(f"/ws/chatroom/{name}", it.token))
    await it.judged(line, "GET", f"upgrade of room {name}")


@act("heads")
async def bytes_that_are_no_http(it):
    line = await it.line()
    await line.send(it.rng.choice([
        b"\0" * 100, b"\xff" * 3_000, b"GET\r\n\r\n", b"\r\n" * 50, b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", client_hello(),
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", it.rng.randbytes(500)]))
    await it.judged(line, "GET", "no HTTP")


@act("heads")
async def a_head_without_end(it):
    line = await it.line()
    await line.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
    for number in range(it.rng.randrange(10, 120)):
        await line.send(b"X-%d: " % number + b"y" * 4_000 + b"\r\n")


@act("heads")
async def a_slow_head(it):
    line = await it.line()
    await line.trickle(upgrade_head(it.path(), it.token), it.rng.uniform(0.005, 0.05), most=60)
    line.reset()


# Stalls.

@act("stalls")
async def a_reader_that_does_not_read(it):
    """Joins a busy room with a tiny receive buffer, asks for much and takes nothing."""
    line = await it.upgraded("/ws", receive=4_096)
    await line.send(frame(TEXT, json.dumps({"event": "join", "room": it.room(), "after": 0}).encode()))
    await line.send(frame(TEXT, b'{"event":"ping","ref":"%s"}' % (b"r" * 100)) * 400)
    await asyncio.sleep(it.rng.uniform(0.2, 3))


@act("stalls")
async def readers_that_stall_in_a_loud_room(it):
    """Several readers join a room, take nothing, and hear large messages: each costs at most its outbox."""
    room = it.rng.choice(it.target["rooms"])
    lines = [await it.upgraded(f"/ws/chatroom/{room}", receive=4_096) for _ in range(it.rng.randrange(2, 6))]
    speaker = await it.upgraded(f"/ws/chatroom/{room}")
    it.watch(speaker)
    loud = frame(TEXT, json.dumps({"body": "\u0001" * 9_000}).encode())
    for _ in range(30):
        await asyncio.wait_for(speaker.send(loud), 2)
    await asyncio.sleep(it.rng.uniform(0.5, 3))
    for line in lines:
        it.rng.choice([line.close, line.reset])()


@act("stalls")
async def idle_connections(it):
    lines = [await it.line(tls=it.rng.random() < 0.5) for _ in range(it.rng.randrange(5, 25))]
    await asyncio.sleep(it.rng.uniform(0, 0.5))
    for line in lines:
        it.rng.choice([line.close, line.reset])()


@act("stalls")
async def idle_sockets(it):
    for _ in range(it.rng.randrange(2, 10)):
        await it.upgraded()
    await asyncio.sleep(it.rng.uniform(0, 0.5))


@act("stalls")
async def half_closed(it):
    line = await it.line()
    await line.send(it.rng.choice([GET, upgrade_head(it.path(), it.token), b"GET /"]))
    if line.writer.can_write_eof():
        line.writer.write_eof()
    await asyncio.wait_for(line.swallow(), 1)


@act("stalls")
async def answers_that_nobody_takes(it):
    line = await it.line(receive=4_096)
    for _ in range(it.rng.randrange(10, 60)):
        await asyncio.wait_for(line.send(
            f"GET /api/v1/rooms/{it.room()}/messages?limit=200 HTTP/1.1\r\nHost: a\r\n"
            f"Authorization: Bearer {it.token}\r\n\r\n".encode()), 1)
    await asyncio.sleep(it.rng.uniform(0.1, 1))
