"""Every page: looks, accessibility, safety and size."""

import gzip
import re

import pytest
from browser import DESKTOP, PASSWORD, PHONE, Person, accessible, screenshots
from chat import TLS
from playwright.sync_api import expect

OPEN = ["/", "/login", "/signup"]
INNER = ["/profile", "/profile/edit", "/profile/delete", "/search?q=words", "/@alice", "/@bob", "/chat/room/nowhere"]
ADMINISTRATION = ["/admin", "/admin/rooms", "/admin/rooms/general", "/admin/invitations", "/admin/audit"]
SIZES = [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]


def named(path, viewport):
    return (re.sub(r"[^a-z]+", "-", path).strip("-") or "home") + ("-phone" if viewport == PHONE else "-desktop")


def lively(place):
    """Fills `general` with what makes a page hard to lay out."""
    place.run("user", "create", "daoud", "--display-name", "داود بن سليمان")
    bodies = [
        ("bob", "good morning"), ("bob", "a second line by the same author"), ("alice", "hello @bob and @carol"),
        ("daoud", "مرحبا بالجميع، كيف حالكم اليوم؟"), ("carol", "words and a link: https://example.org/with/a/long/path?and=a&query=too"),
        ("carol", "x" * 300), ("alice", "several\nlines\n\n    with an indent"), ("bob", "> @alice: quoted\n@alice thank you"),
    ]
    for author, body in bodies:
        place.run("send", "general", "-", "--as", author, input=body)
    place.run("message", "delete", "general", "2", "--as", "root")
    place.run("message", "edit", "general", "1", "good morning, all", "--as", "bob")
    place.run("room", "topic", "general", "Everything that belongs nowhere else", "--as", "root")
    place.room("a-room-with-a-very-long-name-that-does-not-fit-into-the-list-of-conversations", "--as", "root")
    place.run("send", "--to", "alice", "psst", "--as", "bob")


def fits(page):
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is wider than the window"


@pytest.mark.parametrize("viewport", SIZES)
def test_open_pages(people, viewport):
    page = people(viewport=viewport).page
    for path in OPEN:
        page.goto(path)
        fits(page)
        accessible(page, named(path, viewport))


@pytest.mark.parametrize("viewport", SIZES)
def test_pages_of_an_account(place, people, viewport):
    lively(place)
    some = people("alice", viewport=viewport)
    for path in INNER:
        some.may_fail = path.endswith("nowhere")
        some.page.goto(path)
        fits(some.page)
        accessible(some.page, named(path, viewport))


@pytest.mark.parametrize("viewport", SIZES)
def test_pages_of_an_administrator(place, people, viewport):
    lively(place)
    some = people("root", viewport=viewport)
    for path in ADMINISTRATION:
        assert some.page.goto(path).status == 200
        fits(some.page)
        accessible(some.page, named(path, viewport))


@pytest.mark.parametrize("viewport", SIZES)
def test_the_chat_page(place, people, viewport):
    lively(place)
    alice = people("alice", viewport=viewport)
    page = alice.page
    expect(page.locator("#m8")).to_be_in_viewport()
    fits(page)
    accessible(page, named("/chat", viewport))
    page.locator("#scroller").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    accessible(page, named("/chat/menu", viewport))
    page.keyboard.press("Escape")
    alice.box.fill("")
    alice.box.press_sequentially("@")
    expect(page.locator("#offers")).to_be_visible()
    accessible(page, named("/chat/completion", viewport))
    alice.box.press("Escape")
    page.get_by_role("button", name="People").click()
    expect(page.locator("#people li").first).to_be_visible()
    accessible(page, named("/chat/people", viewport))
    page.get_by_role("button", name="Close").last.click()
    if viewport == PHONE:
        page.get_by_role("link", name="Conversations").click()
        expect(page.locator("#rooms")).to_be_visible()
        accessible(page, named("/chat/conversations", viewport))
        page.keyboard.press("Escape")
        expect(page.locator("#conversations")).to_be_hidden()


def test_text_at_twice_the_size(place, people):
    lively(place)
    alice = people("alice", viewport={"width": 1280, "height": 800})
    page = alice.page
    # As a reader sets it in the browser; a style sheet in the page would be against its policy.
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    fits(page)
    expect(alice.box).to_be_in_viewport()
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
    page.screenshot(path=screenshots() / "chat-text-200.png")


def test_offline_and_refused_look(place, people, server):
    lively(place)
    alice = people("alice", offline_errors=True)
    server.stop()
    expect(alice.page.locator("#status")).to_be_visible()
    alice.say("waiting")
    accessible(alice.page, "chat-offline")


XSS = '"\'><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>{{csrf}}</textarea></title>'


def test_nothing_that_people_write_is_run(place, people, server):
    """Puts markup into every field that a person or the API can set, and looks at every page that shows it."""
    token = place.token("root")
    server.api("PATCH", "/users/bob", token, {"display_name": XSS[:64], "bio": XSS})
    server.api("PATCH", "/rooms/general", token, {"topic": XSS[:250]})
    place.run("send", "general", "-", "--as", "bob", input=XSS)
    place.run("send", "--to", "alice", XSS, "--as", "bob")
    place.token("alice", "--label", XSS[:60])
    place.run("room", "mute", "general", "carol", "--reason", XSS[:200], "--as", "root")
    alice, root = people("alice", offline_errors=True), people("root", offline_errors=True)
    dialogs = []
    for some in (alice, root):
        some.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    query = "?q=" + "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    paths = ["/chat", "/@bob", "/profile", "/profile/edit", "/search?q=img", "/search" + query, "/search?q=x&room=" + query,
             "/chat/room/%3Cscript%3E", "/@%3Cscript%3E"]
    for path in paths:
        alice.page.goto(path)
        assert alice.page.locator("img[src=x], svg[onload], [onerror]").count() == 0, path
    for path in ADMINISTRATION + ["/admin?name=%22%3E%3Cscript%3E", "/admin/audit?actor=%22%3E%3Cscript%3Ealert(1)"]:
        root.page.goto(path)
        assert root.page.locator("img[src=x], svg[onload], [onerror]").count() == 0, path
    alice.open("/chat/room/general")
    assert alice.bodies() == [XSS]
    alice.say(XSS + " again")
    alice.sees("again")
    alice.box.fill(XSS)
    alice.page.reload()
    expect(alice.box).to_have_value(XSS)
    alice.page.get_by_role("button", name="People").click()
    expect(alice.page.locator("#people li").first).to_be_visible()
    assert alice.page.locator("img[src=x], svg[onload], [onerror]").count() == 0
    assert dialogs == []


def test_pages_are_closed_to_other_hosts(people, server):
    for path in ("/", "/login", "/chat"):
        headers = {name.lower(): value for name, value in server.http("GET", path).headers.items()}
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"):
            assert part in policy
        assert headers["x-content-type-options"] == "nosniff"
    alice = people("alice")
    markup = "() => { try { document.createElement('div').innerHTML = '<i>x</i>'; return 'made'; } catch { return 'refused'; } }"
    assert alice.page.evaluate(markup) == "refused"
    assert any("TrustedHTML" in fault for fault in alice.faults)
    alice.faults.clear()


def test_the_first_load_is_small(place, people):
    place.run("send", "general", "--lines", "--as", "bob",
              input="".join(f"message {n} of about forty-five characters each\n" for n in range(60)))
    alice = people("alice", path=None)
    page = alice.context.new_page()
    page.goto("/chat/room/general", wait_until="load")
    sizes = page.evaluate("""() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
        .filter((entry) => entry.startTime <= performance.getEntriesByType("navigation")[0].loadEventStart)
        .map((entry) => [entry.name, entry.encodedBodySize])""")
    # A browser that has the style sheet already need not load it again, so sizes are those of the answers' bodies.
    assert len(sizes) <= 5, sizes
    assert sum(size for _, size in sizes) <= 60 * 1024, sizes


def test_assets_are_the_same_with_and_without_compression(people, server):
    page = people("alice").page
    for address in page.evaluate("() => performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)"):
        if not address.startswith("/assets/"):
            continue
        plain = server.http("GET", address, headers={"Accept-Encoding": "identity"})
        small = server.http("GET", address, headers={"Accept-Encoding": "gzip"})
        assert plain.status == small.status == 200
        assert "immutable" in plain.headers["Cache-Control"]
        assert gzip.decompress(small.body) == plain.body


def test_the_pages_work_over_tls(place, chromium, monkeypatch):
    monkeypatch.setattr(TLS, "is_on", True)
    monkeypatch.setattr(TLS, "scheme", "https")
    server = place.serve()
    alice = Person(chromium, server, "alice").log_in()
    assert alice.page.url.startswith("https://")
    alice.say("over TLS")
    alice.sees("over TLS")
    cookies = [each for each in alice.context.cookies() if "session" in each["name"]]
    assert [(each["secure"], each["httpOnly"], each["sameSite"]) for each in cookies] == [(True, True, "Lax")]
    assert cookies[0]["name"].startswith("__Host-")
    alice.page.get_by_role("button", name="Log out").click()
    alice.page.wait_for_url(re.compile("/login"))
    alice.end()
    alice.check()
    server.stop()


def test_the_keyboard_is_enough(place, people):
    """Log-in, chat, private chat and edit, key by key; docs/pages.md has the same path in words."""
    some = people()
    page = some.page
    page.goto("/login")
    page.locator("#username").focus()
    for text, key in (("alice", "Tab"), (PASSWORD, "Enter")):
        page.keyboard.type(text)
        page.keyboard.press(key)
    page.wait_for_url(re.compile("/chat"))
    some.live()
    expect(some.box).to_be_focused()
    page.keyboard.type("by keyboard")
    page.keyboard.press("Enter")
    some.sees("by keyboard")
    page.keyboard.press("ArrowUp")
    page.keyboard.type(" alone")
    page.keyboard.press("Enter")
    some.sees("by keyboard alone")
    for _ in range(60):
        if page.evaluate("() => document.activeElement.textContent") == "Start a private chat":
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("bob")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("bob")
