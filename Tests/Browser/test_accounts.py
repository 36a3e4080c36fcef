"""Accounts in a browser: the first administrator, invitations, log-in, profile and the end of an account."""

import re
import struct
import zlib

import pytest
from browser import PASSWORD, Person
from chat import Installation, eventually
from playwright.sync_api import expect


def sign_up(page, name):
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url(re.compile("/chat"))
    page.wait_for_function("() => Chat.connection.isJoined(Chat.room)")


def png(colour):
    """A picture of 8 by 8 pixels."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(colour) * 8) * 8
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


@pytest.fixture
def closed(place, chromium):
    """A server whose sign-up is closed, and a visitor of it."""
    server = place.serve("--signup", "closed")
    visitor = Person(chromium, server)
    yield visitor
    visitor.end()
    visitor.check()
    server.stop()


def test_the_first_visitor_of_the_printed_address_becomes_administrator(tmp_path, chromium):
    place = Installation(tmp_path / "installation")
    server = place.serve()
    address = eventually(lambda: re.search(r"http://\S+/join/\S+", server.command.err), "the address is printed").group()
    visitor = Person(chromium, server)
    visitor.page.goto(address)
    expect(visitor.page.get_by_text("becomes its first one")).to_be_visible()
    sign_up(visitor.page, "boss")
    assert visitor.page.goto("/admin").status == 200
    second = Person(chromium, server, offline_errors=True)
    assert second.page.goto(address).status >= 400
    for each in (visitor, second):
        each.end()
        each.check()
    server.stop()
    place.end()


def test_an_invitation_opens_a_closed_server(place, chromium, closed):
    closed.may_fail = True
    assert closed.page.goto("/signup").status == 403
    root = Person(chromium, closed.server, "root").log_in(path=None)
    root.page.goto("/admin/invitations")
    root.page.get_by_role("button", name="Invite").click()
    address = root.page.locator("#invitation").inner_text()
    path = address[address.index("/join/"):]
    closed.page.goto(path)
    sign_up(closed.page, "dora")
    late = Person(chromium, closed.server, offline_errors=True)
    assert late.page.goto(path).status >= 400
    for each in (root, late):
        each.end()
        each.check()


def test_a_wrong_password_is_said_and_no_foreign_address_is_gone_to(people, server):
    some = people(offline_errors=True)
    page = some.page
    page.goto("/login?next=//evil.example/x")
    for password in ("wrong words", PASSWORD):
        page.get_by_label("Username").fill("alice")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()
        if password != PASSWORD:
            expect(page.get_by_role("alert")).to_contain_text("wrong")
            expect(page.get_by_label("Username")).to_have_value("alice")
    page.wait_for_url(server.url + "/chat**")


def test_a_profile_is_changed_and_its_picture_shown_in_the_chat(people):
    alice, bob = people("alice"), people("bob")
    alice.page.goto("/profile/edit")
    alice.page.get_by_label("Name shown to others").fill("Alice Example")
    alice.page.get_by_label("About you").fill("I write\nmessages.")
    alice.page.get_by_role("button", name="Save").click()
    expect(alice.page.get_by_role("heading", level=1)).to_have_text("Alice Example")
    assert alice.page.locator(".bio").inner_text() == "I write\nmessages."
    alice.page.goto("/profile/edit")
    alice.page.locator("#picture").set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": png((200, 30, 30))})
    alice.page.get_by_role("button", name="Use this picture").click()
    alice.page.wait_for_load_state()
    alice.open("/chat/room/general")
    alice.say("see my picture")
    bob.sees("see my picture")
    face = bob.message("see my picture").locator(".face img")
    bob.page.wait_for_function("(image) => image.complete && image.naturalWidth > 0", arg=face.element_handle())
    expect(bob.message("see my picture").locator(".name")).to_have_text("Alice Example")
    expect(bob.message("see my picture").locator(".user")).to_have_text("@alice")


def test_an_account_is_deleted_with_its_password(place, people):
    carol = people("carol", offline_errors=True)
    carol.say("what stays")
    carol.sees("what stays")
    page = carol.page
    page.goto("/profile/delete")
    for password in ("wrong words", PASSWORD):
        page.get_by_label("Your password").fill(password)
        page.get_by_role("button", name="Delete my account").click()
        if password != PASSWORD:
            expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.wait_for_url(lambda address: address.rstrip("/") == carol.server.url)
    assert place.bodies("general") == ["what stays"]
    assert "carol" not in [user["username"] for user in place.run("user", "list", "--json").json]
