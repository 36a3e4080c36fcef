"""The same commands against a running server: `--server URL` with a token."""

import http.client
import json
import os
import signal
import stat

import pytest

from chat import BINARY, DEADLINE, MEMBER_KEYS, MESSAGE_KEYS, PRESENCE_KEYS, ROOM_KEYS, USER_KEYS


@pytest.fixture
def remote(chat, server):
    """Runs a command as a client of the server, logged in as a user."""
    tokens = {}

    def run(user, *arguments, **more):
        if user not in tokens:
            tokens[user] = chat.token(user)
        return chat.run("--server", server.url, *arguments, env={"CHATCTL_TOKEN": tokens[user]}, **more)

    return run


def test_send_and_tail_work_remotely(remote):
    assert remote("alice", "send", "general", "hi").out == "1\n"
    message = remote("alice", "tail", "general", "--json").documents[0]
    assert list(message) == MESSAGE_KEYS
    assert (message["seq"], message["body"], message["author"]["username"]) == (1, "hi", "alice")


def test_the_token_says_who_speaks(remote):
    assert remote("bob", "send", "general", "hi", "--json").json["author"]["username"] == "bob"


def test_client_id_makes_a_remote_retry_harmless(remote, chat):
    for _ in range(2):
        assert remote("alice", "send", "general", "hi", "--client-id", "c1").out == "1\n"
    assert chat.bodies("general") == ["hi"]


def test_lines_are_sent_in_order(remote, chat):
    lines = [f"line {number}" for number in range(40)]
    remote("alice", "send", "general", "--lines", input="\n".join(lines) + "\n")
    assert chat.bodies("general") == lines


def test_more_lines_than_the_rate_limit_allows_all_arrive(remote, chat):
    lines = [f"line {number}" for number in range(80)]
    remote("alice", "send", "general", "--lines", input="\n".join(lines) + "\n")
    assert chat.bodies("general") == lines


def test_rooms_and_members_work_remotely(remote):
    made = remote("root", "room", "create", "red", "--private", "--topic", "Hush", "--json").json
    assert list(made) == ROOM_KEYS and made["kind"] == "private" and made["topic"] == "Hush"
    members = remote("root", "room", "members", "red", "--add", "alice", "--json").json
    assert all(list(each) == MEMBER_KEYS for each in members)
    assert {"username": "alice", "role": "member"}.items() <= next(
        each for each in members if each["username"] == "alice").items()
    assert [each["name"] for each in remote("alice", "room", "list", "--json").json] == ["general", "red"]
    assert [each["name"] for each in remote("bob", "room", "list", "--json").json] == ["general"]


def test_users_work_remotely_for_an_administrator(remote):
    made = remote("root", "user", "create", "carol", "--json").json["user"]
    assert list(made) == USER_KEYS and made["username"] == "carol"
    assert "carol" in [each["username"] for each in remote("root", "user", "list", "--json").json]
    remote("root", "user", "token", "carol")


def test_presence_works_remotely(remote, server, chat):
    live = server.joined(chat.token("bob"), "general")
    server.connections(chat.token("bob"), "general", bob=1)
    answer = remote("alice", "presence", "general", "--json").json
    assert list(answer) == PRESENCE_KEYS
    assert [each["username"] for each in answer["users"]] == ["bob"]
    live.close()


def test_moderation_works_remotely(remote, chat):
    remote("root", "room", "mute", "general", "bob")
    remote("bob", "send", "general", "hi", code=77)
    remote("root", "room", "unmute", "general", "bob")
    remote("bob", "send", "general", "hi")
    remote("root", "room", "ban", "general", "bob")
    remote("bob", "send", "general", "hi", code=77)
    remote("root", "room", "unban", "general", "bob")
    remote("bob", "send", "general", "hi")
    assert chat.bodies("general") == ["hi", "hi"]


def test_messages_are_shown_found_and_deleted_remotely(remote):
    remote("alice", "send", "general", "50% off")
    remote("alice", "send", "general", "500 off")
    found = remote("alice", "message", "search", "50%", "--json").json
    assert [each["seq"] for each in found] == [1]
    remote("alice", "message", "delete", "general", "1")
    assert remote("alice", "message", "show", "general", "1", "--json").json["deleted"] is True


@pytest.mark.parametrize("arguments, status", [
    (["room", "show", "nowhere"], 66), (["user", "show", "nobody"], 66), (["room", "create", "general"], 73),
    (["room", "create", "not a name"], 65), (["send", "general", " "], 65), (["user", "create", "carol"], 77),
    (["user", "list"], 77), (["room", "archive", "general"], 77), (["room", "ban", "general", "root"], 77),
    (["send", "secret", "hi"], 77), (["tail", "secret"], 77), (["presence", "secret"], 77),
    (["room", "members", "secret"], 77), (["message", "search", "x", "--room", "secret"], 77),
    (["tail", "general", "--count", "1", "--timeout", "100ms"], 75), (["nonsense"], 64),
], ids=lambda it: " ".join(it) if isinstance(it, list) else it)
def test_a_remote_command_ends_with_the_same_statuses(remote, chat, arguments, status):
    chat.room("secret", "--private")
    result = remote("alice", *arguments, "--json", code=status)
    assert result.error["code"]


def test_a_wrong_token_is_not_allowed(chat, server):
    chat.run("--server", server.url, "room", "list", env={"CHATCTL_TOKEN": "wrong"}, code=77)


def test_a_server_that_is_not_there_is_unreachable_for_every_command(chat):
    environment = {"CHATCTL_TOKEN": "x", "CHATCTL_SERVER": "http://127.0.0.1:1"}
    for arguments in (["send", "general", "hi"], ["tail", "general"], ["tail", "general", "--count", "1"],
                      ["presence", "general"], ["user", "list"], ["message", "search", "x"]):
        chat.run(*arguments, env=environment, code=69)


def test_a_token_file_is_read(chat, server):
    path = chat.folder / "token"
    path.write_text(chat.token("alice") + "\n")
    path.chmod(0o600)
    chat.run("--server", server.url, "--token-file", str(path), "send", "general", "hi")


def test_a_remote_tail_follows_and_joins_history_and_live(remote, chat, server):
    for number in range(5):
        chat.send("general", f"old {number}", "alice")
    tail = chat.start(
        "--server", server.url, "tail", "general", "-n", "3", "-f", "--json", env={"CHATCTL_TOKEN": chat.token("bob")})
    assert [tail.document()["seq"] for _ in range(3)] == [3, 4, 5]
    live = server.joined(chat.token("alice"), "general")
    for number in range(10):
        live.post(f"new {number}", room="general")
    assert [tail.document()["seq"] for _ in range(10)] == list(range(6, 16))
    tail.signal(signal.SIGINT)
    assert tail.wait() == 130


def test_a_remote_tail_goes_on_when_the_server_comes_back(chat, tmp_path):
    first = chat.serve()
    token = chat.token("bob")
    tail = chat.start(
        "--server", first.url, "tail", "general", "-f", "--json", env={"CHATCTL_TOKEN": token})
    chat.send("general", "before", "alice")
    assert tail.document()["body"] == "before"
    first.stop()
    chat.send("general", "while it was away", "alice")
    second = chat.serve(port=first.port)
    chat.send("general", "after", "alice")
    assert [tail.document(30)["body"] for _ in range(2)] == ["while it was away", "after"]
    second.stop()


def test_login_saves_a_token_that_only_its_owner_reads_and_logout_forgets_it(chat, server):
    chat.run("user", "create", "carol", "--password-stdin", input="correct horse battery\n")
    chat.run("login", server.url, "--as", "carol", "--password-stdin", input="correct horse battery\n")
    saved = [path for path in chat.configuration.rglob("*") if path.is_file()]
    saved += [path for path in chat.data.rglob("*") if path.is_file() and "chat.db" not in path.name]
    assert saved
    for path in saved:
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600, path
    sent = chat.run("--server", server.url, "send", "general", "hi", "--json").json
    assert sent["author"]["username"] == "carol"
    chat.run("--server", server.url, "logout")
    chat.run("--server", server.url, "send", "general", "hi", code=77)


def test_login_with_a_wrong_password_is_not_allowed(chat, server):
    chat.run("user", "create", "carol", "--password-stdin", input="correct horse battery\n")
    chat.run("login", server.url, "--as", "carol", "--password-stdin", input="wrong horse battery\n", code=77)


def test_run_gives_its_command_a_server_and_an_administrator(chat):
    script = '"$0" user create carol && "$0" user token carol && "$0" send general hi && "$0" tail general --json'
    result = chat.run("run", "--", "sh", "-c", script, str(BINARY))
    assert json.loads(result.lines[-1])["body"] == "hi"


def test_a_list_longer_than_a_page_is_whole(chat, server):
    """The server gives a thousand rooms a page, and the command reads them all."""
    token = chat.token("root")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
    for number in range(1_004):
        connection.request("POST", "/api/v1/rooms", json.dumps({"name": f"r{number:04}"}), {"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 201
    connection.close()
    first = server.http("GET", "/api/v1/rooms", token)
    assert len(first.json) == 1_000 and 'rel="next"' in first.headers["Link"]
    listed = chat.run("room", "list", "--json", env={"CHATCTL_SERVER": server.url, "CHATCTL_TOKEN": token}).json
    assert [room["name"] for room in listed] == ["general"] + [f"r{number:04}" for number in range(1_004)]
