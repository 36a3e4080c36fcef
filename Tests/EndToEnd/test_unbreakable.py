"""What a client, a full system or a lost file must not break: the server answers, says so, and goes on."""

import json
import random
import signal
import socket
import sqlite3
import ssl
import struct
import subprocess
import threading
import time
from pathlib import Path

import pytest

from chat import DEADLINE, TLS, eventually
from raw import TEXT, Raw, frame


def request(method, path, token=None, length=0, body=b"", more=""):
    """The bytes of an HTTP request whose body may be shorter than it says."""
    proof = f"Authorization: Bearer {token}\r\n" if token else ""
    return (f"{method} {path} HTTP/1.1\r\nHost: x\r\n{proof}{more}Content-Length: {length}\r\n\r\n").encode() + body


def answer(raw):
    """The status of one answer, and whether the server closes the connection after it."""
    while b"\r\n\r\n" not in raw.buffer:
        raw.fill()
    status = int(raw.buffer.split()[1])
    try:
        while True:
            raw.fill()
    except (EOFError, ConnectionResetError):
        return status, True
    except TimeoutError:
        return status, False


def test_the_body_of_nobody_is_not_waited_for(chat):
    """2,000 half bodies without a token held 380 MB."""
    server = chat.serve()
    for token in (None, "wrong"):
        raw = Raw(server.port)
        raw.send(request("POST", "/api/v1/rooms/general/messages", token, 100, b"{"))
        assert answer(raw) == (401, True)
        raw.close()


def test_half_a_request_on_a_kept_connection_ends_with_408(chat):
    server = chat.serve()
    token = chat.token("alice")
    raw = Raw(server.port)
    raw.send(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
    eventually(lambda: raw.fill() or b'"live"' in raw.buffer, "the first answer")
    raw.buffer = b""
    raw.send(request("POST", "/api/v1/rooms/general/messages", token, 100, b"{"))
    assert answer(raw) == (408, True)
    assert chat.bodies("general") == []
    raw.close()


@pytest.mark.parametrize("half", [b"GET /health/live HTTP/1.1\r\nHost: x\r\n", b"G"])
def test_half_a_request_in_the_packet_of_a_whole_one_ends_with_408(chat, half):
    """The end of the whole one stopped the clock of the half one."""
    server = chat.serve()
    raw = Raw(server.port)
    raw.send(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n" + half)
    assert raw.answer()[0] == 200
    assert answer(raw) == (408, True)
    raw.close()


def test_rights_are_judged_when_the_body_is_there(chat):
    """The head of a request was judged, and its body was carried out minutes after the account was disabled."""
    server = chat.serve()
    chat.user("eve", "--admin")
    eve, bob = chat.token("eve"), chat.token("bob")
    requests = [
        ("/api/v1/users", eve, {"username": "backdoor", "role": "admin"}, 403),
        ("/api/v1/users/bob/tokens", eve, {"label": "x"}, 403),
        ("/api/v1/rooms/general/messages", bob, {"body": "after the end"}, 401),
        ("/api/v1/rooms", bob, {"name": "afterwards"}, 401),
    ]
    held = []
    for path, token, document, status in requests:
        body = json.dumps(document).encode()
        raw = Raw(server.port)
        raw.send(request("POST", path, token, len(body), body[:1]))
        held.append((raw, body[1:], status))
    live = {name: server.socket(token) for name, token in (("eve", eve), ("bob", bob))}
    chat.run("user", "disable", "eve")
    chat.run("user", "revoke-token", "bob", str(chat.run("user", "tokens", "bob", "--json").json[0]["id"]))
    assert [live[name].closed() for name in ("eve", "bob")] == [4003, 4001]
    for raw, rest, status in held:
        raw.send(rest)
        while b"\r\n\r\n" not in raw.buffer:
            raw.fill()
        assert int(raw.buffer.split()[1]) == status
        raw.close()
    assert chat.bodies("general") == []
    assert "backdoor" not in chat.run("user", "list", "--json").out


def test_guesses_sent_at_once_are_not_all_judged(chat):
    server = chat.serve()
    chat.run("user", "create", "victim", "--password-stdin", input="a long phrase\n")
    statuses = []

    def guess(number):
        statuses.append(server.http("POST", "/api/v1/login", json_body={
            "username": "victim", "password": f"guess {number}"}).status)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(statuses)) == [401, 429] and statuses.count(401) == 10


def test_a_page_of_another_origin_logs_nobody_in(chat):
    """A form or plain text can be sent from anywhere; JSON cannot."""
    server = chat.serve()
    chat.run("user", "create", "carol", "--password-stdin", input="a long phrase\n")
    body = json.dumps({"username": "carol", "password": "a long phrase"})
    for kind, sets in (("text/plain", False), ("application/json", True), ("application/json; charset=utf-8", True)):
        answered = server.http("POST", "/api/v1/login", body=body, headers={"Content-Type": kind})
        assert answered.status == 200 and ("Set-Cookie" in answered.headers) == sets


@pytest.mark.parametrize("life", [0, -1, 999, 10**15, 2**62, -2**63, 2**63 - 1, 315_619_200_001])
def test_lives_have_a_range(chat, life):
    server = chat.serve()
    token = chat.token("root")
    chat.run("room", "create", "mine", "--as", "root")
    assert server.api("POST", "/users/root/tokens", token, {"life_ms": life}, 400)["code"] == "invalid_input"
    for act in ("bans", "mutes"):
        server.api("PUT", f"/rooms/mine/{act}/bob", token, {"duration_ms": life}, 400)


def test_a_token_does_not_outlive_the_one_that_made_it(chat):
    server = chat.serve()
    token = chat.token("alice", "--expires", "1h")
    first = chat.run("user", "tokens", "alice", "--json").json[0]["expires_at"]
    for wish in ({}, {"life_ms": 7_200_000}):
        assert server.api("POST", "/users/alice/tokens", token, wish, 201)["expires_at"] == first
    assert server.api("POST", "/users/alice/tokens", token, {"life_ms": 60_000}, 201)["expires_at"] < first


def test_without_descriptors_the_server_says_so_and_comes_back(chat):
    server = chat.serve(below=("prlimit", "--nofile=64:64"))
    crowd = []
    for _ in range(150):
        crowd.append(Raw(server.port))
    eventually(lambda: "connections wait" in server.command.err, "a line in the log")
    for raw in crowd:
        raw.close()
    eventually(lambda: server.http("GET", "/health/live").status == 200, "an answer")
    assert server.command.err.count("connections wait") == 1
    assert server.command.process.poll() is None


@pytest.mark.sqlite
@pytest.mark.parametrize("gone", ["chat.db*", "chat.db", "chat.db-wal", "chat.db-*"])
def test_nothing_is_acknowledged_into_a_file_that_is_gone(chat, gone):
    server = chat.serve()
    token = chat.token("alice")
    chat.send("general", "before", "alice")
    assert server.http("GET", "/health/ready").status == 200
    for path in chat.data.rglob(gone):
        path.unlink()
    server.api("POST", "/rooms/general/messages", token, {"body": "into nothing"}, 503)
    refusal = server.http("GET", "/health/ready")
    assert refusal.status == 503
    eventually(lambda: "removed or replaced" in server.command.err, "a line in the log")
    assert server.command.err.count("removed or replaced") == 1


@pytest.mark.sqlite
def test_what_was_refused_is_not_there_when_the_file_comes_back(chat):
    server = chat.serve()
    token = chat.token("alice")
    [path] = chat.data.rglob("chat.db")
    path.rename(path.with_suffix(".away"))
    server.api("POST", "/rooms/general/messages", token, {"body": "refused"}, 503)
    path.with_suffix(".away").rename(path)
    server.api("POST", "/rooms/general/messages", token, {"body": "stored"}, 201)
    assert chat.bodies("general") == ["stored"]
    eventually(lambda: server.http("GET", "/health/ready").status == 200, "ready again")


def emptied(path):
    with open(path, "r+b") as file:
        file.truncate(0)


def overwritten(path):
    noise = random.Random(1)
    with open(path, "r+b") as file:
        for start in range(0, path.stat().st_size, 4_096):
            file.seek(start)
            file.write(noise.randbytes(4_096))


@pytest.mark.sqlite
@pytest.mark.parametrize("damage", [emptied, overwritten])
@pytest.mark.parametrize("name", ["chat.db", "chat.db-wal"])
def test_a_damaged_file_is_not_ready_and_never_a_fault(chat, name, damage):
    server = chat.serve()
    token = chat.token("alice")
    chat.send("general", "before", "alice")
    [path] = chat.data.rglob(name)
    damage(path)
    statuses = set()

    def asks():
        # Another program that opens the file finds the damage too, and must not make it worse.
        chat.run("room", "list", code=None)
        for method, path in (("POST", "/rooms/general/messages"), ("GET", "/rooms"), ("GET", "/rooms/general/messages"),
                             ("POST", "/rooms"), ("GET", "/search?q=before"), ("GET", "/users/alice")):
            body = {"body": "x"} if path.endswith("messages") else {"name": "made"}
            statuses.add(server.http(method, "/api/v1" + path, token, body if method == "POST" else None).status)
        return server.http("GET", "/health/ready").status == 503

    eventually(asks, "not ready")
    assert statuses & {500} == set(), statuses
    assert server.http("GET", "/health/live").status == 200
    assert server.command.process.poll() is None, server.command.err


@pytest.mark.sqlite
@pytest.mark.parametrize("damage", [
    "rooms SET last_seq = 9223372036854775807", "rooms SET last_seq = -9223372036854775808",
    "messages SET created_at = -9223372036854775808", "messages SET created_at = 9223372036854775807",
    "rooms SET last_message_at = 9223372036854775807", "users SET created_at = 9223372036854775807",
])
def test_a_number_in_the_database_does_not_end_the_server(chat, damage):
    server = chat.serve()
    token = chat.token("alice")
    server.api("POST", "/rooms/general/messages", token, {"body": "before"}, 201)
    [path] = chat.data.rglob("chat.db")
    with sqlite3.connect(path) as other:
        other.execute(f"UPDATE {damage}")
    other.close()
    for method, path in (("GET", "/rooms"), ("GET", "/rooms/general/messages"), ("POST", "/rooms/general/messages"),
                         ("GET", "/users/alice"), ("GET", "/search?q=before")):
        status = server.http(method, "/api/v1" + path, token, {"body": "x"} if method == "POST" else None).status
        assert status in (200, 201, 500, 503), (method, path, status)
    for command in (["tail", "general"], ["room", "list"], ["send", "general", "x", "--as", "bob"]):
        assert chat.run(*command, code=None).code in (0, 70)
    assert server.http("GET", "/health/live").status == 200


@pytest.mark.sqlite
def test_a_database_that_cannot_be_written_is_not_ready_until_it_can(chat):
    server = chat.serve()
    [path] = chat.data.rglob("chat.db")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    eventually(lambda: server.http("GET", "/health/ready").status == 503, "not ready")
    other.execute("ROLLBACK")
    eventually(lambda: server.http("GET", "/health/ready").status == 200, "ready again")
    eventually(lambda: "in use again" in server.command.err, "the end in the log")
    assert server.command.err.count("it is busy") == 1


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_run_leaves_nothing_behind(chat, number):
    """Its server and its folder outlived it under other signals than INT and TERM."""
    running = chat.start("run", "--", "sh", "-c", "sleep 60 & echo $! $CHATCTL_SERVER; wait")
    child, url = running.line().split()
    port = url.rsplit(":", 1)[1]
    running.signal(number)
    running.process.wait(timeout=DEADLINE)

    def is_gone():
        listening = subprocess.run(["ss", "-Hltn", f"sport = :{port}"], capture_output=True, text=True, check=True)
        process = Path(f"/proc/{child}/stat")
        # Whoever inherits it may not have asked how it ended.
        has_ended = not process.exists() or process.read_text().rsplit(")", 1)[1].split()[0] == "Z"
        return has_ended and not listening.stdout and not list(chat.folder.glob("chatctl-*"))

    eventually(is_gone, "server, command and folder are gone")


def test_a_pattern_without_end_does_not_hold_tail(chat):
    chat.send("general", "a" * 40 + "!", "alice")
    began = time.monotonic()
    chat.run("tail", "general", "-f", "--match", "(a+)+$", "--timeout", "2s", code=75)
    assert time.monotonic() - began < DEADLINE


def test_a_resume_of_large_messages_is_fetched_or_comes_whole(chat):
    """All of them were queued before one was sent, and the client was dropped as too slow, every time."""
    server = chat.serve()
    live = server.joined(chat.token("root"), "general")
    for number in range(70):
        live.send(event="message", body=f"{number} " + "\x01" * 8_000, ref=str(number))
        live.expect(event="ack", ref=str(number))
    other = server.socket(chat.token("bob"))
    other.send(event="join", room="general", after=1)
    assert other.expect(event="joined")["recovered"] is False
    messages = server.api("GET", "/rooms/general/messages?after=1&limit=200", chat.token("bob"))
    assert [each["seq"] for each in messages] == list(range(2, 71))
    assert messages[5]["body"] == "6 " + "\x01" * 8_000
    live.send(event="message", body="live", ref="live")
    assert other.expect(event="message")["message"]["body"] == "live"


def test_control_characters_do_not_drop_fast_listeners(chat):
    """A commit was bounded in the bytes of bodies, and what is sent can be six times as long."""
    server = chat.serve()
    listener = server.chatroom("general", chat.token("bob"))
    tokens = [chat.token(name) for name in ("alice", "root")]

    def post(token):
        server.api("POST", "/rooms/general/messages", token, {"body": "\x01" * 16_000}, 201)

    threads = [threading.Thread(target=post, args=(token,)) for token in tokens for _ in range(25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _ in range(50):
        listener.expect(event="message")


def test_searches_hold_nobody_up(chat):
    """One pattern over long messages took a reader of the database for most of a minute."""
    server = chat.serve()
    live = server.joined(chat.token("root"), "general")
    for number in range(100):
        live.send(event="message", body="a" * 16_000, ref=str(number))
    for number in range(100):
        live.expect(event="ack", ref=str(number))
    tokens = [chat.token(chat.user(f"seeker-{number}")) for number in range(6)]
    statuses = []

    def search(token):
        statuses.append(server.http("GET", f"/api/v1/search?q={'a' * 240}b", token).status)

    threads = [threading.Thread(target=search, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    assert server.api("GET", "/rooms/general/messages?limit=1", tokens[0])[0]["seq"] == 100
    live.post("meanwhile")
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 503}
    assert server.api("GET", f"/search?q={'a' * 251}", tokens[0], status=400)["code"] == "invalid_input"


def test_a_user_searches_one_at_a_time_and_not_without_end(chat):
    server = chat.serve()
    token = chat.token("alice")
    statuses = [server.http("GET", "/api/v1/search?q=x", token).status for _ in range(30)]
    assert statuses[:20] == [200] * 20 and 429 in statuses[20:]


def test_joins_that_are_reset_do_not_end_the_server(chat):
    """A reset that was noticed while a join was carried out left a dead connection in the room."""
    server = chat.serve()
    chat.send("general", "before", "alice")
    root = chat.token("root")
    busy = server.joined(root, "general")
    ended = threading.Event()

    def post():
        while not ended.is_set():
            busy.send(event="message", room="general", body="x" * 200)
            ended.wait(0.001)

    poster = threading.Thread(target=post)
    poster.start()
    join = frame(TEXT, b'{"event":"join","room":"general"}') * 300
    token = chat.token("bob")
    for number in range(60):
        raw = Raw(server.port).upgraded("/ws", token)
        raw.send(join)
        threading.Event().wait(number % 10 / 1_000)
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.close()
    ended.set()
    poster.join()
    assert server.command.process.poll() is None, server.command.err
    busy.post("after", room="general")
    server.connections(root, "general", root=1)


def test_a_body_of_broken_chunks_is_refused(chat):
    server = chat.serve()
    for chunk in (b"zz\r\n", b"-1\r\n", b"ffffffffffffffffff\r\n"):
        raw = Raw(server.port)
        raw.send(b"POST /api/v1/rooms HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + chat.token("root").encode()
                 + b"\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n" + chunk)
        status, is_closed = answer(raw)
        assert status == 400 and is_closed
        raw.close()


def test_who_is_banned_neither_becomes_a_member_nor_acts_as_one(chat, server):
    owner, root = chat.tokens("alice", "root")
    server.api("POST", "/rooms", owner, {"name": "plans", "kind": "private"}, 201)
    chat.run("room", "ban", "plans", "bob")
    assert server.api("PUT", "/rooms/plans/members/bob", owner, {"role": "owner"}, 403)
    assert server.api("PUT", "/rooms/plans/members/bob", root, {}, 403)
    assert [each["username"] for each in server.api("GET", "/rooms/plans/members", owner)] == ["alice"]
    chat.run("room", "unban", "plans", "bob")
    server.api("PUT", "/rooms/plans/members/bob", owner, {"role": "owner"})
    # An owner steps down while another one is left.
    server.api("PUT", "/rooms/plans/members/alice", owner, {"role": "member"})


@pytest.mark.sqlite
def test_a_peer_that_does_not_answer_the_end_of_tls_does_not_delay_a_drain(chat):
    certificate, key = TLS.files()
    running = chat.start(
        "serve", "--port", "0", "--tls-certificate", certificate, "--tls-key", key, "--drain-seconds", "0")
    port = int(running.line().rsplit(":", 1)[1])
    context = ssl.create_default_context(cafile=certificate)
    silent = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="127.0.0.1")
    silent.sendall(b"GET / HT")
    began = time.monotonic()
    running.signal(signal.SIGTERM)
    running.process.wait(timeout=DEADLINE)
    # NIOSSL waits 5 s by itself; the promise is 2.
    assert time.monotonic() - began < 4
    silent.close()
