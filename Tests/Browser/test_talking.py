"""People who talk to each other, each in a browser of their own."""

import re

from browser import DEADLINE, PASSWORD, Person
from chat import eventually
from playwright.sync_api import expect


def test_two_people_talk(people):
    alice, bob = people("alice"), people("bob")
    expect(alice.page.locator("#online")).to_have_text("2")
    alice.say("hello bob")
    bob.sees("hello bob")
    alice.sees("hello bob")
    bob.box.press_sequentially("hi a")
    expect(alice.page.locator("#typing")).to_have_text("bob is typing…")
    bob.say("hi alice")
    alice.sees("hi alice")
    expect(alice.page.locator("#typing")).to_have_text("")
    expect(alice.page.locator("#pending li")).to_have_count(0)
    assert alice.bodies() == bob.bodies() == ["hello bob", "hi alice"]


def test_enter_sends_and_shift_enter_breaks_the_line(people):
    alice = people("alice")
    alice.box.press_sequentially("one")
    alice.box.press("Shift+Enter")
    alice.box.press_sequentially("two")
    alice.box.press("Enter")
    alice.sees("one")
    assert alice.bodies() == ["one\ntwo"]
    alice.box.press("Enter")
    alice.box.fill("   ")
    alice.box.press("Enter")
    alice.say("three")
    alice.sees("three")
    assert alice.bodies() == ["one\ntwo", "three"]


def test_the_last_message_is_edited_with_up(people):
    alice, bob = people("alice"), people("bob")
    alice.say("helo")
    bob.sees("helo")
    alice.sees("helo")
    alice.box.press("ArrowUp")
    expect(alice.box).to_have_value("helo")
    expect(alice.page.locator("#editing")).to_be_visible()
    alice.box.fill("hello")
    alice.box.press("Enter")
    bob.sees("hello")
    expect(bob.page.locator(".edited")).to_have_text("edited")
    expect(alice.box).to_have_value("")
    alice.box.press("ArrowUp")
    alice.box.fill("something else")
    alice.box.press("Escape")
    expect(alice.page.locator("#editing")).to_be_hidden()
    expect(alice.box).to_have_value("")
    assert bob.bodies() == ["hello"]


def test_a_message_is_deleted_and_quoted_by_keyboard(people):
    alice, bob = people("alice"), people("bob")
    alice.say("first words")
    alice.sees("first words")
    bob.sees("first words")
    bob.page.locator("#scroller").focus()
    for key in ("ArrowDown", "Enter", "Enter"):
        bob.page.keyboard.press(key)
    expect(bob.box).to_have_value(re.compile(r"^> @alice: first words http.*#m1\n$"))
    expect(bob.box).to_be_focused()
    bob.box.press("End")
    bob.box.press_sequentially("my answer")
    bob.box.press("Enter")
    alice.sees("my answer")
    link = alice.message("my answer").get_by_role("link", name="message 1")
    link.click()
    expect(alice.page.locator("#m1")).to_have_class(re.compile("found"))
    alice.page.on("dialog", lambda dialog: dialog.accept())
    alice.message("first words").first.hover()
    alice.page.get_by_role("button", name="Actions of message 1 by alice").click()
    alice.page.get_by_role("menuitem", name="Delete").click()
    expect(bob.page.locator("#m1 .gone")).to_have_text("Message deleted")
    expect(alice.page.locator("#m1 .gone")).to_have_text("Message deleted")


def test_a_private_chat_appears_with_the_other_at_once(people):
    alice, bob = people("alice"), people("bob")
    alice.page.get_by_text("Start a private chat").click()
    alice.page.get_by_label("Username").fill("bob")
    alice.page.get_by_role("button", name="Start chat").click()
    alice.page.wait_for_url(lambda address: "/chat/room/general" not in address)
    alice.live()
    expect(alice.page.get_by_role("heading", level=1)).to_have_text("bob")
    alice.say("just for you")
    link = bob.page.locator("#rooms").get_by_role("link", name="alice")
    expect(link).to_contain_text("1")
    expect(bob.page).to_have_title(re.compile(r"^\(1\)"))
    link.click()
    bob.live()
    bob.sees("just for you")
    bob.say("thank you")
    alice.sees("thank you")


def test_a_stranger_is_refused(place, people):
    place.room("plans", "--private", "--member", "alice", "--as", "root")
    alice, carol = people("alice", path="/chat/room/plans"), people("carol", offline_errors=True)
    alice.say("a secret")
    alice.sees("a secret")
    answer = carol.page.goto("/chat/room/plans")
    assert answer.status in (403, 404)
    assert "a secret" not in carol.page.content()
    place.run("room", "kick", "plans", "alice", "--as", "root")
    expect(alice.page.locator("#status")).to_contain_text("You were removed from this room.")
    expect(alice.box).to_have_attribute("readonly", "")


def test_mentions_are_completed_counted_and_marked(place, people):
    place.room("plans", "--member", "alice", "--member", "bob", "--as", "root")
    alice, bob = people("alice"), people("bob")
    bob.open("/chat/room/plans")
    alice.open("/chat/room/plans")
    expect(alice.page.locator("#online")).to_have_text("2")
    alice.page.wait_for_function("() => Chat.present().includes('bob')")
    alice.box.press_sequentially("ask @bo")
    expect(alice.page.get_by_role("option", name="@bob")).to_be_visible()
    alice.box.press("Enter")
    expect(alice.box).to_have_value("ask @bob ")
    bob.open("/chat/room/general")
    bob.page.wait_for_function("() => Chat.connection.isJoined('plans')")
    alice.box.press("Enter")
    expect(bob.page.locator("#rooms").get_by_role("link", name="plans").locator(".mentions")).to_contain_text("1")
    bob.open("/chat/room/plans")
    expect(bob.message("ask @bob").locator(".mention.me")).to_have_text("@bob")


def test_links_are_clickable_and_nothing_else_is_interpreted(people):
    alice, bob = people("alice"), people("bob")
    text = "see https://example.org/a_(b)?c=d, <b>not bold</b> **nor this** javascript:alert(1) &amp;"
    alice.say(text)
    bob.sees("not bold")
    assert bob.bodies() == [text]
    links = bob.message("not bold").locator(".body a")
    assert links.count() == 1
    assert links.get_attribute("href") == "https://example.org/a_(b)?c=d"
    assert "noopener" in links.get_attribute("rel")
    assert bob.message("not bold").locator(".body b").count() == 0


def test_a_room_is_made_and_moderated(place, people):
    alice, bob = people("alice"), people("bob")
    alice.page.get_by_text("Create a room").click()
    alice.page.get_by_label("Name", exact=True).fill("garden")
    alice.page.get_by_role("button", name="Create room").click()
    alice.page.wait_for_url(re.compile("/chat/room/garden"))
    alice.live()
    bob.open("/chat/room/garden")
    alice.page.wait_for_function("() => Chat.present().includes('bob')")
    alice.page.get_by_role("button", name="People").click()
    alice.page.get_by_label("Topic").last.fill("Plants")
    alice.page.get_by_role("button", name="Change").click()
    expect(bob.page.locator("#topic")).to_have_text("Plants")
    alice.page.get_by_role("button", name="Mute 10 min bob").click()
    eventually(lambda: place.run("room", "restrictions", "garden", "--json").json, "bob is muted", DEADLINE / 1000)
    bob.say("can you hear me")
    expect(bob.page.locator("#refusal")).to_contain_text("muted")
    expect(bob.box).to_have_value("can you hear me")


def test_signing_up_and_logging_out(people, chromium, server):
    page = people().page
    page.goto("/signup")
    page.get_by_label("Username").fill("dora")
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name=re.compile("sign up|account", re.I)).click()
    page.wait_for_url(re.compile("/chat"))
    page.wait_for_function("() => Chat.connection.isJoined(Chat.room)")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(re.compile("/login"))
    page.goto("/chat")
    page.wait_for_url(re.compile("/login"))


def test_a_page_script_of_the_one_room_protocol_works_unchanged(people):
    alice, bob = people("alice"), people("bob")
    frames = alice.page.evaluate("""() => new Promise((done) => {
        const frames = [];
        const socket = new WebSocket("ws://" + location.host + "/ws/chatroom/general");
        socket.onopen = () => socket.send(JSON.stringify({ body: "from the old script" }));
        socket.onmessage = (event) => {
            const frame = JSON.parse(event.data);
            frames.push(frame);
            if (frame.event === "message") {
                socket.close();
                done(frames);
            }
        };
    })""")
    assert frames[-1]["message"]["body"] == "from the old script"
    assert [frame["event"] for frame in frames if frame["event"] != "message"] == ["online_count"] * (len(frames) - 1)
    bob.sees("from the old script")
