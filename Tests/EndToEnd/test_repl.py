"""The REPL at the keyboard, under a pseudo-terminal: the tests look at the rendered screen."""

import signal

import pytest

from chat import eventually
from terminal import Terminal

GREETING = "Ctrl-D leaves."


@pytest.fixture
def open_terminal(chat):
    """Starts chatctl on a terminal; what is still running at the end is killed."""
    terminals = []

    def open_terminal(*arguments, env=None, **size):
        environment = {**chat.environment, "XDG_STATE_HOME": str(chat.folder / "state"), **(env or {})}
        terminals.append(Terminal(arguments, environment, **size))
        return terminals[-1]

    yield open_terminal
    for terminal in terminals:
        terminal.end()


@pytest.fixture
def alice(open_terminal):
    terminal = open_terminal("repl", "general", "--as", "alice")
    terminal.line("alice #general> ")
    return terminal


def test_a_text_is_posted_and_shown(alice, chat):
    alice.keys("hello there\r")
    alice.see("#general 1 alice: hello there")
    alice.line("alice #general> ")
    assert chat.bodies("general") == ["hello there"]


def test_the_last_messages_are_shown_first(open_terminal, chat):
    for number in range(12):
        chat.send("general", f"message {number}", "bob")
    terminal = open_terminal("repl", "--as", "alice")
    terminal.see("bob: message 11")
    assert "message 2" in terminal.text and "message 1\n" not in terminal.text


@pytest.mark.parametrize("typed", ["half a line", "日本語テキスト", "Grüße 😀 und é"])
def test_a_message_appears_above_a_half_typed_line(alice, chat, typed):
    alice.keys(typed)
    alice.line(f"alice #general> {typed}")
    column = alice.screen.cursor.x
    chat.send("general", "over it", "bob")
    alice.see("bob: over it")
    alice.line(f"alice #general> {typed}")
    assert alice.screen.cursor.x == column
    assert alice.text.count("alice #general>") == 1
    # The line is whole, and the cursor in it: what comes next goes to its end.
    alice.keys("!\r")
    alice.see(f"alice: {typed}!")
    assert chat.bodies("general") == ["over it", f"{typed}!"]


def test_the_cursor_stays_where_it_was_in_the_middle_of_a_line(alice, chat):
    alice.keys("abcdef\x1b[D\x1b[D")
    alice.until(lambda: alice.screen.cursor.x == len("alice #general> abcd"), "the cursor goes back")
    chat.send("general", "over it", "bob")
    alice.see("bob: over it")
    alice.keys("X\r")
    alice.see("alice: abcdXef")


@pytest.mark.parametrize("typed", ["x" * 150, "日本" * 40, "ab日" * 40])
def test_a_line_of_several_rows_stays_whole(alice, chat, typed):
    alice.keys(typed)
    shown = lambda: alice.text.replace("\n", "").replace(" ", "").endswith(typed)  # noqa: E731
    alice.until(shown, "the whole line")
    for number in range(3):
        chat.send("general", f"over it {number}", "bob")
        alice.see(f"bob: over it {number}")
        alice.until(shown, "the whole line again")
    assert alice.text.count("alice #general>") == 1
    shown_over = [line.split("bob: ")[1] for line in alice.lines if "bob: over it" in line]
    assert shown_over == [f"over it {number}" for number in range(3)]
    alice.keys("\r")
    eventually(lambda: chat.bodies("general")[-1] == typed, "the line is posted whole")


def test_many_messages_while_one_types(alice, chat):
    """The line keeps every key, and every message appears."""
    lines = "".join(f"flood {number}\n" for number in range(300))
    flood = chat.start("send", "general", "--lines", "--as", "bob", stdin=-1)
    flood.process.stdin.write(lines)
    flood.process.stdin.close()
    for key in "typed meanwhile":
        alice.keys(key)
        alice.read(0.01)
    alice.see("bob: flood 299", deadline=60)
    alice.line("alice #general> typed meanwhile")
    assert alice.text.count("typed meanwhile") == 1
    alice.keys("\r")
    eventually(lambda: chat.bodies("general")[-1] == "typed meanwhile", "the line is posted")


def test_tab_completes_commands_rooms_and_users(alice, chat):
    chat.room("plans")
    alice.keys("/room list\r")
    alice.see("plans")
    # The names are asked for in the background, so the key is pressed until they are there.
    alice.keys("/join pl")
    pressed(alice, "/join plans")
    alice.keys("\r")
    alice.line("alice #plans> ")
    alice.keys("hello @bo")
    pressed(alice, "hello @bob")
    alice.keys("\x03/mem\t")
    alice.line("alice #plans> /members")
    alice.keys("\x03/room mem\t")
    alice.line("alice #plans> /room members")
    alice.keys("\x03/room members plans --ad\t")
    alice.line("alice #plans> /room members plans --add")
    # Several are listed above the line.
    alice.keys("\x03/room un\t\t")
    alice.see("unarchive  unban  unmute")
    alice.line("alice #plans> /room un")


def pressed(terminal, text):
    def question():
        if terminal.row.endswith(text):
            return True
        terminal.keys("\t")
        terminal.read(0.2)
        return False
    terminal.until(question, text)


def test_history_is_kept_in_a_private_file(open_terminal, chat):
    first = open_terminal("repl", "--as", "alice")
    first.line("alice #general> ")
    first.keys("the first line\r")
    first.see("alice: the first line")
    first.line("alice #general> ")
    first.keys("\x04")
    assert first.wait() == 0
    file = chat.folder / "state/chatctl/history"
    assert file.stat().st_mode & 0o777 == 0o600
    second = open_terminal("repl", "--as", "alice")
    second.line("alice #general> ")
    second.keys("\x1b[A")
    second.line("alice #general> the first line")
    second.keys("\x03another\r")
    second.see("alice: another")
    second.line("alice #general> ")
    second.keys("\x12irst")
    second.see("the first line\nbck:irst")
    second.keys("\r")
    eventually(lambda: chat.bodies("general") == ["the first line", "another", "the first line"], "found with Ctrl-R")


def test_ctrl_c_clears_the_line_and_ctrl_d_leaves(alice, chat):
    alice.keys("never sent")
    alice.line("alice #general> never sent")
    alice.keys("\x03")
    alice.line("alice #general> ")
    # Within a line Ctrl-D does not leave.
    alice.keys("x\x04y\r")
    alice.see("alice: xy")
    alice.line("alice #general> ")
    alice.keys("\x04")
    assert alice.wait() == 0 and alice.is_cooked
    assert chat.bodies("general") == ["xy"]


def test_ctrl_c_ends_a_command_and_not_the_session(alice):
    alice.keys("/tail general -f\r")
    alice.until(lambda: alice.is_cooked, "the command runs")
    alice.until(lambda: alice.keys("\x03") or "interrupted" in alice.text, "the command is interrupted")
    alice.line("alice #general> ")
    alice.keys("still here\r")
    alice.see("alice: still here")


def test_quit_and_signals_give_the_terminal_back(open_terminal):
    for act in (lambda it: it.keys("/quit\r"), lambda it: it.process.send_signal(signal.SIGTERM),
                lambda it: it.process.send_signal(signal.SIGHUP)):
        terminal = open_terminal("repl", "--as", "alice")
        terminal.line("alice #general> ")
        act(terminal)
        assert terminal.wait() == 0 and terminal.is_cooked


def test_another_size_keeps_the_line(alice, chat):
    alice.keys("a line that is typed while the window changes")
    alice.line("alice #general> a line that is typed while the window changes")
    alice.resize(40, 24)
    chat.send("general", "in between", "bob")
    alice.until(lambda: "bob: in between" in alice.text.replace("\n", ""), "the message")
    wanted = "alice#general>alinethatistypedwhilethewindowchanges"
    alice.until(lambda: alice.text.replace("\n", "").replace(" ", "").endswith(wanted), "the line in two rows")
    alice.resize(100, 24)
    chat.send("general", "once more", "bob")
    alice.see("bob: once more")
    alice.line("alice #general> a line that is typed while the window changes")


@pytest.mark.parametrize("hostile", ["\x1b[2J\x1b]0;owned\x07gone", "\u009b2Jgone", "left \u202e right", "\rforged"])
def test_hostile_text_does_nothing_to_the_terminal(open_terminal, chat, hostile):
    chat.room("trap", "--topic", hostile)
    chat.user("mallory", "--display-name", hostile)
    chat.send("general", f"body {hostile}", "mallory")
    terminal = open_terminal("repl", "--as", "alice")
    terminal.see("mallory: body")
    terminal.keys("/room show trap\r")
    terminal.see("trap  public")
    terminal.keys("/user show mallory --json\r")
    terminal.see('"username":"mallory"')
    chat.send("general", f"live {hostile}", "mallory")
    terminal.see("mallory: live")
    terminal.line("alice #general> ")
    assert GREETING in terminal.text and terminal.screen.title == ""
    for bad in ("\x07", "\u009b", "\u202e", "\rforged"):
        assert bad.encode() not in terminal.raw


def test_the_prompt_counts_what_is_new_in_other_rooms(alice, chat):
    chat.room("plans")
    alice.keys("/join plans\r")
    alice.line("alice #plans> ")
    for body in ("one", "two"):
        chat.send("general", body, "bob")
    alice.line("alice #plans [general:2]> ")
    alice.keys("/switch general\r")
    alice.line("alice #general> ")


def test_an_error_is_said_and_the_session_goes_on(alice):
    alice.keys("/room show nowhere\r")
    alice.see("chatctl: room nowhere: no such room")
    alice.keys("/jion x\r")
    alice.see("did you mean '/join'?")
    alice.keys("hello\r")
    alice.see("alice: hello")


def test_nobody_can_read_but_not_post(open_terminal, chat):
    terminal = open_terminal("repl")
    terminal.line("#general> ")
    terminal.keys("hello\r")
    terminal.see("no speaker")
    terminal.keys("/as bob\r")
    terminal.line("bob #general> ")
    terminal.keys("hello\r")
    terminal.see("bob: hello")


def test_a_room_that_is_not_there_is_an_error_at_the_start(open_terminal):
    terminal = open_terminal("repl", "nowhere", "--as", "alice")
    assert terminal.wait() == 66 and terminal.is_cooked
    assert "room nowhere: no such room" in terminal.text


def test_a_lost_server_is_said_and_comes_back_without_a_hole(open_terminal, chat):
    server = chat.serve()
    settings = {"CHATCTL_SERVER": server.url, "CHATCTL_TOKEN": chat.token("alice")}
    terminal = open_terminal("repl", "general", env=settings, columns=120)
    terminal.line("alice #general> ")
    terminal.keys("half a line")
    terminal.line("alice #general> half a line")
    server.kill()
    terminal.until(lambda: len([line for line in terminal.lines if line.startswith("chatctl: ")]) > 0, "the loss")
    terminal.line("alice #general> half a line")
    chat.send("general", "while it was away", "bob")
    # A post fails meanwhile, and its text is not lost.
    terminal.keys("\r")
    terminal.until(lambda: terminal.row == "alice #general> half a line", "the text is offered again", deadline=60)
    again = chat.serve(port=server.port)
    terminal.see("bob: while it was away", deadline=60)
    terminal.line("alice #general> half a line")
    terminal.keys(" and the rest\r")
    terminal.see("alice: half a line and the rest")
    # The message may come before its acknowledgement, and a key between two lines is nobody's.
    terminal.line("alice #general> ")
    assert terminal.text.count("while it was away") == 1
    terminal.keys("\x04")
    assert terminal.wait() == 0
    again.stop()


def test_colours_are_off_with_no_color(open_terminal, chat):
    chat.send("general", "plain", "bob")
    coloured = open_terminal("repl", "--as", "alice")
    coloured.see("bob: plain")
    plain = open_terminal("repl", "--as", "alice", env={"NO_COLOR": "1"})
    plain.see("bob: plain")
    assert b"\x1b[1m" in coloured.raw and b"\x1b[1m" not in plain.raw
