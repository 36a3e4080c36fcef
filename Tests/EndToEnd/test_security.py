"""Access control: nobody sees what they may not, and revoked rights take effect on live connections."""

import json

import pytest
from websockets.exceptions import InvalidStatus

from chat import eventually


@pytest.fixture
def tokens(chat):
    return {name: chat.token(name) for name in ("root", "alice", "bob")}


@pytest.fixture
def secret(chat):
    """A private room owned by alice, with one message."""
    chat.room("secret", "--private", "--member", "alice")
    chat.send("secret", "the treasure is under the oak", "alice")
    return "secret"


# A private room and users who are not members.

@pytest.mark.parametrize("method, path, body", [
    ("GET", "", None), ("GET", "/messages", None), ("GET", "/messages?after=0", None), ("GET", "/messages/1", None),
    ("POST", "/messages", {"body": "hi"}), ("DELETE", "/messages/1", None), ("GET", "/members", None),
    ("PUT", "/members/bob", {}), ("PUT", "/members/bob", {"role": "owner"}), ("DELETE", "/members/alice", None),
    ("GET", "/presence", None), ("PATCH", "", {"topic": "x"}), ("DELETE", "", None),
])
def test_a_stranger_gets_403_from_a_private_room(chat, server, tokens, secret, method, path, body):
    answer = server.http(method, f"/api/v1/rooms/{secret}{path}", tokens["bob"], body)
    assert answer.status == 403 and answer.error["code"] in ("not_a_member", "not_allowed")
    assert b"treasure" not in answer.body and b"alice" not in answer.body
    assert chat.bodies(secret) == ["the treasure is under the oak"]


@pytest.mark.parametrize("method, path", [
    ("GET", ""), ("GET", "/messages"), ("POST", "/messages"), ("GET", "/members"), ("GET", "/presence")])
def test_an_unknown_room_is_404(server, tokens, method, path):
    body = {"body": "hi"} if method == "POST" else None
    assert server.api(method, f"/rooms/nowhere{path}", tokens["bob"], body, 404)["code"] == "room_not_found"


def test_a_stranger_cannot_join_a_private_room_over_a_socket(server, tokens, secret):
    bob = server.socket(tokens["bob"])
    assert bob.fault(event="join", room=secret)["code"] == "not_a_member"
    for event in ({"event": "message", "body": "hi"}, {"event": "typing"}, {"event": "read", "seq": 1}):
        assert bob.fault(room=secret, **event)["code"] in ("not_joined", "not_a_member")
    assert server.refused(tokens["bob"], f"/ws/chatroom/{secret}")[0] == 403


def test_search_and_lists_keep_private_rooms_to_their_members(chat, server, tokens, secret):
    assert [hit["seq"] for hit in server.api("GET", "/search?q=treasure", tokens["alice"])] == [1]
    assert server.api("GET", "/search?q=treasure", tokens["bob"]) == []
    assert secret not in json.dumps(server.api("GET", "/rooms", tokens["bob"]))
    assert secret not in json.dumps(server.api("GET", "/rooms?user=alice", tokens["bob"]))
    remote = {"CHATCTL_SERVER": server.url, "CHATCTL_TOKEN": tokens["bob"]}
    assert chat.run("message", "search", "treasure", "--json", env=remote).json == []
    chat.run("tail", secret, env=remote, code=77)
    chat.run("presence", secret, env=remote, code=77)
    chat.run("room", "members", secret, env=remote, code=77)


def test_a_direct_room_is_for_its_two_only(chat, server, tokens):
    chat.user("carol")
    room = server.api("POST", "/direct/bob", tokens["alice"], status=201)["name"]
    server.api("POST", f"/rooms/{room}/messages", tokens["alice"], {"body": "psst"}, 201)
    carol = chat.token("carol")
    for path in ("", "/messages", "/members", "/presence"):
        server.api("GET", f"/rooms/{room}{path}", carol, status=403)
    server.api("POST", f"/rooms/{room}/messages", carol, {"body": "hi"}, 403)
    assert server.refused(carol, f"/ws/chatroom/{room}")[0] == 403
    assert room not in json.dumps(server.api("GET", "/rooms", carol))
    for user in ("carol", "alice"):
        error = server.api("PUT", f"/rooms/{room}/members/carol", tokens[user] if user in tokens else carol, {}, 403)
        assert error["code"]
    assert {each["username"] for each in server.api("GET", f"/rooms/{room}/members", tokens["bob"])} == {"alice", "bob"}


def test_a_direct_room_with_oneself_is_refused(server, tokens):
    assert server.http("POST", "/api/v1/direct/alice", tokens["alice"]).status in (400, 403, 409)


# Changes that affect live connections.

def test_a_kick_takes_the_room_from_a_live_connection(chat, server, tokens, secret):
    chat.run("room", "members", secret, "--add", "root")
    alice, root = server.joined(tokens["alice"], secret), server.joined(tokens["root"], secret)
    server.api("POST", f"/rooms/{secret}/kick/alice", tokens["root"], status=204)
    assert alice.expect(event="removed")["reason"] == "kicked"
    root.post("now without her", room=secret)
    assert all(frame["event"] != "message" for frame in alice.settled())
    assert alice.fault(event="join", room=secret)["code"] == "not_a_member"
    server.connections(tokens["root"], secret, root=1)


def test_a_kick_closes_a_socket_of_the_one_room(server, tokens, chat, secret):
    alice = server.chatroom(secret, tokens["alice"])
    chat.run("room", "kick", secret, "alice")
    assert alice.closed() == 4003


def test_a_ban_closes_the_room_and_its_end_opens_it(chat, server, tokens):
    bob, only = server.joined(tokens["bob"], "general"), server.chatroom("general", tokens["bob"])
    server.api("PUT", "/rooms/general/bans/bob", tokens["root"], {}, 204)
    assert bob.expect(event="removed", room="general")["reason"] == "banned"
    assert only.closed() == 4003
    assert bob.fault(event="message", room="general", body="hi")["code"] in ("banned", "not_joined")
    assert bob.fault(event="join", room="general")["code"] == "banned"
    assert server.refused(tokens["bob"], "/ws/chatroom/general")[0] == 403
    assert server.api("POST", "/rooms/general/messages", tokens["bob"], {"body": "hi"}, 403)["code"] == "banned"
    server.api("GET", "/rooms/general/messages", tokens["bob"], status=403)
    server.api("DELETE", "/rooms/general/bans/bob", tokens["root"], status=204)
    bob.join("general")
    bob.post("back", room="general")


def test_a_ban_ends_by_itself(chat, server, tokens):
    chat.run("room", "ban", "general", "bob", "--for", "1s")
    eventually(lambda: server.http("POST", "/api/v1/rooms/general/messages", tokens["bob"], {"body": "hi"}).status == 201,
               "the ban ends")


def test_a_mute_leaves_the_ears(chat, server, tokens):
    bob = server.joined(tokens["bob"], "general")
    chat.run("room", "mute", "general", "bob")
    eventually(lambda: bob.ask(event="message", room="general", body="no").get("code") == "muted", "the mute acts")
    chat.send("general", "listen", "alice")
    bob.message("listen")
    chat.run("room", "unmute", "general", "bob")
    eventually(lambda: bob.ask(event="message", room="general", body="hi")["ok"], "the mute ends")


def test_disabling_a_user_closes_every_connection_of_theirs(chat, server, tokens):
    sockets = [server.joined(tokens["bob"], "general"), server.socket(tokens["bob"]),
               server.chatroom("general", tokens["bob"])]
    alice = server.joined(tokens["alice"], "general")
    chat.run("user", "disable", "bob")
    assert [socket.closed() for socket in sockets] == [4003, 4003, 4003]
    assert server.http("GET", "/api/v1/me", tokens["bob"]).status in (401, 403)
    assert server.refused(tokens["bob"])[0] in (401, 403)
    alice.settled()
    eventually(lambda: server.online(tokens["alice"], "general") == ["alice"], "bob is offline")
    chat.run("user", "enable", "bob")
    server.socket(tokens["bob"])


def test_a_revoked_token_closes_its_connections_and_no_others(chat, server, tokens):
    issued = chat.run("user", "token", "bob", "--json").json
    gone, stays = server.joined(issued["token"], "general"), server.joined(tokens["bob"], "general")
    chat.run("user", "revoke-token", "bob", str(issued["id"]))
    assert gone.closed() == 4001
    assert server.refused(issued["token"]) == (401, "unauthenticated")
    stays.post("hi", room="general")


def test_logging_out_closes_the_sessions_sockets(chat, server):
    chat.run("user", "create", "carol", "--password-stdin", input="correct horse battery\n")
    token = server.api("POST", "/login", json_body={"username": "carol", "password": "correct horse battery"})["token"]
    live = server.joined(token, "general")
    server.http("POST", "/api/v1/logout", token)
    assert live.closed() == 4001


def test_deleting_a_user_closes_their_connections(chat, server, tokens):
    bob = server.joined(tokens["bob"], "general")
    chat.run("user", "delete", "bob", "--yes")
    assert bob.closed() in (4001, 4003)
    assert server.refused(tokens["bob"])[0] == 401


def test_deleting_a_room_takes_it_from_everyone(chat, server, tokens):
    chat.room("red")
    bob = server.joined(tokens["bob"], "red")
    chat.run("room", "delete", "red", "--yes")
    assert bob.expect(event="removed")["room"] == "red"
    assert bob.fault(event="message", room="red", body="hi")["code"] in ("room_not_found", "not_joined")


def test_making_a_room_of_members_only_is_no_way_in(chat, server, tokens):
    for body in ({"kind": "public"}, {"members": ["bob"]}):
        chat.run("room", "create", "hidden", "--private", "--if-not-exists")
        server.http("PATCH", "/api/v1/rooms/hidden", tokens["bob"], body)
        server.api("GET", "/rooms/hidden", tokens["bob"], status=403)


def test_an_expired_token_opens_nothing(chat, server):
    token = chat.token("bob", "--expires", "1s")

    def refused():
        try:
            server.socket(token).close()
        except InvalidStatus as refusal:
            return refusal.response.status_code == 401

    eventually(refused, "the token expires")


def test_a_token_that_expires_ends_its_live_connection(chat, server):
    live = server.joined(chat.token("bob", "--expires", "1s"), "general")
    assert live.closed() == 4001


def test_tokens_and_passwords_are_not_kept_in_the_clear(chat, server):
    chat.run("user", "create", "carol", "--password-stdin", input="correct horse battery\n")
    token = server.api("POST", "/login", json_body={"username": "carol", "password": "correct horse battery"})["token"]
    kept = chat.kept()
    assert b"correct horse" not in kept and token.encode() not in kept
    assert chat.token("bob") not in chat.run("user", "tokens", "bob", "--json").out


def test_a_moderator_moderates_members_and_not_the_owner(chat, server, tokens):
    chat.user("carol")
    chat.room("red")
    chat.run("room", "members", "red", "--add", "alice", "--role", "moderator")
    chat.run("room", "members", "red", "--add", "carol", "--role", "owner")
    server.api("PUT", "/rooms/red/mutes/bob", tokens["alice"], {}, 204)
    server.api("POST", "/rooms/red/messages", tokens["bob"], {"body": "hi"}, 403)
    server.api("DELETE", "/rooms/red/mutes/bob", tokens["alice"], status=204)
    server.api("POST", "/rooms/red/messages", tokens["bob"], {"body": "hi"}, 201)
    for act in (("PUT", "/rooms/red/bans/carol"), ("POST", "/rooms/red/kick/carol"), ("PUT", "/rooms/red/mutes/carol")):
        server.api(*act, tokens["alice"], {}, 403)
    server.api("PUT", "/rooms/red/members/alice", tokens["alice"], {"role": "owner"}, 403)
    server.api("POST", "/rooms/red/kick/alice", tokens["bob"], status=403)
