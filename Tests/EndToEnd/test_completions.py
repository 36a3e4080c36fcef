"""Completion in the real shells: what Tab puts on the line.

What may stand where is tested in Tests/ChatCommandsTests/Completion.
"""

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from chat import BINARY, REPOSITORY
from pseudo_terminal import Terminal

FILES = {"bash": "chatctl.bash", "zsh": "_chatctl", "fish": "chatctl.fish"}


class Shell:
    """A shell with the completion loaded as its package would, and `chatctl` in the PATH."""

    def __init__(self, name, chat, tmp_path):
        self.name, self.chat, self.folder = name, chat, tmp_path / "work"
        self.folder.mkdir()
        programs = tmp_path / "bin"
        programs.mkdir()
        (programs / "chatctl").symlink_to(BINARY)
        self.environment = {**chat.environment, "PATH": f"{programs}:{chat.environment['PATH']}", "TERM": "xterm",
                            # No test is about how fast the machine is.
                            "CHATCTL_COMPLETION_TIMEOUT": "20s"}
        self.script = REPOSITORY / "completions" / FILES[name]
        self.terminal = None

    def start(self):
        if self.name == "bash":
            self.open(["bash", "--noprofile", "--norc", "-i"], "PS1='READY> '; bind 'set enable-bracketed-paste off';"
                      f" bind 'set completion-query-items 0'; bind 'set page-completions off'; source {self.script}")
        elif self.name == "zsh":
            functions = self.folder.parent / "functions"
            functions.mkdir()
            shutil.copy(self.script, functions / "_chatctl")
            self.open(["zsh", "-f", "-i"], f"PS1='READY> '; fpath=({functions} $fpath); autoload -Uz compinit;"
                      " compinit -u -D; LISTMAX=10000; setopt no_beep no_always_last_prompt")
        return self

    def open(self, command, setup):
        self.terminal = Terminal(command, self.environment, self.folder)
        self.terminal.type(f"{setup}\n")
        self.terminal.type("echo SET''UP\n")
        self.terminal.expect("SETUP")
        self.terminal.expect("READY> ")

    def completes(self, line, expected):
        """One candidate: Tab puts it on the line, which is then thrown away."""
        if self.name == "fish":
            assert self.fish(line) == [expected.split(" ")[-1]], line
            return
        self.terminal.type(f"{line}\t")
        self.terminal.expect(expected.replace("(", r"\("))
        self.drop()

    def offers(self, line, *expected):
        """Several candidates: Tab lists them."""
        if self.name == "fish":
            offered = self.fish(line)
            assert set(expected) <= set(offered), (line, offered)
            return offered
        self.terminal.type(f"{line}\t\t")
        # In whatever order the shell lists them.
        self.terminal.expect("(?s)" + "".join(rf"(?=.*(?<![\w-]){each}(?![\w-]))" for each in expected) + ".*")
        self.drop()

    def drop(self):
        # Not Ctrl-C, which would also end a completion that is still at work.
        self.terminal.type("\x15\n")
        self.terminal.expect("READY> ")

    def fish(self, line):
        """What fish would offer, from its own engine."""
        done = subprocess.run(
            ["fish", "--no-config", "-c", f"source {self.script}; complete -C $argv[1]", line], cwd=self.folder,
            env=self.environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and not done.stderr, done.stderr
        return [each.split("\t")[0] for each in done.stdout.splitlines()]

    def end(self):
        if self.terminal:
            self.terminal.end()


@pytest.fixture(params=sorted(FILES))
def shell(request, chat, tmp_path):
    shell = Shell(request.param, chat, tmp_path).start()
    yield shell
    shell.end()


def test_commands_options_and_values(shell):
    shell.completes("chatctl mig", "migrate")
    shell.completes("chatctl room unar", "unarchive")
    shell.completes("chatctl help exit", "exit-codes")
    shell.completes("chatctl --json room restr", "restrictions")
    shell.completes("chatctl user dis", "disable")
    shell.completes("chatctl tail general --foll", "--follow")
    shell.completes("chatctl room list --kind priv", "private")
    shell.completes("chatctl user role bob adm", "admin")
    shell.offers("chatctl room list --kind ", "direct", "private", "public")
    shell.offers("chatctl user role bob ", "admin", "user")


def test_live_names(shell):
    shell.chat.room("gardening")
    shell.chat.room("plans", "--private")
    (shell.chat.configuration / "chatctl").mkdir()
    (shell.chat.configuration / "chatctl/config.toml").write_text("[profile.workshop]\nuser = \"bob\"\n")
    shell.completes("chatctl tail pla", "plans")
    shell.offers("chatctl tail g", "gardening", "general")
    shell.completes("chatctl send general hi --as ali", "alice")
    shell.completes("chatctl room kick plans bo", "bob")
    shell.completes("chatctl --profile wor", "workshop")
    token = shell.chat.run("user", "token", "bob", "--label", "laptop", "--json").json["id"]
    if shell.name == "fish":
        assert shell.fish("chatctl user revoke-token bob ") == [str(token)]
    else:
        shell.completes("chatctl user revoke-token bob ", f"bob {token}")


def test_live_names_over_a_server(shell, server):
    shell.chat.room("gardening")
    token = shell.chat.token("root")
    (shell.folder / "token").write_text(token)
    shell.completes(f"chatctl --server {server.url} --token-file token tail gard", "gardening")


def test_files_and_the_command_behind_run(shell):
    (shell.folder / "position.cursor").write_text("")
    (shell.folder / "folder").mkdir()
    shell.completes("chatctl tail general --cursor posi", "position.cursor")
    shell.completes("chatctl backup posi", "position.cursor")
    if shell.name == "fish":
        assert "printenv" in shell.fish("chatctl run -- printen")
        assert shell.fish("chatctl tail general --cursor=posi") == ["--cursor=position.cursor"]
    else:
        shell.completes("chatctl run -- printen", "printenv")
        shell.completes("chatctl tail general --cursor=posi", "--cursor=position.cursor")
        shell.completes("chatctl run -- cat posi", "cat position.cursor")


def test_a_server_that_is_away_or_silent_is_passed_over(chat):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        for port in (silent.getsockname()[1], 1):
            start = time.monotonic()
            done = chat.run("__complete", "tail", "", env={
                "CHATCTL_SERVER": f"http://127.0.0.1:{port}", "CHATCTL_TOKEN": "x"})
            assert done.out == "words\n" and done.err == ""
            # It does not wait for the server; how fast the machine is does not matter here.
            assert time.monotonic() - start < 10


def test_the_committed_scripts_are_those_of_the_program(chat):
    for shell, name in FILES.items():
        script = chat.run("--generate-completion-script", shell).out
        assert (REPOSITORY / "completions" / name).read_text() == script, f"stale: 'make completions' writes {name}"


@pytest.mark.parametrize("shell", sorted(FILES))
def test_each_script_parses(shell):
    command = [shell, "--no-execute"] if shell == "fish" else [shell, "-n"]
    done = subprocess.run([*command, str(Path(REPOSITORY, "completions", FILES[shell]))], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr
