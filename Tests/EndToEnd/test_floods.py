"""One client floods a frame without waiting for answers: memory stays bounded and other clients are served."""

import contextlib
import json
import threading

import pytest
from chat import DEADLINE, eventually
from raw import TEXT, Raw, frame

FLOODS = {
    "message": {"event": "message", "room": "loud", "body": "hi"},
    "join": {"event": "join", "room": "loud", "after": 0},
    "leave": {"event": "leave", "room": "loud"},
    "typing": {"event": "typing", "room": "loud"},
    "read": {"event": "read", "room": "loud", "seq": 1},
    "ping": {"event": "ping"},
    "no frame": {"event": "dance"},
}
ALLOWED_MIB = 32


def resident_mib(server):
    with open(f"/proc/{server.command.process.pid}/statm") as file:
        return int(file.read().split()[1]) * 4 / 1024


class Flood:
    """Sends one frame over and over, and reads the answers."""

    def __init__(self, port, token, data):
        self.raw = Raw(port).upgraded("/ws", token)
        self.raw.send(frame(TEXT, json.dumps({"event": "join", "room": "loud"}).encode()))
        self.block = frame(TEXT, data) * 1_000
        self.ended = threading.Event()
        self.sent = 0
        self.threads = [threading.Thread(target=self.write, daemon=True), threading.Thread(target=self.take, daemon=True)]
        for thread in self.threads:
            thread.start()

    def write(self):
        with contextlib.suppress(OSError):
            while not self.ended.is_set():
                self.raw.socket.sendall(self.block)
                self.sent += 1_000

    def take(self):
        with contextlib.suppress(OSError):
            while self.raw.socket.recv(1 << 20):
                pass

    def end(self):
        self.ended.set()
        self.raw.socket.shutdown(2)
        for thread in self.threads:
            thread.join(DEADLINE)


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_costs_little_memory_and_stops_nobody(chat, kind):
    for name in ("loud", "quiet"):
        chat.user(name)
    chat.room("loud")
    server = chat.serve()
    honest = server.joined(chat.token("quiet"), "general")
    before = resident_mib(server)
    flood = Flood(server.port, chat.token("loud"), json.dumps(FLOODS[kind]).encode())
    eventually(lambda: flood.sent >= 5_000, "the flood has begun")
    peak = before
    for number in range(40):
        honest.post(f"m{number}")
        peak = max(peak, resident_mib(server))
    flood.end()
    assert peak - before < ALLOWED_MIB
    assert server.command.process.poll() is None


def test_more_than_a_thousand_rooms_are_refused_though_nobody_waits_for_answers(chat):
    server = chat.serve()
    token = chat.token("root")
    for number in range(1_010):
        server.api("POST", "/rooms", token, {"name": f"room-{number}"}, status=201)
    raw = Raw(server.port).upgraded("/ws", token)
    raw.send(b"".join(
        frame(TEXT, json.dumps({"event": "join", "room": f"room-{number}", "ref": number}).encode())
        for number in range(1_010)))
    answers = {}
    while len(answers) < 1_010:
        answer = json.loads(raw.expect(TEXT))
        if "ref" in answer:
            answers[answer["ref"]] = answer.get("code", answer["event"])
    assert sorted(answers.values()) == ["joined"] * 1_000 + ["rate_limited"] * 10


def test_typing_is_shown_once_in_two_seconds_and_not_of_who_is_muted(chat):
    chat.user("carol")
    server = chat.serve()
    alice, bob, carol = (server.joined(chat.token(name), "general") for name in ("alice", "bob", "carol"))
    chat.run("room", "mute", "general", "carol")
    carol.send(event="typing", room="general")
    carol.settled()
    for _ in range(20):
        bob.send(event="typing", room="general")
    shown = [alice.expect(event="typing")["username"]]
    # The message was sent after the typing notices, so it arrives after them.
    bob.post("done")
    alice.message("done")
    shown += [each["username"] for each in alice.settled() if each["event"] == "typing"]
    assert shown == ["bob"]


def test_making_rooms_and_tokens_has_a_rate(chat):
    server = chat.serve()
    token = chat.token("alice")
    statuses = [server.http("POST", "/api/v1/rooms", token, {"name": f"room-{number}"}).status for number in range(25)]
    assert statuses[:20] == [201] * 20 and 429 in statuses[20:]
    statuses = [server.http("POST", "/api/v1/users/alice/tokens", token, {}).status for _ in range(25)]
    assert statuses[:20] == [201] * 20 and 429 in statuses[20:]


def test_frames_behind_a_join_wait_for_it(server, chat):
    alice = server.socket(chat.token("alice"))
    for number in range(20):
        alice.send(event="join", room="general", ref=f"join {number}")
        alice.send(event="message", body=f"m{number}", ref=f"message {number}")
        alice.send(event="leave", room="general", ref=f"leave {number}")
        assert alice.expect(ref=f"join {number}")["event"] == "joined"
        assert alice.expect(ref=f"message {number}")["event"] == "ack"
        assert alice.expect(ref=f"leave {number}")["event"] == "left"
    assert server.online(chat.token("bob"), "general") == []


def test_typing_is_not_shown_more_often_to_who_leaves_and_comes_back(server, chat):
    alice, bob = (server.joined(token, "general") for token in chat.tokens("alice", "bob"))
    for _ in range(5):
        bob.send(event="typing", room="general")
        bob.ask(event="leave", room="general")
        bob.join("general")
    bob.post("done")
    alice.message("done")
    assert len([each for each in alice.settled() if each["event"] == "typing"]) == 1


def test_a_direct_room_that_exists_is_opened_at_any_rate(server, chat):
    token = chat.token("alice")
    server.api("POST", "/direct/bob", token, status=201)
    for number in range(25):
        server.http("POST", "/api/v1/rooms", token, {"name": f"room-{number}"})
    server.api("POST", "/direct/bob", token, status=200)
