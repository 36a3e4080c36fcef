"""All clients of a run, what they know of the rooms, and who is really where."""

import asyncio
import collections

from client import Client
from plan import LINEAGES, PRIVATE, QUIET, USERS
from promises import Promises
from stalls import Stalls

# Some users have two clients, as with two tabs.
CLIENTS = 16


class Crowd:
    def __init__(self, world, plan):
        self.world, self.plan, self.nodes, self.now = world, plan, world.nodes, world.now
        self.report = world.report
        self.promises, self.stalls = Promises(), Stalls()
        self.names = {name: name for name in LINEAGES}
        # Who is online besides the clients, by room.
        self.guests = {QUIET: ["root"]}
        self.missing = set()
        self.disabled = set()
        """Users who were disabled at any time."""
        self.is_still = False
        self.tasks = set()
        self.clients = [
            Client(self, number, f"user{number % USERS}", world.tokens[number % USERS]) for number in range(CLIENTS)]

    def lineages_of(self, user):
        """Returns the rooms that a user may join, apart from bans: every second user is a member of the private ones."""
        return [name for name in LINEAGES if name not in PRIVATE or int(user.removeprefix("user")) % 2 == 0]

    def spawn(self, work):
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task):
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self.report(f"the program itself failed: {task.exception()!r}")
            task.print_stack()

    def later(self, seconds, function, *arguments):
        async def work():
            await asyncio.sleep(seconds)
            await function(*arguments)

        self.spawn(work())

    def start(self):
        for client in self.clients:
            for work in (client.run, client.habits.act, client.habits.watch):
                self.spawn(work())

    async def end(self):
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def delete_message(self, client, seat, ack, node):
        """Deletes a message over HTTP; without an answer it may have been deleted."""
        change = self.promises.change(ack.id, None, self.now())
        try:
            status, answer = await self.nodes[node].http(
                "DELETE", f"/api/v1/rooms/{seat.name}/messages/{ack.seq}", client.token)
        except OSError:
            self.promises.late_deletions.add((seat.lineage, ack.seq))
            return
        if status == 204:
            change.confirmed = self.now()
        elif status < 500:
            change.refusal = answer["error"]["code"]

    # The truth.

    def rooms(self):
        """Returns the names of the rooms that exist, by lineage."""
        return {key: name for key, name in self.names.items() if key not in self.missing}

    def connected(self):
        return [client for client in self.clients if client.connection]

    def truth(self):
        """Returns who has joined which room, with the number of connections: by lineage, then by user."""
        found = {name: collections.Counter() for name in LINEAGES if name not in self.missing}
        for name, users in self.guests.items():
            found[name].update(users)
        for client in self.connected():
            for name in client.shown.seats:
                if name in found:
                    found[name][client.user] += 1
        return found

    def unsettled(self):
        """Returns who waits for an answer, or is neither away nor connected."""
        return [f"{client.name} on node {client.node}: connected {bool(client.connection)}, joining {list(client.joining)}, "
                f"pending {list(client.pending)}" for client in self.clients
                if client.is_waiting() or not client.connection and not client.is_away and client.user not in self.disabled]
