"""The room's history on the page: older messages, links to messages, and what arrives while one is not looking."""

import re

from browser import DEADLINE
from chat import eventually
from playwright.sync_api import expect

IN_DOM = "() => document.querySelectorAll('#messages .message').length"
SEQS = "() => Chat.timeline.list().map((message) => message.seq)"


def filled(place, number, room="general"):
    place.run("send", room, "--lines", "--as", "carol", input="".join(f"line {n}\n" for n in range(1, number + 1)))


def test_older_messages_come_by_scrolling_and_the_page_stays_small(place, people):
    filled(place, 1000)
    page = people("alice").page
    assert page.evaluate(SEQS) == list(range(951, 1001))
    largest = 0

    def at_start():
        nonlocal largest
        page.locator("#scroller").evaluate("(scroller) => scroller.scrollTo(0, -scroller.scrollHeight)")
        largest = max(largest, page.evaluate(IN_DOM))
        seqs = page.evaluate(SEQS)
        assert seqs == list(range(seqs[0], seqs[-1] + 1))
        return seqs[0] == 1

    eventually(at_start, "the first message is reached", DEADLINE / 1000)
    assert largest <= 300
    expect(page.locator("#m1")).to_be_visible()
    page.get_by_role("button", name="Newest messages").click()
    expect(page.locator("#m1000")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Newest messages")).to_be_hidden()


def test_the_place_is_kept_while_older_messages_are_put_before_it(place, people):
    filled(place, 400)
    page = people("alice").page
    tops = page.evaluate("""async () => {
        const scroller = document.getElementById("scroller");
        const item = document.getElementById("m355");
        item.scrollIntoView({ block: "center" });
        const before = item.getBoundingClientRect().top;
        const count = document.querySelectorAll("#messages .message").length;
        await new Promise((done) => {
            new MutationObserver((_, observer) => {
                if (document.querySelectorAll("#messages .message").length <= count) return;
                observer.disconnect();
                requestAnimationFrame(() => requestAnimationFrame(done));
            }).observe(document.getElementById("messages"), { childList: true });
            scroller.dispatchEvent(new Event("scroll"));
        });
        return [before, item.getBoundingClientRect().top];
    }""")
    assert abs(tops[0] - tops[1]) <= 2


def test_who_reads_further_up_is_not_moved_by_new_messages(place, people):
    filled(place, 200)
    page = people("alice").page
    page.locator("#m160").evaluate("(item) => item.scrollIntoView({ block: 'start' })")
    before = page.locator("#m160").evaluate("(item) => item.getBoundingClientRect().top")
    place.send("general", "something new", "bob")
    expect(page.locator("#m201")).to_be_attached()
    after = page.locator("#m160").evaluate("(item) => item.getBoundingClientRect().top")
    assert abs(before - after) <= 2
    page.locator("#jump").click()
    expect(page.locator("#m201")).to_be_in_viewport()


def test_a_link_to_an_old_message_shows_it_and_leads_to_the_newest(place, people):
    filled(place, 600)
    alice = people("alice")
    page = alice.open("/chat/room/general?before=120#m100")
    expect(page.locator("#m100")).to_have_class(re.compile("found"))
    expect(page.locator("#m100")).to_be_in_viewport()
    place.send("general", "newest of all", "bob")
    page.locator("#jump").click()
    alice.sees("newest of all")
    assert page.evaluate(SEQS)[-1] == 601


def test_a_new_message_line_stands_where_reading_ended(place, people):
    filled(place, 3)
    alice = people("alice")
    eventually(lambda: alice.page.evaluate("() => Chat.kept.get('read:general')?.seq") == 3, "3 is read", DEADLINE / 1000)
    alice.page.goto("about:blank")
    filled(place, 2)
    alice.open("/chat/room/general")
    expect(alice.page.locator("#m4 .new")).to_have_text("New messages")
    assert alice.page.locator(".new").count() == 1
    assert alice.page.locator(".day").count() == 1


def test_a_flood_is_shown_whole_and_typing_goes_on(place, people):
    alice = people("alice")
    alice.box.press_sequentially("I am ")
    filled(place, 2000)
    alice.box.press_sequentially("writing")
    expect(alice.page.locator("#m2000")).to_be_visible()
    expect(alice.box).to_have_value("I am writing")
    seqs = alice.page.evaluate(SEQS)
    assert seqs == list(range(2001 - len(seqs), 2001))
    assert alice.page.evaluate(IN_DOM) <= 300


def test_a_room_made_anew_starts_afresh(place, people):
    place.room("plans", "--as", "root")
    place.send("plans", "of the old room", "bob")
    alice = people("alice", path="/chat/room/plans", offline_errors=True)
    alice.sees("of the old room")
    place.run("room", "delete", "plans", "--yes")
    expect(alice.page.locator("#status")).to_contain_text("This room was deleted")
    place.room("plans", "--as", "root")
    place.send("plans", "of the new room", "bob")
    alice.open("/chat/room/plans")
    alice.sees("of the new room")
    assert alice.bodies() == ["of the new room"]


def test_a_renamed_room_takes_its_page_and_draft_along(place, people):
    place.room("plans", "--as", "root")
    place.send("plans", "before", "bob")
    alice = people("alice", path="/chat/room/plans")
    alice.box.press_sequentially("half a thou")
    place.run("room", "rename", "plans", "ideas", "--as", "root")
    alice.page.wait_for_url(re.compile("/chat/room/ideas"))
    alice.live()
    expect(alice.box).to_have_value("half a thou")
    alice.box.press("Enter")
    alice.sees("half a thou")
    assert alice.bodies() == ["before", "half a thou"]


def test_back_and_forward_lead_to_live_pages(place, people):
    place.room("plans", "--as", "root")
    alice = people("alice")
    alice.open("/chat/room/plans")
    place.send("general", "while away", "bob")
    alice.page.go_back()
    alice.live()
    alice.sees("while away")
    place.send("general", "and live", "bob")
    alice.sees("and live")
    alice.page.go_forward()
    alice.live()
    expect(alice.page.get_by_role("heading", level=1)).to_have_text("plans")
