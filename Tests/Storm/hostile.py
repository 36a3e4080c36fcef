"""The process of the hostile clients: it runs acts for a while and prints what it saw as one JSON document.

It is a process of its own, and a nice one, so that the latencies of honest clients are measured elsewhere.

    python Tests/Storm/hostile.py '{"seed": 1, "first": 0, "clients": 40, "kinds": null, "seconds": 5, "target": {…}}'
"""

import asyncio
import collections
import json
import logging
import os
import random
import signal
import sys
import time
import traceback

import acts_connections  # noqa: F401, the modules of acts file themselves
import acts_frames  # noqa: F401
import acts_http  # noqa: F401
from acts import EXPECTED, Findings, Hostile, selected

# An act that has not ended by itself is cancelled: its connection may be one the server reads no further.
ACT_SECONDS = 6


class Storm:
    def __init__(self, plan):
        self.plan = plan
        self.findings = Findings()
        self.counts = collections.Counter()
        self.last = {}
        self.errors = []
        self.ends = time.monotonic() + plan["seconds"]

    def choices(self, index):
        """Yields what one client does: only the seed and its index decide, not what the server answers."""
        rng = random.Random(f"{self.plan['seed']}-{index}")
        acts = selected(self.plan["kinds"])
        kinds = sorted(acts)
        while True:
            kind = rng.choice(kinds)
            yield kind, rng.choice(acts[kind]), random.Random(rng.getrandbits(64)), rng.random() * 0.03

    async def client(self, index):
        """One hostile client: every ninth has no account."""
        users = self.plan["target"]["users"]
        user = None if index % 9 == 8 else users[index % 9 % len(users)]
        self.last[index] = collections.deque(maxlen=4)
        for kind, act, rng, pause in self.choices(index):
            if time.monotonic() >= self.ends:
                return
            self.last[index].append(act.__name__)
            try:
                await self.perform(act, Hostile(self.plan["target"], user, rng, self.findings))
            except ConnectionRefusedError:
                # Nobody listens any more: the acts so far are those that led to it.
                return
            self.counts[kind] += 1
            await asyncio.sleep(pause)

    async def perform(self, act, it):
        seconds = max(0.2, min(ACT_SECONDS, self.ends + 0.5 - time.monotonic()))
        try:
            await asyncio.wait_for(act(it), seconds)
        except ConnectionRefusedError:
            raise
        except EXPECTED:
            pass
        except Exception:
            if len(self.errors) < 5:
                self.errors.append(traceback.format_exc(limit=-4))
        finally:
            it.end()

    async def run(self):
        first = self.plan["first"]
        tasks = [asyncio.create_task(self.client(first + number)) for number in range(self.plan["clients"])]
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, lambda: [task.cancel() for task in tasks])
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                self.errors.append("".join(traceback.format_exception(ended)))

    def report(self, cpu, seconds):
        return {"acts": dict(self.counts), "findings": self.findings.listed(), "errors": self.errors, "cpu": cpu,
                "seconds": seconds, "last": {index: list(acts) for index, acts in self.last.items()}}


def main(text):
    os.nice(5)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    storm = Storm(json.loads(text))
    begin, cpu = time.monotonic(), time.process_time()
    asyncio.run(storm.run())
    print(json.dumps(storm.report(time.process_time() - cpu, time.monotonic() - begin)))
    sys.stdout.flush()
    # Everything is said; closing hundreds of TLS connections politely would only take time.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
