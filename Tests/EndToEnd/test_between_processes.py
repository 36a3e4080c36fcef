"""A server's clients see the effects of direct commands, and direct commands see those of the server's clients."""

import pytest

from chat import eventually


@pytest.fixture
def alice(chat, server):
    return server.joined(chat.token("alice"), "general")


def test_a_direct_send_is_heard_by_the_servers_clients(chat, server, alice):
    only = server.chatroom("general", chat.token("bob"))
    sent = chat.send("general", "from the shell", "bob")
    assert alice.message() == sent and only.message() == sent


def test_direct_and_live_posts_stand_in_one_order(chat, server, alice):
    root = server.joined(chat.token("root"), "general")
    shell = chat.start("send", "general", "--lines", "--as", "bob", "--json", stdin=-1)
    for number in range(100):
        shell.process.stdin.write(f"shell {number}\n")
        root.send(event="message", room="general", body=f"live {number}")
    shell.process.stdin.close()
    assert shell.wait(60) == 0
    messages = [alice.message() for _ in range(200)]
    assert [each["seq"] for each in messages] == list(range(1, 201))
    assert messages == chat.history("general")


def test_a_direct_tail_sees_what_the_servers_clients_send(chat, alice):
    chat.send("general", "old", "bob")
    tail = chat.start("tail", "general", "-f", "--json")
    assert tail.document()["body"] == "old"
    for number in range(20):
        alice.post(f"live {number}", room="general")
    assert [tail.document()["body"] for _ in range(20)] == [f"live {number}" for number in range(20)]


def test_a_direct_kick_acts_on_the_servers_connections(chat, server):
    chat.room("red", "--private", "--member", "alice")
    live, only = server.joined(chat.token("alice"), "red"), server.chatroom("red", chat.token("alice"))
    chat.run("room", "kick", "red", "alice")
    assert live.expect(event="removed")["reason"] == "kicked"
    assert only.closed() == 4003


def test_a_direct_room_creation_is_told_to_its_members(chat, alice):
    chat.room("red", "--private", "--member", "alice")
    assert alice.expect(event="room")["room"]["name"] == "red"


def test_a_direct_deletion_is_told(chat, alice):
    chat.send("general", "oops", "bob")
    alice.message("oops")
    chat.run("message", "delete", "general", "1")
    assert alice.expect(event="message_deleted")["seq"] == 1


def test_a_direct_presence_sees_who_is_connected(chat, server, alice):
    eventually(lambda: [each["username"] for each in chat.run("presence", "general", "--json").json["users"]] == ["alice"],
               "alice is seen")
    alice.close()
    eventually(lambda: chat.run("presence", "general", "--json").json["users"] == [], "alice is gone")


def test_a_direct_presence_watches(chat, server, alice):
    server.connections(chat.token("bob"), "general", alice=1)
    watch = chat.start("presence", "general", "--watch", "--json")
    assert [each["username"] for each in watch.document()["users"]] == ["alice"]
    bob = server.joined(chat.token("bob"), "general")
    while sorted(each["username"] for each in watch.document()["users"]) != ["alice", "bob"]:
        pass
    bob.close()
    while [each["username"] for each in watch.document()["users"]] != ["alice"]:
        pass


def test_a_user_and_token_made_while_the_server_runs_can_connect(chat, server):
    chat.user("carol")
    server.joined(chat.token("carol"), "general")


def test_two_servers_of_one_database_are_one_chat(chat, server, alice):
    other = chat.serve()
    bob = other.joined(chat.token("bob"), "general")
    alice.expect(event="online_count", online_count=2)
    for number in range(20):
        alice.post(f"a {number}", room="general")
        bob.post(f"b {number}", room="general")
    for live in (alice, bob):
        assert [live.message()["seq"] for _ in range(40)] == list(range(1, 41))
    bob.send(event="typing", room="general")
    assert alice.expect(event="typing")["username"] == "bob"
    other.stop()
    alice.expect(event="online_count", online_count=1)


def test_direct_commands_at_once_do_not_hinder_each_other(chat):
    sends = [chat.start("send", "general", f"hi {number}", "--as", "bob") for number in range(12)]
    assert [each.wait(60) for each in sends] == [0] * 12
    assert sorted(int(each.line()) for each in sends) == list(range(1, 13))
