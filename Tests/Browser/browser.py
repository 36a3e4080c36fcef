"""Drives Chromium for the tests: people with a browser of their own, and what every page must keep to.

Waits are for what appears on the page, with a deadline; nothing sleeps.
"""

import os
import re
import tempfile
import urllib.parse
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

CHROMIUM = os.environ.get("CHATCTL_CHROMIUM", "/usr/bin/chromium")
DEADLINE = float(os.environ.get("CHATCTL_TEST_DEADLINE", "30")) * 1000
PHONE = {"width": 390, "height": 780}
DESKTOP = {"width": 1200, "height": 800}
PASSWORD = "correct horse battery"

_screenshots = None


def screenshots():
    """The folder for screenshots: CHATCTL_SCREENSHOTS, or a temporary one that is kept."""
    global _screenshots
    if not _screenshots:
        named = os.environ.get("CHATCTL_SCREENSHOTS")
        _screenshots = Path(named) if named else Path(tempfile.mkdtemp(prefix="chatctl-screenshots-"))
        _screenshots.mkdir(parents=True, exist_ok=True)
    return _screenshots


class Person:
    """Somebody with a browser of their own, whose pages must stay free of errors and of other hosts."""

    def __init__(self, browser, server, name=None, offline_errors=False, **options):
        self.server, self.name = server, name
        # Where a test stops the server or is refused on purpose, the browser itself logs the failed requests.
        self.may_fail = offline_errors
        self.faults = []
        self.context = browser.new_context(
            base_url=server.url, ignore_https_errors=True, **{"viewport": DESKTOP, "locale": "en-GB", **options})
        self.context.set_default_timeout(DEADLINE)
        self.context.on("page", self._watch)
        self.page = self.context.new_page()

    def _watch(self, page):
        page.on("pageerror", lambda error: self.faults.append(f"error on {page.url}: {error}"))
        page.on("console", lambda message: self._console(page, message))
        page.on("request", self._request)

    def _console(self, page, message):
        if message.type not in ("error", "warning"):
            return
        network = "Failed to load resource" in message.text or "WebSocket connection" in message.text
        if not (self.may_fail and network):
            self.faults.append(f"console of {page.url}: {message.text}")

    def _request(self, request):
        address = urllib.parse.urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != urllib.parse.urlsplit(self.server.url).netloc:
            self.faults.append(f"request to another host: {request.url}")

    def check(self):
        assert not self.faults, self.faults

    def log_in(self, path="/chat/room/general"):
        """Logs in with the form, as people do, and goes to a page."""
        self.page.goto("/login")
        self.page.get_by_label("Username").fill(self.name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url(re.compile(r"/chat"))
        if path:
            self.open(path)
        return self

    def open(self, path, page=None):
        """Opens a page of the chat and waits until it is live."""
        page = page or self.page
        page.goto(path)
        if path.startswith("/chat"):
            self.live(page)
        return page

    def live(self, page=None):
        (page or self.page).wait_for_function("() => Chat.connection.isJoined(Chat.room)")

    def tab(self, path):
        return self.open(path, self.context.new_page())

    @property
    def box(self):
        return self.page.get_by_role("textbox", name="Message", exact=True)

    def say(self, text):
        self.box.fill(text)
        self.box.press("Enter")

    def message(self, text, page=None):
        """The message with this text in the list of those that are stored."""
        return (page or self.page).locator("#messages .message").filter(has=(page or self.page).locator(".body", has_text=text))

    def sees(self, text, page=None):
        expect(self.message(text, page).last).to_be_visible()

    def bodies(self):
        return self.page.locator("#messages .message .body").all_inner_texts()

    def end(self):
        self.context.close()


def accessible(page, name):
    """Asserts that axe finds nothing wrong with a page, in light and dark, and keeps a picture of each."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.screenshot(path=screenshots() / f"{name}-{scheme}.png")
        found = Axe().run(page).response["violations"]
        assert not found, "\n".join(
            f"{name} {scheme}: {each['id']}: {each['help']}: " + "; ".join(node["html"][:200] for node in each["nodes"][:3])
            for each in found)
    page.emulate_media(color_scheme="light")
