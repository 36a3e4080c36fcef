"""Scripts of the REPL: the files in `scripts`, on the database and over a server, and what a script does when it fails."""

import re
import subprocess
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

from chat import BINARY, DEADLINE

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.chat"))


@pytest.fixture
def write(chat):
    """Writes a script and returns its path."""

    def write(text, name="test.chat"):
        path = chat.folder / name
        path.write_text(text)
        return str(path)

    return write


@pytest.fixture
def tokens(operator, chat):
    """The second word of '/as' in a script: a token's file over a server, nothing on the database."""
    files = {}
    for user in ("alice", "bob"):
        path = chat.folder / f"{user}.token"
        path.write_text(chat.token(user) if operator.server else "")
        files[user] = str(path) if operator.server else ""
    return files


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_runs_to_its_end(operator, chat, tokens, write, script):
    """The scripts speak as root; '@alice' stands for her name, and over a server for her token's file behind it."""
    text = re.sub(r"^/as (\w+)$", lambda it: f"/as {it[1]} {tokens.get(it[1], '')}".rstrip(), script.read_text(), flags=re.M)
    done = operator.run("repl", "--script", write(text), "--timeout", "30s", by="root")
    assert done.err == "", done


def test_there_are_at_least_ten_scripts():
    assert len(SCRIPTS) >= 10


def test_standard_input_is_a_script_too(operator, chat):
    done = operator.run("repl", by="alice", input="hello from a pipe\n/expect 'alice: hello from a pipe'\n")
    assert "alice: hello from a pipe" in done.out and done.err == ""
    assert chat.bodies("general") == ["hello from a pipe"]


def test_an_expectation_that_is_not_met_ends_with_1_and_names_its_line(operator, chat, write):
    script = write("one\n\n# a comment\n/expect 'alice: one'\n/expect never 50ms\nnot posted\n")
    done = operator.run("repl", "--script", script, by="alice", code=1)
    assert done.err == (f"chatctl: {script}: line 5: expected a line that matches 'never' within 0.05 seconds\n")
    assert chat.bodies("general") == ["one"]


@pytest.mark.parametrize("line, code, words", [
    ("/room show nowhere", 66, "room nowhere: no such room"),
    ("/user show alcie", 66, "user alcie: no such user \\("),
    ("/room show nowhere neverland", 66, "room nowhere: no such room; .*room neverland: no such room"),
    ("/nonsense", 64, "'/nonsense': no such command"),
    ("/expect '('", 64, "'\\(' is not a regular expression"),
    ("/expect-not hello 10ms", 1, "expected no line that matches 'hello', and there was: .*alice: hello"),
    ("/send general '' ", 65, "body"),
    ("/join a!", 65, "room 'a!': not a valid name"),
    ("/join private", 66, "room private: no such room"),
    ("/room create general", 73, "room general: .*exists"),
    ("/tail general --count 9 --timeout 1ms", 75, "did not complete within"),
    ("/set $UNSET x", 64, "variable UNSET: it is not set"),
    ("/repl", 64, "does not work within a session"),
])
def test_a_script_ends_at_the_first_failure_with_its_status(operator, write, line, code, words):
    script = write(f"hello\n{line}\n/expect never-reached 1m\n")
    done = operator.run("repl", "--script", script, by="alice", code=code)
    assert len(done.err.splitlines()) == 1, done
    assert re.match(rf"chatctl: {re.escape(script)}: line 2: .*{words}", done.err), done


def test_a_variable_has_a_bound(operator, write):
    for line in ("/set A " + "$A" * 7, "/say " + "$A" * 7):
        script = write("/set A " + "x" * 10_000 + f"\n{line}\n")
        done = operator.run("repl", "--script", script, by="alice", code=65)
        assert "line 2: line: with its variables longer than 65536 bytes" in done.err


def test_with_json_the_failure_is_a_document(chat, write):
    script = write("/expect never 10ms\n")
    error = chat.run("repl", "--script", script, "--as", "alice", "--json", code=1).error
    assert error["code"] == "expectation_failed" and "line 1" in error["message"]


def test_bytes_that_are_not_utf8_end_a_script(chat):
    done = subprocess.run([BINARY, "repl", "--as", "alice"], input=b"fine\n\xff\xfe\n", env=chat.environment,
                          capture_output=True, timeout=60)
    assert done.returncode == 65 and done.stderr == b"chatctl: standard input: line 2: not UTF-8\n"


def test_a_script_that_is_not_there_is_said(chat):
    done = chat.run("repl", "--script", "nowhere.chat", code=78)
    assert done.err.startswith("chatctl: nowhere.chat: no such file")


def test_messages_that_arrive_count_as_lines(operator, chat):
    shell = chat.start("repl", env=operator.environment("alice"), stdin=subprocess.PIPE)
    shell.process.stdin.write("ready\n")
    shell.process.stdin.flush()
    assert shell.line().endswith("alice: ready")
    shell.process.stdin.write("/expect 'bob: from outside' 30s\n/expect-not bob 10ms\ndone\n")
    shell.process.stdin.close()
    operator.run("send", "general", "from outside", by="bob")
    assert [line.split(" ", 3)[3] for line in shell.rest()] == ["bob: from outside", "alice: done"]
    assert shell.wait() == 0


def test_tap_reports_each_expectation(chat, write):
    text = "hello\n/expect 'alice: hello'\n/expect-not bob 10ms\n/expect never 10ms\n/expect later\n"
    done = chat.run("repl", "--script", write(text), "--format", "tap", "--as", "alice", code=1)
    assert done.lines[:3] == ["TAP version 13", "ok 1 - line 2: /expect 'alice: hello'", "ok 2 - line 3: /expect-not bob 10ms"]
    assert done.lines[3] == "not ok 3 - line 4: /expect never 10ms"
    assert done.lines[4].startswith("# expected a line that matches 'never'") and done.lines[-1] == "1..3"


def test_junit_is_a_document_that_parsers_read(chat, write):
    text = "<hello> & \"bye\"\n/expect '<hello> & \"bye\"'\n/room show nowhere\n"
    done = chat.run("repl", "--script", write(text), "--format", "junit", "--as", "alice", code=66)
    suite = xml.fromstring(done.out)
    assert suite.tag == "testsuite" and suite.get("tests") == "2" and suite.get("failures") == "1"
    cases = suite.findall("testcase")
    assert cases[0].get("name") == "line 2: /expect '<hello> & \"bye\"'" and cases[0].find("failure") is None
    assert "no such room" in cases[1].find("failure").get("message")


def test_a_pattern_cannot_hang_a_script(chat, write):
    """It is given up after ten seconds, with the line that has it."""
    script = write(f"{'a' * 40}!\n/expect '^.*alice: (a+)+$'\n")
    done = chat.run("repl", "--script", script, "--as", "alice", code=65)
    assert "line 2: /expect: a match takes too long" in done.err


def test_a_saved_session_is_a_script_that_gives_the_same(operator, chat, write):
    saved = chat.folder / "saved.chat"
    session = write(f"/room create ideas --private\n/join ideas\nit's $5 (or 6)\n/set N 7\nnumber $N\n//slash\n/save {saved}\n")
    first = operator.run("repl", "--script", session, by="alice")
    assert saved.stat().st_mode & 0o777 == 0o600
    chat.run("room", "delete", "ideas", "--yes")
    second = operator.run("repl", "--script", saved, by="alice")

    def shown(result):
        return [line.split(" ", 2)[2] for line in result.lines if re.match(r"\d{4}-", line)]

    assert shown(first) == shown(second) == ["1 alice: it's $5 (or 6)", "2 alice: number 7", "3 alice: /slash"]


def test_a_second_person_over_a_server_needs_a_token_of_their_own(chat, server, write):
    settings = {"CHATCTL_SERVER": server.url, "CHATCTL_TOKEN": chat.token("alice")}
    other = chat.folder / "bob.token"
    other.write_text(chat.token("bob"))
    for line, code, words in [("/as bob", 64, "needs a token"), (f"/as root {other}", 77, "the token is that of bob"),
                              ("/as bob nowhere", 78, "no such file")]:
        done = chat.run("repl", "--script", write(line + "\n"), env=settings, code=code)
        assert "line 1" in done.err and words in done.err, done


def test_a_reader_that_leaves_ends_a_script_quietly(chat):
    shell = subprocess.Popen([BINARY, "repl", "--as", "alice"], env=chat.environment, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    shell.stdout.close()
    shell.stdin.write("hello\n/room list\n")
    shell.stdin.close()
    assert shell.wait(DEADLINE) == 0 and shell.stderr.read() == ""
    shell.stderr.close()
