"""The exit statuses that need a process: a signal, an internal fault, a server that is down.

Every other refusal is a row in CommandErrorTests.swift.
"""

import signal
import sqlite3

import pytest


def one_line_error(result):
    """Checks for an error of one line `chatctl: what: why`, with or without a hint line, and empty standard output."""
    lines = result.err.splitlines()
    assert lines[0].startswith("chatctl: ") and lines[0].count(": ") >= 2, result
    assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("hint: ")), result
    assert result.out == "", result
    return lines[0]


def test_0_when_it_is_done(chat):
    result = chat.run("send", "general", "hi", "--as", "alice")
    assert (result.out, result.err) == ("1\n", "")


@pytest.mark.parametrize("arguments, status, code", [
    (["nonsense"], 64, "usage"),
    (["user", "create", "Not A Name"], 65, "invalid_input"),
    (["room", "show", "nowhere"], 66, "room_not_found"),
    (["user", "create", "alice"], 73, "already_exists"),
    (["tail", "general", "--count", "1", "--timeout", "50ms"], 75, "timed_out"),
])
def test_an_error_is_one_line_or_one_document(chat, arguments, status, code):
    one_line_error(chat.run(*arguments, code=status))
    assert chat.run(*arguments, "--json", code=status).error["code"] == code


@pytest.mark.sqlite
def test_70_for_a_database_that_holds_what_no_chatctl_writes(chat):
    """No input causes an internal fault, so the database file is corrupted directly."""
    with sqlite3.connect(next(chat.data.rglob("chat.db"))) as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute("UPDATE users SET role = 'king' WHERE username = 'alice'")
    assert "king" in one_line_error(chat.run("user", "list", code=70))
    assert chat.run("user", "list", "--json", code=70).error["code"] == "internal"


def test_130_when_tail_is_interrupted(chat):
    chat.send("general", "one", "alice")
    tail = chat.start("tail", "general", "-f")
    assert tail.line().endswith("one")
    tail.signal(signal.SIGINT)
    assert tail.wait() == 130
    assert tail.err == ""
