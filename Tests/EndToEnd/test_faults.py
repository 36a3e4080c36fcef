"""A short run of Tests/Faults with two servers on one SQLite file. `make faults` runs the other forms, with its real limits."""

import os
import subprocess
import sys

import pytest

from chat import BINARY, REPOSITORY


@pytest.mark.sqlite
def test_clients_see_the_truth_after_faults(tmp_path):
    seed = os.environ.get("CHATCTL_FAULTS_SEED", "1")
    # Ten times the limits: on a busy machine they would be an assertion about speed.
    done = subprocess.run(
        [sys.executable, REPOSITORY / "Tests/Faults/faults.py", "--runs", "1", "--seed", seed, "--form", "sqlite",
         "--seconds", "12", "--patience", "10", "--traces", tmp_path / "traces"],
        env={**os.environ, "CHATCTL_BINARY": str(BINARY)}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
