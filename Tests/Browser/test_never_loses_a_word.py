"""Messages survive whatever happens between the text box and the server."""

import re

from browser import DEADLINE
from chat import eventually
from playwright.sync_api import expect


def test_a_restarted_server_loses_no_message(place, people, server):
    alice = people("alice", offline_errors=True)
    bob = people("bob", offline_errors=True)
    alice.say("before")
    bob.sees("before")
    server.stop()
    expect(alice.page.locator("#status")).to_contain_text("You are offline")
    for number in range(3):
        alice.say(f"while away {number}")
    expect(alice.page.locator("#pending li")).to_have_count(3)
    place.send("general", "by another way", "carol")
    again = place.serve(port=server.port)
    expect(alice.page.locator("#pending li")).to_have_count(0)
    bob.sees("while away 2")
    alice.sees("by another way")
    expect(alice.page.locator("#status")).to_be_hidden()
    wanted = ["before", "by another way", "while away 0", "while away 1", "while away 2"]
    assert alice.bodies() == bob.bodies() == place.bodies("general") == wanted
    again.stop()


def test_what_is_pending_outlives_a_reload(place, people, server):
    alice = people("alice", offline_errors=True)
    # The frame is swallowed on its way, as by a connection that dies; the page does not learn whether it arrived.
    alice.page.route_web_socket(re.compile("/ws$"), lambda socket: None)
    alice.page.reload()
    alice.say("not lost")
    expect(alice.page.locator("#pending li")).to_have_count(1)
    assert place.bodies("general") == []
    alice.page = alice.context.new_page()
    alice.open("/chat/room/general")
    alice.sees("not lost")
    expect(alice.page.locator("#pending li")).to_have_count(0)
    assert place.bodies("general") == ["not lost"]


def test_a_message_whose_ack_was_lost_is_stored_once(place, people):
    alice = people("alice")
    dropped = []

    def relay(socket):
        upstream = socket.connect_to_server()

        def downstream(frame):
            if '"event":"ack"' in frame and not dropped:
                dropped.append(frame)
                socket.close(code=1001)
            else:
                socket.send(frame)

        upstream.on_message(downstream)

    alice.page.route_web_socket(re.compile("/ws$"), relay)
    alice.open("/chat/room/general")
    alice.say("only once")
    expect(alice.page.locator("#pending li")).to_have_count(0)
    eventually(lambda: dropped, "an ack was dropped", DEADLINE / 1000)
    alice.say("afterwards")
    alice.sees("afterwards")
    assert alice.bodies() == place.bodies("general") == ["only once", "afterwards"]


def test_a_refused_message_is_given_back_with_the_reason(place, people):
    alice = people("alice")
    place.run("room", "mute", "general", "alice", "--as", "root")
    alice.say("may I")
    expect(alice.page.locator("#refusal")).to_contain_text("muted")
    expect(alice.box).to_have_value("may I")
    expect(alice.page.locator("#pending li")).to_have_count(0)
    place.run("room", "unmute", "general", "alice", "--as", "root")
    alice.box.press("Enter")
    alice.sees("may I")
    expect(alice.page.locator("#refusal")).to_be_hidden()


def test_a_message_that_is_too_long_stays_in_the_box(people):
    alice = people("alice")
    text = "é" * 8193
    alice.say(text)
    expect(alice.page.locator("#refusal")).to_contain_text("too long")
    expect(alice.box).to_have_value(text)
    alice.say("é" * 8192)
    alice.sees("é" * 8192)


def test_a_draft_outlives_a_reload_and_belongs_to_its_room(place, people):
    place.room("plans", "--as", "root")
    alice = people("alice")
    alice.box.press_sequentially("half a thou")
    alice.page.reload()
    expect(alice.box).to_have_value("half a thou")
    alice.open("/chat/room/plans")
    expect(alice.box).to_have_value("")
    alice.open("/chat/room/general")
    expect(alice.box).to_have_value("half a thou")
    alice.box.press("Enter")
    alice.sees("half a thou")
    alice.page.reload()
    expect(alice.box).to_have_value("")


def test_more_is_sent_than_the_limit_allows_and_all_arrives_in_order(place, people):
    alice = people("alice")
    alice.page.evaluate("() => { for (let n = 0; n < 80; n += 1) Chat.sending.send('number ' + n); }")
    expect(alice.page.locator("#pending li")).to_have_count(0)
    alice.sees("number 79")
    assert place.bodies("general") == alice.bodies() == [f"number {n}" for n in range(80)]


def test_a_session_that_ends_is_said_and_the_text_stays(place, people):
    alice = people("alice", offline_errors=True)
    alice.box.press_sequentially("unfinished")
    place.run("user", "password", "alice", "--password-stdin", input="another long password\n")
    expect(alice.page.locator("#status")).to_contain_text("You have been logged out")
    expect(alice.box).to_have_value("unfinished")
    alice.page.get_by_role("link", name="Log in again").click()
    alice.page.wait_for_url(re.compile(r"/login\?next="))


def test_a_disabled_account_is_told(place, people):
    alice = people("alice", offline_errors=True)
    place.run("user", "disable", "alice")
    expect(alice.page.locator("#status")).to_contain_text("can no longer be used")


def test_tabs_are_in_step(place, people):
    place.room("plans", "--as", "root")
    bob, alice = people("bob", path="/chat/room/plans"), people("alice", offline_errors=True)
    alice.page.wait_for_function("() => Chat.connection.isJoined('plans')")
    bob.say("for the second tab")
    plans = alice.page.locator("#rooms").get_by_role("link", name="plans")
    expect(plans.locator(".count")).to_contain_text("1")
    expect(alice.page).to_have_title(re.compile(r"^\(1\)"))
    other = alice.tab("/chat/room/plans")
    expect(plans.locator(".count")).to_have_count(0)
    expect(alice.page).not_to_have_title(re.compile(r"^\("))
    other.get_by_role("button", name="Log out").click()
    expect(alice.page.locator("#status")).to_contain_text("logged out")
