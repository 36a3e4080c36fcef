"""Random faults under a crowd of clients, on several nodes: `make faults RUNS=50 SEED=1`.

Each run has a seed and a form. For some twenty seconds clients come and go, post, edit and delete while nodes, Redis,
the database and the ways between them fail at random. Then all heals, everybody stands still, and presence, messages
and rights are compared with the truth. README.md beside this file says how to read and repeat a failure.
"""

import argparse
import asyncio
import collections
import contextlib
import json
import logging
import os
import shutil
import sys
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "EndToEnd"), str(HERE.parent / "Storm")]

from administrator import Administrator  # noqa: E402
from checks import Checks  # noqa: E402
from crowd import Crowd  # noqa: E402
from follower import Followers  # noqa: E402
from kinds import KINDS as DO  # noqa: E402
from plan import FORMS, KINDS, plan  # noqa: E402
from restoration import Restoration  # noqa: E402
from services import PostgreSQL, Redis, started  # noqa: E402
from stalls import merged  # noqa: E402
from verdict import crash_lines  # noqa: E402
from world import World  # noqa: E402

MOST_TEXTS = 30


class Run:
    """One run: a plan, carried out on a world of its own."""

    def __init__(self, plan, services, patience):
        self.plan, self.services, self.patience = plan, services, patience
        self.violations, self.trace = [], []
        self.figures, self.stalls = {}, {}
        self.targets = collections.defaultdict(asyncio.Lock)

    def report(self, text):
        self.violations.append(f"{self.world.now() - self.begin:6.2f} s {text}" if self.begin else text)

    async def perform(self, folder):
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(64))
        self.begin, self.crowd = None, None
        self.world = World(self.plan.form, folder, *self.services, self.report)
        try:
            await self.world.start()
            await self.judge()
            await self.world.stop()
            for node in self.world.nodes:
                for text in node.texts:
                    if lines := crash_lines(text):
                        self.report(f"the log of node {node.number} has a crash:\n" + "\n".join(lines))
        except Exception as failure:
            self.report(f"the program itself failed: {failure!r}\n{traceback.format_exc()}")
        finally:
            await asyncio.to_thread(self.world.end)

    async def judge(self):
        self.crowd = self.world.crowd = Crowd(self.world, self.plan)
        administrator = Administrator(self.world, self.crowd)
        followers = Followers(self.world)
        self.begin = self.world.now()
        self.crowd.start()
        following = self.crowd.spawn(followers.follow())
        works = [self.fault(each) for each in self.plan.faults] + [self.act(administrator, each) for each in self.plan.acts]
        restoration = Restoration(self.world, self.crowd)
        await asyncio.gather(*works, restoration.back_up(self.begin + self.plan.seconds / 2), self.until(self.plan.seconds))
        self.crowd.is_still = True
        healed = self.world.now()
        self.note("all is healed, and everybody stands still")
        await administrator.tidy_up()
        checks = Checks(self.world, self.crowd, followers, self.patience)
        await checks.perform(healed)
        following.cancel()
        followers.end()
        self.crowd.guests.clear()
        await restoration.restore(checks, administrator)
        await self.crowd.end()
        self.trace += administrator.log
        self.stalls = self.crowd.stalls.table()
        self.trace += [f"{end:.3f} waited {excess:.2f} s beyond the faults, from {start:.3f}: {what}"
                       for excess, start, end, what in sorted(self.crowd.stalls.worst, reverse=True)[:10]]
        posts = self.crowd.promises.posts.values()
        self.figures = {
            "posts": len(posts), "acknowledged": sum(bool(each.acks) for each in posts),
            "refused": sum(each.is_refused for each in posts), "repeated": sum(len(each.attempts) > 1 for each in posts),
            "seen": len(self.crowd.stalls.live), "changes": sum(map(len, self.crowd.promises.changes.values())),
            "faults": len(self.plan.faults), "acts": len(self.plan.acts),
            "backup": restoration.outcome, **checks.times}

    def note(self, text):
        self.trace.append(f"{self.world.now():.3f} {text}")

    async def until(self, at):
        await asyncio.sleep(max(0, self.begin + at - self.world.now()))

    async def fault(self, fault):
        await self.until(fault.at)
        # What was hit before may have come back later than planned.
        async with self.targets[fault.target]:
            self.note(f"begins: {fault}")
            began = self.world.now()
            interval = self.crowd.stalls.began(fault.kind, began)
            try:
                async with DO[fault.kind](self.world, fault):
                    await asyncio.sleep(max(0, began + fault.length - self.world.now()))
            except Exception as failure:
                self.report(f"the program itself failed at {fault}: {failure!r}")
            interval[2] = self.world.now()
            self.note(f"ends: {fault}")

    async def act(self, administrator, act):
        await self.until(act.at)
        await administrator.perform(act)

    def write_trace(self, folder):
        """Writes all that is known of a run with violations; returns the folder."""
        folder = Path(folder) / f"{self.plan.form}-{self.plan.seed}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        begin = self.begin or 0
        (folder / "violations").write_text("\n".join(self.violations) + "\n")
        (folder / "plan").write_text(f"{self.plan}\n")
        (folder / "events").write_text(f"begin {begin:.3f}\n" + "\n".join(sorted(self.trace)) + "\n")
        for client in self.crowd.clients if self.crowd else ():
            lines = (f"{at - begin:7.3f} {mark} {what if isinstance(what, str) else json.dumps(what)}"
                     for at, mark, what in client.frames)
            (folder / f"client{client.number}").write_text("\n".join(lines) + "\n")
        for node in self.world.nodes:
            (folder / f"node{node.number}").write_text("\n--- started again\n".join(node.texts))
        return folder


def parse(words):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=10, help="(default: 10)")
    parser.add_argument("--seed", type=int, default=1, help="of the first run; each has the next (default: 1)")
    parser.add_argument("--form", choices=FORMS, help="one form only; else they take turns")
    parser.add_argument("--seconds", type=float, default=22, help="of faults in a run (default: 22)")
    parser.add_argument("--only", action="append", choices=[each.name for each in KINDS], metavar="KIND",
                        help="faults of this kind only; may be repeated: " + ", ".join(each.name for each in KINDS))
    parser.add_argument("--traces", default=".build/faults", help="where runs with violations are written (default: .build/faults)")
    parser.add_argument("--patience", type=float, default=1, help="a factor for every limit of time (default: 1)")
    parser.add_argument("--keep", action="store_true", help="write the trace of every run")
    parser.add_argument("--plan", action="store_true", help="print the plans and end")
    return parser.parse_args(words)


def plans(options):
    forms = [options.form] if options.form else list(FORMS)
    for number in range(options.runs):
        seed = options.seed + number
        yield plan(forms[seed % len(forms)], seed, options.seconds, options.only)


def table(stalls):
    lines = [f"{'worst excess in s':<20}{'posting':>9}{'showing':>9}"]
    return "\n".join(lines + [f"{kind:<20}{posting:>9}{showing:>9}" for kind, (posting, showing) in sorted(stalls.items())])


def perform(options, services):
    """Performs all runs; returns the number of those with violations."""
    failed, stalls = [], []
    for each in plans(options):
        run = Run(each, services, options.patience)
        with tempfile.TemporaryDirectory(prefix="chatctl-faults-") as folder:
            asyncio.run(run.perform(folder))
        stalls.append(run.stalls)
        print(f"{each.form} seed {each.seed}: {json.dumps(run.figures)}", flush=True)
        if options.keep and not run.violations:
            run.write_trace(options.traces)
        if run.violations:
            failed.append(each)
            only = "".join(f" --only {kind}" for kind in options.only or ())
            print(f"  {len(run.violations)} violations; trace in {run.write_trace(options.traces)}; to repeat:\n"
                  f"  make faults RUNS=1 SEED={each.seed} ARGS='--form {each.form} --seconds {options.seconds:g}{only}'")
            print("\n".join(f"    {text}" for text in run.violations[:MOST_TEXTS]), flush=True)
    print(table(merged(stalls)))
    print(f"violations: {', '.join(f'{each.form} seed {each.seed}' for each in failed) or 'none'}")
    return len(failed)


def main(words):
    options = parse(words)
    # asyncio warns of writing to a connection that was reset, which is what happens here.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    if options.plan:
        print("\n\n".join(f"{each.form} seed {each.seed}\n{each}" for each in plans(options)))
        return 0
    print(f"faults: {options.runs} runs from seed {options.seed}, load average {os.getloadavg()[0]:.1f}", flush=True)
    with contextlib.ExitStack() as scope:
        services = (None, None)
        if options.form != "sqlite":
            services = scope.enter_context(started(PostgreSQL, Redis))
        return 1 if perform(options, services) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
