"""A server of one variant: its installation, its accounts, its certificate, and its process."""

import dataclasses
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

from chat import BINARY, Backend, Installation, eventually  # noqa: E402
from watched import Watched  # noqa: E402

HOSTILE, HONEST = 8, 4
HONEST_ROOM, ROOMS = "honest", ["loud", "plaza", "general"]
HISTORY = 900


@dataclasses.dataclass(frozen=True)
class Variant:
    backend: str
    tls: bool

    def __str__(self):
        return ("SQLite" if self.backend == "sqlite" else "PostgreSQL and Redis") + (", TLS" if self.tls else ", plain")


class StormServer:
    """Runs the release binary with accounts for both sides and two kinds of rooms."""

    def __init__(self, folder, variant):
        self.folder, self.variant = Path(folder), variant
        Backend.name = variant.backend
        self.place = Installation(self.folder / "installation")
        self.watched = None

    def start(self):
        self.place.run("migrate")
        self.place.user("root", "--admin")
        for room in (HONEST_ROOM, *ROOMS[:2]):
            self.place.run("room", "create", room, "--as", "root")
        # Joins with `after` have something to replay.
        lines = "".join(f"message {number}\n" for number in range(HISTORY))
        self.place.run("send", ROOMS[0], "--lines", "--as", "root", input=lines)
        with ThreadPoolExecutor(4) as pool:
            accounts = list(pool.map(self.account, [
                *(f"honest{n}" for n in range(HONEST)), *(f"hostile{n}" for n in range(HOSTILE))]))
        self.honest, self.hostile = accounts[:HONEST], accounts[HONEST:]
        self.serve()
        return self

    def account(self, name):
        password = f"password of {name}"
        self.place.run("user", "create", name, "--password-stdin", input=password)
        return {"name": name, "password": password, "token": self.place.token(name)}

    def serve(self):
        options = ["--tls-certificate", *self.certificate()] if self.variant.tls else []
        out, log = self.folder / "out", self.folder / "log"
        with open(out, "wb") as output, open(log, "wb") as errors:
            process = subprocess.Popen(
                [BINARY, "serve", "--port", "0", *options], env=self.place.environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=errors, start_new_session=True)
        self.watched = Watched(process, log)
        eventually(lambda: process.poll() is not None or "\n" in out.read_text(), "the server listens")
        assert process.poll() is None, self.watched.text()
        self.port = int(out.read_text().splitlines()[0].rsplit(":", 1)[1])

    def certificate(self):
        """Makes a throw-away certificate; returns its file, the option of its key and that file."""
        certificate, key = self.folder / "certificate.pem", self.folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        return certificate, "--tls-key", key

    def url(self, scheme):
        return f"{scheme}{'s' if self.variant.tls else ''}://127.0.0.1:{self.port}"

    def target(self):
        """Returns what the process of the hostile clients needs to know."""
        return {"port": self.port, "tls": self.variant.tls, "users": self.hostile, "rooms": ROOMS, "honest_room": HONEST_ROOM}

    def stop(self):
        """Stops the server as a service manager would and returns its exit status."""
        process = self.watched.process
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        return process.wait(30)

    def end(self):
        if self.watched and self.watched.exit_status is None:
            self.watched.process.kill()
            self.watched.process.wait(30)
        self.place.end()


def needs_services(variants):
    """Returns true if PostgreSQL and Redis are needed and nobody has started them."""
    return any(each.backend == "postgres" for each in variants) and "CHATCTL_TEST_POSTGRES" not in os.environ
