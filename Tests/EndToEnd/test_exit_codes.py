"""Transcripts: a command, what it prints, and the status it ends with (contract §2).
"""

import signal
import sqlite3

import pytest


def one_line_error(result):
    """An error is one line `chatctl: what: why`, perhaps with a hint line; nothing stands on standard output."""
    lines = result.err.splitlines()
    assert lines[0].startswith("chatctl: ") and lines[0].count(": ") >= 2, result
    assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("hint: ")), result
    assert result.out == "", result
    return lines[0]


def test_0_when_it_is_done(chat):
    result = chat.run("send", "general", "hi", "--as", "alice")
    assert (result.out, result.err) == ("1\n", "")


def test_1_when_tail_meets_a_rejected_message(chat):
    chat.send("general", "fine", "alice")
    chat.send("general", "ERROR: broken", "alice")
    chat.send("general", "not seen", "alice")
    result = chat.run("tail", "general", "--reject", "^ERROR", "--json", code=1)
    assert "not seen" not in result.out


@pytest.mark.parametrize("arguments", [
    ["nonsense"], ["user", "create"], ["send", "general", "--nonsense"], ["tail"],
    ["tail", "general", "--count", "x"], ["tail", "general", "--timeout", "soon"], ["serve", "--port", "70000"],
    ["room", "delete", "general"], ["user", "delete", "bob"], ["--color", "sometimes", "config"],
], ids=" ".join)
def test_64_for_wrong_usage(chat, arguments):
    one_line_error(chat.run(*arguments, code=64))


def test_64_without_a_speaker(chat):
    assert "no speaker" in one_line_error(chat.run("send", "general", "hi", code=64))


@pytest.mark.parametrize("arguments", [
    ["user", "create", "Not A Name"], ["user", "create", "-x-", "--"], ["user", "create", "a" * 33],
    ["room", "create", "no spaces"], ["room", "create", "r" * 129], ["room", "topic", "general", "t" * 251],
    ["send", "general", "  \t ", "--as", "alice"], ["send", "general", "x" * 16_385, "--as", "alice"],
], ids=lambda it: " ".join(it)[:40])
def test_65_for_invalid_input(chat, arguments):
    if "--" in arguments:
        arguments = ["user", "create", "--", "-x-"]
    one_line_error(chat.run(*arguments, code=65))


@pytest.mark.parametrize("arguments", [
    ["user", "show", "nobody"], ["user", "token", "nobody"], ["room", "show", "nowhere"],
    ["send", "nowhere", "hi", "--as", "alice"], ["send", "general", "hi", "--as", "nobody"],
    ["send", "--to", "nobody", "hi", "--as", "alice"], ["tail", "nowhere"], ["presence", "nowhere"],
    ["room", "kick", "general", "nobody"], ["room", "members", "nowhere"],
    ["message", "show", "general", "1"], ["message", "delete", "general", "1"],
    ["user", "revoke-token", "alice", "99"],
], ids=" ".join)
def test_66_for_no_such_room_user_or_message(chat, arguments):
    assert "no such" in one_line_error(chat.run(*arguments, code=66))


def test_69_for_a_server_that_is_not_there(chat):
    one_line_error(
        chat.run("--server", "http://127.0.0.1:1", "room", "list", env={"CHATCTL_TOKEN": "x"}, code=69))


def test_78_for_a_database_that_was_never_made(empty):
    assert "migrate" in empty.run("--database", "sqlite:/nowhere/at/all/chat.db", "room", "list", code=78).err


def test_78_for_a_database_of_an_unknown_kind(empty):
    one_line_error(empty.run("--database", "mongodb://127.0.0.1:1/chat", "room", "list", code=78))


@pytest.mark.sqlite
def test_70_for_a_database_that_holds_what_no_chatctl_writes(chat):
    """No input reaches a fault of ours, so the file is changed behind chatctl's back."""
    with sqlite3.connect(next(chat.data.rglob("chat.db"))) as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute("UPDATE users SET role = 'king' WHERE username = 'alice'")
    assert "king" in one_line_error(chat.run("user", "list", code=70))
    assert chat.run("user", "list", "--json", code=70).error["code"] == "internal"


@pytest.mark.parametrize("arguments", [["user", "create", "alice"], ["room", "create", "general"]], ids=" ".join)
def test_73_for_what_already_exists(chat, arguments):
    assert "already exists" in one_line_error(chat.run(*arguments, code=73))
    chat.run(*arguments, "--if-not-exists")


def test_75_when_the_messages_do_not_come_in_time(chat):
    chat.send("general", "one", "alice")
    result = chat.run("tail", "general", "--count", "2", "--timeout", "300ms", "--json", code=75)
    assert [each["body"] for each in result.documents] == ["one"]


def test_77_for_what_is_not_allowed(chat):
    chat.room("secret", "--private")
    one_line_error(chat.run("send", "secret", "hi", "--as", "bob", code=77))


@pytest.mark.parametrize("flags", [["room", "ban"], ["room", "mute"]], ids=" ".join)
def test_77_for_the_banned_and_the_muted(chat, flags):
    chat.run(*flags, "general", "bob")
    one_line_error(chat.run("send", "general", "hi", "--as", "bob", code=77))


@pytest.mark.sqlite
@pytest.mark.parametrize("text", ["database = ", "[[[", "user = 3\nuser = 4", "database = 'mysql://x'"])
def test_78_for_a_broken_configuration_file(chat, text):
    path = chat.configuration / "chatctl" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    one_line_error(chat.run("room", "list", code=78))


def test_130_when_tail_is_interrupted(chat):
    chat.send("general", "one", "alice")
    tail = chat.start("tail", "general", "-f")
    assert tail.line().endswith("one")
    tail.signal(signal.SIGINT)
    assert tail.wait() == 130
    assert tail.err == ""


@pytest.mark.parametrize("arguments, status, code", [
    (["nonsense"], 64, "usage"),
    (["user", "create", "Not A Name"], 65, "invalid_input"),
    (["send", "general", "", "--as", "alice"], 65, "invalid_body"),
    (["room", "show", "nowhere"], 66, "room_not_found"),
    (["user", "show", "nobody"], 66, "user_not_found"),
    (["message", "show", "general", "9"], 66, "message_not_found"),
    (["user", "create", "alice"], 73, "already_exists"),
    (["tail", "general", "--count", "1", "--timeout", "50ms"], 75, "timed_out"),
])
def test_with_json_an_error_is_one_document_on_standard_error(chat, arguments, status, code):
    result = chat.run(*arguments, "--json", code=status)
    assert result.out == ""
    error = result.error
    assert error["code"] == code
    assert list(error)[:2] == ["code", "message"] and set(error) <= {"code", "message", "hint", "errors"}


def test_no_error_names_a_source_file(chat):
    for arguments in (["nonsense"], ["--database", "sqlite:/nowhere/x.db", "room", "list"], ["room", "show", "no"]):
        assert ".swift" not in chat.run(*arguments, code=None).err
