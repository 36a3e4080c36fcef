"""openapi.json: a valid document, and a server that keeps to it whatever is generated from it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import validate

FOLDER = Path(__file__).parent


def test_the_document_is_valid_openapi(server):
    answer = server.http("GET", "/api/v1/openapi.json")
    assert answer.status == 200 and answer.json["openapi"].startswith("3.1")
    validate(answer.json)


def test_the_document_describes_what_there_is(chat, server):
    """Each described GET without parameters is there; what is not described is not."""
    token = chat.token("root")
    for path, item in server.http("GET", "/api/v1/openapi.json").json["paths"].items():
        if "get" in item and "{" not in path:
            status = server.http("GET", path + ("?q=x" if path.endswith("/search") else ""), token).status
            assert status == 200, path
        if "{" not in path:
            allowed = server.http("OPTIONS", path).headers["Allow"].lower().split(", ")
            assert set(item) - {"parameters"} == set(allowed) - {"head", "options"}, path


@pytest.mark.parametrize("who, seconds", [("root", 20), ("alice", 12), (None, 8)])
def test_generated_requests_are_answered_as_described(chat, server, tmp_path, who, seconds):
    """Requests within the document and outside of it, as an administrator, as a user and as nobody.

    Logging out is left out: it would end the token of the run.
    """
    chat.room("plans")
    options = ["-H", f"Authorization: Bearer {chat.token(who)}"] if who else []
    run = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/api/v1/openapi.json", *options,
         "--exclude-operation-id", "post-logout", "--max-time", str(seconds), "--continue-on-failure",
         "--suppress-health-check", "all", "--warnings", "off", "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, timeout=180,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "openapi_hooks", "PYTHONPATH": str(FOLDER)})
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
    assert " 0 generated" not in run.stdout
    print(run.stdout)
