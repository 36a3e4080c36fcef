"""One message for a whole room: by either of the kernel's ways, and past members that do not read."""

import ctypes
import json
import os
import socket
import sys
from pathlib import Path

import pytest

from chat import REPOSITORY
from raw import CLOSE, Raw, TEXT, frame

IO_URING_SETUP = 425
FORBIDDING = [sys.executable, str(REPOSITORY / "Tests/EndToEnd/forbidding.py"), str(IO_URING_SETUP), "--"]
SHORT = ["--duration", "300ms", "--warm-up", "100ms", "--json"]
BODY = "x" * 16_000


def has_io_uring():
    """Whether the kernel lets this machine's programs have one."""
    ring = ctypes.CDLL(None).syscall(IO_URING_SETUP, 1, ctypes.create_string_buffer(120))
    if ring >= 0:
        os.close(ring)
    return ring >= 0


@pytest.fixture(params=["in one call", "one by one"])
def way(request, chat):
    """A server that sends to many sockets by io_uring(7), and one that must use send(2)."""
    is_ring = request.param == "in one call"
    if is_ring and not has_io_uring():
        pytest.skip("no io_uring on this machine")
    server = chat.serve(below=() if is_ring else FORBIDDING)
    yield server, is_ring
    server.stop()


class Deaf(Raw):
    """A member of the room who reads only when told to, through a small window."""

    def __init__(self, port, token, room="general", **position):
        super().__init__(port)
        self.upgraded("/ws", token)
        self.send(frame(TEXT, json.dumps({"event": "join", "room": room, **position}).encode()))
        self.seqs = []
        while self.frame()["event"] != "joined":
            pass

    def connect(self, port):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", port))
        return connection

    def frame(self):
        """The next frame as an object; for the one that closes, its code."""
        kind, payload = self.receive()
        if kind == CLOSE:
            return int.from_bytes(payload[:2], "big")
        document = json.loads(payload)
        if document["event"] == "message":
            self.seqs.append(document["message"]["seq"])
        return document

    def held_by_the_kernel(self):
        """Bytes that the server's socket took and this client has not read."""
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


def test_each_of_300_members_gets_every_message(chat, way):
    server, is_ring = way
    environment = {"CHATCTL_SERVER": server.url, "CHATCTL_TOKEN": chat.token("root")}
    result = chat.run("bench", "fanout", "--clients", "300", "--window", "4", *SHORT, env=environment).json
    assert result["deliveries"] == result["expected"] == 300 * result["messages"] > 0
    assert (result["missing"], result["duplicates"], result["out_of_order"]) == (0, 0, 0)
    maps = Path(f"/proc/{server.command.process.pid}/maps").read_text()
    assert ("io_uring" in maps) == is_ring


def test_a_member_that_falls_behind_catches_up(chat, way):
    server, _ = way
    members = [server.joined(chat.token("alice"), "general") for _ in range(10)]
    deaf = Deaf(server.port, chat.token("bob"))
    root = server.joined(chat.token("root"), "general")
    count = 0
    while count * len(BODY) - deaf.held_by_the_kernel() < 300_000:
        count += 1
        root.post(BODY, room="general")
    for member in members:
        assert [member.message()["seq"] for _ in range(count)] == list(range(1, count + 1))
    while deaf.seqs[-1:] != [count]:
        deaf.frame()
    root.post("and one by the straight way again", room="general")
    while deaf.seqs[-1:] != [count + 1]:
        deaf.frame()
    assert deaf.seqs == list(range(1, count + 2))
    deaf.close()


def test_a_member_that_does_not_read_is_dropped_with_4008_and_resumes(chat, way):
    server, _ = way
    members = [server.joined(chat.token("alice"), "general") for _ in range(10)]
    deaf = Deaf(server.port, chat.token("bob"))
    root = server.joined(chat.token("root"), "general")
    count = 0
    while "bob" in server.online(chat.token("root"), "general"):
        count += 1
        root.post(BODY, room="general")
        assert count * len(BODY) < 16_000_000, "16 MB wait for one client"
    for member in members:
        assert [member.message()["seq"] for _ in range(count)] == list(range(1, count + 1))
    while (last := deaf.frame()) != 4008:
        assert isinstance(last, dict), last
    assert deaf.seqs == list(range(1, len(deaf.seqs) + 1)) and len(deaf.seqs) < count
    deaf.close()
    resumed = server.socket(chat.token("bob"))
    answer = resumed.join("general", after=count - 5)
    assert answer["recovered"] is True and answer["last_seq"] == count
    assert [resumed.message()["seq"] for _ in range(5)] == list(range(count - 4, count + 1))
