"""Frames as bytes: violations of RFC 6455 close the connection with the code it requires, and nothing else does."""

import base64
import hashlib
import json
import os
import re
import signal
import socket
import struct
from pathlib import Path

import pytest

from chat import eventually
from raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Raw, frame

PING_FRAME = b'{"event":"ping"}'


@pytest.fixture
def raw(chat, server):
    raw = Raw(server.port).upgraded("/ws", chat.token("alice"))
    yield raw
    raw.close()


def pong(raw):
    """Checks that the next frame is the pong to PING_FRAME."""
    assert json.loads(raw.expect(TEXT)) == {"ok": True, "event": "pong"}


@pytest.mark.parametrize("data, code", [
    (frame(TEXT, PING_FRAME, masked=False), 1002),
    (frame(TEXT, PING_FRAME, reserved=1), 1002),
    (frame(TEXT, PING_FRAME, reserved=2), 1002),
    (frame(TEXT, PING_FRAME, reserved=4), 1002),
    (frame(0x3, b"x"), 1002), (frame(0x7, b"x"), 1002), (frame(0xB), 1002), (frame(0xF), 1002),
    (frame(PING, b"x", fin=False), 1002),
    (frame(CLOSE, b"\x03\xe8", fin=False), 1002),
    (frame(PING, b"x" * 126), 1002),
    (frame(CONTINUATION, b"x"), 1002),
    (frame(TEXT, b"{", fin=False) + frame(TEXT, b"}"), 1002),
    (frame(CLOSE, b"\x03"), 1002),
    (frame(CLOSE, struct.pack("!H", 999)), 1002),
    (frame(CLOSE, struct.pack("!H", 1005)), 1002),
    (frame(CLOSE, struct.pack("!H", 1006)), 1002),
    (frame(CLOSE, struct.pack("!H", 1015)), 1002),
    (frame(CLOSE, struct.pack("!H", 5000)), 1002),
    (frame(CLOSE, struct.pack("!H", 1000) + b"\xff"), 1007),
    (frame(TEXT, b"\xff\xfe"), 1007),
    (frame(TEXT, b"\xc0\xaf"), 1007),
    (frame(TEXT, b"\xed\xa0\x80"), 1007),
    (frame(TEXT, b"\xf4\x90\x80\x80"), 1007),
    (frame(TEXT, b'"\xc3'), 1007),
    (frame(TEXT, b"\xc3", fin=False) + frame(CONTINUATION, b"x"), 1007),
    (frame(BINARY, b"x"), 1003),
    (frame(TEXT, b"x" * 65_537), 1009),
    (frame(TEXT, length=2**62), 1009),
    (frame(TEXT, b"x" * 40_000, fin=False) + frame(CONTINUATION, b"x" * 40_000), 1009),
], ids=[
    "unmasked", "reserved 3", "reserved 2", "reserved 1", "opcode 3", "opcode 7", "opcode B", "opcode F",
    "fragmented ping", "fragmented close", "ping of 126 bytes", "continuation without a start",
    "text within fragments", "close of one byte", "close 999", "close 1005", "close 1006", "close 1015",
    "close 5000", "close reason no UTF-8", "no UTF-8", "overlong UTF-8", "surrogate", "beyond Unicode",
    "truncated UTF-8", "truncated by a fragment", "binary", "64 KiB and one byte", "a claim of 4 EiB",
    "fragments of more than 64 KiB",
])
def test_what_the_rfc_forbids_ends_the_connection(chat, server, data, code):
    raw = Raw(server.port).upgraded("/ws", chat.token("alice"))
    raw.send(data)
    assert raw.fault() == code
    other = server.socket(chat.token("bob"))
    other.ask(event="ping")


@pytest.mark.parametrize("length", [
    bytes([0x81, 0x80 | 126, 0, 5]), bytes([0x81, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 5]),
    bytes([0x81, 0x80 | 127, 0x80, 0, 0, 0, 0, 0, 0, 5]),
], ids=["16 bits for 5", "64 bits for 5", "highest bit set"])
def test_a_length_that_is_not_minimal_is_refused(raw, length):
    raw.send(length + b"\0\0\0\0hello")
    assert raw.fault() in (1002, 1009)


def test_the_connection_ends_after_the_close_frame_of_a_fault(raw):
    raw.send(frame(0x3, b"x"))
    assert raw.close_code() == 1002


def test_a_ping_gets_its_payload_back(raw):
    for payload in (b"", b"x", b"\x00\xff" * 62, b"y" * 125):
        raw.send(frame(PING, payload))
        assert raw.expect(PONG) == payload


def test_a_pong_that_nobody_asked_for_is_ignored(raw):
    raw.send(frame(PONG, b"hello") + frame(TEXT, PING_FRAME))
    pong(raw)


def test_a_message_in_fragments_is_one_message(raw):
    raw.send(frame(TEXT, PING_FRAME[:3], fin=False))
    for byte in PING_FRAME[3:-1]:
        raw.send(frame(CONTINUATION, bytes([byte]), fin=False))
    raw.send(frame(CONTINUATION, PING_FRAME[-1:]))
    pong(raw)


def test_empty_fragments_are_fine(raw):
    raw.send(frame(TEXT, b"", fin=False) + frame(CONTINUATION, b"", fin=False) + frame(CONTINUATION, PING_FRAME))
    pong(raw)


def test_a_ping_between_fragments_gets_its_pong_at_once(raw):
    raw.send(frame(TEXT, PING_FRAME[:5], fin=False) + frame(PING, b"now"))
    assert raw.expect(PONG) == b"now"
    raw.send(frame(CONTINUATION, PING_FRAME[5:]))
    pong(raw)


def test_a_character_split_between_fragments_is_whole(raw):
    body = json.dumps({"event": "join", "room": "general", "ref": "é👋"}, ensure_ascii=False).encode()
    for index in range(len(body) - 1):
        raw.send(frame(CONTINUATION if index else TEXT, body[index:index + 1], fin=False))
    raw.send(frame(CONTINUATION, body[-1:]))
    answer = {}
    while answer.get("event") != "joined":
        answer = json.loads(raw.expect(TEXT))
    assert answer["ref"] == "é👋"


def test_frames_come_in_whatever_pieces_the_network_makes(raw):
    for byte in frame(TEXT, PING_FRAME):
        raw.send(bytes([byte]))
    pong(raw)
    raw.send(frame(TEXT, PING_FRAME) * 50)
    for _ in range(50):
        pong(raw)


def test_a_frame_of_64_kib_is_read(raw):
    raw.send(frame(TEXT, b'{"event":"ping"' + b" " * (65_536 - 16) + b"}"))
    pong(raw)


@pytest.mark.parametrize("code", [1000, 1001, 1011, 3000, 4999])
def test_a_close_is_answered_with_its_code(raw, code):
    raw.send(frame(CLOSE, struct.pack("!H", code) + "bye".encode()))
    assert raw.close_code() == code


def test_a_close_without_a_code_is_answered(raw):
    raw.send(frame(CLOSE))
    assert raw.close_code() in (0, 1000)


def test_nothing_is_read_after_a_close(chat, server):
    raw = Raw(server.port).upgraded("/ws/chatroom/general", chat.token("alice"))
    raw.send(frame(CLOSE, struct.pack("!H", 1000)) + frame(TEXT, b'{"body":"too late"}'))
    assert raw.close_code() == 1000
    assert chat.bodies("general") == []


# The handshake.

def test_the_accept_header_is_the_one_of_the_rfc(chat, server):
    raw = Raw(server.port)
    key = base64.b64encode(os.urandom(16)).decode()
    status, headers, _ = raw.handshake("/ws", chat.token("alice"), Sec_WebSocket_Key=key)
    accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
    assert status == 101 and headers["sec-websocket-accept"] == accept.decode()
    assert headers["upgrade"].lower() == "websocket" and headers["connection"].lower() == "upgrade"


def test_no_extension_is_agreed_on(chat, server):
    status, headers, _ = Raw(server.port).handshake(
        "/ws", chat.token("alice"), Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits")
    assert status == 101 and "sec-websocket-extensions" not in headers


def test_header_names_and_values_in_any_case_and_lists_are_read(chat, server):
    status, _, _ = Raw(server.port).handshake(
        "/ws", chat.token("alice"), Upgrade="WebSocket", Connection="keep-alive, Upgrade")
    assert status == 101


@pytest.mark.parametrize("changes, status", [
    ({"Sec_WebSocket_Key": None}, 400), ({"Sec_WebSocket_Key": "short"}, 400),
    ({"Sec_WebSocket_Key": base64.b64encode(b"x" * 15).decode()}, 400),
    ({"method": "POST", "Content_Length": "0"}, 400), ({"Connection": "close"}, 400),
    ({"Sec_WebSocket_Version": "8"}, 426), ({"Sec_WebSocket_Version": None}, 426),
    ({"Authorization": None}, 401), ({"Authorization": "Bearer wrong"}, 401), ({"Authorization": "Basic eDp5"}, 401),
], ids=["no key", "bad key", "short key", "POST", "no Connection", "old version", "no version", "no token",
        "wrong token", "basic"])
def test_a_broken_handshake_is_refused_as_http(chat, server, changes, status):
    got, headers, body = Raw(server.port).handshake("/ws", chat.token("alice"), **changes)
    assert got == status, body
    assert json.loads(body)["error"]["code"]
    if status == 426:
        assert headers["sec-websocket-version"] == "13"


def test_a_websocket_path_without_an_upgrade_is_no_page(chat, server):
    status, _, body = Raw(server.port).handshake("/ws", chat.token("alice"), Upgrade=None, Connection=None)
    assert status in (400, 404, 426) and json.loads(body)["error"]["code"]


def test_rooms_are_refused_before_any_frame(chat, server):
    chat.room("secret", "--private")
    token = chat.token("alice")
    for path, status in (("/ws/chatroom/nowhere", 404), ("/ws/chatroom/secret", 403), ("/ws/nothing", 404)):
        got, _, body = Raw(server.port).handshake(path, token)
        assert got == status and json.loads(body)["error"]["code"], (path, got, body)


def test_what_is_no_http_is_refused_or_dropped_and_harms_nothing(chat, server):
    for data in (b"\x16\x03\x01\x02\x00garbage\r\n\r\n", b"GET\r\n\r\n", b"\0" * 4_096):
        raw = Raw(server.port)
        raw.send(data)
        try:
            while True:
                raw.fill()
        except (EOFError, ConnectionError):
            pass
        assert raw.buffer == b"" or raw.buffer.startswith(b"HTTP/1.1 400")
    assert server.http("GET", "/health/live").status == 200


def test_endless_headers_are_refused(chat, server):
    raw = Raw(server.port)
    try:
        raw.send(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n")
        while True:
            raw.fill()
    except (EOFError, ConnectionError):
        pass
    assert raw.buffer == b"" or raw.buffer.split()[1] in (b"400", b"413", b"431")
    assert server.http("GET", "/health/live").status == 200


# An upgrade on a kept connection.

def plain(path, *fields, method="GET"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *fields, "", ""]).encode()


def shake(path, token):
    return plain(path, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", f"Authorization: Bearer {token}")


def ping(ref):
    return frame(TEXT, json.dumps({"event": "ping", "ref": ref}).encode())


@pytest.mark.parametrize("before", [1, 2, 40])
@pytest.mark.parametrize("pipelined", [False, True])
def test_a_later_request_becomes_a_websocket(chat, server, before, pipelined):
    token = chat.token("alice")
    raw = Raw(server.port)
    health = plain("/health/live")
    if pipelined:
        raw.send(health * before + shake("/ws", token) + ping(7))
    for _ in range(before):
        if not pipelined:
            raw.send(health)
        assert raw.answer()[0] == 200
    if not pipelined:
        raw.send(shake("/ws", token) + ping(7))
    status, headers, _ = raw.answer()
    assert status == 101 and headers["connection"] == "Upgrade"
    assert json.loads(raw.expect(TEXT)) == {"ok": True, "event": "pong", "ref": 7}
    raw.send(frame(TEXT, json.dumps({"event": "join", "room": "general"}).encode()))
    assert json.loads(raw.expect(TEXT))["event"] == "joined"
    chat.send("general", "hi", "root")
    while json.loads(raw.expect(TEXT))["event"] != "message":
        pass
    raw.send(frame(CLOSE, b"\x03\xe8"))
    assert raw.close_code() == 1000


def test_a_later_request_becomes_a_websocket_of_one_room(chat, server):
    raw = Raw(server.port)
    raw.send(plain("/health/live"))
    assert raw.answer()[0] == 200
    raw.send(shake("/ws/chatroom/general", chat.token("alice")))
    assert raw.answer()[0] == 101
    assert json.loads(raw.expect(TEXT))["online_count"] == 1
    raw.close()
    eventually(lambda: server.online(chat.token("bob"), "general") == [], "alice is offline")


def test_an_upgrade_waits_for_long_answers_before_it(chat, server):
    """The client reads nothing until all is sent, so the answers fill the socket."""
    token = chat.token("alice")
    for number in range(60):
        chat.send("general", f"{number} " + "x" * 16_000, "root")
    page = plain("/api/v1/rooms/general/messages?limit=60", f"Authorization: Bearer {token}")
    raw = Raw(server.port)
    raw.send(page * 3 + shake("/ws", token) + ping(1))
    for _ in range(3):
        status, headers, _ = raw.answer()
        assert status == 200 and headers["transfer-encoding"] == "chunked"
        body = b""
        while True:
            while b"\r\n" not in raw.buffer:
                raw.fill()
            size, raw.buffer = raw.buffer.split(b"\r\n", 1)
            body += raw.take(int(size, 16))
            assert raw.take(2) == b"\r\n"
            if size == b"0":
                break
        assert len(json.loads(body)) == 60
    assert raw.answer()[0] == 101
    assert json.loads(raw.expect(TEXT))["event"] == "pong"


@pytest.mark.parametrize("path, proof, status", [("/ws", "wrong", 401), ("/ws/chatroom/nowhere", None, 404)])
def test_a_later_upgrade_is_refused_like_a_first_one(chat, server, path, proof, status):
    raw = Raw(server.port)
    raw.send(plain("/health/live") + shake(path, proof or chat.token("alice")))
    assert raw.answer()[0] == 200
    answer = raw.answer()
    assert answer[0] == status and answer[1]["connection"] == "close" and raw.socket.recv(1) == b""


def test_another_protocol_is_not_spoken_and_ends_the_connection(server):
    raw = Raw(server.port)
    raw.send(plain("/health/live", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings") + plain("/health/live"))
    status, headers, _ = raw.answer()
    assert status == 200 and headers["connection"] == "close" and raw.socket.recv(1) == b""


def test_many_later_upgrades_leave_nothing_behind(chat, server):
    token = chat.token("root")
    files = Path(f"/proc/{server.command.process.pid}/fd")

    def sockets():
        # The database opens and closes files of its own meanwhile.
        return sum(os.path.realpath(file).rsplit("/", 1)[1].startswith("socket:") for file in files.iterdir())

    before = sockets()
    for number in range(100):
        raw = Raw(server.port)
        raw.send(plain("/health/live") + shake("/ws", token) + ping(number))
        assert raw.answer()[0] == 200
        if number % 3:
            assert raw.answer()[0] == 101
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", number % 2, 0))
        raw.close()
    eventually(lambda: sockets() <= before, "the descriptors are closed")
    server.socket(token).settled()


def test_a_server_that_stops_closes_later_upgrades_too(chat, server):
    raw = Raw(server.port)
    raw.send(plain("/health/live") + shake("/ws", chat.token("alice")))
    assert raw.answer()[0] == 200 and raw.answer()[0] == 101
    server.command.signal(signal.SIGTERM)
    assert raw.close_code() == 1001
    assert server.command.wait(15) == 0, server.command.err


def resident(server):
    status = Path(f"/proc/{server.command.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def poured(raw, megabytes):
    """Sends until nothing is taken for a second; returns how many MiB were."""
    raw.socket.settimeout(1)
    block, sent = b"x" * 65_536, 0
    try:
        while sent < megabytes << 20:
            sent += raw.socket.send(block)
    except (TimeoutError, ConnectionError):
        pass
    return sent / (1 << 20)


@pytest.mark.parametrize("last", ["upgrade", "h2c", "close"])
def test_bytes_behind_the_last_request_do_not_pile_up(chat, server, last):
    """The answers before it fill the socket, so it waits, and its client goes on sending.

    They are few, because many would by themselves keep the server from reading on.
    """
    token = chat.token("alice")
    for number in range(60):
        chat.send("general", f"{number} " + "\x01" * 16_000, "root")
    path, fields = "/api/v1/rooms/general/messages?limit=60", [f"Authorization: Bearer {token}"]
    more = {"upgrade": [], "h2c": ["Upgrade: h2c", "Connection: Upgrade"], "close": ["Connection: close"]}[last]
    raw = Raw(server.port)
    raw.send(plain(path, *fields) * 3 + (shake("/ws", token) if last == "upgrade" else plain(path, *fields, *more)))
    before = resident(server)
    poured(raw, 150)
    assert resident(server) < before + 40
    raw.close()
    server.socket(token).settled()
