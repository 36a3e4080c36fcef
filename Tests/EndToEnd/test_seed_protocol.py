"""`/ws/chatroom/ROOM`: the one-room form, compatible with clients of chatctl's predecessor."""

import base64
import json
import os

from chat import AUTHOR_KEYS, MESSAGE_KEYS
from raw import TEXT, Raw, frame


def test_a_post_reaches_everyone_in_the_room_and_its_author(chat, server):
    alice, bob = (server.chatroom("general", chat.token(name)) for name in ("alice", "bob"))
    bob.expect(event="online_count", online_count=2)
    alice.send(body="hi")
    for live in (alice, bob):
        frame = live.expect(event="message")
        assert list(frame) == ["ok", "event", "message"] and frame["ok"] is True
        message = frame["message"]
        assert list(message) == MESSAGE_KEYS and list(message["author"]) == AUTHOR_KEYS
        assert (message["room"], message["seq"], message["body"]) == ("general", 1, "hi")
        assert message["author"]["username"] == "alice"


def test_the_online_count_comes_at_once_and_with_every_change(chat, server):
    alice = server.chatroom("general", chat.token("alice"))
    frame = alice.expect(event="online_count")
    assert frame == {"ok": True, "event": "online_count", "room": "general", "online_count": 1}
    bob = server.chatroom("general", chat.token("bob"))
    bob.expect(event="online_count", online_count=2)
    alice.expect(event="online_count", online_count=2)
    bob.close()
    alice.expect(event="online_count", online_count=1)


def test_no_ack_comes_without_a_ref_or_a_client_id(chat, server):
    alice = server.chatroom("general", chat.token("alice"))
    alice.send(body="hi")
    alice.message("hi")
    assert all(frame["event"] != "ack" for frame in alice.settled())


def test_an_ack_comes_for_a_ref(chat, server):
    alice = server.chatroom("general", chat.token("alice"))
    alice.send(body="hi", ref="a")
    assert alice.expect(event="ack")["ref"] == "a"


def test_an_ack_comes_for_a_client_id_and_a_repetition_posts_nothing(chat, server):
    alice = server.chatroom("general", chat.token("alice"))
    seqs = []
    for _ in range(2):
        alice.send(body="hi", client_id="c1")
        ack = alice.expect(event="ack", client_id="c1")
        seqs.append(ack["seq"])
    assert seqs == [1, 1]
    assert chat.bodies("general") == ["hi"]


def test_an_empty_body_is_refused_as_the_seed_did(chat, server):
    alice = server.chatroom("general", chat.token("alice"))
    for frame in ({}, {"body": ""}, {"body": "  \n\t "}):
        alice.send(**frame)
        fault = alice.expect(event="error")
        assert fault["ok"] is False and fault["code"] == "invalid_body" and "body" in fault["errors"]
    alice.send(body="still here")
    alice.message("still here")


def test_text_that_is_no_json_is_refused_and_the_connection_stays(chat, server):
    alice = server.chatroom("general", chat.token("alice"))
    for text in ("not json", "", "[1]", "3", '"hi"', "null", '{"body":'):
        alice.send(text)
        fault = alice.expect(event="error")
        assert fault["ok"] is False and fault["code"] in ("invalid_json", "invalid_frame"), (text, fault)
    alice.send(body="still here")
    alice.message("still here")


def test_presence_frames_stay_on_the_multiplexed_form(chat, server):
    alice = server.chatroom("general", chat.token("alice"))
    server.chatroom("general", chat.token("bob"))
    alice.expect(event="online_count", online_count=2)
    assert all(frame["event"] != "presence" for frame in alice.settled())


def test_the_room_name_is_folded_to_lower_case(chat, server):
    alice = server.chatroom("GENERAL", chat.token("alice"))
    alice.send(body="hi")
    assert alice.message()["room"] == "general"


def test_the_path_may_end_with_a_slash_as_the_seed_had_it(chat, server):
    alice = server.socket(chat.token("alice"), "/ws/chatroom/general/")
    alice.send(body="hi")
    alice.message("hi")


def test_unknown_and_private_rooms_are_refused_before_any_frame(chat, server):
    chat.room("secret", "--private")
    token = chat.token("alice")
    assert server.refused(token, "/ws/chatroom/nowhere") == (404, "room_not_found")
    assert server.refused(token, "/ws/chatroom/secret") == (403, "not_a_member")
    assert server.refused(None, "/ws/chatroom/general") == (401, "unauthenticated")
    assert server.refused("wrong", "/ws/chatroom/general") == (401, "unauthenticated")


def test_a_body_of_the_greatest_length_passes_and_one_byte_more_does_not(chat, server):
    alice = server.chatroom("general", chat.token("alice"))
    greatest = "ü" * 8_192
    alice.send(body=greatest)
    assert alice.message()["body"] == greatest
    alice.send(body=greatest + "x")
    assert alice.expect(event="error")["code"] == "invalid_body"


def test_text_comes_back_as_it_was_sent(chat, server):
    alice = server.chatroom("general", chat.token("alice"))
    for body in ('"quoted" \\ / <b>&amp;</b>', "emoji 👩‍👩‍👧 🇩🇪", "line\nbreak\ttab", "\u2028\u2029\u202e", "\x01\x1f\x7f", "é"):
        alice.send(body=body)
        assert alice.message()["body"] == body
    alice.send(body="nul \0")
    assert alice.expect(event="error")["code"] == "invalid_body"


def test_a_frame_in_the_same_breath_as_the_handshake_is_posted(chat, server):
    """The connection joins its room at once; a client need not wait for the confirmation."""
    raw = Raw(server.port)
    key = base64.b64encode(os.urandom(16)).decode()
    raw.send(
        (f"GET /ws/chatroom/general HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
         f"Authorization: Bearer {chat.token('alice')}\r\n\r\n").encode() + frame(TEXT, b'{"body":"hi","ref":1}'))
    assert raw.answer()[0] == 101
    answer = {}
    while "ref" not in answer:
        answer = json.loads(raw.expect(TEXT))
    assert answer["event"] == "ack", answer
    assert chat.bodies("general") == ["hi"]
