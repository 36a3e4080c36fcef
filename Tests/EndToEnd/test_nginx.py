"""nginx in front of two servers, configured with the block shown in docs/operations.md."""

import json
import os
import re
import shutil
import signal
import subprocess
from http.cookies import SimpleCookie

import pytest
from websockets.exceptions import ConnectionClosed

from chat import DEADLINE, REPOSITORY, Server, eventually
from services import free_port

ORIGIN = "https://chat.example.org"
PASSWORD = "correct horse battery"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def documented():
    text = (REPOSITORY / "docs/operations.md").read_text()
    return re.search(r"^```nginx\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1]


def adapted(text, port, nodes, folder):
    """Returns the documented text with this test's addresses and paths, without TLS; everything else is unchanged."""
    user = "user root;" if os.geteuid() == 0 else ""
    paths = "".join(f"{name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
    changes = [
        (r"^user \S+;$", user, 1), (r"^pid \S+;$", f"pid {folder}/pid;", 1), (r"/var/log/nginx/", f"{folder}/", 2),
        (r"^http {$", "http {\n" + paths, 1), (r"\blisten 443 ssl;", f"listen 127.0.0.1:{port};", 1),
        (r"^ *ssl_certificate(_key)? \S+;\n", "", 2), (r"\b127\.0\.0\.1:8081\b", f"127.0.0.1:{nodes[0]}", 1),
        (r"\b127\.0\.0\.1:8082\b", f"127.0.0.1:{nodes[1]}", 1),
    ]
    for pattern, replacement, times in changes:
        text, count = re.subn(pattern, replacement, text, flags=re.MULTILINE)
        assert count == times, f"{pattern} stands {count} times in the nginx block of docs/operations.md, not {times}"
    return text


class Nginx(Server):
    """A real nginx, with the interface of a server."""

    def __init__(self, folder, nodes):
        folder.mkdir()
        program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
        assert program, "nginx is not installed: apt-get install nginx"
        self.port, self.folder, self.sockets = free_port(), folder, []
        self.url = f"http://127.0.0.1:{self.port}"
        configuration = folder / "nginx.conf"
        configuration.write_text(adapted(documented(), self.port, [node.port for node in nodes], folder))
        with open(folder / "error.log", "ab") as log:
            self.process = subprocess.Popen(
                [program, "-p", folder, "-c", configuration, "-g", "daemon off;"], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True)

    def wait(self):
        eventually(self.answers, "nginx answers")

    def answers(self):
        assert self.process.poll() is None, f"nginx ended:\n{(self.folder / 'error.log').read_text()}"
        try:
            return self.http("GET", "/metrics").status == 404
        except OSError:
            return False

    def stop(self):
        for socket in self.sockets:
            socket.drop()
        self.process.terminate()
        try:
            self.process.wait(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=DEADLINE)
            raise


@pytest.fixture
def nodes(chat):
    nodes = [chat.serve("--origin", ORIGIN), chat.serve("--origin", ORIGIN)]
    yield nodes
    for node in nodes:
        node.stop()


@pytest.fixture
def nginx(nodes, tmp_path):
    nginx = Nginx(tmp_path / "nginx", nodes)
    try:
        nginx.wait()
        yield nginx
    finally:
        nginx.stop()


@pytest.fixture
def tokens(chat):
    return {name: chat.token(name) for name in ("root", "alice", "bob")}


def log_in(nginx):
    """Returns the response to carol's log-in, and her cookie as a header."""
    answer = nginx.http("POST", "/api/v1/login", json_body={"username": "carol", "password": PASSWORD})
    assert answer.status == 200, answer
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["chatctl_session"]
    return answer.json, cookie, {"Cookie": f"chatctl_session={cookie.value}"}


def clients(nginx, tokens):
    """Opens four connections of both forms, two on each node: nginx sends a new one to the node with fewer."""
    return [nginx.joined(tokens["alice"], "general"), nginx.joined(tokens["bob"], "general"),
            nginx.chatroom("general", tokens["alice"]), nginx.chatroom("general", tokens["bob"])]


def close_code(live):
    """Returns the close code of a connection; None if it is still open."""
    try:
        live.ask(event="ping")
    except (AssertionError, ConnectionClosed):
        return live.closed()
    return None


def is_closed(live):
    try:
        live.frames.append(json.loads(live.connection.recv(timeout=0)))
    except TimeoutError:
        return False
    except ConnectionClosed:
        return True
    return False


def test_the_api_works_through_nginx(chat, nginx, tokens):
    assert nginx.api("GET", "/me", tokens["alice"])["username"] == "alice"
    sent = nginx.api("POST", "/rooms/general/messages", tokens["alice"], {"body": "hi"}, 201)
    assert nginx.api("GET", "/rooms/general/messages", tokens["bob"]) == [sent]
    assert nginx.api("GET", "/rooms/nowhere", tokens["bob"], status=404)["code"] == "room_not_found"
    assert nginx.api("GET", "/me", status=401)["code"] == "unauthenticated"


def test_remote_commands_work_through_nginx(chat, nginx, tokens):
    remote = {"CHATCTL_SERVER": nginx.url, "CHATCTL_TOKEN": tokens["alice"]}
    tail = chat.start("tail", "general", "-f", "--json", "--count", "2", env=remote)
    chat.run("send", "general", "--lines", input="one\ntwo\n", env=remote)
    assert [tail.document()["body"], tail.document()["body"]] == ["one", "two"]
    assert tail.wait() == 0


def test_messages_from_each_node_reach_every_client_behind_nginx(nginx, nodes, tokens):
    behind = clients(nginx, tokens)
    bodies = []
    for number, server in enumerate([nodes[0], nodes[1], nginx] * 3):
        bodies.append(f"message {number}")
        server.api("POST", "/rooms/general/messages", tokens["root"], {"body": bodies[-1]}, 201)
    behind[0].post("over a socket")
    behind[2].send(body="over a socket of one room")
    bodies += ["over a socket", "over a socket of one room"]
    for live in behind:
        messages = [live.message() for _ in bodies]
        assert [message["seq"] for message in messages] == list(range(1, len(bodies) + 1))
        assert [message["body"] for message in messages][:-2] == bodies[:-2]
        assert {message["body"] for message in messages[-2:]} == set(bodies[-2:])


def test_refused_upgrades_come_through_nginx_as_they_are(chat, nginx, tokens):
    chat.room("secret", "--private", "--member", "alice")
    assert nginx.refused() == (401, "unauthenticated")
    assert nginx.refused(tokens["bob"], "/ws/chatroom/secret") == (403, "not_a_member")
    assert nginx.refused(tokens["bob"], "/ws/chatroom/nowhere") == (404, "room_not_found")


def test_a_cookie_counts_from_the_origin_of_nginx_and_from_no_foreign_one(chat, nginx):
    chat.run("user", "create", "carol", "--password-stdin", input=PASSWORD + "\n")
    session, cookie, headers = log_in(nginx)
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
    for origin in (nginx.url, ORIGIN):
        nginx.socket(headers={**headers, "Origin": origin}).join("general")
    for origin in ({"Origin": "https://evil.example"}, {"Origin": "http://127.0.0.1"}, {}):
        assert nginx.refused(headers={**headers, **origin}) == (403, "not_allowed")
    written = {"headers": headers, "json_body": {"body": "from a page"}}
    assert nginx.api("POST", "/rooms/general/messages", status=403, **written)["code"] == "not_allowed"
    written["headers"] = {**headers, "X-CSRF-Token": session["csrf_token"]}
    nginx.api("POST", "/rooms/general/messages", status=201, **written)


def test_clients_of_a_stopped_node_get_1001_and_the_rest_from_the_other_node(nginx, nodes, tokens):
    behind = clients(nginx, tokens)
    epoch = behind[0].join("general")["epoch"]
    behind[0].post("before")
    seen = [live.message("before")["seq"] for live in behind]
    nodes[0].command.signal(signal.SIGTERM)
    assert nodes[0].command.wait() == 0
    codes = [close_code(live) for live in behind]
    assert sorted(codes, key=str) == [1001, 1001, None, None]
    for body in ("missed", "missed too"):
        nginx.api("POST", "/rooms/general/messages", tokens["root"], {"body": body}, 201)
    for number, code in enumerate(codes):
        if code:
            live = nginx.socket(tokens["alice"])
            answer = live.join("general", after=seen[number], epoch=epoch)
            assert answer["recovered"] and answer["last_seq"] == seen[number] + 2
        else:
            live = behind[number]
        assert [live.message()["body"] for _ in range(2)] == ["missed", "missed too"]


def test_a_client_that_comes_back_at_once_is_served_by_the_other_node(nginx, nodes, tokens):
    behind = [nginx.joined(tokens["alice"], "general"), nginx.joined(tokens["bob"], "general")]
    nodes[0].command.signal(signal.SIGTERM)
    gone = eventually(lambda: next(filter(is_closed, behind), None), "one client is told that its node goes")
    behind.remove(gone)
    nginx.joined(tokens["root"], "general").post("back at once")
    behind[0].message("back at once")
    assert gone.closed() == 1001


def test_a_node_that_is_started_again_serves_when_the_other_goes(chat, nginx, nodes, tokens):
    nodes[0].stop()
    nginx.api("POST", "/rooms/general/messages", tokens["root"], {"body": "one"}, 201)
    chat.serve("--origin", ORIGIN, port=nodes[0].port)
    nodes[1].stop()
    nginx.api("POST", "/rooms/general/messages", tokens["root"], {"body": "two"}, 201)
    assert chat.bodies("general") == ["one", "two"]


def test_without_a_node_nginx_says_so_in_the_words_of_the_protocol_and_heals(chat, nginx, nodes, tokens):
    def post():
        return nginx.http("POST", "/api/v1/rooms/general/messages", tokens["root"], {"body": "hi"})

    for node in nodes:
        node.stop()
    for answer in (post(), post(), post()):
        assert answer.status == 503 and answer.error["code"] == "unavailable"
    assert nginx.refused(tokens["alice"]) == (503, "unavailable")
    chat.serve("--origin", ORIGIN, port=nodes[0].port)
    eventually(lambda: post().status == 201, "nginx tries the node again once `fail_timeout` has passed")
    assert chat.bodies("general") == ["hi"]


def test_a_body_over_the_limit_is_refused_with_413(chat, nginx, tokens):
    def post(size):
        filled = json.dumps({"body": "x" * (size - len(json.dumps({"body": ""})))})
        answer = nginx.http("POST", "/api/v1/rooms/general/messages", tokens["alice"], body=filled)
        return answer.status, answer.error["code"]

    assert post(131_072) == (400, "invalid_body")
    assert post(131_073) == (413, "too_large")
    assert chat.bodies("general") == []


def test_nginx_does_not_wait_for_a_body_over_the_limit(nginx, tokens):
    headers = {"Authorization": f"Bearer {tokens['alice']}", "Content-Length": "131073"}
    answer = nginx.http("POST", "/api/v1/rooms/general/messages", headers=headers, body=iter([b"{"]))
    assert answer.status == 413 and answer.error["code"] == "too_large"


def test_health_and_metrics_are_kept_inside(nginx, nodes):
    for path in ("/health", "/health/live", "/health/ready", "/metrics", "/%6detrics", "//health/ready"):
        assert nginx.http("GET", path).status == 404
    assert [node.http("GET", "/health/ready").status for node in nodes] == [200, 200]


def test_log_ins_that_come_too_fast_are_refused_by_nginx(nginx):
    def attempt(number):
        return nginx.http("POST", "/api/v1/login", json_body={"username": f"user{number}", "password": PASSWORD})

    answers = [attempt(number) for number in range(9)]
    assert [answer.status for answer in answers[:3]] == [401, 401, 401]
    assert {answer.status for answer in answers[3:]} <= {401, 429}
    refusal = next(answer for answer in answers if answer.status == 429)
    assert refusal.error["code"] == "rate_limited" and refusal.error["retry_after_ms"] > 0
    assert int(refusal.headers["Retry-After"]) > 0
