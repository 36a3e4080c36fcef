"""Fixtures: every test has its own installation."""

import pytest

from chat import BINARY, Backend, Installation, Operator
from known_deviations import KNOWN


def pytest_configure(config):
    if not BINARY.exists():
        raise pytest.UsageError(f"{BINARY} is not there: build it, or name one with CHATCTL_BINARY")


def pytest_collection_modifyitems(items):
    for item in items:
        if Backend.name != "sqlite" and item.get_closest_marker("sqlite"):
            item.add_marker(pytest.mark.skip(reason="about SQLite's files"))
        reason = KNOWN.get(f"{item.path.name}::{item.name}")
        if reason:
            item.add_marker(pytest.mark.xfail(strict=True, reason=reason))


class Place(Installation):
    """An installation with the users most tests need."""

    def tokens(self, *names):
        return [self.token(name) for name in names]


@pytest.fixture
def chat(tmp_path):
    """A fresh installation, migrated, with an administrator `root` and the users `alice` and `bob`."""
    place = Place(tmp_path / "installation")
    place.run("migrate")
    place.user("root", "--admin")
    place.user("alice")
    place.user("bob")
    yield place
    place.end()


@pytest.fixture
def empty(tmp_path):
    """An installation without any data."""
    place = Place(tmp_path / "installation")
    yield place
    place.end()


@pytest.fixture
def server(chat):
    """A running server of `chat`; it must exit with 0 on SIGTERM."""
    server = chat.serve()
    yield server
    server.stop()


@pytest.fixture(params=["on the database", "over a server"])
def operator(request, chat):
    """Runs commands on the database, and in a second test over a server."""
    if request.param == "on the database":
        yield Operator(chat)
        return
    server = chat.serve()
    yield Operator(chat, server)
    server.stop()
