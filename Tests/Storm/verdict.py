"""The judgement of a storm: a pure function from what was measured to the failures."""

import dataclasses
import re

PEAK_MIB, BACK_MIB, DESCRIPTORS = 128, 32, 8
CRASH = re.compile(
    r"Fatal error|Precondition failed|Assertion failed|Stack dump|Illegal instruction|Segmentation|SIG(?:ILL|TRAP|SEGV|ABRT)|"
    r"^\*\*\* |Program crashed|💣|terminate called|double free|AddressSanitizer", re.M)


@dataclasses.dataclass
class Usage:
    """Resident memory in MiB and open descriptors."""

    rss: float = 0
    descriptors: int = 0


@dataclasses.dataclass
class Measured:
    """Everything the judgement of one variant needs."""

    exit_status: int | None = None
    """None while the server runs."""
    log: str = ""
    before: Usage = dataclasses.field(default_factory=Usage)
    quiet_rss: float = 0
    """The peak of memory with honest clients alone, log-ins included."""
    peak_rss: float = 0
    after: Usage = dataclasses.field(default_factory=Usage)
    ledger: list = dataclasses.field(default_factory=list)
    honest: list = dataclasses.field(default_factory=list)
    """What went wrong for honest clients: disconnected, refused, not acknowledged in time."""
    findings: list = dataclasses.field(default_factory=list)
    errors: list = dataclasses.field(default_factory=list)
    """Faults of the storm itself."""
    drain: int | None = None
    """The exit status after SIGTERM; None if it was not stopped."""


def crash_lines(log):
    """Returns what the log says about a crash: each line that names one, with the lines after it."""
    lines = log.splitlines()
    for index, line in enumerate(lines):
        if CRASH.search(line):
            return lines[index:index + 25]
    return []


def failures(measured):
    """Returns the reasons for which the storm has failed; empty if the server survived it."""
    found = []
    if measured.exit_status is not None:
        found.append(f"the server ended with status {measured.exit_status} during the storm")
    if crash := crash_lines(measured.log):
        found.append("the server's log has a crash:\n" + "\n".join(f"    {line}" for line in crash))
    found += [f"honest clients: {text}" for text in measured.honest]
    found += [f"messages: {text}" for text in measured.ledger]
    found += [f"answers: {each['count']} times {each['kind']}" + "".join(f"\n    {text}" for text in each["examples"])
              for each in measured.findings]
    found += [f"the storm itself: {text}" for text in measured.errors]
    if measured.exit_status is None:
        found += usage_failures(measured)
        if measured.drain not in (None, 0):
            found.append(f"the server ended with status {measured.drain} after SIGTERM")
    return found


def usage_failures(measured):
    before, after = measured.before, measured.after
    found = []
    if measured.peak_rss > measured.quiet_rss + PEAK_MIB:
        found.append(f"memory rose from {measured.quiet_rss:.0f} to {measured.peak_rss:.0f} MiB; {PEAK_MIB} more are allowed")
    if after.rss > before.rss + BACK_MIB:
        found.append(f"memory is not back: {before.rss:.0f} MiB before, {after.rss:.0f} after; {BACK_MIB} more are allowed")
    if after.descriptors > before.descriptors + DESCRIPTORS:
        found.append(f"descriptors are not back: {before.descriptors} before, {after.descriptors} after; "
                     f"{DESCRIPTORS} more are allowed")
    return found
