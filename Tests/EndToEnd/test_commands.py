"""The commands, on the database itself (contract §2)."""

import json
import os
import re
import signal
import subprocess
import time

import pytest

from chat import (AUTHOR_KEYS, BINARY, MEMBER_KEYS, MESSAGE_KEYS, PRESENCE_KEYS, ROOM_KEYS, TIME, USER_KEYS)


def lines(chat, count, room="general"):
    chat.run("send", room, "--lines", "--as", "alice", input="".join(f"m{n}\n" for n in range(1, count + 1)))


def seqs(result):
    return [each["seq"] for each in result.documents]


# The schema.

def test_migrate_is_idempotent_and_makes_general(empty):
    empty.run("migrate")
    status = empty.run("migrate", "--status", "--json").json
    empty.run("migrate")
    assert empty.run("migrate", "--status", "--json").json == status
    assert [room["name"] for room in empty.run("room", "list", "--json").json] == ["general"]


@pytest.mark.sqlite
def test_the_database_is_only_its_owners(chat):
    for path in chat.data.rglob("chat.db*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_version_and_help_need_no_database(empty):
    assert re.match(r"^(chatctl )?\d+\.\d+\.\d+", empty.run("--version").out)
    assert "USAGE" in empty.run("help").out and "USAGE" in empty.run("send", "--help").out
    for shell in ("bash", "zsh", "fish"):
        assert "chatctl" in empty.run("--generate-completion-script", shell).out
    assert not list(empty.data.rglob("*"))


# Users and tokens.

def test_a_user_is_made_shown_and_listed_with_the_contracts_keys(chat):
    made = chat.run("user", "create", "Carol", "--admin", "--display-name", "Carol C.", "--json").json
    assert list(made) == USER_KEYS and re.match(TIME, made["created_at"])
    assert (made["username"], made["display_name"], made["role"], made["disabled"]) == (
        "carol", "Carol C.", "admin", False)
    assert chat.run("user", "show", "CAROL", "--json").json == made
    assert made in chat.run("user", "list", "--json").json


def test_a_generated_password_is_printed_once_and_logs_in(chat, server):
    out = chat.run("user", "create", "carol", "--generate-password").out
    words = re.findall(r"\S{8,}", out)
    statuses = [server.http("POST", "/api/v1/login", json_body={"username": "carol", "password": word}).status
                for word in words]
    assert 200 in statuses, out


def test_a_changed_password_is_the_one_that_counts(chat, server):
    chat.run("user", "create", "carol", "--password-stdin", input="the first one\n")
    chat.run("user", "password", "carol", "--password-stdin", input="the second one\n")
    for password, status in (("the first one", 401), ("the second one", 200)):
        assert server.http("POST", "/api/v1/login", json_body={"username": "carol", "password": password}
                           ).status == status


def test_disable_enable_and_delete(chat):
    chat.run("user", "disable", "bob")
    assert chat.run("user", "show", "bob", "--json").json["disabled"] is True
    chat.run("send", "general", "hi", "--as", "bob", code=77)
    chat.run("user", "enable", "bob")
    chat.run("send", "general", "hi", "--as", "bob")
    chat.run("user", "delete", "bob", code=64)
    chat.run("user", "delete", "bob", "--yes")
    chat.run("user", "show", "bob", code=66)
    assert chat.bodies("general") == ["hi"]


def test_a_token_is_printed_alone_and_once(chat):
    result = chat.run("user", "token", "bob", "--label", "laptop", "--expires", "30d")
    assert re.match(r"^\S{32,}\n$", result.out)
    [kept] = chat.run("user", "tokens", "bob", "--json").json
    assert kept["label"] == "laptop" and kept["expires_at"] and "token" not in kept
    chat.run("user", "revoke-token", "bob", str(kept["id"]))
    assert chat.run("user", "tokens", "bob", "--json").json == []


# Rooms, members, moderation.

def test_a_room_is_made_changed_archived_and_deleted(chat):
    made = chat.room("Red", "--topic", "Warm")
    assert list(made) == ROOM_KEYS and re.match(TIME, made["created_at"])
    assert (made["name"], made["kind"], made["topic"], made["last_seq"]) == ("red", "public", "Warm", 0)
    assert chat.run("room", "show", "red", "--json").json == made
    chat.run("room", "topic", "red", "Hot")
    chat.run("room", "rename", "red", "blue")
    chat.run("room", "show", "red", code=66)
    assert chat.run("room", "show", "blue", "--json").json["topic"] == "Hot"
    chat.run("room", "archive", "blue")
    assert chat.run("send", "blue", "hi", "--as", "alice", "--json", code=77).error["code"] == "archived"
    chat.run("room", "unarchive", "blue")
    chat.run("send", "blue", "hi", "--as", "alice")
    chat.run("room", "delete", "blue", "--yes")
    chat.run("room", "show", "blue", code=66)


def test_rooms_are_listed_by_user_and_kind(chat):
    chat.room("red", "--private", "--member", "alice")
    chat.run("room", "direct", "alice", "bob")

    def names(*options):
        return [room["name"] for room in chat.run("room", "list", *options, "--json").json]

    assert names("--kind", "private") == ["red"] and names("--kind", "public") == ["general"]
    assert len(names("--kind", "direct")) == 1
    assert "red" in names("--user", "alice") and "red" not in names("--user", "bob")


def test_members_are_added_twice_without_harm_given_roles_and_removed(chat):
    chat.room("red", "--private")
    for _ in range(2):
        members = chat.run("room", "members", "red", "--add", "alice", "--add", "bob", "--json").json
        assert [list(each) for each in members] == [MEMBER_KEYS] * 2
    members = chat.run("room", "members", "red", "--add", "alice", "--role", "moderator", "--json").json
    assert {each["username"]: each["role"] for each in members} == {"alice": "moderator", "bob": "member"}
    members = chat.run("room", "members", "red", "--remove", "bob", "--json").json
    assert [each["username"] for each in members] == ["alice"]


def test_a_mute_and_a_ban_keep_a_speaker_from_posting_until_they_end(chat):
    for act, end in (("mute", "unmute"), ("ban", "unban")):
        chat.run("room", act, "general", "bob", "--for", "1h")
        chat.run("send", "general", "hi", "--as", "bob", code=77)
        chat.run("room", end, "general", "bob")
        chat.run("send", "general", "hi", "--as", "bob")


def test_there_is_one_direct_room_a_pair(chat):
    first = chat.run("room", "direct", "alice", "bob", "--json").json
    assert list(first) == ROOM_KEYS and (first["kind"], first["member_count"]) == ("direct", 2)
    assert chat.run("room", "direct", "bob", "alice", "--json").json["name"] == first["name"]


# send

def test_send_takes_its_body_from_the_argument_or_standard_input(chat):
    assert chat.run("send", "general", "argument", "--as", "alice").out == "1\n"
    chat.run("send", "general", "-", "--as", "alice", input="two\nlines\n")
    chat.run("send", "general", "--as", "alice", input="piped")
    assert chat.bodies("general") == ["argument", "two\nlines", "piped"]


def test_send_lines_posts_each_line_in_order(chat):
    result = chat.run("send", "general", "--lines", "--as", "alice", "--json", input="a\nb\nc")
    assert [(each["seq"], each["body"]) for each in result.documents] == [(1, "a"), (2, "b"), (3, "c")]
    assert all(list(each) == MESSAGE_KEYS and list(each["author"]) == AUTHOR_KEYS for each in result.documents)


def test_send_to_a_user_goes_to_the_direct_room(chat):
    room = chat.run("send", "--to", "bob", "psst", "--as", "alice", "--json").json["room"]
    assert chat.run("room", "direct", "bob", "alice", "--json").json["name"] == room
    assert chat.bodies(room) == ["psst"]


def test_the_same_client_id_twice_gives_the_same_seq(chat):
    assert [chat.run("send", "general", "hi", "--as", "alice", "--client-id", "c1").out for _ in range(2)] == ["1\n"] * 2
    assert chat.bodies("general") == ["hi"]


def test_a_body_that_looks_like_an_option_goes_behind_two_dashes(chat):
    chat.run("send", "general", "--as", "alice", "--", "--not-an-option")
    assert chat.bodies("general") == ["--not-an-option"]


# tail

def test_tail_shows_the_last_ten_or_as_many_as_asked(chat):
    lines(chat, 30)
    assert seqs(chat.run("tail", "general", "--json")) == list(range(21, 31))
    assert seqs(chat.run("tail", "general", "-n", "3", "--json")) == [28, 29, 30]
    assert seqs(chat.run("tail", "general", "-n", "0", "--json")) == []


def test_tail_begins_at_a_seq_a_time_or_so_long_ago(chat):
    lines(chat, 5)
    moment = chat.history("general")[-1]["created_at"]
    time_before = "2020-01-01T00:00:00Z"
    assert seqs(chat.run("tail", "general", "--since", "3", "--json"))[-1] == 5
    assert seqs(chat.run("tail", "general", "--since", "3", "--json"))[0] in (3, 4)
    assert seqs(chat.run("tail", "general", "--since", "1h", "--json")) == [1, 2, 3, 4, 5]
    assert seqs(chat.run("tail", "general", "--since", time_before, "--json")) == [1, 2, 3, 4, 5]
    assert 5 in seqs(chat.run("tail", "general", "--since", moment, "--json"))
    assert seqs(chat.run("tail", "general", "--since", "2999-01-01T00:00:00Z", "--json")) == []
    chat.run("tail", "general", "--since", "yesterday", code=64)


def test_tail_matches_counts_and_follows(chat):
    lines(chat, 30)
    assert seqs(chat.run("tail", "general", "-n", "30", "--match", "^m1.$", "--json")) == list(range(10, 20))
    assert seqs(chat.run("tail", "general", "-n", "30", "--match", "5$", "--count", "2", "--json")) == [5, 15]
    chat.run("tail", "general", "--match", "(", code=64)
    tail = chat.start("tail", "general", "-n", "0", "--match", "wanted", "--count", "1", "--json", "--timeout", "60s")
    deadline = time.monotonic() + 30
    while tail.process.poll() is None and time.monotonic() < deadline:
        chat.send("general", "other", "alice")
        chat.send("general", "the wanted one", "alice")
    assert tail.wait() == 0
    assert tail.document()["body"] == "the wanted one"


def test_tail_keeps_its_place_in_a_file(chat, tmp_path):
    cursor, got = str(tmp_path / "cursor"), []
    for turn in range(4):
        for number in range(7):
            chat.send("general", f"{turn} {number}", "alice")
        got += seqs(chat.run("tail", "general", "-n", "100", "--cursor", cursor, "--count", "3", "--json"))
    got += seqs(chat.run("tail", "general", "--cursor", cursor, "--json"))
    assert got == list(range(1, 29))
    assert seqs(chat.run("tail", "general", "--cursor", cursor, "--json")) == []


def test_a_killed_tail_with_a_cursor_repeats_at_most_what_it_had_printed_and_loses_nothing(chat, tmp_path):
    cursor = str(tmp_path / "cursor")
    lines(chat, 50)
    tail = chat.start("tail", "general", "-n", "100", "-f", "--cursor", cursor, "--json")
    printed = [tail.document()["seq"] for _ in range(50)]
    tail.signal(signal.SIGTERM)
    tail.wait()
    lines(chat, 5)
    assert printed == list(range(1, 51))
    assert seqs(chat.run("tail", "general", "--cursor", cursor, "--json")) == [51, 52, 53, 54, 55]


def test_a_cursor_of_an_earlier_room_of_that_name_hides_nothing(chat, tmp_path):
    cursor = str(tmp_path / "cursor")
    chat.room("red")
    for number in range(5):
        chat.send("red", f"old {number}", "alice")
    assert seqs(chat.run("tail", "red", "--cursor", cursor, "--json")) == [1, 2, 3, 4, 5]
    chat.run("room", "delete", "red", "--yes")
    chat.room("red")
    for number in range(2):
        chat.send("red", f"new {number}", "alice")
    again = chat.run("tail", "red", "--cursor", cursor, "--json")
    assert seqs(again) == [1, 2] and "begins anew" in again.err
    assert seqs(chat.run("tail", "red", "--cursor", cursor, "--json")) == []


def test_tail_waits_for_a_room_that_is_not_there_yet(chat):
    chat.run("tail", "later", code=66)
    tail = chat.start("tail", "later", "--wait", "-f", "--json")
    chat.room("later")
    chat.send("later", "first", "alice")
    assert tail.document()["body"] == "first"


def test_tail_follows_several_rooms(chat):
    chat.room("red")
    tail = chat.start("tail", "general", "red", "-f", "--json")
    for number in range(5):
        chat.send("general", f"g{number}", "alice")
        chat.send("red", f"r{number}", "bob")
    got = [tail.document() for _ in range(10)]
    for room in ("general", "red"):
        assert [each["seq"] for each in got if each["room"] == room] == [1, 2, 3, 4, 5]


def test_tail_joins_history_and_live_without_a_hole(chat):
    lines(chat, 100)
    writer = chat.start("send", "general", "--lines", "--as", "bob", stdin=subprocess.PIPE)
    tails = []
    for number in range(60):
        writer.process.stdin.write(f"live {number}\n")
        writer.process.stdin.flush()
        if number % 20 == 0:
            tails.append(chat.start("tail", "general", "-n", "1000", "--count", "160", "--json"))
    writer.process.stdin.close()
    for tail in tails:
        assert [tail.document()["seq"] for _ in range(160)] == list(range(1, 161))
        assert tail.wait() == 0


# presence, messages, search

def test_presence_of_one_room_is_an_object_and_of_several_an_array(chat):
    chat.room("red")
    assert list(chat.run("presence", "general", "--json").json) == PRESENCE_KEYS
    assert [each["room"] for each in chat.run("presence", "red", "general", "--json").json] == ["red", "general"]


def test_a_message_is_shown_and_deleted(chat):
    sent = chat.send("general", "oops", "alice")
    assert chat.run("message", "show", "general", "1", "--json").json == sent
    chat.run("message", "delete", "general", "1")
    shown = chat.run("message", "show", "general", "1", "--json").json
    assert shown["body"] == "" and shown["deleted"] is True
    assert chat.run("message", "search", "oops", "--json").json == []


@pytest.mark.parametrize("text, found", [
    ("100%", [1]), ("%", [1]), ("a_b", [3]), ("_", [3]), ("\\", [5]), ("'", [6]), ("100", [1, 2]), ("nothing", []),
])
def test_search_takes_every_character_at_its_word(chat, text, found):
    for body in ("100% sure", "1000 sure", "a_b", "axb", "back\\slash", "it's"):
        chat.send("general", body, "alice")
    hits = chat.run("message", "search", "--json", "--", text).json
    assert sorted(hit["seq"] for hit in hits) == found


def test_search_keeps_to_a_room(chat):
    chat.room("red")
    chat.send("general", "apple", "alice")
    chat.send("red", "apple", "alice")
    assert [hit["room"] for hit in chat.run("message", "search", "apple", "--room", "red", "--json").json] == ["red"]


# Settings.

def test_config_masks_secrets_and_says_where_each_setting_came_from(chat):
    environment = {
        "CHATCTL_TOKEN": "chat_this-is-very-secret", "CHATCTL_SERVER": "http://user:hunter2@127.0.0.1:1",
        "CHATCTL_DATABASE": "postgres://me:hunter2@db/chat", "CHATCTL_USER": "alice"}
    for options in ((), ("--json",)):
        result = chat.run("config", *options, env=environment)
        assert "very-secret" not in result.out + result.err and "hunter2" not in result.out + result.err
    settings = {each["name"]: each for each in chat.run("config", "--json", env=environment).json}
    assert settings["user"] == {"name": "user", "value": "alice", "source": settings["user"]["source"]}
    assert "CHATCTL_USER" in settings["user"]["source"] or settings["user"]["source"] == "environment"


def test_flag_beats_environment_beats_file_beats_default(chat):
    def user(*options, **environment):
        listed = chat.run("config", "--json", *options, env=environment).json
        return next(each["value"] for each in listed if each["name"] == "user")

    assert user() is None
    path = chat.configuration / "chatctl" / "config.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text('user = "from-file"\n')
    assert user() == "from-file"
    assert user(CHATCTL_USER="from-environment") == "from-environment"
    assert user("--as", "from-flag", CHATCTL_USER="from-environment") == "from-flag"


def test_the_speaker_may_stand_in_the_environment(chat):
    assert chat.run("send", "general", "hi", "--json", env={"CHATCTL_USER": "bob"}).json["author"]["username"] == "bob"


def test_another_database_is_another_chat(chat, tmp_path):
    other = f"sqlite:{tmp_path}/other.db"
    chat.run("--database", other, "migrate")
    assert chat.run("user", "list", "--database", other, "--json").json == []


def test_global_options_stand_before_and_after_the_command(chat):
    for arguments in (["--json", "--as", "alice", "send", "general", "hi"],
                      ["send", "--json", "--as", "alice", "general", "hi"],
                      ["send", "general", "hi", "--as", "alice", "--json"],
                      ["--as", "alice", "send", "general", "hi", "--json"]):
        assert chat.run(*arguments).json["author"]["username"] == "alice"
    assert isinstance(chat.run("--json", "room", "list").json, list)
    assert isinstance(chat.run("room", "--json", "list").json, list)


# Output.

def test_a_closed_pipe_ends_a_command_quietly(chat):
    lines(chat, 3_000)
    script = f'"{BINARY}" tail general -n 3000 --json | head -n 1; exit "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", script], env=chat.environment, capture_output=True, text=True, timeout=60)
    assert len(done.stdout.splitlines()) == 1 and done.stderr == ""
    assert done.returncode in (0, 128 + signal.SIGPIPE)


def test_what_is_no_result_goes_to_standard_error(chat):
    for arguments in (["room", "list", "--json"], ["-v", "room", "list", "--json"], ["-q", "room", "list", "--json"]):
        json.loads(chat.run(*arguments).out)


def test_control_characters_of_others_are_harmless_on_a_terminal(chat):
    chat.send("general", "\x1b]0;owned\x07\x1b[2Jhello", "alice")
    master, slave = os.openpty()
    subprocess.run([BINARY, "tail", "general", "--color", "never"], env=chat.environment, stdout=slave,
                   stdin=subprocess.DEVNULL, timeout=60, check=True)
    os.close(slave)
    shown = os.read(master, 65_536)
    os.close(master)
    assert b"hello" in shown and b"\x1b" not in shown and b"\x07" not in shown


def test_no_color_where_there_is_no_terminal(chat):
    chat.send("general", "hi", "alice")
    assert "\x1b" not in chat.run("tail", "general").out


# run

def test_run_ends_with_its_commands_status_and_cleans_up(chat):
    before = sorted(chat.folder.iterdir())
    result = chat.run("run", "--", "sh", "-c", 'echo "$CHATCTL_SERVER"; test -n "$CHATCTL_TOKEN"; exit 3', code=3)
    assert re.match(r"^http://127\.0\.0\.1:\d+$", result.lines[-1])
    assert sorted(chat.folder.iterdir()) == before
    chat.run("--server", result.lines[-1], "room", "list", env={"CHATCTL_TOKEN": "x"}, code=69)


def test_run_needs_a_command_and_says_when_it_is_not_there(chat):
    chat.run("run", code=64)
    assert chat.run("run", "--", "no-such-program-at-all", code=None).code != 0
