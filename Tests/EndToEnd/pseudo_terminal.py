"""A program in a pseudo-terminal, which a test types to and reads from."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from chat import DEADLINE

# CSI and OSC sequences, and what else moves or colours.
CONTROLS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[=>78]|[\x07\x0f]")


class Terminal:
    """Starts a program in a pseudo-terminal of its own session."""

    def __init__(self, arguments, environment, folder, columns=200):
        self.text = ""
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(arguments[0], arguments, environment)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def expect(self, pattern, deadline=DEADLINE):
        """Waits until what was printed since the last expectation matches, and returns all of it up to there."""
        end = time.monotonic() + deadline
        while not (found := re.search(pattern, CONTROLS.sub("", self.text))):
            left = end - time.monotonic()
            assert left > 0, f"no {pattern!r} within {deadline} s in: {CONTROLS.sub('', self.text)!r}"
            if select.select([self.descriptor], [], [], left)[0]:
                try:
                    self.text += os.read(self.descriptor, 65_536).decode(errors="replace")
                except OSError:
                    raise AssertionError(f"ended before {pattern!r}: {CONTROLS.sub('', self.text)!r}") from None
        clean = CONTROLS.sub("", self.text)
        self.text = clean[found.end():]
        return clean[:found.end()]

    def end(self):
        try:
            os.kill(self.process, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.close(self.descriptor)
        os.waitpid(self.process, 0)
