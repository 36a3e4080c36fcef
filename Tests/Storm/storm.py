"""A randomised attack on a server, with honest clients beside it: `make storm SECONDS=600 SEED=7`.

Each variant of the server is measured in slices: quiet, one for each kind of hostile act if there is time, and a mixed
one. Then hostile clients leave, and memory and descriptors must come back. Latency is reported and not asserted,
because a shared machine decides over it; everything else that is wrong fails the run. README.md beside this file says
how to read a failure.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import datetime
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import acts_connections  # noqa: F401, the modules of acts file themselves
import acts_frames  # noqa: F401
import acts_http  # noqa: F401
from acts import KINDS, selectors
from honest import FAULTS, Crowd
from report import last_acts, percentile, row, table
from server import HONEST_ROOM, StormServer, Variant, needs_services
from services import PostgreSQL, Redis, started
from verdict import BACK_MIB, DESCRIPTORS, Measured, Usage, failures

SHORTEST_SLICE = 2
SETTLING = 60
RECOVERY = 3
HERE = Path(__file__).resolve().parent


def slices(seconds, kinds):
    """Returns the length of the quiet slice and a list of slices: name, kinds, length."""
    quiet = max(2, seconds * 0.12)
    rest = seconds - quiet
    each = rest * 0.65 / len(kinds)
    if len(kinds) == 1:
        return quiet, [(kinds[0], kinds, rest)]
    if each < SHORTEST_SLICE:
        return quiet, [("mixed", kinds, rest)]
    return quiet, [(kind, [kind], each) for kind in kinds] + [("mixed", kinds, rest * 0.35)]


def merge(findings, more):
    """Adds the findings of a slice to those of the run; the first examples stay."""
    known = {each["kind"]: each for each in findings}
    for each in more:
        if each["kind"] in known:
            known[each["kind"]]["count"] += each["count"]
        else:
            findings.append(each)


class Run:
    """The storm on one variant."""

    def __init__(self, options, variant, number):
        self.options, self.variant, self.number = options, variant, number
        self.measured = Measured()
        self.rows = []
        self.result = None
        self.clients = 0

    async def perform(self, folder, seconds):
        self.server = StormServer(folder, self.variant)
        try:
            await asyncio.to_thread(self.server.start)
            self.watched = self.server.watched
            crowd = Crowd(self.server, HONEST_ROOM)
            sampler = asyncio.create_task(self.sample())
            try:
                await crowd.start()
                await self.run_slices(crowd, seconds)
                await self.settle(crowd)
            except FAULTS as fault:
                crowd.complain(f"no connection: {fault!r}")
            sampler.cancel()
            await self.conclude(crowd)
        finally:
            self.server.end()

    async def sample(self):
        while True:
            self.watched.usage()
            await asyncio.sleep(0.02)

    async def run_slices(self, crowd, seconds):
        quiet, parts = slices(seconds, self.options.only or sorted(KINDS))
        # The first acks pay for everything that is set up on first use.
        await self.pause(1)
        # A log-in takes 32 MiB while its password is hashed: that belongs to the quiet figure.
        await crowd.log_in()
        crowd.slice = "quiet"
        await self.pause(quiet)
        self.measured.quiet_rss = self.watched.peak_rss
        # A server that has worked keeps what it will need again, so this is what it must come back to.
        self.measured.before = self.watched.usage()
        quiet_p99 = percentile(crowd.latencies["quiet"], 0.99)
        self.rows.append(row("quiet", crowd.latencies["quiet"], None, self.watched.peak_rss))
        for name, kinds, length in parts:
            crowd.slice = name
            self.watched.peak_rss = 0
            result = await self.attack(kinds, length)
            await self.recover(crowd, quiet_p99)
            self.measured.peak_rss = max(self.measured.peak_rss, self.watched.peak_rss)
            self.rows.append(row(name, crowd.latencies[name], quiet_p99, self.watched.peak_rss, result))
            if self.watched.exit_status is not None:
                return

    async def recover(self, crowd, quiet_p99):
        """Waits until acks are fast again, for a while, so that one slice does not count for the next."""
        crowd.slice = "recovery"
        crowd.recent.clear()
        end = time.monotonic() + RECOVERY
        while time.monotonic() < end and self.watched.exit_status is None:
            if len(crowd.recent) == crowd.recent.maxlen and max(crowd.recent) * 1_000 < 2 * (quiet_p99 or 0):
                return
            await asyncio.sleep(0.05)

    async def pause(self, seconds):
        """Lets time pass, unless the server ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.watched.exit_status is None:
            await asyncio.sleep(min(0.1, seconds))

    async def attack(self, kinds, seconds):
        """Runs the hostile clients as a process of its own and collects what they saw."""
        plan = {"seed": self.options.seed, "first": self.number * 10_000 + self.clients, "clients": self.options.clients,
                "kinds": kinds, "seconds": seconds, "target": self.server.target()}
        self.clients += self.options.clients
        process = await asyncio.create_subprocess_exec(
            sys.executable, HERE / "hostile.py", json.dumps(plan), stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE)
        try:
            out, err = await asyncio.wait_for(process.communicate(), seconds + 20)
            self.result = json.loads(out)
        except (asyncio.TimeoutError, ValueError) as fault:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            self.measured.errors.append(f"the process of the hostile clients failed: {fault!r} {err[-500:] if process.returncode else ''}")
            return None
        merge(self.measured.findings, self.result["findings"])
        self.measured.errors += self.result["errors"]
        return self.result

    async def settle(self, crowd):
        """Waits until memory and descriptors are back, for a minute at most."""
        crowd.slice = "settling"
        before, end = self.measured.before, time.monotonic() + SETTLING
        while self.watched.exit_status is None:
            usage = self.measured.after = self.watched.usage()
            if time.monotonic() >= end or (
                    usage.rss <= before.rss + BACK_MIB and usage.descriptors <= before.descriptors + DESCRIPTORS):
                return
            await asyncio.sleep(0.2)

    async def conclude(self, crowd):
        measured = self.measured
        await crowd.finish()
        measured.exit_status = self.watched.exit_status
        if measured.exit_status is None:
            await self.compare(crowd)
            measured.drain = await asyncio.to_thread(self.server.stop)
        # What honest clients missed because the server ended is no finding of its own.
        measured.honest = crowd.overdue_texts() + (crowd.complaints if measured.exit_status is None else [])
        measured.log = self.watched.text()

    async def compare(self, crowd):
        stored = None
        try:
            stored = await asyncio.to_thread(crowd.stored)
        except FAULTS as fault:
            crowd.complain(f"the room's history cannot be read: {fault!r}")
        self.measured.ledger = crowd.ledger.close(stored)

    def text(self):
        measured = self.measured
        return table(self.variant, self.rows, measured)

    def failure_text(self, found):
        lines = [f"FAILED: {self.variant}, seed {self.options.seed}", *(f"  {each}" for each in found)]
        if self.measured.exit_status is not None and self.result:
            lines += ["  the last acts of each client:", last_acts(self.result)]
        return "\n".join(lines)

    def document(self, found):
        measured = self.measured
        return {"backend": self.variant.backend, "tls": self.variant.tls, "slices": self.rows,
                "before": dataclasses.asdict(measured.before), "peak_rss_mib": round(measured.peak_rss, 1),
                "after": dataclasses.asdict(measured.after), "failures": found,
                "last_acts": self.result["last"] if self.result and found else None}


def variants(options):
    backends = [options.backend] if options.backend else ["sqlite", "postgres"]
    forms = [False, True] if options.tls is None else [options.tls]
    return [Variant(backend, tls) for backend in backends for tls in forms]


async def storm(options, chosen):
    """Runs all variants and returns those that failed, and the documents."""
    documents = []
    for number, variant in enumerate(chosen):
        run = Run(options, variant, number)
        with tempfile.TemporaryDirectory(prefix="chatctl-storm-") as folder:
            await run.perform(folder, options.seconds / len(chosen))
            found = failures(run.measured)
        documents.append(run.document(found))
        if not options.json:
            print(run.text(), flush=True)
            print(run.failure_text(found) if found else "passed", end="\n\n", flush=True)
    return documents


def parse(words):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=600, help="of all variants together (default: 600)")
    parser.add_argument("--seed", default=datetime.date.today().strftime("%Y%m%d"), help="(default: today's date)")
    parser.add_argument("--backend", choices=["sqlite", "postgres"], help="one database only")
    parser.add_argument("--tls", action=argparse.BooleanOptionalAction, help="with or without TLS only")
    parser.add_argument("--only", action="append", choices=selectors(), metavar="KIND",
                        help=f"acts of this kind only, or one act as KIND.ACT; may be repeated: {', '.join(sorted(KINDS))}")
    parser.add_argument("--clients", type=int, default=40, help="hostile clients at once (default: 40)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args(words)


def main(words):
    options = parse(words)
    chosen = variants(options)
    if not options.json:
        print(f"storm: {options.seconds:g} s, seed {options.seed}, load average {os.getloadavg()[0]:.1f}", flush=True)
    with contextlib.ExitStack() as scope:
        if needs_services(chosen):
            database, redis = scope.enter_context(started(PostgreSQL, Redis))
            os.environ.update(CHATCTL_TEST_POSTGRES=database.url(), CHATCTL_TEST_REDIS=redis.url())
        documents = asyncio.run(storm(options, chosen))
    if options.json:
        print(json.dumps({"seconds": options.seconds, "seed": options.seed, "variants": documents}))
    return 1 if any(each["failures"] for each in documents) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
