"""Fixtures: each test has an installation, a server and browsers of its own; one Chromium serves all tests of a process."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

from browser import CHROMIUM, PASSWORD, Person  # noqa: E402
from chat import BINARY, Installation  # noqa: E402
from playwright.sync_api import expect, sync_playwright  # noqa: E402

expect.set_options(timeout=30_000)


def pytest_configure(config):
    for path, what in ((BINARY, "build it, or name one with CHATCTL_BINARY"), (Path(CHROMIUM), "run Scripts/setup test")):
        if not path.exists():
            raise pytest.UsageError(f"{path} is not there: {what}")


class Place(Installation):
    """An installation whose users can log in with PASSWORD."""

    def person(self, name, *options):
        self.run("user", "create", name, "--password-stdin", *options, input=PASSWORD + "\n")
        return name


@pytest.fixture
def place(tmp_path):
    """A fresh installation with the administrator `root` and the users `alice`, `bob` and `carol`."""
    place = Place(tmp_path / "installation")
    place.run("migrate")
    place.person("root", "--admin")
    for name in ("alice", "bob", "carol"):
        place.person(name)
    yield place
    place.end()


@pytest.fixture
def server(place):
    server = place.serve()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def people(chromium, server):
    """Makes people with a browser each: `alice = people("alice")` is logged in and in the room `general`."""
    made = []

    def make(name=None, log_in=True, path="/chat/room/general", **options):
        person = Person(chromium, server, name, **options)
        made.append(person)
        return person.log_in(path) if name and log_in else person

    yield make
    for person in made:
        person.end()
    for person in made:
        person.check()
