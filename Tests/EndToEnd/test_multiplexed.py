"""`/ws`: many rooms on one connection."""

import json

import pytest

from chat import MESSAGE_KEYS, ROOM_KEYS, eventually


def test_join_answers_with_the_room_and_its_place(chat, server):
    chat.send("general", "one", "alice")
    alice = server.socket(chat.token("alice"))
    alice.send(event="join", room="general", ref="j1")
    joined = alice.expect(event="joined")
    assert list(joined) == ["ok", "event", "ref", "room", "last_seq", "epoch", "online_count", "recovered"]
    assert joined["ok"] is True and joined["ref"] == "j1" and joined["room"] == "general"
    assert joined["last_seq"] == 1 and joined["online_count"] == 1 and joined["recovered"] is True
    assert isinstance(joined["epoch"], str) and joined["epoch"]


def test_an_answer_repeats_the_ref_and_has_none_when_none_was_sent(chat, server):
    alice = server.socket(chat.token("alice"))
    alice.send(event="ping")
    assert alice.expect(event="pong") == {"ok": True, "event": "pong"}
    alice.send(event="ping", ref="p")
    assert alice.expect(event="pong") == {"ok": True, "event": "pong", "ref": "p"}
    alice.send(event="ping", ref=7)
    assert alice.expect(event="pong")["ref"] == 7


def test_leave_ends_the_messages_of_a_room(chat, server):
    alice = server.joined(chat.token("alice"), "general")
    bob = server.joined(chat.token("bob"), "general")
    assert alice.ask(event="leave", room="general") == {
        "ok": True, "event": "left", "ref": f"r{alice.reference}", "room": "general"}
    bob.post("not for alice", room="general")
    bob.expect(event="online_count", online_count=1)
    assert all(frame["event"] != "message" for frame in alice.settled())
    assert alice.fault(event="message", room="general", body="hi")["code"] == "not_joined"


def test_a_message_is_acknowledged_and_heard_by_everyone_joined(chat, server):
    alice, bob = (server.joined(chat.token(name), "general") for name in ("alice", "bob"))
    ack = alice.ask(event="message", room="general", body="hi", client_id="a1")
    assert list(ack) == ["ok", "event", "ref", "room", "id", "seq", "client_id"]
    assert (ack["event"], ack["room"], ack["seq"], ack["client_id"]) == ("ack", "general", 1, "a1")
    for live in (alice, bob):
        message = live.message("hi")
        assert list(message) == MESSAGE_KEYS and (message["id"], message["seq"]) == (ack["id"], 1)


def test_room_and_event_may_be_left_out_when_one_room_is_joined(chat, server):
    chat.room("red")
    alice = server.joined(chat.token("alice"), "general")
    alice.send(body="bare")
    assert alice.message("bare")["room"] == "general"
    alice.join("red")
    fault = alice.fault(body="which?")
    assert fault["code"] in ("invalid_frame", "not_joined")
    assert chat.bodies("general") == ["bare"] and chat.bodies("red") == []


def test_a_client_id_again_gives_the_same_seq_and_posts_nothing(chat, server):
    token = chat.token("alice")
    alice = server.joined(token, "general")
    first = alice.post("hi", room="general", client_id="a1")
    assert alice.post("hi", room="general", client_id="a1")["seq"] == first["seq"]
    again = server.joined(token, "general")
    assert again.post("hi", room="general", client_id="a1")["id"] == first["id"]
    assert chat.bodies("general") == ["hi"]


def test_two_authors_may_use_the_same_client_id(chat, server):
    for number, name in enumerate(("alice", "bob"), 1):
        assert server.joined(chat.token(name), "general").post("hi", room="general", client_id="a1")["seq"] == number


def test_a_client_id_sent_twice_at_once_posts_once(chat, server):
    alice = server.joined(chat.token("alice"), "general")
    for _ in range(10):
        alice.send(event="message", room="general", body="hi", client_id="same")
    assert {alice.expect(event="ack")["seq"] for _ in range(10)} == {1}
    assert chat.bodies("general") == ["hi"]


def test_rooms_are_apart(chat, server):
    chat.room("red")
    alice = server.joined(chat.token("alice"), "general", "red")
    bob = server.joined(chat.token("bob"), "general")
    alice.post("in red", room="red")
    alice.post("in general", room="general")
    assert bob.message()["body"] == "in general"
    assert all(frame["event"] != "message" for frame in bob.settled())


def test_typing_is_told_to_everyone_joined(chat, server):
    alice, bob = (server.joined(chat.token(name), "general") for name in ("alice", "bob"))
    bob.send(event="typing", room="general")
    assert alice.expect(event="typing") == {"ok": True, "event": "typing", "room": "general", "username": "bob"}


def test_read_has_no_answer(chat, server):
    alice = server.joined(chat.token("alice"), "general")
    alice.post("hi", room="general")
    alice.settled()
    alice.send(event="read", room="general", seq=1)
    alice.send(event="typing", room="general")
    assert all(frame["event"] in ("typing", "online_count", "presence") for frame in alice.settled())


# Resuming.

def test_join_with_after_replays_exactly_what_was_missed(chat, server):
    epoch = server.joined(chat.token("alice"), "general").join("general")["epoch"]
    chat.run("send", "general", "--lines", "--as", "alice", input="".join(f"m{n}\n" for n in range(1, 8)))
    bob = server.socket(chat.token("bob"))
    joined = bob.join("general", after=4, epoch=epoch)
    assert (joined["recovered"], joined["last_seq"]) == (True, 7)
    assert [bob.message()["seq"] for _ in range(3)] == [5, 6, 7]
    chat.send("general", "live", "alice")
    assert bob.message()["seq"] == 8


def test_what_was_missed_follows_right_after_joined(chat, server):
    chat.run("send", "general", "--lines", "--as", "alice", input="a\nb\n")
    bob = server.socket(chat.token("bob"))
    bob.send(event="join", room="general", after=0)
    frames = []
    while len(frames) < 3:
        frame = bob.receive()
        if frames or frame["event"] == "joined":
            frames.append(frame)
    assert [frame["event"] for frame in frames] == ["joined", "message", "message"]


def test_join_with_after_at_the_end_replays_nothing(chat, server):
    chat.send("general", "one", "alice")
    bob = server.socket(chat.token("bob"))
    assert bob.join("general", after=1)["recovered"] is True
    assert all(frame["event"] != "message" for frame in bob.settled())


def test_a_thousand_missed_messages_are_replayed_and_one_more_are_not(chat, server):
    chat.run("send", "general", "--lines", "--as", "alice", input="".join(f"m{n}\n" for n in range(1001)))
    bob = server.socket(chat.token("bob"))
    assert bob.join("general", after=1)["recovered"] is True
    assert [bob.message()["seq"] for _ in range(1000)] == list(range(2, 1002))
    carol = server.socket(chat.token("bob"))
    joined = carol.join("general", after=0)
    assert (joined["recovered"], joined["last_seq"]) == (False, 1001)
    assert all(frame["event"] != "message" for frame in carol.settled())
    chat.send("general", "live", "alice")
    assert carol.message()["seq"] == 1002


def test_another_epoch_starts_afresh(chat, server):
    chat.send("general", "one", "alice")
    bob = server.socket(chat.token("bob"))
    assert bob.join("general", after=0, epoch="another")["recovered"] is False
    assert all(frame["event"] != "message" for frame in bob.settled())


def test_an_after_beyond_the_end_is_not_recovered(chat, server):
    chat.send("general", "one", "alice")
    bob = server.socket(chat.token("bob"))
    assert bob.join("general", after=5)["recovered"] is False


def test_no_message_is_lost_or_doubled_while_others_post(chat, server):
    token, total = chat.token("root"), 400
    writer = server.joined(token, "general")
    for number in range(total // 2):
        writer.send(event="message", room="general", body=str(number))
    readers = [server.socket(chat.token("bob")) for _ in range(4)]
    for reader in readers:
        reader.send(event="join", room="general", after=0)
    for number in range(total // 2, total):
        writer.send(event="message", room="general", body=str(number))
    for reader in readers:
        assert [reader.message()["seq"] for _ in range(total)] == list(range(1, total + 1))


def test_a_deleted_message_is_replayed_in_its_place(chat, server):
    for body in ("one", "two", "three"):
        chat.send("general", body, "alice")
    chat.run("message", "delete", "general", "2")
    bob = server.socket(chat.token("bob"))
    assert bob.join("general", after=0)["recovered"] is True
    messages = [bob.message() for _ in range(3)]
    assert [each["body"] for each in messages] == ["one", "", "three"]
    assert messages[1]["deleted"] is True and "deleted" not in messages[0]


# Errors.

@pytest.mark.parametrize("fields, code", [
    ({"event": "message", "room": "general"}, "invalid_body"),
    ({"event": "message", "room": "general", "body": ""}, "invalid_body"),
    ({"event": "message", "room": "general", "body": " \u00a0\n"}, "invalid_body"),
    ({"event": "message", "room": "general", "body": 3}, "invalid_body"),
    ({"event": "message", "room": "general", "body": "x" * 16_385}, "invalid_body"),
    ({"event": "message", "room": "general", "body": "\0"}, "invalid_body"),
    ({"event": "message", "room": "red", "body": "hi"}, "not_joined"),
    ({"event": "message", "room": "nowhere", "body": "hi"}, "not_joined"),
    ({"event": "leave", "room": "red"}, "not_joined"),
    ({"event": "typing", "room": "red"}, "not_joined"),
    ({"event": "join", "room": "nowhere"}, "room_not_found"),
    ({"event": "join", "room": "No Name"}, "room_not_found"),
    ({"event": "join"}, "invalid_frame"),
    ({"event": "join", "room": "general", "after": "x"}, "invalid_frame"),
    ({"event": "join", "room": "general", "after": -1}, "invalid_frame"),
    ({"event": "join", "room": "secret"}, "not_a_member"),
    ({"event": "dance"}, "invalid_frame"),
    ({"event": 3}, "invalid_frame"),
], ids=lambda it: json.dumps(it)[:50] if isinstance(it, dict) else it)
def test_a_fault_has_its_code_and_the_connection_stays(chat, server, fields, code):
    chat.room("red")
    chat.room("secret", "--private")
    alice = server.joined(chat.token("alice"), "general")
    assert alice.fault(**fields)["code"] == code
    alice.post("still here", room="general")
    assert chat.bodies("general") == ["still here"]


def test_the_fault_of_a_missing_body_is_the_seeds(chat, server):
    alice = server.joined(chat.token("alice"), "general")
    alice.send(event="message", room="general", ref="x")
    assert alice.expect(event="error") == {
        "ok": False, "event": "error", "ref": "x", "code": "invalid_body",
        "errors": {"body": ["This field is required."]}}


def test_text_that_is_no_json_is_invalid_json(chat, server):
    alice = server.socket(chat.token("alice"))
    for text in ("{", "hello", "{'a':1}"):
        alice.send(text)
        assert alice.expect(event="error")["code"] == "invalid_json"


def test_deep_nesting_is_refused_and_harms_nothing(chat, server):
    alice = server.socket(chat.token("alice"))
    for text in ("[" * 30_000, "[" * 30_000 + "]" * 30_000, '{"a":' * 10_000 + "1" + "}" * 10_000):
        alice.send(text)
        assert alice.expect(event="error")["ok"] is False
    alice.settled()


def test_an_archived_room_is_readable_and_not_writable(chat, server):
    chat.send("general", "old", "alice")
    chat.run("room", "archive", "general")
    alice = server.socket(chat.token("alice"))
    assert alice.join("general", after=0)["recovered"] is True
    alice.message("old")
    assert alice.fault(event="message", room="general", body="hi")["code"] == "archived"
    chat.run("room", "unarchive", "general")
    alice.post("hi", room="general")


def test_banned_and_muted_have_their_codes(chat, server):
    chat.run("room", "mute", "general", "alice", "--for", "10m")
    alice = server.joined(chat.token("alice"), "general")
    assert alice.fault(event="message", room="general", body="hi")["code"] == "muted"
    chat.run("room", "ban", "general", "bob", "--for", "1h")
    assert server.socket(chat.token("bob")).fault(event="join", room="general")["code"] == "banned"
    assert chat.bodies("general") == []


def test_a_plain_user_posts_bursts_of_50_and_is_then_told_to_wait(chat, server):
    alice = server.joined(chat.token("alice"), "general")
    for number in range(100):
        alice.send(event="message", room="general", body=str(number), ref=number)
    answers = [alice.expect(ref=number) for number in range(100)]
    assert all(answer["event"] == "ack" for answer in answers[:50])
    refused = [answer for answer in answers if not answer["ok"]]
    assert refused
    for answer in refused:
        assert answer["code"] == "rate_limited" and 0 < answer["retry_after_ms"] <= 5_000
    acked = [answer["seq"] for answer in answers if answer["ok"]]
    assert acked == list(range(1, len(acked) + 1))
    assert [each["seq"] for each in chat.history("general")] == acked


def test_an_administrator_is_not_limited(chat, server):
    root = server.joined(chat.token("root"), "general")
    for number in range(300):
        root.send(event="message", room="general", body=str(number), ref=number)
    assert all(root.expect(ref=number)["event"] == "ack" for number in range(300))


def test_a_plain_user_holds_64_connections(chat, server):
    token = chat.token("alice")
    held = [server.socket(token) for _ in range(64)]
    assert server.refused(token)[0] == 429
    held[0].close()

    def admitted():
        try:
            return server.socket(token)
        except Exception:
            return None

    eventually(admitted, "a connection is admitted after one was closed")


# Presence, moderation, rooms.

def test_presence_names_who_came_and_went(chat, server):
    alice = server.joined(chat.token("alice"), "general")
    bob = server.joined(chat.token("bob"), "general")
    came = alice.expect(lambda it: "bob" in it["joined"], event="presence", room="general")
    assert list(came) == ["ok", "event", "room", "joined", "left"] and came["left"] == []
    alice.expect(event="online_count", room="general", online_count=2)
    bob.close()
    alice.expect(lambda it: "bob" in it["left"], event="presence", room="general")
    alice.expect(event="online_count", room="general", online_count=1)


def test_two_tabs_count_once_and_closing_one_keeps_the_user_online(chat, server):
    watcher = server.joined(chat.token("alice"), "general")
    token = chat.token("bob")
    first, second = (server.joined(token, "general") for _ in range(2))
    watcher.expect(event="online_count", online_count=2)
    server.connections(token, "general", alice=1, bob=2)
    first.close()
    # A third user joins and leaves: had there been a change, its frame would have arrived before this one's.
    third = server.joined(chat.token("root"), "general")
    watcher.expect(event="online_count", online_count=3)
    third.close()
    watcher.expect(event="online_count", online_count=2)
    assert not any("bob" in frame.get("left", []) for frame in watcher.settled())
    assert server.online(token, "general") == ["alice", "bob"]
    second.close()
    watcher.expect(lambda it: "bob" in it["left"], event="presence")
    assert server.online(token, "general") == ["alice"]


def test_joining_twice_on_one_connection_counts_once(chat, server):
    token = chat.token("alice")
    alice = server.joined(token, "general", "general")
    server.connections(token, "general", alice=1)
    alice.post("hi", room="general")
    frames = alice.settled()
    assert sum(frame["event"] == "message" for frame in frames) == 1


def test_a_connection_that_breaks_off_takes_its_user_offline(chat, server):
    watcher = server.joined(chat.token("alice"), "general")
    bob = server.joined(chat.token("bob"), "general")
    watcher.expect(event="online_count", online_count=2)
    bob.drop()
    watcher.expect(event="online_count", online_count=1)


def test_a_deletion_is_told_and_the_message_keeps_its_place(chat, server):
    alice = server.joined(chat.token("alice"), "general")
    alice.post("oops", room="general")
    server.api("DELETE", "/rooms/general/messages/1", chat.token("alice"), status=204)
    assert alice.expect(event="message_deleted") == {
        "ok": True, "event": "message_deleted", "room": "general", "seq": 1}
    [message] = chat.history("general")
    assert (message["seq"], message["body"], message["deleted"]) == (1, "", True)


def test_who_gains_a_room_is_told_wherever_connected(chat, server):
    alice = server.socket(chat.token("alice"))
    chat.room("red", "--private")
    server.api("PUT", "/rooms/red/members/alice", chat.token("root"), {})
    frame = alice.expect(event="room")
    assert frame["ok"] is True and list(frame["room"]) == ROOM_KEYS and frame["room"]["name"] == "red"
    alice.join("red")


def test_a_change_of_a_room_is_told_to_its_members(chat, server):
    chat.room("red", "--private", "--member", "alice")
    alice = server.joined(chat.token("alice"), "red")
    server.api("PATCH", "/rooms/red", chat.token("root"), {"topic": "New"})
    alice.expect(lambda it: it["room"]["topic"] == "New", event="room")


@pytest.mark.parametrize("act, reason", [("kick", "kicked"), ("ban", "banned")])
def test_who_loses_a_room_is_told_why_and_hears_no_more(chat, server, act, reason):
    chat.room("red", "--private", "--member", "alice", "--member", "bob")
    alice = server.joined(chat.token("alice"), "red")
    bob = server.joined(chat.token("bob"), "red")
    chat.run("room", act, "red", "alice")
    assert alice.expect(event="removed") == {"ok": True, "event": "removed", "room": "red", "reason": reason}
    bob.post("secret", room="red")
    assert all(frame["event"] != "message" for frame in alice.settled())
    assert alice.fault(event="message", room="red", body="hi")["code"] in ("not_joined", "not_a_member", "banned")
    bob.expect(event="online_count", room="red", online_count=1)


def test_a_renamed_room_goes_on_under_its_new_name(chat, server):
    chat.room("red")
    alice = server.joined(chat.token("alice"), "red")
    chat.run("room", "rename", "red", "blue")
    chat.send("blue", "hi", "bob")
    assert alice.message("hi")["room"] == "blue"
    alice.post("there", room="blue")


@pytest.mark.parametrize("again", [{}, {"after": 0}, {"after": 3}])
def test_a_join_that_follows_one_on_its_way_takes_nothing_from_it(chat, server, again):
    """The first of two joins sent without waiting was not answered, and what it asked for not replayed."""
    for number in range(5):
        chat.send("general", f"m{number}", "root")
    live = server.socket(chat.token("alice"))
    live.send(event="join", room="general", after=1, ref="first")
    live.send(event="join", room="general", ref="second", **again)
    live.send(event="ping", ref="last")
    live.expect(ref="last")
    first, second = live.expect(ref="first"), live.expect(ref="second")
    assert (first["event"], second["event"]) == ("joined", "joined") and first["recovered"] is True
    seqs = [each["message"]["seq"] for each in live.settled() if each["event"] == "message"]
    assert seqs[:4] == [2, 3, 4, 5]


def test_an_edit_is_shown_to_everyone_in_either_form_and_kept(chat, server):
    alice, bob = chat.tokens("alice", "bob")
    author, reader, seed = server.joined(alice, "general"), server.joined(bob, "general"), server.chatroom("general", bob)
    seq = author.post("frist")["seq"]
    answer = author.ask(event="edit", room="general", seq=seq, body="first")
    assert {**answer, "ref": None} == {"ok": True, "event": "edited", "ref": None, "room": "general", "seq": seq}
    for client in (author, reader, seed):
        message = client.expect(event="message_edited")["message"]
        assert (message["seq"], message["body"]) == (seq, "first") and message["edited_at"] >= message["created_at"]
    (stored,) = server.api("GET", "/rooms/general/messages", bob)
    assert stored == message
    assert reader.fault(event="edit", room="general", seq=seq, body="mine")["code"] == "not_a_member"
    assert author.fault(event="edit", room="general", seq=99, body="x")["code"] == "room_not_found"
    assert author.fault(event="edit", room="general", seq=seq, body=" ")["code"] == "invalid_body"
    # Through HTTP and the command line alike.
    assert server.api("PATCH", f"/rooms/general/messages/{seq}", alice, {"body": "second"})["body"] == "second"
    assert reader.expect(event="message_edited")["message"]["body"] == "second"
    chat.run("message", "edit", "general", str(seq), "third", "--as", "alice")
    assert reader.expect(event="message_edited")["message"]["body"] == "third"
    assert server.api("GET", "/search?q=third", bob)[0]["seq"] == seq
    assert server.api("PATCH", f"/rooms/general/messages/{seq}", bob, {"body": "mine"}, status=403)


def test_a_room_that_was_made_again_has_another_log(chat, server):
    alice, root = chat.tokens("alice", "root")
    chat.room("plans")
    for number in range(5):
        chat.send("plans", f"old {number}", "alice")
    epoch = server.joined(alice, "general").join("plans")["epoch"]
    server.api("DELETE", "/rooms/plans", root, status=204)
    chat.room("plans")
    for number in range(7):
        chat.send("plans", f"new {number}", "alice")
    client = server.joined(alice, "general")
    joined = client.join("plans", after=5, epoch=epoch)
    assert joined["recovered"] is False and joined["epoch"] != epoch and joined["last_seq"] == 7
    assert [frame for frame in client.settled() if frame["event"] == "message"] == []
