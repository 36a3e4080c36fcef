"""The manual pages: up to date, without a fault, and rendered."""

import re
import subprocess
import sys

import pytest

from chat import BINARY, REPOSITORY

PAGES = sorted((REPOSITORY / "man").glob("*.[0-9]"))


def text_of(name):
    """The page as a reader has it, without overstriking: bold is a letter, a backspace and the letter again."""
    raw = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=80", REPOSITORY / "man" / name], check=True,
                         capture_output=True, text=True).stdout
    return re.sub(r".\x08", "", raw)


def test_the_committed_pages_are_those_of_the_program():
    done = subprocess.run([sys.executable, REPOSITORY / "Scripts/man", BINARY, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_mandoc_has_no_warning(page):
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True)
    assert done.stdout == "" and done.returncode == 0, done.stdout


def test_each_reference_leads_to_a_page():
    names = {page.name for page in PAGES}
    for page in PAGES:
        for name, section in re.findall(r"Xr (\S+) (\d)", page.read_text()):
            assert f"{name}.{section}" in names, (page.name, name)


def test_a_page_shows_what_the_help_does():
    page = text_of("chatctl-tail.1")
    for part in ("NAME", "SYNOPSIS", "--timeout duration", "ENVIRONMENT", "CHATCTL_SERVER", "FILES", "EXIT STATUS",
                 "--timeout passed first.", "EXAMPLES", "deploy 61 (ok|failed)"):
        assert part in page, part
    create = text_of("chatctl-room-create.1")
    assert "chatctl room create" in create and "--if-not-exists" in create and "--private" in create


def test_sections_5_and_7_say_what_their_documents_do():
    assert "[profile.work]" in text_of("chatctl-config.5")
    protocol = text_of("chatctl-protocol.7")
    assert '{"event":"ping"}' in protocol and "X-CSRF-Token" in protocol
