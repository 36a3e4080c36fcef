"""Acts over HTTP: requests at random from a list of edges, bodies that are slow or huge, log-ins, searches."""

import asyncio
import json
import urllib.parse

from acts import act
from acts_frames import NUMBERS, OTHERS, TEXTS

METHODS = ["GET", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"]
PATHS = [
    "/me", "/users", "/users/{user}", "/users/{user}/tokens", "/users/{user}/tokens/{huge}", "/rooms", "/rooms/{room}",
    "/rooms/{room}/members", "/rooms/{room}/members/{user}", "/rooms/{room}/presence", "/rooms/{room}/kick/{user}",
    "/rooms/{room}/bans/{user}", "/rooms/{room}/mutes/{user}", "/rooms/{room}/restrictions", "/rooms/{room}/messages",
    "/rooms/{room}/messages/{number}", "/rooms/{room}/hooks", "/hooks/{huge}", "/direct/{user}", "/search", "/audit", "/messages", "/nothing",
    "/openapi.json", "/login",
]
OUTSIDE = ["/health/live", "/health/ready", "/metrics", "/", "/hooks/x", "//", "/api", "/api/v1", "/api/v1//rooms", "/%00", "*"]
SEGMENTS = ["%00", "%", "%2e%2e", "..", "x" * 200, "%F0%9F%98%80", "%ff", "UPPER", "a%20b", "-", "%2F", "'"]
# Identifiers that exist nowhere: a client that ended its own token would only be refused from then on.
HUGE = ["0", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e9", "x", "%00"]
QUERIES = ["limit", "after", "before", "since", "q", "room", "kind", "user", "label", "author", "idle_since", "actor", "target"]
TIMES = [
    "2026-11-23T17:26:56.682Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60Z", "2026-13-45T99:99:99Z", "99999999999-01-01T00:00:00Z",
    "-1", "1h", "2026-11-23T17:26:56+99:99", "2026-02-30T00:00:00Z", "1970-01-01T00:00:00." + "9" * 40 + "Z",
]
WORDS = ["", "%", "_", "%%%%", "\\", "'", '"', "x" * 5_000, "é", "🧨", "%00", "\x7f", "a b", "NULL", "%ff", "hi", "a%5", "[", "(?:"]
LIVES = ["1", "0", "-1", "3153600000000", "3153600000001", "9223372036854775807", "9223372036854775806", "-9223372036854775808"]
FIELDS = ["name", "kind", "topic", "members", "body", "client_id", "role", "label", "display_name", "bio", "username", "archived", "reason"]


def path(it):
    """Returns a target with its query."""
    rng = it.rng
    if rng.random() < 0.1:
        return rng.choice(OUTSIDE)
    names = {
        "user": rng.choice([rng.choice(it.target["users"])["name"], "nobody", rng.choice(SEGMENTS)]),
        "room": rng.choice([it.room(), it.room(), rng.choice(SEGMENTS)]),
        "number": urllib.parse.quote(rng.choice(NUMBERS)), "huge": rng.choice(HUGE)}
    query = "&".join(
        f"{name}={urllib.parse.quote(rng.choice(rng.choice([NUMBERS, TIMES, WORDS])), safe='%')}"
        for name in rng.sample(QUERIES, rng.choice([0, 0, 1, 2, 3])))
    return "/api/v1" + rng.choice(PATHS).format(**names) + ("?" + query if query else "")


def body(it):
    """Returns a JSON object in which each field is one of the edges."""
    rng = it.rng
    fields = {name: rng.choice(rng.choice([NUMBERS, TEXTS, TEXTS, OTHERS])) for name in rng.sample(FIELDS, rng.randrange(4))}
    fields |= {name: rng.choice(LIVES) for name in rng.sample(["life_ms", "duration_ms"], rng.randrange(3))}
    if rng.random() < 0.05:
        # Too short to be accepted: a new password would only lock this client out.
        fields["password"] = '"short"'
    return ("{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in fields.items()) + "}").encode()


@act("requests")
async def requests_at_random(it):
    line = await it.line()
    for _ in range(it.rng.randrange(1, 12)):
        method = it.rng.choice(METHODS)
        await it.request(method, path(it), body(it) if method not in ("GET", "HEAD") or it.rng.random() < 0.1 else b"", line)


@act("requests")
async def tokens_with_odd_lives(it):
    if it.user:
        life = it.rng.choice(LIVES).encode()
        await it.request("POST", f"/api/v1/users/{it.user['name']}/tokens", b'{"label":"s","life_ms":%s}' % life)


@act("requests")
async def rooms_with_restrictions_that_end_oddly(it):
    name = f"storm-{it.rng.getrandbits(40):x}"
    status, _, _ = await it.json("POST", "/rooms", name=name, kind=it.rng.choice(["public", "private"]))
    if status == 201:
        other = it.rng.choice(it.target["users"])["name"]
        for kind in ("bans", "mutes"):
            life = it.rng.choice(LIVES).encode()
            await it.request("PUT", f"/api/v1/rooms/{name}/{kind}/{other}", b'{"duration_ms":%s}' % life)
        if it.rng.random() < 0.7:
            await it.request("DELETE", f"/api/v1/rooms/{name}")


@act("requests")
async def pages_of_history(it):
    line = await it.line()
    for _ in range(5):
        query = f"{it.rng.choice(['after', 'before'])}={urllib.parse.quote(it.rng.choice(NUMBERS))}&limit={it.rng.choice([1, 0, -1, 200, 201, 2**63])}"
        await it.request("GET", f"/api/v1/rooms/{it.room()}/messages?{query}", b"", line)


# Bodies.

@act("bodies")
async def a_slow_body(it):
    line = await it.line()
    await line.send(head(it, 400))
    await line.trickle(b'{"body":"' + b"x" * 400, it.rng.uniform(0.005, 0.05), most=60)


@act("bodies")
async def half_a_body(it):
    line = await it.line()
    await line.send(head(it, 1_000) + b"x" * it.rng.randrange(999))
    await asyncio.sleep(it.rng.random() * 0.1)
    line.reset()


@act("bodies")
async def a_big_body(it):
    line = await it.line()
    count = it.rng.choice([131_071, 131_073, 1 << 20, 1 << 40, 2**63])
    await line.send(head(it, count))
    for _ in range(min(count, 1 << 20) // 65_536 + 1):
        await line.send(b" " * 65_536)
    await it.judged(line, "POST", f"body of {count} bytes")


@act("bodies")
async def a_body_in_chunks(it):
    line = await it.line()
    await line.send(head(it, None))
    for _ in range(it.rng.randrange(1, 40)):
        await line.send(it.rng.choice([b"1\r\nx\r\n", b"5\r\nhello\r\n", b"ffff\r\n" + b"y" * 65_535 + b"\r\n", b"0001;a=b\r\nz\r\n"]))
    end = it.rng.choice([b"0\r\n\r\n", b"zz\r\n", b"-1\r\n", b"ffffffffffffffffff\r\n", b"0\r\nTrailer: x\r\n\r\n"])
    await line.send(end)
    await it.judged(line, "POST", f"body in chunks that ends with {end}")


def head(it, count):
    length = "Transfer-Encoding: chunked" if count is None else f"Content-Length: {count}"
    return (f"POST /api/v1/rooms/{it.room()}/messages HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {it.token}\r\n{length}\r\n\r\n").encode()


# Log-ins.

@act("logins")
async def right_and_wrong_in_parallel(it):
    user = it.rng.choice(it.target["users"])
    passwords = [it.rng.choice([user["password"], "wrong", "x" * 1_024, "x" * 1_025, ""]) for _ in range(4)]
    await asyncio.gather(
        *(it.json("POST", "/login", username=user["name"], password=password) for password in passwords),
        return_exceptions=True)


@act("logins")
async def a_session_from_its_beginning_to_its_end(it):
    user = it.rng.choice(it.target["users"])
    status, _, answer = await it.json("POST", "/login", username=user["name"], password=user["password"])
    if status != 200:
        return
    it.token = json.loads(answer)["token"]
    it.watch(await it.upgraded())
    await it.json("GET", "/me")
    await it.json("POST", "/logout")
    await it.settled(1)


@act("logins")
async def names_that_nobody_has(it):
    name = it.rng.choice(["nobody", "", "x" * 33, "a\0b", "ROOT", "ü", "'; --"])
    await it.json("POST", "/login", username=name, password=it.rng.choice(["short", "x" * 20]))


# Searches.

@act("searches")
async def searches(it):
    line = await it.line()
    for _ in range(it.rng.randrange(1, 6)):
        words = urllib.parse.quote(it.rng.choice(WORDS) * it.rng.choice([1, 1, 2]), safe="%")
        room = it.rng.choice(["", f"&room={it.room()}", "&room=%00"])
        await it.request("GET", f"/api/v1/search?q={words}{room}&limit={it.rng.choice([1, 50, 200])}", b"", line)
