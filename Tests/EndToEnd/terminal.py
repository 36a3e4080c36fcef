"""A pseudo-terminal with a screen: what a person sees of chatctl, and the keys they press."""

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

import pyte

from chat import BINARY, DEADLINE


class Terminal:
    """chatctl on a terminal of its own."""

    def __init__(self, arguments, environment, columns=80, rows=24):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.master, slave = pty.openpty()
        self._size(columns, rows)
        self.process = subprocess.Popen(
            [BINARY, *arguments], env={**environment, "TERM": "xterm"}, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.slave = slave

    def _size(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        self._size(columns, rows)

    def keys(self, text):
        os.write(self.master, text.encode())

    def read(self, seconds):
        """Feeds the screen with what comes within this time; returns whether anything came."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        with contextlib.suppress(OSError):
            data = os.read(self.master, 65_536)
            self.raw += data
            self.stream.feed(data)
            return bool(data)
        return False

    @property
    def lines(self):
        return [line.rstrip() for line in self.screen.display if line.strip()]

    @property
    def text(self):
        return "\n".join(self.lines)

    @property
    def row(self):
        """The row of the cursor, up to its end."""
        return self.screen.display[self.screen.cursor.y].rstrip()

    def until(self, question, what, deadline=DEADLINE):
        """Reads until the screen is as wanted."""
        end = time.monotonic() + deadline
        while True:
            answer = question()
            if answer:
                return answer
            left = end - time.monotonic()
            assert left > 0, f"not seen within {deadline} s: {what}; the screen:\n{self.text}"
            self.read(min(left, 0.2))

    def see(self, text, **more):
        return self.until(lambda: text in self.text, repr(text), **more)

    def line(self, text):
        """Waits until the row of the cursor is this text."""
        return self.until(lambda: self.row == text.rstrip(), f"the line {text!r}")

    def wait(self):
        """The exit status; what the program still writes is read meanwhile."""
        end = time.monotonic() + DEADLINE
        while self.process.poll() is None:
            assert time.monotonic() < end, f"still runs; the screen:\n{self.text}"
            self.read(0.05)
        while self.read(0):
            pass
        return self.process.returncode

    @property
    def is_cooked(self):
        """The terminal shows what is typed, and its keys make signals, as a shell wants it."""
        flags = termios.tcgetattr(self.slave)[3]
        return bool(flags & termios.ECHO and flags & termios.ICANON and flags & termios.ISIG)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE)
        os.close(self.slave)
        os.close(self.master)
