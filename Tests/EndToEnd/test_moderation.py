"""Moderation and its record from the command line, on the database and over a server."""

import os
import pwd
import signal

from chat import eventually

PARTS = 450


def test_a_spammers_messages_are_deleted_at_one_stroke_and_everyone_sees_it(chat, server, operator):
    listener = server.joined(chat.token("alice"), "general")
    spam = "".join(f"buy {number}\n" for number in range(PARTS))
    chat.send("general", "hello", "alice")
    chat.run("send", "general", "--lines", "--as", "bob", input=spam)
    chat.room("plans", "--private", "--member", "bob")
    chat.send("plans", "buy here too", "bob")
    chat.send("general", "mine", "alice")
    [listener.message() for _ in range(PARTS + 2)]

    refused = operator.run("message", "delete", "--author", "bob", code=64)
    assert "--yes" in refused.err
    deleted = operator.json("message", "delete", "--author", "bob", "--room", "general", "--yes")
    assert deleted == {"author": "bob", "room": "general", "deleted": PARTS}
    gone = [listener.expect(event="message_deleted")["seq"] for _ in range(PARTS)]
    assert sorted(gone) == list(range(2, PARTS + 2))
    assert [each for each in chat.bodies("general") if each] == ["hello", "mine"]
    assert operator.json("message", "delete", "--author", "bob", "--since", "1h", "--yes")["deleted"] == 1
    assert operator.json("message", "delete", "--author", "bob", "--yes")["deleted"] == 0


def test_names_in_a_row_are_all_tried(operator):
    done = operator.run("user", "show", "alice", "nobody", "bob", "--json", code=66)
    assert [user["username"] for user in done.json] == ["alice", "bob"]
    assert len(done.err.splitlines()) == 1 and "user_not_found" in done.err
    for name in ("a", "b", "c"):
        operator.run("room", "create", name)
    done = operator.run("room", "delete", "a", "nowhere", "c", "--yes", code=66)
    assert "room nowhere" in done.err
    assert [room["name"] for room in operator.json("room", "list")] == ["b", "general"]
    assert operator.json("room", "archive", "b", "general")[0]["archived"] is True


def test_acts_are_recorded_under_the_name_of_who_did_them(operator):
    operator.run("room", "create", "red")
    operator.run("room", "ban", "red", "bob", "--for", "1h30m", "--reason", "sells watches")
    [imposed] = operator.json("room", "restrictions", "red")
    assert imposed["reason"] == "sells watches"
    act = operator.json("audit", "-n", "1", "--target", "red")[0]
    assert list(act) == ["id", "at", "actor", "action", "target", "detail"]
    who = "root" if operator.server else pwd.getpwuid(os.getuid()).pw_name
    assert act["actor"] == who == imposed["made_by"] and act["action"] == "room.ban"
    assert "sells watches" in act["detail"]
    assert operator.json("audit", "--actor", "nobody") == []

    follower = operator.start("audit", "-f", "-n", "1", "--target", "red", "--json")
    assert follower.document() == act
    operator.run("room", "unban", "red", "bob")
    assert follower.document()["action"] == "room.unban"
    follower.signal(signal.SIGINT)
    assert follower.wait() == 130


def test_rooms_tell_when_their_last_message_was_posted(chat, operator):
    operator.run("room", "create", "quiet")
    sent = chat.send("general", "hi", "alice")
    rooms = {room["name"]: room for room in operator.json("room", "list")}
    assert rooms["quiet"]["last_message_at"] is None
    assert rooms["general"]["last_message_at"] == sent["created_at"]
    assert operator.json("room", "list", "--idle", "30d") == []
    eventually(lambda: len(operator.json("room", "list", "--idle", "1ms")) == 2, "both rooms are idle for a moment")
