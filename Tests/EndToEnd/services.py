"""Starts a PostgreSQL and a Redis for the tests: on free ports, in a temporary folder, for the life of a command.

    python services.py -- COMMAND…    runs COMMAND with CHATCTL_TEST_POSTGRES and CHATCTL_TEST_REDIS set
"""

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def free_port():
    """Returns a port that nobody listens on, outside the range from which the system takes ports for connections: a server
    that is started again under its port must find it free."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def program(name):
    """Returns the path of a program, from the newest PostgreSQL or from PATH; a missing program is a failure."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda it: int(it.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if not found:
        raise FileNotFoundError(f"{name} is not installed: run 'Scripts/setup test'")
    return found


class Service:
    """A process on its own port that can be stopped, killed, paused and restarted."""

    def __init__(self, folder, port=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.process = None

    def start(self):
        # PostgreSQL refuses to run as root, so it runs as an unprivileged user, who must have access to the folder.
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                **self.identity())
        end = time.monotonic() + 60
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{type(self).__name__} did not start:\n{(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)
        return self

    def identity(self):
        return {}

    def end(self, number=signal.SIGKILL):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=60)

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)


class PostgreSQL(Service):
    def __init__(self, folder, port=None):
        super().__init__(folder, port)
        self.data = self.folder / "data"
        self.user = None
        if os.geteuid() == 0:
            # Debian's package creates this user.
            self.user = pwd.getpwnam("postgres")
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
            self.folder.chmod(0o755)
        subprocess.run(
            [program("initdb"), "-D", self.data, "-U", "chatctl", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8"],
            check=True, capture_output=True, cwd=self.folder, **self.identity())

    def identity(self):
        if not self.user:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def command(self):
        # All other settings are those of Debian's package; fsync stays on.
        settings = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder,
                    "max_connections": 200, "shared_buffers": "256MB", "log_min_messages": "warning"}
        return [program("postgres"), "-D", self.data, *(f"--{name}={value}" for name, value in settings.items())]

    def answers(self):
        done = subprocess.run(
            [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port), "-d", "postgres", "-U", "chatctl"])
        return done.returncode == 0

    def sql(self, text, database="postgres"):
        """Runs SQL and returns the rows as text."""
        done = subprocess.run(
            [program("psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "chatctl", "-d", database, "-XAtqc", text],
            check=True, capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
        return done.stdout.strip()

    def url(self, database="postgres"):
        return f"postgres://chatctl@127.0.0.1:{self.port}/{database}"

    def stop_hard(self):
        """Stops as in a machine crash: no checkpoint, no notice to clients."""
        self.end(signal.SIGQUIT)


class Redis(Service):
    options = ()

    def command(self):
        return [program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                "--appendonly", "no", "--dir", str(self.folder), *self.options]

    def answers(self):
        return self.cli("ping", check=False) in ("PONG", "NOAUTH Authentication required.")

    def cli(self, *words, check=True):
        done = subprocess.run(
            [program("redis-cli"), "-p", str(self.port), *words], check=check, capture_output=True, text=True)
        return done.stdout.strip()

    def url(self, number=0):
        return f"redis://127.0.0.1:{self.port}" + (f"/{number}" if number else "")


@contextlib.contextmanager
def started(*kinds):
    """Yields one running service of each kind, in a temporary folder that is removed with them."""
    folder = Path(tempfile.mkdtemp(prefix="chatctl-services-"))
    # PostgreSQL's user must be able to traverse the folder.
    folder.chmod(0o755)
    services = []
    try:
        for number, kind in enumerate(kinds):
            services.append(kind(folder / f"{kind.__name__}{number}").start())
        yield services
    finally:
        for service in services:
            service.resume()
            service.end()
        shutil.rmtree(folder, ignore_errors=True)


def main(words):
    if words[:1] != ["--"] or len(words) < 2:
        sys.exit(__doc__)
    with started(PostgreSQL, Redis) as (database, redis):
        environment = {**os.environ, "CHATCTL_TEST_POSTGRES": database.url(), "CHATCTL_TEST_REDIS": redis.url()}
        return subprocess.run(words[1:], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
