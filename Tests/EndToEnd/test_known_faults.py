"""Regression tests: each checks that a fault of chatctl's predecessor does not recur; the docstring names the fault."""

import concurrent.futures
import json
import re

import pytest

from chat import TIME, eventually


@pytest.fixture
def tokens(chat):
    return {name: chat.token(name) for name in ("root", "alice", "bob")}


def test_posting_over_http_checks_the_membership(chat, server, tokens):
    """Anyone could post to any private room."""
    chat.room("secret", "--private", "--member", "alice")
    server.api("POST", "/rooms/secret/messages", tokens["bob"], {"body": "intruder"}, 403)
    assert chat.bodies("secret") == []


def test_a_message_posted_over_http_is_heard(server, tokens):
    """Such messages were not broadcast."""
    both = server.joined(tokens["bob"], "general"), server.chatroom("general", tokens["bob"])
    server.api("POST", "/rooms/general/messages", tokens["alice"], {"body": "hi"}, 201)
    for live in both:
        live.message("hi")


def test_closing_one_of_two_tabs_leaves_the_user_online(server, tokens):
    """The user went offline."""
    first, second = (server.chatroom("general", tokens["bob"]) for _ in range(2))
    server.connections(tokens["alice"], "general", bob=2)
    first.close()
    server.connections(tokens["alice"], "general", bob=1)
    second.close()
    eventually(lambda: server.online(tokens["alice"], "general") == [], "bob is offline")


def test_a_second_tab_gets_the_online_count(server, tokens):
    """The second tab got no online count."""
    for _ in range(2):
        assert server.chatroom("general", tokens["bob"]).expect(event="online_count")["online_count"] == 1


def test_a_crash_leaves_nobody_online(chat, tokens):
    """Users stayed online forever; now those of a crashed node go offline within 15 s."""
    crashed = chat.serve()
    crashed.joined(tokens["bob"], "general")
    crashed.connections(tokens["alice"], "general", bob=1)
    crashed.kill()
    after = chat.serve()
    eventually(lambda: after.online(tokens["alice"], "general") == [], "bob is offline", deadline=15)
    after.stop()


def test_membership_is_checked_with_every_message_and_not_at_connect_only(chat, server, tokens):
    chat.room("red", "--private", "--member", "alice")
    alice, only = server.joined(tokens["alice"], "red"), server.chatroom("red", tokens["alice"])
    server.api("DELETE", "/rooms/red/members/alice", tokens["root"], status=204)
    assert alice.fault(event="message", room="red", body="hi")["code"] in ("not_a_member", "not_joined")
    assert only.closed() == 4003
    assert chat.bodies("red") == []


def test_a_refused_message_is_answered_with_its_ref(server, tokens):
    """Refused messages were lost silently; with the `ref`, a page can restore the text."""
    alice = server.chatroom("general", tokens["alice"])
    alice.send(body="x" * 16_385, ref="keep-this")
    fault = alice.expect(event="error")
    assert fault["ref"] == "keep-this" and fault["code"] == "invalid_body" and fault["errors"]["body"]


def test_a_client_that_lost_its_connection_gets_what_it_missed(chat, server, tokens):
    """Clients could not resume."""
    bob = server.socket(tokens["bob"])
    epoch = bob.join("general")["epoch"]
    chat.send("general", "one", "alice")
    last = bob.message()["seq"]
    bob.drop()
    chat.send("general", "two", "alice")
    again = server.socket(tokens["bob"])
    assert again.join("general", after=last, epoch=epoch)["recovered"] is True
    assert again.message()["body"] == "two"


def test_a_message_says_when_it_was_posted(server, tokens):
    """Messages had no timestamp."""
    alice = server.joined(tokens["alice"], "general")
    alice.post("hi", room="general")
    assert re.match(TIME, alice.message()["created_at"])


def test_starting_a_direct_room_twice_at_once_makes_one_room(server, tokens):
    """Two rooms were created."""
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(
            lambda number: server.http("POST", f"/api/v1/direct/{'bob' if number % 2 else 'alice'}",
                                       tokens["alice" if number % 2 else "bob"]), range(32)))
    assert len({answer.json["name"] for answer in answers}) == 1
    assert sorted(answer.status for answer in answers) == [200] * 31 + [201]
    assert len(server.api("GET", "/rooms?kind=direct", tokens["alice"])) == 1


def test_history_is_paged_and_ordered_by_seq(chat, server, tokens):
    """Only the last 30 messages were available, ordered by time."""
    chat.run("send", "general", "--lines", "--as", "alice", input="".join(f"m{n}\n" for n in range(1, 101)))
    seqs, before = [], 10**6
    while page := server.api("GET", f"/rooms/general/messages?before={before}&limit=30", tokens["bob"]):
        seqs, before = [each["seq"] for each in page] + seqs, page[0]["seq"]
    assert seqs == list(range(1, 101))


def test_more_than_a_hundred_messages_at_once_reach_everyone(server, tokens):
    """The channel layer's queues dropped messages silently beyond 100."""
    readers = [server.joined(tokens["bob"], "general"), server.chatroom("general", tokens["alice"])]
    root = server.joined(tokens["root"], "general")
    for number in range(2_000):
        root.send(event="message", room="general", body=str(number))
    for reader in readers:
        assert [reader.message()["seq"] for _ in range(2_000)] == list(range(1, 2_001))


def test_size_is_limited(server, tokens):
    alice = server.chatroom("general", tokens["alice"])
    alice.send(json.dumps({"body": "x" * 70_000}))
    assert alice.closed() == 1009
    server.api("POST", "/rooms/general/messages", tokens["alice"], {"body": "x" * 1_000_000}, 413)


def test_rate_is_limited(server, tokens):
    alice = server.chatroom("general", tokens["alice"])
    for number in range(200):
        alice.send(body=str(number), ref=number)
    assert any(alice.expect(ref=number).get("code") == "rate_limited" for number in range(200))
