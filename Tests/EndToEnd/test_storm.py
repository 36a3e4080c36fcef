"""A short storm (Tests/Storm) on this run's backend, with and without TLS. `make storm` runs a long one."""

import os
import subprocess
import sys

from chat import BINARY, REPOSITORY, Backend

SECONDS = 20


def test_the_server_survives_a_short_storm():
    seed = os.environ.get("CHATCTL_STORM_SEED", "1")
    done = subprocess.run(
        [sys.executable, REPOSITORY / "Tests/Storm/storm.py", "--seconds", str(SECONDS), "--seed", seed, "--backend", Backend.name],
        env={**os.environ, "CHATCTL_BINARY": str(BINARY)}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
