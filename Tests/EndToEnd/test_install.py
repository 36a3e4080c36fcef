"""`make install` puts everything where man and the shells look, and `make uninstall` takes it away again."""

import os
import re
import stat
import subprocess

from chat import BINARY, REPOSITORY


def make(*arguments):
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(["make", "--no-print-directory", "-C", REPOSITORY, *arguments, f"BINARY={BINARY}"],
                          env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_installation_and_its_removal(tmp_path):
    (tmp_path / "opt/chat/share/man/man1").mkdir(parents=True)
    other = tmp_path / "opt/chat/share/man/man1/other.1"
    other.write_text("")
    make("install", f"DESTDIR={tmp_path}", "PREFIX=/opt/chat")
    found = files(tmp_path / "opt/chat")
    assert {"bin/chatctl", "share/man/man1/chatctl.1", "share/man/man1/chatctl-room-create.1",
            "share/man/man5/chatctl-config.5", "share/man/man7/chatctl-protocol.7",
            "share/bash-completion/completions/chatctl", "share/zsh/site-functions/_chatctl",
            "share/fish/vendor_completions.d/chatctl.fish", "share/doc/chatctl/LICENSE"} <= found
    program = tmp_path / "opt/chat/bin/chatctl"
    assert stat.S_IMODE(program.stat().st_mode) == 0o755
    assert subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    make("uninstall", f"DESTDIR={tmp_path}", "PREFIX=/opt/chat")
    assert files(tmp_path / "opt/chat") == {"share/man/man1/other.1"}


def test_the_licence_is_at_the_top_level():
    assert re.search(r"MIT License\n\nCopyright \(c\) \d+ the chatctl authors", (REPOSITORY / "LICENSE").read_text())
