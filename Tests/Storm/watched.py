"""A process under observation: its memory, its descriptors, its end, and what it wrote to standard error."""

import os
from pathlib import Path

from verdict import Usage

PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / (1 << 20)


class Watched:
    """Observes a process that somebody else started; `log` is the file with its standard error."""

    def __init__(self, process, log):
        self.process, self.log = process, Path(log)
        self.peak_rss = 0

    @property
    def exit_status(self):
        """None while it runs."""
        return self.process.poll()

    def usage(self):
        """Returns the usage now, and notes the peak of memory; zeros once the process has ended."""
        folder = Path(f"/proc/{self.process.pid}")
        try:
            usage = Usage(int((folder / "statm").read_text().split()[1]) * PAGE_MIB, len(os.listdir(folder / "fd")))
        except (OSError, IndexError):
            return Usage()
        self.peak_rss = max(self.peak_rss, usage.rss)
        return usage

    def text(self, most=200_000):
        """Returns the end of the log."""
        data = self.log.read_bytes() if self.log.exists() else b""
        return data[-most:].decode("utf-8", "replace")
