"""Positions in logs that were given up: restored databases, and rooms that are renamed, swapped or made anew."""

import json
import signal
import sqlite3
import subprocess

import pytest

from chat import TLS, eventually


def seqs(result):
    return [each["seq"] for each in result.documents]


def places(result):
    return {(each["room"], each["seq"]) for each in result.documents}


def database(chat):
    return chat.data / "chatctl" / "chat.db"


# Backup and restore


@pytest.mark.sqlite
def test_a_backup_is_one_moment_of_a_log_that_grows(chat, server, tmp_path):
    writer = chat.start("send", "general", "--lines", "--as", "alice", "--json", stdin=subprocess.PIPE)
    for number in range(5):
        for line in range(40):
            writer.process.stdin.write(f"line {number} {line}\n")
        writer.process.stdin.flush()
        acknowledged = writer.document()["seq"]
        copy = tmp_path / f"copy{number}"
        made = chat.run("backup", str(copy), "--json").json
        assert made == {"file": str(copy), "bytes": copy.stat().st_size}
        log = [each["seq"] for each in
               chat.run("--database", f"sqlite:{copy}", "tail", "general", "-n", "1000", "--json").documents]
        assert log == list(range(1, len(log) + 1)) and len(log) >= acknowledged
    writer.process.stdin.close()
    assert writer.wait() == 0
    assert len(chat.history("general")) == 200


@pytest.mark.sqlite
def test_a_backup_replaces_nothing(chat, tmp_path):
    copy = tmp_path / "copy"
    chat.run("backup", str(copy))
    before = copy.read_bytes()
    assert chat.run("backup", str(copy), "--json", code=73).error["code"] == "already_exists"
    assert copy.read_bytes() == before and copy.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy"]


@pytest.mark.sqlite
def test_a_restored_database_fools_no_client(chat, tmp_path):
    copy = str(tmp_path / "copy")
    for number in (1, 2, 3):
        chat.send("general", f"kept {number}", "alice")
    chat.run("backup", copy)
    for number in (4, 5):
        chat.send("general", f"lost {number}", "alice")
    server = chat.serve()
    old = server.joined(chat.token("bob"), "general")
    epoch = old.join("general")["epoch"]
    refused = chat.run("restore", copy, "--yes", "--json", code=69).error
    assert refused["code"] == "unavailable" and "a server is using it" in refused["message"]
    server.stop()
    assert chat.run("restore", copy, code=64).out == ""
    chat.run("restore", copy, "--yes")
    assert chat.bodies("general") == ["kept 1", "kept 2", "kept 3"]
    for number in (4, 5, 6):
        chat.send("general", f"new {number}", "alice")
    server = chat.serve()
    token = chat.token("bob")

    def come(**position):
        live = server.socket(token)
        answer = live.join("general", **position)
        missed = [frame["message"]["body"] for frame in live.settled() if frame["event"] == "message"]
        live.close()
        return answer["recovered"], missed, answer["epoch"]

    fresh = come()[2]
    assert fresh != epoch
    assert come(after=5, epoch=epoch) == (False, [], fresh)
    assert come(after=2, epoch=epoch) == (False, [], fresh)
    # Without an epoch nobody knows which message 4 or 5 it has seen.
    assert come(after=5) == (False, [], fresh) and come(after=4) == (False, [], fresh)
    assert come(after=2) == (True, ["kept 3", "new 4", "new 5", "new 6"], fresh)
    assert come(after=5, epoch=fresh) == (True, ["new 6"], fresh)
    server.stop()


@pytest.mark.sqlite
def test_a_room_made_after_a_restore_has_no_positions_of_before(chat, tmp_path):
    copy = str(tmp_path / "copy")
    chat.run("backup", copy)
    chat.room("red")
    for number in (1, 2):
        chat.send("red", f"lost {number}", "alice")
    chat.run("restore", copy, "--yes")
    chat.room("red")
    for number in (1, 2, 3):
        chat.send("red", f"new {number}", "alice")
    server = chat.serve()
    live = server.socket(chat.token("bob"))
    assert live.join("red", after=2)["recovered"] is False
    server.stop()


@pytest.mark.sqlite
def test_a_server_that_slept_through_a_restore_ends(chat, tmp_path):
    """It was stopped for longer than its lease, so the restore did not see it."""
    copy = str(tmp_path / "copy")
    chat.run("backup", copy)
    server = chat.serve()
    token = chat.token("alice")
    server.api("POST", "/rooms/general/messages", token, {"body": "before"}, 201)
    server.command.signal(signal.SIGSTOP)
    with sqlite3.connect(database(chat)) as connection:
        connection.execute("UPDATE nodes SET lease_until = 0")
    connection.close()
    chat.run("restore", copy, "--yes")
    server.command.signal(signal.SIGCONT)
    assert server.command.wait() == 69
    assert "was restored from a backup" in server.command.err
    assert chat.bodies("general") == []
    chat.send("general", "after", "alice")
    assert chat.bodies("general") == ["after"]


@pytest.mark.sqlite
def test_a_direct_tail_ends_when_its_database_is_restored(chat, tmp_path):
    copy, cursor = str(tmp_path / "copy"), str(tmp_path / "cursor")
    chat.send("general", "kept", "alice")
    chat.run("backup", copy)
    chat.send("general", "lost", "alice")
    tail = chat.start("tail", "general", "-f", "--cursor", cursor, "--json")
    assert [tail.document()["body"] for _ in range(2)] == ["kept", "lost"]
    chat.run("restore", copy, "--yes")
    chat.send("general", "new", "alice")
    assert tail.wait() == 69 and "was restored from a backup" in tail.err
    assert tail.rest() == []
    again = chat.run("tail", "general", "--cursor", cursor, "--json")
    assert [each["body"] for each in again.documents] == ["kept", "new"] and "begins anew" in again.err
    # The log of the new file is whole although a process of the old one ended after it was made.
    assert chat.bodies("general") == ["kept", "new"]


@pytest.mark.sqlite
def test_what_is_no_backup_is_refused(chat, tmp_path):
    (tmp_path / "text").write_text("no database\n" * 999)
    subprocess.run(["mkfifo", tmp_path / "pipe"], check=True)
    with sqlite3.connect(tmp_path / "foreign") as connection:
        connection.execute("CREATE TABLE users (id)")
    connection.close()
    chat.send("general", "kept", "alice")
    for name in ("none", "text", "pipe", "foreign", ""):
        assert chat.run("restore", str(tmp_path / name), "--yes", "--json", code=65).error["code"] == "invalid_input"
    assert chat.bodies("general") == ["kept"]


def test_postgresql_has_its_own_means(chat, tmp_path):
    for arguments in (["backup", str(tmp_path / "copy")], ["restore", str(tmp_path / "copy"), "--yes"]):
        refused = chat.run("--database", "postgres://db/chat", *arguments, "--json", code=64).error
        assert refused["code"] == "usage" and "pg_" in refused["hint"]
    chat.run("--server", "http://127.0.0.1:1", "backup", str(tmp_path / "copy"), code=64)


def test_a_new_epoch_sends_clients_to_the_beginning(chat):
    for number in (1, 2):
        chat.send("general", f"m{number}", "alice")
    server, token = chat.serve(), chat.token("bob")
    epoch = server.socket(token).join("general")["epoch"]
    assert chat.run("migrate", "--new-epoch", "--json", code=69).error["code"] == "unavailable"
    server.stop()
    chat.run("migrate", "--new-epoch")
    chat.send("general", "m3", "alice")
    server = chat.serve()
    live = server.socket(token)
    assert live.join("general", after=2, epoch=epoch)["recovered"] is False
    assert live.join("general", after=3)["recovered"] is False
    assert live.join("general", after=2)["recovered"] is True and live.message("m3")
    server.stop()


# Rooms


def client(chat, server):
    """The environment of a command that works on the server as `root`."""
    trust = {"SSL_CERT_FILE": str(TLS.files()[0])} if TLS.is_on else {}
    return {"CHATCTL_SERVER": server.url, "CHATCTL_TOKEN": chat.token("root"), **trust}


@pytest.fixture(params=["direct", "remote"])
def tail(request, chat):
    """Runs `tail` on the database or on a server, and starts it."""
    server = chat.serve() if request.param == "remote" else None
    env = client(chat, server) if server else {}

    class Tail:
        def run(self, *arguments):
            return chat.run("tail", *arguments, "--json", env=env)

        def start(self, *arguments):
            return chat.start("tail", *arguments, "--json", env=env)

    yield Tail()
    if server:
        server.stop()


def swap(chat, first, second):
    for room, name in ((first, "spare"), (second, first), ("spare", second)):
        chat.run("room", "rename", room, name)


def test_a_cursor_follows_its_rooms_through_new_names(chat, tail, tmp_path):
    cursor = str(tmp_path / "cursor")
    for room in ("red", "blue"):
        chat.room(room)
    chat.send("red", "r1", "alice")
    assert places(tail.run("red", "blue", "-n", "0", "--cursor", cursor)) == set()
    swap(chat, "red", "blue")
    chat.send("blue", "r2", "alice")
    chat.send("red", "b1", "alice")
    assert places(tail.run("red", "blue", "--cursor", cursor)) == {("blue", 2), ("red", 1)}
    chat.run("room", "rename", "blue", "green")
    chat.room("blue")
    for number in range(12):
        chat.send("blue", f"n{number}", "alice")
    chat.send("green", "r3", "alice")
    got = tail.run("green", "blue", "--cursor", cursor)
    assert places(got) == {("green", 3), *(("blue", number) for number in range(1, 13))}
    assert places(tail.run("green", "blue", "red", "--cursor", cursor)) == set()


def test_a_room_that_was_made_anew_is_read_from_its_beginning(chat, tail, tmp_path):
    cursor = str(tmp_path / "cursor")
    chat.room("red")
    for number in (1, 2):
        chat.send("red", f"old {number}", "alice")
    assert seqs(tail.run("red", "--cursor", cursor)) == [1, 2]
    chat.run("room", "delete", "red", "--yes")
    chat.room("red")
    for number in (1, 2, 3):
        chat.send("red", f"new {number}", "alice")
    again = tail.run("red", "--cursor", cursor)
    assert [each["body"] for each in again.documents] == ["new 1", "new 2", "new 3"] and "begins anew" in again.err
    assert seqs(tail.run("red", "--cursor", cursor)) == []


def test_rooms_that_swap_names_are_followed_on(chat, tail, tmp_path):
    cursor = str(tmp_path / "cursor")
    for room in ("red", "blue"):
        chat.room(room)
        chat.send(room, f"{room} 1", "alice")
    chat.send("red", "red 2", "alice")
    following = tail.start("red", "blue", "-f", "--cursor", cursor)
    assert {following.document()["body"] for _ in range(3)} == {"red 1", "red 2", "blue 1"}
    for turn in range(3, 6):
        swap(chat, "red", "blue")
        of_red, of_blue = ("blue", "red") if turn % 2 else ("red", "blue")
        chat.send(of_red, f"red {turn}", "alice")
        chat.send(of_blue, f"blue {turn}", "alice")
        assert {(each["room"], each["body"]) for each in (following.document(), following.document())} == {
            (of_red, f"red {turn}"), (of_blue, f"blue {turn}")}
    following.signal(signal.SIGTERM)
    assert following.wait() == 130 and following.rest() == []
    chat.send("red", "last", "alice")
    assert [each["body"] for each in tail.run("blue", "red", "--cursor", cursor).documents] == ["last"]


def test_a_cursor_of_an_earlier_version_is_read_on(chat, tail, tmp_path):
    cursor = tmp_path / "cursor"
    for number in (1, 2, 3):
        chat.send("general", f"m{number}", "alice")
    cursor.write_text('{"general":2}')
    assert seqs(tail.run("general", "--cursor", str(cursor))) == [3]
    assert list(json.loads(cursor.read_text()).values()) == [{"room": "general", "seq": 3}]


@pytest.mark.parametrize("anew", [False, True], ids=["alone", "and-another-has-its-name"])
def test_a_remote_tail_finds_a_room_that_was_renamed_during_an_outage(chat, anew):
    chat.room("red")
    server = chat.serve()
    env = client(chat, server)
    chat.send("red", "before", "alice")
    tail = chat.start("tail", "red", "-f", "--json", env=env)
    assert tail.document()["body"] == "before"
    server.stop()
    chat.run("room", "rename", "red", "blue")
    if anew:
        chat.room("red")
        chat.send("red", "of another room", "alice")
    chat.send("blue", "meanwhile", "alice")
    server = chat.serve(port=server.port)
    assert tail.document()["body"] == "meanwhile"
    chat.send("blue", "after", "alice")
    message = tail.document()
    assert (message["room"], message["body"], message["seq"]) == ("blue", "after", 3)
    server.stop()


def test_a_remote_tail_starts_afresh_in_a_room_that_was_made_anew(chat):
    chat.room("red")
    server = chat.serve()
    env = client(chat, server)
    for number in (1, 2):
        chat.send("red", f"old {number}", "alice")
    tail = chat.start("tail", "red", "-f", "--json", env=env)
    assert [tail.document()["body"] for _ in range(2)] == ["old 1", "old 2"]
    server.stop()
    chat.run("room", "delete", "red", "--yes")
    chat.room("red")
    for number in (1, 2, 3):
        chat.send("red", f"new {number}", "alice")
    server = chat.serve(port=server.port)
    assert [tail.document()["body"] for _ in range(3)] == ["new 1", "new 2", "new 3"]
    eventually(lambda: "was made anew" in tail.err, "the tail says so")
    server.stop()


def test_the_audit_is_followed_across_a_restart_of_the_server(chat):
    server = chat.serve()
    root = {"CHATCTL_TOKEN": chat.token("root")}
    chat.run("room", "create", "red")
    follower = chat.start("--server", server.url, "audit", "-f", "-n", "1", "--target", "red", "--json", env=root)
    assert follower.document()["action"] == "room.create"
    server.stop()
    eventually(lambda: "connection lost" in follower.err, "the loss is said")
    chat.run("room", "topic", "red", "Crimson")
    server = chat.serve(port=server.port)
    assert follower.document()["action"] == "room.topic"
    follower.signal(signal.SIGINT)
    assert follower.wait() == 130 and follower.err.splitlines()[:2] == [
        "chatctl: connection lost, reconnecting", "chatctl: reconnected"]
    server.stop()
