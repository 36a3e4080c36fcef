"""Commands as processes: pipes, signals, terminals, concurrency, and the same behaviour on each kind of database.

All other output and exit statuses are tested within one process: Tests/ChatCommandsTests.
"""

import fcntl
import json
import os
import re
import signal
import subprocess

import pytest

from chat import BINARY, MEMBER_KEYS, MESSAGE_KEYS, PRESENCE_KEYS, ROOM_KEYS, TIME, USER_KEYS


def lines(chat, count, room="general"):
    chat.run("send", room, "--lines", "--as", "alice", input="".join(f"m{n}\n" for n in range(1, count + 1)))


def seqs(result):
    return [each["seq"] for each in result.documents]


# On each kind of database.

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


def test_a_user_from_creation_to_deletion(chat):
    made = chat.run("user", "create", "Carol", "--admin", "--display-name", "Carol C.", "--json").json["user"]
    assert list(made) == USER_KEYS and re.match(TIME, made["created_at"])
    assert chat.run("user", "show", "CAROL", "--json").json == made
    assert made in chat.run("user", "list", "--json").json
    chat.run("user", "disable", "carol")
    chat.run("send", "general", "hi", "--as", "carol", code=77)
    chat.run("user", "enable", "carol")
    chat.run("send", "general", "hi", "--as", "carol")
    chat.run("user", "delete", "carol", "--yes")
    chat.run("user", "show", "carol", code=66)
    assert chat.bodies("general") == ["hi"]


def test_a_room_from_creation_to_deletion(chat):
    made = chat.room("Red", "--private", "--topic", "Warm", "--member", "alice")
    assert list(made) == ROOM_KEYS and re.match(TIME, made["created_at"])
    members = chat.run("room", "members", "red", "--add", "alice", "--add", "bob", "--json").json
    assert [list(each) for each in members] == [MEMBER_KEYS] * 2
    chat.run("room", "mute", "red", "bob", "--for", "1h")
    chat.run("send", "red", "hi", "--as", "bob", code=77)
    chat.run("room", "unmute", "red", "bob")
    sent = chat.send("red", "100% sure", "bob", "--client-id", "c1")
    assert chat.send("red", "100% sure", "bob", "--client-id", "c1") == sent and list(sent) == MESSAGE_KEYS
    assert chat.run("message", "search", "100%", "--json").json == [sent]
    chat.run("room", "rename", "red", "blue")
    chat.run("room", "archive", "blue")
    chat.run("send", "blue", "hi", "--as", "alice", code=77)
    assert list(chat.run("presence", "blue", "--json").json) == PRESENCE_KEYS
    chat.run("message", "delete", "blue", "1")
    chat.run("room", "delete", "blue", "--yes")
    chat.run("room", "show", "blue", code=66)


def test_what_exists_and_what_does_not_is_told_on_each_database(chat):
    assert chat.run("room", "create", "general", "--json", code=73).error["code"] == "already_exists"
    assert chat.run("user", "show", "nobody", "--json", code=66).error["code"] == "user_not_found"
    assert chat.run("message", "show", "general", "9", "--json", code=66).error["code"] == "message_not_found"
    first = chat.run("room", "direct", "alice", "bob", "--json").json
    assert chat.run("room", "direct", "bob", "alice", "--json").json["name"] == first["name"]


# Passwords that can be used to log in to a server.

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


# Several processes at once.

def test_tail_ends_with_the_message_that_was_waited_for(chat):
    tail = chat.start("tail", "general", "--match", "wanted", "--count", "1", "--json", "--timeout", "60s")
    chat.send("general", "other", "alice")
    chat.send("general", "the wanted one", "alice")
    assert tail.wait() == 0
    assert tail.document()["body"] == "the wanted one"


def test_a_tail_that_a_signal_ends_loses_and_repeats_nothing(chat, tmp_path):
    cursor = str(tmp_path / "cursor")
    lines(chat, 50)
    for number in (signal.SIGTERM, signal.SIGINT):
        tail = chat.start("tail", "general", "-f", "-n", "100", "--cursor", cursor, "--json")
        lines(chat, 5)
        printed = [tail.document()["seq"]]
        tail.signal(number)
        assert tail.wait() == 130 and tail.err == ""
        printed += [json.loads(line)["seq"] for line in tail.rest()]
        rest = seqs(chat.run("tail", "general", "--cursor", cursor, "--json"))
        assert printed + rest == list(range(printed[0], printed[0] + len(printed + rest)))
    assert (printed + rest)[-1] == 60


def test_tail_waits_for_a_room_that_is_not_there_yet(chat):
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


# Standard input and output.

def shell(chat, script):
    """Runs a shell script in which $C is the binary."""
    return subprocess.run(["bash", "-c", script], env={**chat.environment, "C": str(BINARY)}, capture_output=True,
                          text=True, timeout=60)


def test_send_reads_what_is_piped_in(chat):
    chat.run("send", "general", "-", "--as", "alice", input="two\nlines\n")
    result = chat.run("send", "general", "--lines", "--as", "alice", "--json", input="a\nb\nc")
    assert seqs(result) == [2, 3, 4]
    assert chat.bodies("general") == ["two\nlines", "a", "b", "c"]


@pytest.mark.parametrize("source, reason", [("<&-", "Bad file descriptor"), ("</", "Is a directory")])
def test_send_says_why_standard_input_cannot_be_read(chat, source, reason):
    done = shell(chat, f"$C send general --as alice {source}")
    assert done.returncode == 65 and reason in done.stderr, done


def test_a_closed_pipe_ends_a_command_quietly(chat):
    lines(chat, 3_000)
    done = shell(chat, '$C tail general -n 3000 --json | head -n 1; exit "${PIPESTATUS[0]}"')
    assert len(done.stdout.splitlines()) == 1
    assert (done.returncode, done.stderr) == (0, "")


COMMANDS = ["user token alice", "user create carol --generate-password", "room list", "send general hi --as alice",
            "tail general --timeout 60s", "--help", "--version"]


@pytest.mark.parametrize("output, reason", [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")])
@pytest.mark.parametrize("command", COMMANDS)
def test_results_that_cannot_be_written_end_with_74(chat, command, output, reason):
    chat.send("general", "hi", "alice")
    done = shell(chat, f"$C {command} {output}")
    assert done.returncode == 74 and reason in done.stderr, done
    if not command.startswith("--"):
        done = shell(chat, f"$C {command.replace('carol', 'dave')} --json {output}")
        assert done.returncode == 74 and json.loads(done.stderr)["error"]["code"] == "output_failed", done


def test_a_server_that_cannot_say_where_it_listens_ends(chat):
    done = shell(chat, "$C serve --port 0 >/dev/full")
    assert done.returncode == 74 and "No space left on device" in done.stderr, done


def test_a_cursor_stays_behind_what_was_not_written(chat, tmp_path):
    lines(chat, 3)
    cursor = str(tmp_path / "cursor")
    for output, status in ((">/dev/full", 74), ("| true", 0)):
        done = shell(chat, f"$C tail general --cursor {cursor} {output}; exit ${{PIPESTATUS[0]}}")
        assert done.returncode == status, done
    # 'true' may have read nothing or all that fits into a pipe, so only the first run is deterministic.
    assert seqs(chat.run("tail", "general", "--since", "1", "--json")) == [1, 2, 3]
    shell(chat, f"rm {cursor}; $C tail general --cursor {cursor} >/dev/full")
    assert seqs(chat.run("tail", "general", "--cursor", cursor, "--json")) == [1, 2, 3]


def test_a_closed_standard_error_is_no_fault(chat):
    done = shell(chat, "$C -v room list --json 2>&-")
    assert done.returncode == 0 and json.loads(done.stdout)


def test_a_non_blocking_output_gets_everything(chat):
    """A parent that polls the same pipe may leave it non-blocking. The reader here waits until the pipe is full."""
    body = "x" * 1_500
    chat.run("send", "general", "--lines", "--as", "alice", input=f"{body}\n" * 300)
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETFL, fcntl.fcntl(writer, fcntl.F_GETFL) | os.O_NONBLOCK)
    size = fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4_096)
    tail = subprocess.Popen([BINARY, "tail", "general", "-n", "300"], env=chat.environment,
                            stdin=subprocess.DEVNULL, stdout=writer)
    os.close(writer)
    assert size < 300 * len(body)
    with open(reader, "rb") as pipe:
        out = pipe.read()
    assert (out.count(b"\n"), tail.wait(20)) == (300, 0)


def test_what_is_no_result_goes_to_standard_error(chat):
    for arguments in (["room", "list", "--json"], ["-v", "room", "list", "--json"], ["-q", "room", "list", "--json"]):
        json.loads(chat.run(*arguments).out)


def on_a_terminal(chat, *arguments):
    """Returns what a command writes when its standard output is a terminal."""
    master, slave = os.openpty()
    subprocess.run([BINARY, *arguments], env=chat.environment, stdout=slave, stdin=subprocess.DEVNULL, timeout=60,
                   check=True)
    os.close(slave)
    shown = os.read(master, 65_536)
    os.close(master)
    return shown


def test_control_characters_of_others_are_harmless_on_a_terminal(chat):
    chat.send("general", "\x1b]0;owned\x07\x1b[2Jhello", "alice")
    shown = on_a_terminal(chat, "tail", "general", "--color", "never")
    assert b"hello" in shown and b"\x1b" not in shown and b"\x07" not in shown


def test_a_terminal_is_coloured_and_a_pipe_is_not(chat):
    chat.send("general", "hi", "alice")
    assert b"\x1b[1malice\x1b[0m" in on_a_terminal(chat, "tail", "general")
    assert "\x1b" not in chat.run("tail", "general").out


# run

def test_run_ends_with_its_commands_status_and_cleans_up(chat):
    before = sorted(chat.folder.iterdir())
    result = chat.run("run", "--", "sh", "-c", 'echo "$CHATCTL_SERVER"; test -n "$CHATCTL_TOKEN"; exit 3', code=3)
    assert re.match(r"^http://127\.0\.0\.1:\d+$", result.lines[-1])
    assert sorted(chat.folder.iterdir()) == before
    chat.run("--server", result.lines[-1], "room", "list", env={"CHATCTL_TOKEN": "x"}, code=69)


def test_run_ignores_the_server_that_others_use(chat):
    path = chat.configuration / "chatctl" / "config.toml"
    path.parent.mkdir()
    path.write_text('server = "http://127.0.0.1:1"\n')
    result = chat.run("run", "--", "sh", "-c", 'echo "$CHATCTL_SERVER"', env={"CHATCTL_SERVER": "http://127.0.0.1:2"})
    assert result.out.strip() not in ("http://127.0.0.1:1", "http://127.0.0.1:2")


def test_run_says_when_the_command_is_not_there(chat):
    assert "no-such-program-at-all" in chat.run("run", "--", "no-such-program-at-all", code=66).err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_passes_a_signal_on_and_cleans_up(chat, number):
    before = sorted(chat.folder.iterdir())
    running = chat.start("run", "--", "sh", "-c", "echo ready; exec sleep 60")
    assert running.line() == "ready"
    running.signal(number)
    assert running.wait() == 128 + number
    assert sorted(chat.folder.iterdir()) == before
