"""Commands that follow a room meanwhile: `tail -f --cursor`, directly and over a server, shows each message once, in order.

A direct one may end when the database is out (69); it is started again and goes on from its cursor.
"""

import asyncio
import json

from plan import QUIET

UNREACHABLE = 69


class Follower:
    def __init__(self, world, name, environment):
        self.world, self.name, self.environment, self.report = world, name, environment, world.report
        self.cursor = world.place.folder / f"cursor of {name}"
        self.seqs = []
        self.starts = 0
        self.start()

    def start(self):
        self.starts += 1
        self.running = self.world.place.start(
            "tail", QUIET, "-f", "-n", "0", "--json", "--cursor", str(self.cursor), env=self.environment)

    def read(self):
        """Takes the lines that have arrived; returns false once the command has ended and all was taken."""
        while not self.running.arrived.empty():
            line = self.running.arrived.get()
            if line is None:
                return False
            self.seqs.append(json.loads(line)["seq"])
        return True

    async def follow(self):
        while True:
            if not self.read():
                code = await asyncio.to_thread(self.running.wait)
                if code != UNREACHABLE:
                    return self.report(f"{self.name} ended with status {code}: {self.running.err.strip()}")
                await asyncio.sleep(0.2)
                self.start()
            await asyncio.sleep(0.05)

    def end(self):
        self.running.end()
        for before, after in zip(self.seqs, self.seqs[1:]):
            if after != before + 1:
                self.report(f"{self.name} showed seq {after} after {before}")


class Followers:
    def __init__(self, world):
        self.world = world
        # The one over a server is a connection of this user, and counts as online.
        server = {"CHATCTL_SERVER": world.nodes[0].server.url, "CHATCTL_TOKEN": world.root}
        self.all = [Follower(world, "tail", {}), Follower(world, "tail over node 0", server)]

    async def follow(self):
        await asyncio.gather(*(each.follow() for each in self.all))

    async def behind(self):
        """Returns who has not shown the last message."""
        rows = await asyncio.to_thread(self.world.query, f"SELECT last_seq FROM rooms WHERE name = '{QUIET}'")
        last = int(rows[0][0])
        return [f"{each.name} stands at {each.seqs[-1:]}, and {QUIET} ends at {last}; started {each.starts} times"
                for each in self.all if each.seqs[-1:] != [last]]

    def end(self):
        for each in self.all:
            each.end()
