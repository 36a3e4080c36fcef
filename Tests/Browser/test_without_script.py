"""Reading and posting work as plain forms."""

from chat import eventually
from playwright.sync_api import expect

PROBE = 'plain <script>document.title="x"</script> & "words"'


def person(people, name):
    some = people(name, log_in=False, java_script_enabled=False)
    some.log_in(path=None)
    some.page.goto("/chat/room/general")
    return some


def test_reading_posting_and_paging(place, people):
    place.run("send", "general", "--lines", "--as", "bob", input="".join(f"line {n}\n" for n in range(1, 71)))
    page = person(people, "alice").page
    expect(page.locator("#m70 .body")).to_be_in_viewport()
    assert page.locator(".message").count() == 50
    page.get_by_label("Message", exact=True).fill(PROBE)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#m71 .body")).to_have_text(PROBE)
    expect(page.locator("#m71 .body")).to_be_in_viewport()
    assert place.bodies("general")[-1] == PROBE
    page.get_by_role("link", name="Older messages").click()
    expect(page.locator("#m1")).to_be_attached()
    assert page.get_by_role("link", name="Older messages").count() == 0


def test_a_refused_message_is_given_back(place, people):
    some = person(people, "alice")
    some.may_fail = True
    place.run("room", "mute", "general", "alice", "--as", "root")
    some.page.get_by_label("Message", exact=True).fill("\nmay I\n")
    some.page.get_by_role("button", name="Send").click()
    expect(some.page.get_by_role("alert")).to_contain_text("muted")
    expect(some.page.get_by_label("Message", exact=True)).to_have_value("\nmay I\n")
    assert place.bodies("general") == []


def test_a_private_chat_from_somebodys_page(place, people):
    alice = person(people, "alice").page
    alice.goto("/@bob")
    alice.get_by_role("button", name="Chat with me").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("bob")
    alice.get_by_label("Message", exact=True).fill("hello")
    alice.get_by_role("button", name="Send").click()
    bob = person(people, "bob").page
    bob.locator("#rooms").get_by_role("link", name="alice").click()
    expect(bob.locator(".message .body")).to_have_text("hello")


def test_conversations_open_on_a_phone(place, people):
    place.room("plans", "--as", "root")
    page = people("alice", log_in=False, java_script_enabled=False, viewport={"width": 390, "height": 780})
    page = page.log_in(path=None).page
    page.goto("/chat/room/general")
    expect(page.locator("#conversations")).to_be_hidden()
    page.get_by_role("link", name="Conversations").click()
    page.locator("#rooms").get_by_role("link", name="plans").click()
    eventually(lambda: page.url.split("#")[0].endswith("/chat/room/plans"), "the other room is open")
    expect(page.locator("#conversations")).to_be_hidden()
