"""Fan-out of one message to a whole room: with io_uring and with send(2), and with members that do not read."""

import ctypes
import json
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from chat import DEADLINE, REPOSITORY
from raw import CLOSE, PING, Raw, TEXT, frame

IO_URING_SETUP = 425
FORBIDDING = [sys.executable, str(REPOSITORY / "Tests/EndToEnd/forbidding.py"), str(IO_URING_SETUP), "--"]
SHORT = ["--duration", "300ms", "--warm-up", "100ms", "--json"]
BODY = "x" * 16_000


def has_io_uring():
    """Returns true if the kernel allows programs on this machine to use io_uring."""
    ring = ctypes.CDLL(None).syscall(IO_URING_SETUP, 1, ctypes.create_string_buffer(120))
    if ring >= 0:
        os.close(ring)
    return ring >= 0


@pytest.fixture(params=["in one call", "one by one"])
def way(request, chat):
    """A server that fans out with io_uring(7), and one that has to use send(2)."""
    is_ring = request.param == "in one call"
    if is_ring and not has_io_uring():
        pytest.skip("no io_uring on this machine")
    server = chat.serve(below=() if is_ring else FORBIDDING)
    yield server, is_ring
    server.stop()


class Deaf(Raw):
    """A member of the room who reads only when told to, through a small window."""

    def __init__(self, port, token):
        super().__init__(port)
        self.upgraded("/ws", token)
        self.send(frame(TEXT, b'{"event": "join", "room": "general"}'))
        self.seqs = []
        while self.frame()["event"] != "joined":
            pass

    def connect(self, port):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
        connection.settimeout(DEADLINE)
        connection.connect(("127.0.0.1", port))
        return connection

    def frame(self):
        """Returns the next frame as an object; for a close frame, its code."""
        kind, payload = self.receive()
        while kind == PING:
            # Reading a long backlog may take longer than the server's interval.
            kind, payload = self.receive()
        if kind == CLOSE:
            return int.from_bytes(payload[:2], "big")
        document = json.loads(payload)
        if document["event"] == "message":
            self.seqs.append(document["message"]["seq"])
        return document

    def held_by_the_kernel(self):
        """Returns how many bytes the server's socket accepted and this client has not read."""
        here, there = (f"0100007F:{port:04X}" for port in (self.socket.getsockname()[1], self.socket.getpeername()[1]))
        total = 0
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            _, local, remote, _, queues, *_ = line.split()
            sending, receiving = (int(each, 16) for each in queues.split(":"))
            if (local, remote) == (there, here):
                total += sending
            if (local, remote) == (here, there):
                total += receiving
        return total


class Crowd:
    """Ten members who read, one who does not, and one who posts until a condition is true."""

    def __init__(self, chat, server):
        self.members = [server.joined(chat.token("alice"), "general") for _ in range(10)]
        self.deaf = Deaf(server.port, chat.token("bob"))
        self.root = server.joined(chat.token("root"), "general")
        self.count = 0

    def post_until(self, is_enough):
        while not is_enough():
            self.count += 1
            self.root.post(BODY, room="general")
            assert self.count * len(BODY) < 16_000_000, "16 MB wait for one client"
        for member in self.members:
            assert [member.message()["seq"] for _ in range(self.count)] == list(range(1, self.count + 1))


def test_each_of_300_members_gets_every_message(chat, way):
    server, is_ring = way
    environment = {"CHATCTL_SERVER": server.url, "CHATCTL_TOKEN": chat.token("root")}
    result = chat.run("bench", "fanout", "--clients", "300", "--window", "4", *SHORT, env=environment).json
    assert result["deliveries"] == result["expected"] == 300 * result["messages"] > 0
    assert (result["missing"], result["duplicates"], result["out_of_order"]) == (0, 0, 0)
    maps = Path(f"/proc/{server.command.process.pid}/maps").read_text()
    assert ("io_uring" in maps) == is_ring


def test_who_comes_and_goes_amid_long_broadcasts_gets_just_what_follows(chat, server):
    """With 600 members a broadcast takes long enough for messages that arrive meanwhile to be delayed and merged."""
    environment = {"CHATCTL_SERVER": server.url, "CHATCTL_TOKEN": chat.token("root")}
    running = chat.start("bench", "fanout", "--room", "general", "--clients", "600", "--window", "8",
                         "--duration", "1m", "--warm-up", "100ms", "--json", env=environment)
    live = server.joined(chat.token("alice"), "general")
    live.message()
    for _ in range(30):
        live.ask(event="leave", room="general")
        live.frames.clear()
        last = live.join("general")["last_seq"]
        assert [live.message()["seq"] for _ in range(3)] == [last + 1, last + 2, last + 3]
    running.signal(signal.SIGINT)
    result = running.document(60)
    assert (result["missing"], result["duplicates"], result["out_of_order"]) == (0, 0, 0)


def test_a_member_that_falls_behind_catches_up(chat, way):
    crowd = Crowd(chat, way[0])
    deaf = crowd.deaf
    crowd.post_until(lambda: crowd.count * len(BODY) - deaf.held_by_the_kernel() > 300_000)
    count = crowd.count
    while deaf.seqs[-1:] != [count]:
        deaf.frame()
    crowd.root.post("and one by the straight way again", room="general")
    while deaf.seqs[-1:] != [count + 1]:
        deaf.frame()
    assert deaf.seqs == list(range(1, count + 2))
    deaf.close()


def test_a_member_that_does_not_read_is_dropped_with_4008_and_resumes(chat, way):
    server, _ = way
    crowd, token = Crowd(chat, server), chat.token("root")
    crowd.post_until(lambda: "bob" not in server.online(token, "general"))
    deaf, count = crowd.deaf, crowd.count
    while (last := deaf.frame()) != 4008:
        assert isinstance(last, dict), last
    assert deaf.seqs == list(range(1, len(deaf.seqs) + 1)) and len(deaf.seqs) < count
    deaf.close()
    resumed = server.socket(chat.token("bob"))
    answer = resumed.join("general", after=count - 5)
    assert answer["recovered"] is True and answer["last_seq"] == count
    assert [resumed.message()["seq"] for _ in range(5)] == list(range(count - 4, count + 1))
