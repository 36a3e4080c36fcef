"""Drives chatctl for the tests: a separate installation for each test, a server, HTTP and WebSockets.

Nothing here sleeps: everything waits for an event with a deadline, and a missed deadline is a failure.
Deadlines are generous and do not assert speed.
"""

import contextlib
import http.client
import json
import os
import queue
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse
import uuid
from pathlib import Path

from services import program
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("CHATCTL_BINARY", REPOSITORY / ".build/release/chatctl")).resolve()
DEADLINE = float(os.environ.get("CHATCTL_TEST_DEADLINE", "20"))

MESSAGE_KEYS = ["id", "room", "seq", "body", "author", "created_at", "edited_at"]
AUTHOR_KEYS = ["id", "username", "display_name", "avatar"]
ROOM_KEYS = ["name", "kind", "topic", "archived", "last_seq", "last_message_at", "member_count", "online_count", "created_at"]
MEMBER_KEYS = ["username", "role", "joined_at"]
PRESENCE_KEYS = ["room", "online_count", "users"]
ONLINE_KEYS = ["username", "connections", "since"]
USER_KEYS = ["id", "username", "display_name", "role", "disabled", "created_at"]
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"


def eventually(question, what, deadline=DEADLINE):
    """Polls until the condition is true. The pause only bounds the load of polling."""
    end = time.monotonic() + deadline
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < end, f"did not happen within {deadline} s: {what}"
        threading.Event().wait(0.02)


class TLS:
    """The transport of this test run: with CHATCTL_TEST_TLS=1 all servers speak TLS, with a certificate made for the run."""

    is_on = os.environ.get("CHATCTL_TEST_TLS") == "1"
    scheme, websocket = ("https", "wss") if is_on else ("http", "ws")
    folder = None

    @classmethod
    def files(cls):
        if not cls.folder:
            cls.folder = tempfile.TemporaryDirectory(prefix="chatctl-tls-")
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                 "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem",
                 "-out", "cert.pem"], cwd=cls.folder.name, check=True, capture_output=True)
        return Path(cls.folder.name) / "cert.pem", Path(cls.folder.name) / "key.pem"

    @classmethod
    def options(cls):
        return ["--tls-certificate", cls.files()[0], "--tls-key", cls.files()[1]] if cls.is_on else []

    @classmethod
    def context(cls):
        return ssl.create_default_context(cafile=cls.files()[0]) if cls.is_on else None

    @classmethod
    def wrapped(cls, socket):
        return cls.context().wrap_socket(socket, server_hostname="127.0.0.1") if cls.is_on else socket


class Result:
    """The exit status and the output of a command."""

    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.out, self.err = arguments, code, out, err

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return self.out.splitlines()

    @property
    def documents(self):
        return [json.loads(line) for line in self.lines]

    @property
    def error(self):
        """The error of a command with --json, which must be the only line on standard error."""
        assert len(self.err.splitlines()) == 1, self.err
        document = json.loads(self.err)
        assert list(document) == ["error"]
        return document["error"]

    def __repr__(self):
        return f"$ chatctl {' '.join(self.arguments)}\n{self.out}{self.err}=> {self.code}"


class Running:
    """A running command, with its standard output as lines."""

    def __init__(self, arguments, environment, stdin=None, below=()):
        self.arguments = arguments
        self.process = subprocess.Popen(
            [*below, BINARY, *arguments], env=environment, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.arrived = queue.Queue()
        self.errors = []
        self.readers = [threading.Thread(target=self._read_out, daemon=True),
                        threading.Thread(target=self._read_err, daemon=True)]
        for reader in self.readers:
            reader.start()

    def _read_out(self):
        for line in self.process.stdout:
            self.arrived.put(line.rstrip("\n"))
        self.arrived.put(None)

    def _read_err(self):
        for line in self.process.stderr:
            self.errors.append(line)

    @property
    def err(self):
        return "".join(self.errors)

    def line(self, deadline=DEADLINE):
        try:
            line = self.arrived.get(timeout=deadline)
        except queue.Empty:
            raise AssertionError(f"no line within {deadline} s from {self.arguments}: {self.err}") from None
        assert line is not None, f"ended ({self.process.wait(5)}) before a line came: {self.arguments}: {self.err}"
        return line

    def document(self, deadline=DEADLINE):
        return json.loads(self.line(deadline))

    def rest(self):
        """Returns the remaining lines once the command has ended."""
        lines = []
        while (line := self.arrived.get(timeout=DEADLINE)) is not None:
            lines.append(line)
        return lines

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, deadline=DEADLINE):
        code = self.process.wait(timeout=deadline)
        for reader in self.readers:
            reader.join(timeout=DEADLINE)
        return code

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=DEADLINE)


class Backend:
    """The backend of this test run, from CHATCTL_TEST_BACKEND: `sqlite`, or `postgres` with Redis."""

    name = os.environ.get("CHATCTL_TEST_BACKEND", "sqlite")

    @staticmethod
    def service(variable):
        assert variable in os.environ, f"no {variable}: run 'make test', or pytest below Tests/EndToEnd/services.py"
        return os.environ[variable]

    @classmethod
    def make(cls):
        """Creates a database for one installation and returns its settings."""
        if cls.name == "sqlite":
            return {}
        name = f"test_{uuid.uuid4().hex}"
        cls.sql(f"CREATE DATABASE {name}")
        return {"CHATCTL_DATABASE": cls.service("CHATCTL_TEST_POSTGRES").rsplit("/", 1)[0] + "/" + name,
                "CHATCTL_REDIS": cls.service("CHATCTL_TEST_REDIS")}

    @classmethod
    def remove(cls, settings):
        if settings:
            cls.sql(f"DROP DATABASE {settings['CHATCTL_DATABASE'].rsplit('/', 1)[1]} WITH (FORCE)")

    @classmethod
    def sql(cls, text):
        subprocess.run([program("psql"), cls.service("CHATCTL_TEST_POSTGRES"), "-Xqc", text], check=True)

    @classmethod
    def dump(cls, settings, folder):
        """Returns all stored data as bytes."""
        if settings:
            return subprocess.run(
                [program("pg_dump"), settings["CHATCTL_DATABASE"]], check=True, capture_output=True).stdout
        return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


class Installation:
    """A separate home folder: data, configuration, and the commands that were started in it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.configuration = self.folder / "configuration"
        for path in (self.folder / "home", self.data, self.configuration):
            path.mkdir(parents=True)
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self.folder / "home"),
            "XDG_DATA_HOME": str(self.data), "XDG_CONFIG_HOME": str(self.configuration),
            "TMPDIR": str(self.folder), "LANG": "C.UTF-8", "TERM": "dumb",
        }
        self.backend = Backend.make()
        self.environment.update(self.backend)
        self.running = []

    def run(self, *arguments, input=None, code=0, env=None, deadline=60):
        """Runs a command to its end and checks its exit status; `code=None` accepts any."""
        environment = {**self.environment, **(env or {})}
        pipe = {"input": input} if input is not None else {"stdin": subprocess.DEVNULL}
        done = subprocess.run(
            [BINARY, *arguments], env=environment, capture_output=True, text=True, timeout=deadline, **pipe)
        result = Result([str(each) for each in arguments], done.returncode, done.stdout, done.stderr)
        if code is not None:
            assert result.code == code, f"expected status {code}:\n{result}"
        assert "Fatal error" not in result.err and "Stack dump" not in result.err, result.err
        return result

    def start(self, *arguments, env=None, stdin=None, below=()):
        """Starts a command; `below` is a wrapper command that runs it."""
        running = Running([str(each) for each in arguments], {**self.environment, **(env or {})}, stdin, below)
        self.running.append(running)
        return running

    def user(self, name, *options):
        self.run("user", "create", name, *options)
        return name

    def token(self, name, *options):
        return self.run("user", "token", name, *options).out.strip()

    def room(self, name, *options):
        return self.run("room", "create", name, *options, "--json").json

    def send(self, room, body, by, *options):
        return self.run("send", room, body, "--as", by, "--json", *options).json

    def history(self, room, *options):
        return self.run("tail", room, "-n", "1000000", "--json", *options).documents

    def bodies(self, room):
        return [each["body"] for each in self.history(room)]

    def serve(self, *options, **more):
        return Server(self, options, **more)

    def end(self):
        for running in self.running:
            running.end()
        Backend.remove(self.backend)

    def kept(self):
        """Returns all data of the installation as bytes."""
        return Backend.dump(self.backend, self.data)


class Operator:
    """Who runs commands: on the database, or as an administrator of a server."""

    def __init__(self, chat, server=None):
        self.chat, self.server = chat, server
        self.tokens = {}

    def environment(self, user):
        if not self.server:
            return {"CHATCTL_USER": user} if user else {}
        user = user or "root"
        if user not in self.tokens:
            self.tokens[user] = self.chat.token(user)
        return {"CHATCTL_SERVER": self.server.url, "CHATCTL_TOKEN": self.tokens[user]}

    def run(self, *arguments, by=None, **more):
        return self.chat.run(*arguments, env=self.environment(by), **more)

    def json(self, *arguments, by=None, **more):
        return self.run(*arguments, "--json", by=by, **more).json

    def start(self, *arguments, by=None):
        return self.chat.start(*arguments, env=self.environment(by))


class Server:
    """A server of an installation, on its own port."""

    def __init__(self, installation, options=(), env=None, port=0, below=()):
        self.installation = installation
        self.command = installation.start(
            "serve", "--port", str(port), *TLS.options(), *options, env=env, below=below)
        line = self.command.line()
        assert line.startswith(f"listening on {TLS.scheme}://127.0.0.1:"), line
        self.url = line.removeprefix("listening on ")
        self.port = int(self.url.rsplit(":", 1)[1])
        self.sockets = []

    def stop(self):
        """Stops the server as a service manager would."""
        for socket in self.sockets:
            socket.drop()
        if self.command.process.poll() is None:
            self.command.signal(signal.SIGTERM)
            assert self.command.wait(30) == 0, self.command.err

    def kill(self):
        self.command.signal(signal.SIGKILL)
        self.command.wait()

    def http(self, method, path, token=None, json_body=None, headers=None, body=None):
        """Sends one HTTP request on a new connection."""
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if json_body is not None:
            body = json.dumps(json_body)
            headers["Content-Type"] = "application/json"
        kind = http.client.HTTPSConnection if TLS.is_on else http.client.HTTPConnection
        more = {"context": TLS.context()} if TLS.is_on else {}
        connection = kind("127.0.0.1", self.port, timeout=DEADLINE, **more)
        try:
            connection.request(method, path, body=body, headers=headers)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def api(self, method, path, token=None, json_body=None, status=200, **more):
        """Sends one API request and checks its status; returns the JSON, or None if there is none."""
        answer = self.http(method, "/api/v1" + path, token, json_body, **more)
        assert answer.status == status, f"{method} {path}: expected {status}, got {answer}"
        if status >= 400:
            return answer.error
        return answer.json if answer.body else None

    def socket(self, token=None, path="/ws", headers=None, **more):
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        live = Live(f"{TLS.websocket}://127.0.0.1:{self.port}{path}", headers, **more)
        self.sockets.append(live)
        return live

    def chatroom(self, room, token):
        """Opens a one-room connection and waits for its online count."""
        live = self.socket(token, f"/ws/chatroom/{room}")
        live.frames.append(live.expect(event="online_count"))
        return live

    def joined(self, token, *rooms):
        """Opens a multiplexed connection that has joined the rooms."""
        live = self.socket(token)
        for room in rooms:
            live.join(room)
        return live

    def refused(self, token=None, path="/ws", headers=None):
        """Returns the HTTP status and the error code of a refused upgrade."""
        try:
            self.socket(token, path, headers)
        except InvalidStatus as refusal:
            error = json.loads(refusal.response.body)["error"]
            assert error["message"]
            return refusal.response.status_code, error["code"]
        raise AssertionError(f"{path} was upgraded")

    def presence(self, token, room):
        return self.api("GET", f"/rooms/{room}/presence", token)

    def connections(self, token, room, **expected):
        """Waits until the room's presence consists of exactly these users with these connection counts."""
        eventually(lambda: {each["username"]: each["connections"] for each in self.presence(token, room)["users"]}
                   == expected, f"presence of {room} is {expected}")

    def online(self, token, room):
        return sorted(each["username"] for each in self.presence(token, room)["users"])


class Answer:
    """A complete HTTP response."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        """The error of a refusal, after checking its shape."""
        assert self.headers["Content-Type"].startswith("application/json"), self
        document = self.json
        assert list(document) == ["error"], document
        error = document["error"]
        assert set(error) <= {"code", "message", "hint", "errors", "retry_after_ms"}, error
        assert error["code"] and error["message"], error
        return error

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Live:
    """A WebSocket connection; frames that no call has taken yet are queued in `frames`."""

    def __init__(self, url, headers, **more):
        self.scope = contextlib.ExitStack()
        self.connection = self.scope.enter_context(connect(
            url, additional_headers=headers, compression=None, open_timeout=DEADLINE, close_timeout=2,
            max_size=2**20, proxy=None, ping_interval=None, ssl=TLS.context(), **more))
        self.frames = []
        self.reference = 0

    def send(self, frame=None, **fields):
        """Sends text unchanged, or the fields as a JSON object."""
        self.connection.send(frame if frame is not None else json.dumps(fields))

    def receive(self, deadline=DEADLINE):
        try:
            return json.loads(self.connection.recv(timeout=deadline))
        except TimeoutError:
            raise AssertionError(f"no frame within {deadline} s; unclaimed: {self.frames}") from None

    def expect(self, matches=None, deadline=DEADLINE, **fields):
        """Returns the first frame with these fields that also satisfies `matches`; other frames stay queued."""

        def fits(frame):
            return all(frame.get(key) == value for key, value in fields.items()) and (not matches or matches(frame))

        for index, frame in enumerate(self.frames):
            if fits(frame):
                return self.frames.pop(index)
        end = time.monotonic() + deadline
        while True:
            left = end - time.monotonic()
            assert left > 0, f"no frame {fields} within {deadline} s; unclaimed: {self.frames}"
            try:
                frame = self.receive(left)
            except ConnectionClosed as closed:
                raise AssertionError(f"closed ({closed}) before {fields}; unclaimed: {self.frames}") from None
            if fits(frame):
                return frame
            self.frames.append(frame)

    def ask(self, **fields):
        """Sends a frame with a unique ref and returns the answer to it."""
        self.reference += 1
        ref = f"r{self.reference}"
        self.send(**fields, ref=ref)
        return self.expect(ref=ref)

    def join(self, room, **fields):
        answer = self.ask(event="join", room=room, **fields)
        assert answer["ok"] and answer["event"] == "joined", answer
        return answer

    def post(self, body, **fields):
        answer = self.ask(event="message", body=body, **fields)
        assert answer["ok"] and answer["event"] == "ack", answer
        return answer

    def fault(self, **fields):
        """Returns the error that answers a frame, after checking its shape."""
        answer = self.ask(**fields)
        assert answer["ok"] is False and answer["event"] == "error", answer
        assert isinstance(answer["errors"], dict) and answer["errors"], answer
        return answer

    def message(self, body=None, **fields):
        frame = self.expect(lambda it: body is None or it["message"]["body"] == body, event="message", **fields)
        return frame["message"]

    def settled(self):
        """Returns all frames so far: frames caused before this call arrive before the pong does."""
        self.ask(event="ping")
        frames, self.frames = self.frames, []
        return frames

    def closed(self, deadline=DEADLINE):
        """Reads until the server closes the connection; returns the close code."""
        end = time.monotonic() + deadline
        while True:
            left = end - time.monotonic()
            assert left > 0, f"not closed within {deadline} s"
            try:
                self.frames.append(json.loads(self.connection.recv(timeout=left)))
            except TimeoutError:
                continue
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else None

    def close(self):
        self.connection.close()

    def drop(self):
        """Ends the connection without a close handshake, as a network failure would."""
        self.connection.socket.close()
