"""Acts inside a WebSocket: broken frames, odd JSON, floods, and joins that race with leaves."""

import asyncio
import json
import struct

from acts import act
from wire import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, frame

PING_TEXT = b'{"event":"ping"}'

BROKEN = [
    frame(TEXT, PING_TEXT, masked=False),
    *(frame(TEXT, PING_TEXT, reserved=bits) for bits in range(1, 8)),
    *(frame(opcode, b"x") for opcode in (0x3, 0x7, 0xB, 0xF, BINARY, CONTINUATION)),
    frame(PING, b"x", fin=False), frame(CLOSE, b"\x03\xe8", fin=False), frame(PING, b"x" * 126), frame(PONG, b"x" * 126),
    frame(TEXT, b"{", fin=False) + frame(TEXT, b"}"),
    frame(TEXT, b'{"event":', fin=False) + frame(PING, b"between") + frame(CONTINUATION, b'"ping"}'),
    frame(TEXT, b"", fin=False) + frame(CONTINUATION, b"", fin=False) * 500 + frame(CONTINUATION, PING_TEXT),
    frame(TEXT, b"x" * 40_000, fin=False) + frame(CONTINUATION, b"x" * 40_000),
    *(frame(CLOSE, struct.pack("!H", code)) for code in (0, 999, 1000, 1004, 1005, 1006, 1015, 2999, 4999, 5000, 65535)),
    frame(CLOSE, b"\x03"), frame(CLOSE), frame(CLOSE, struct.pack("!H", 1000) + b"\xff"),
    frame(CLOSE, struct.pack("!H", 1000) + b"x" * 123), frame(CLOSE) * 3 + frame(TEXT, PING_TEXT),
    *(frame(TEXT, text) for text in (
        b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b'"\xc3', b"\xef\xbb\xbf{}", b"\0", b"")),
    frame(TEXT, b"\xc3", fin=False) + frame(CONTINUATION, b"x"),
    *(frame(TEXT, b"x" * length) for length in (125, 126, 127, 65_535, 65_536, 65_537)),
    *(frame(TEXT, b"x", length=length) for length in (2**16, 2**31, 2**32, 2**62, 2**63 - 1, 2**63, 2**64 - 1)),
    bytes([0x81, 0x80 | 126, 0, 5]) + b"\0\0\0\0hello", bytes([0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 5]) + b"\0\0\0\0hello",
]


@act("frames")
async def broken_frames(it):
    line = await it.upgraded()
    it.watch(line)
    data = frame(TEXT, PING_TEXT) * it.rng.randrange(3) + it.rng.choice(BROKEN) + frame(TEXT, PING_TEXT) * it.rng.randrange(3)
    await line.send(data)
    await it.settled(0.4)


@act("frames")
async def broken_frames_in_pieces(it):
    line = await it.upgraded()
    it.watch(line)
    data = it.rng.choice(BROKEN)
    while data:
        count = it.rng.randrange(1, max(2, len(data)))
        await line.send(data[:count])
        data = data[count:]
        await asyncio.sleep(0.001)
    await it.settled(0.2)


@act("frames")
async def random_bytes(it):
    line = await it.upgraded()
    it.watch(line)
    await line.send(it.rng.randbytes(it.rng.randrange(1, 3_000)))
    await it.settled(0.2)


@act("frames")
async def a_frame_a_byte_at_a_time(it):
    line = await it.upgraded()
    it.watch(line)
    await line.trickle(frame(TEXT, PING_TEXT) * 3, it.rng.uniform(0.001, 0.02))


NUMBERS = [
    "0", "-0", "-1", "1", "2", "1.5", "1.0", "1e0", "1E3", "1e400", "-1e400", "1e-400", "9007199254740992", "9007199254740993",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551616",
    "99999999999999999999999999999999", "9223372036854775807.0", "01", "+1", ".5", "1.", "NaN", "Infinity", "0x10",
]
TEXTS = [
    '""', '" "', '"x"', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\\u202e\\u0007"', '"\\x"', '"\t"',
    '"' + "x" * 129 + '"', '"' + "x" * 16_385 + '"', '"' + "\\u0001" * 3_000 + '"', '"' + "é" * 9_000 + '"', '"a\\nb"',
    "'x'", '"' + "🧨" * 4_000 + '"', '"\u2028"',
]
OTHERS = ["null", "true", "[]", "{}", "[" * 600, "[" * 600 + "]" * 600, '{"a":' * 400 + "1" + "}" * 400, "[1,]", "{,}", "nul", ""]
FIELDS = ["event", "room", "body", "seq", "after", "epoch", "ref", "client_id", "reason", "ок"]
EVENTS = ["message", "join", "leave", "typing", "read", "ping", "edit", "dance", "joined", "ack"]


def odd_document(it):
    """Returns a frame's text in which some fields are what the protocol says and some are not."""
    rng = it.rng
    fields = [("event", json.dumps(rng.choice(EVENTS)))]
    usual = {"room": json.dumps(it.room()), "body": '"hi"', "seq": "1", "after": "0", "ref": "1", "client_id": '"c1"', "epoch": '"e"'}
    for name in rng.sample(FIELDS, rng.randrange(1, 6)):
        fields.append((name, usual.get(name, "1") if rng.random() < 0.5 else rng.choice(rng.choice([NUMBERS, TEXTS, OTHERS]))))
    if rng.random() < 0.1:
        fields.append(rng.choice(fields))
    rng.shuffle(fields)
    text = "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in fields) + "}"
    return text + rng.choice(["", "", "", " ", "\n", "}", ",", "\0", "{}"])


@act("json")
async def odd_documents(it):
    path = it.path()
    line = await it.upgraded(path)
    it.watch(line)
    if path == "/ws":
        await line.send(frame(TEXT, json.dumps({"event": "join", "room": it.room()}).encode()))
    for _ in range(it.rng.randrange(5, 60)):
        await line.send(frame(TEXT, odd_document(it).encode("utf-8", "surrogatepass")))
    await it.settled(0.2)


@act("json")
async def odd_documents_before_any_join(it):
    line = await it.upgraded("/ws")
    it.watch(line)
    await line.send(b"".join(frame(TEXT, odd_document(it).encode()) for _ in range(30)))
    await it.settled(0.2)


# Floods: one frame over and over, and nobody waits for answers.

FLOODS = {
    "message": {"event": "message", "body": "hi"}, "message and ref": {"event": "message", "body": "hi", "ref": 1},
    "long message": {"event": "message", "body": "x" * 16_000, "ref": 1},
    "same client id": {"event": "message", "body": "hi", "client_id": "same"},
    "join": {"event": "join"}, "join with after": {"event": "join", "after": 0}, "leave": {"event": "leave"},
    "typing": {"event": "typing"}, "read": {"event": "read", "seq": 1}, "ping": {"event": "ping"}, "garbage": {"event": "dance"},
}


@act("floods")
async def a_flood(it):
    await flood(it, [it.rng.choice(list(FLOODS))])


@act("floods")
async def a_flood_of_everything(it):
    await flood(it, list(FLOODS))


@act("floods")
async def a_flood_in_the_one_room_form(it):
    line = await it.upgraded(f"/ws/chatroom/{it.room()}")
    it.watch(line)
    block = frame(TEXT, b'{"body":"hi","ref":1}') * 500
    for _ in range(it.rng.randrange(4, 30)):
        await line.send(block)


@act("floods")
async def a_flood_of_control_frames(it):
    line = await it.upgraded()
    it.watch(line)
    block = frame(it.rng.choice([PING, PONG]), b"x" * it.rng.choice([0, 125])) * 500
    for _ in range(it.rng.randrange(4, 20)):
        await line.send(block)


@act("floods")
async def a_flood_whose_answers_nobody_takes(it):
    line = await it.upgraded("/ws", receive=4_096)
    block = frame(TEXT, json.dumps({**FLOODS[it.rng.choice(["ping", "garbage", "join with after"])], "room": it.room()}).encode()) * 200
    for _ in range(it.rng.randrange(4, 60)):
        await asyncio.wait_for(line.send(block), 1)


async def flood(it, names):
    line = await it.upgraded("/ws")
    it.watch(line)
    room = it.room()
    await line.send(frame(TEXT, json.dumps({"event": "join", "room": room}).encode()))
    frames = [frame(TEXT, json.dumps({**FLOODS[name], "room": room}).encode()) for name in names]
    block = b"".join(it.rng.choice(frames) for _ in range(500))[:200_000]
    for _ in range(it.rng.randrange(4, 30)):
        await asyncio.wait_for(line.send(block), 2)
    await it.settled(0.1)


@act("joins")
async def joins_and_leaves(it):
    line = await it.upgraded("/ws")
    it.watch(line)
    for number in range(it.rng.randrange(20, 300)):
        document = {"event": it.rng.choice(["join", "join", "leave", "message", "typing"]), "room": it.room(), "body": "r", "ref": number}
        if it.rng.random() < 0.3:
            document["after"] = it.rng.choice([0, 1, 10, 2**53])
        await line.send(frame(TEXT, json.dumps(document).encode()))
    await it.settled(0.2)


@act("joins")
async def joins_of_many_rooms(it):
    line = await it.upgraded("/ws")
    it.watch(line)
    await line.send(b"".join(
        frame(TEXT, json.dumps({"event": "join", "room": f"none-{number}"}).encode()) for number in range(1_200)))
    await it.settled(0.3)


@act("joins")
async def joins_beside_a_membership_that_comes_and_goes(it):
    line = await it.upgraded("/ws")
    it.watch(line)
    room = it.rng.choice(it.target["rooms"])
    for _ in range(it.rng.randrange(1, 6)):
        await line.send(frame(TEXT, json.dumps({"event": "join", "room": room, "after": 0}).encode()) * 5)
        name = it.user["name"] if it.user else "nobody"
        await it.json(it.rng.choice(["PUT", "DELETE"]), f"/rooms/{room}/members/{name}")
