"""What an operator meets beside the output of commands: terminals, signals, certificates, and a server's tokens."""

import contextlib
import os
import pty
import select
import signal
import socket
import ssl
import subprocess
import termios
import time

import pytest

from chat import BINARY, DEADLINE, TLS, eventually


class Typing:
    """A command on a terminal of its own, at which a person types."""

    def __init__(self, chat, *arguments):
        self.main, end = pty.openpty()
        self.end = end
        self.process = subprocess.Popen(
            [BINARY, *arguments], env=chat.environment, stdin=end, stdout=end, stderr=end, start_new_session=True,
            preexec_fn=lambda: __import__("fcntl").ioctl(0, termios.TIOCSCTTY, 0))
        self.shown = b""

    def until(self, text):
        """Waits until the terminal shows the text once more."""
        end, start = time.monotonic() + DEADLINE, len(self.shown)
        while text not in self.shown[start:]:
            assert time.monotonic() < end, self.shown
            if select.select([self.main], [], [], 0.2)[0]:
                self.shown += os.read(self.main, 4_096)
        return self

    def type(self, keys):
        os.write(self.main, keys)
        return self

    @property
    def is_shown(self):
        return bool(termios.tcgetattr(self.end)[3] & termios.ECHO)

    def wait(self):
        code = self.process.wait(DEADLINE)
        while select.select([self.main], [], [], 0)[0]:
            self.shown += os.read(self.main, 4_096)
        return code

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(DEADLINE)
        for descriptor in (self.main, self.end):
            os.close(descriptor)


@pytest.fixture
def typing(chat):
    with contextlib.ExitStack() as stack:
        yield lambda *arguments: stack.enter_context(contextlib.closing(Typing(chat, *arguments)))


def test_a_password_is_asked_for_twice_without_being_shown(typing):
    person = typing("user", "password", "alice").until(b"alice: ")
    assert not person.is_shown
    person.type(b"a long phrasr\x7fe\r").until(b"again: ").type(b"a long phrase\r")
    assert person.wait() == 0 and b"long" not in person.shown and person.is_shown


def test_two_different_passwords_are_refused(typing):
    person = typing("user", "password", "alice").until(b"alice: ")
    person.type(b"a long phrase\r").until(b"again: ").type(b"another phrase\r")
    assert person.wait() == 65 and b"differ" in person.shown


@pytest.mark.parametrize("keys, status", [(b"secr\x03", 130), (b"secr\x1c", 130), (b"\x04", 64)])
def test_a_password_prompt_can_be_left(typing, keys, status):
    person = typing("user", "password", "alice").until(b"alice: ").type(keys)
    assert person.wait() == status and person.is_shown


@pytest.mark.parametrize("number, status", [
    (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP), (signal.SIGINT, 130)])
def test_a_signal_gives_the_terminal_back(typing, number, status):
    person = typing("user", "password", "alice").until(b"alice: ")
    assert not person.is_shown
    person.process.send_signal(number)
    assert person.wait() == status and person.is_shown


def test_a_reader_that_has_gone_ends_a_quiet_tail(chat):
    chat.send("general", "one", "alice")
    done = subprocess.run(["bash", "-c", 'exec 3< <("$0" tail general -f; echo "ended $?"  >&2); head -n 1 <&3; '
                           "exec 3<&-; wait", str(BINARY)], env=chat.environment, capture_output=True, text=True,
                          timeout=DEADLINE)
    assert "one" in done.stdout and done.stderr == "ended 0\n"


def test_arguments_that_are_not_utf8_are_refused(chat):
    done = subprocess.run([BINARY, "send", "general", b"caf\xe9", "--as", "alice"], env=chat.environment,
                          capture_output=True, timeout=60)
    assert done.returncode == 65 and b"number 3" in done.stderr
    assert chat.bodies("general") == []


def test_the_speaker_over_a_server_is_the_tokens_user(chat, server):
    environment = {"CHATCTL_TOKEN": f" {chat.token('alice')}\n", "CHATCTL_SERVER": server.url}
    assert chat.run("whoami", "--json", env=environment).json["username"] == "alice"
    assert chat.run("--as", "alice", "send", "general", "mine", env=environment).out == "1\n"
    for arguments, more in ((["--as", "bob"], {}), ([], {"CHATCTL_USER": "bob"}), (["--as", "nobody"], {})):
        for command in (["send", "general", "not mine"], ["room", "create", "new"], ["whoami"]):
            refused = chat.run(*arguments, *command, "--json", env={**environment, **more}, code=77)
            assert refused.error["code"] == "not_allowed"
    assert chat.bodies("general") == ["mine"]
    chat.run("room", "show", "new", code=66)


def test_a_mistyped_name_is_answered_with_the_nearest_one(chat, server):
    token = {"CHATCTL_TOKEN": chat.token("root"), "CHATCTL_SERVER": server.url}
    for environment in ({}, token):
        for arguments, name in ((["room", "show", "genral"], "general"), (["user", "show", "alcie"], "alice")):
            error = chat.run(*arguments, "--json", env=environment, code=66).error
            assert f"did you mean '{name}'?" in error["hint"], error
    secret = chat.room("secret", "--private")["name"]
    token = {"CHATCTL_TOKEN": chat.token("bob"), "CHATCTL_SERVER": server.url}
    assert secret not in chat.run("room", "show", "secrte", "--json", env=token, code=66).error["hint"]


def test_an_ipv6_server_prints_a_url_that_commands_take(chat):
    server = chat.start("serve", "--host", "::1", "--port", "0")
    url = server.line().removeprefix("listening on ")
    assert url.startswith("http://[::1]:")
    assert chat.run("--server", url, "whoami", "--json", env={"CHATCTL_TOKEN": chat.token("bob")}).json["username"] == "bob"
    server.signal(signal.SIGTERM)
    assert server.wait() == 0


def test_one_of_two_administrators_can_go_and_the_last_one_cannot(chat):
    """On each database: the rule stands in the transaction."""
    for command in (["user", "role", "root", "user"], ["user", "disable", "root"], ["user", "delete", "root", "--yes"]):
        assert chat.run(*command, "--json", code=77).error["code"] == "not_allowed"
    chat.run("user", "role", "alice", "admin")
    chat.run("user", "role", "root", "user")
    assert chat.run("user", "show", "root", "alice", "--json").json[0]["role"] == "user"


def test_who_is_no_administrator_any_more_is_none_on_open_connections(chat, server):
    chat.user("carol", "--admin")
    chat.room("secret", "--private")
    live = server.joined(chat.token("carol"), "secret")
    chat.run("user", "role", "carol", "user")
    assert live.closed() == 1001
    assert server.refused(chat.token("carol"), "/ws/chatroom/secret") == (403, "not_a_member")


# Certificates

def certificate(folder, name):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True)


def name_shown(port):
    """The name in the certificate that a new connection is shown."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as plain:
        with context.wrap_socket(plain) as secure:
            shown = ssl.DER_cert_to_PEM_cert(secure.getpeercert(binary_form=True))
    subject = subprocess.run(["openssl", "x509", "-noout", "-subject"], input=shown, text=True, capture_output=True,
                             check=True).stdout
    return subject.strip().rsplit("=", 1)[1].strip()


@pytest.mark.skipif(TLS.is_on, reason="has certificates of its own")
def test_a_certificate_is_read_anew_and_a_bad_one_changes_nothing(chat, tmp_path):
    certificate(tmp_path, "first")
    server = chat.start("serve", "--port", "0", "--tls-certificate", tmp_path / "cert.pem", "--tls-key",
                        tmp_path / "key.pem")
    port = int(server.line().rsplit(":", 1)[1])
    assert name_shown(port) == "first"
    certificate(tmp_path, "second")
    server.signal(signal.SIGHUP)
    eventually(lambda: name_shown(port) == "second", "new connections get the new certificate")
    good = (tmp_path / "key.pem").read_text()
    for text, reason in (("nonsense", "holds no private key"), (None, "No such file"), ("other", "do not belong")):
        if text == "other":
            (tmp_path / "other").mkdir()
            certificate(tmp_path / "other", "other")
            text = (tmp_path / "other" / "key.pem").read_text()
        if text is None:
            (tmp_path / "key.pem").unlink()
        else:
            (tmp_path / "key.pem").write_text(text)
        server.signal(signal.SIGHUP)
        eventually(lambda: reason in server.err, f"the log says why: {reason}")
        assert name_shown(port) == "second"
    (tmp_path / "key.pem").write_text(good)
    assert len(server.err.splitlines()) == 4, server.err
    server.signal(signal.SIGTERM)
    assert server.wait() == 0


@pytest.mark.parametrize("kind", ["pipe", "folder", "nothing"])
def test_a_certificate_that_is_no_file_is_not_waited_for(chat, tmp_path, kind):
    path = tmp_path / "cert.pem"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    chat.run("serve", "--port", "0", "--tls-certificate", path, "--tls-key", path, code=78, deadline=DEADLINE)


@pytest.mark.skipif(TLS.is_on, reason="about a server without TLS")
def test_a_hangup_does_not_end_a_server_without_tls(chat, server):
    for _ in range(3):
        server.command.signal(signal.SIGHUP)
    token = chat.token("alice")
    assert server.api("GET", "/me", token)["username"] == "alice"
    assert server.command.process.poll() is None and server.command.err == ""


def caught(pid):
    """The signals for which a process has handlers."""
    with open(f"/proc/{pid}/status") as status:
        mask = int(next(line for line in status if line.startswith("SigCgt:")).split()[1], 16)
    return {number for number in range(1, 32) if mask >> (number - 1) & 1}


@pytest.mark.skipif(TLS.is_on, reason="about a server without TLS")
def test_a_hangup_in_the_first_moments_does_not_end_a_server(chat):
    command = chat.start("serve", "--port", "0")
    # The handler of SIGINT is among the first things of every command.
    eventually(lambda: signal.SIGINT in caught(command.process.pid), "the command has begun")
    assert signal.SIGHUP in caught(command.process.pid)
    command.signal(signal.SIGHUP)
    assert command.line().startswith("listening on ")
    command.signal(signal.SIGHUP)
    command.signal(signal.SIGTERM)
    assert command.wait() == 0, command.err


def test_a_hangup_ends_a_command_that_only_has_the_name_of_serve_among_its_words(chat):
    chat.room("serve")
    tail = chat.start("tail", "serve", "-f", "--json")
    chat.send("serve", "here", "alice")
    assert tail.document()["body"] == "here"
    tail.signal(signal.SIGHUP)
    assert tail.wait() == -signal.SIGHUP
