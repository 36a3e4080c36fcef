"""The checks after everything has healed: rights, presence, messages. Each waits for its condition with a deadline."""

import asyncio
import json

from plan import PRIVATE
from promises import Log, lineage
from websockets.asyncio.client import connect

READY, RIGHTS, PRESENCE, ALIVE, SHOWING, SETTLING = 5, 1, 5, 5, 5, 20
POLL = 0.1
WHO = "JOIN rooms r ON r.id = x.room_id JOIN users u ON u.id = x.user_id"


class Lag:
    """How late this program itself was: on a busy machine its own delay is not the server's."""

    def __init__(self, now):
        self.now, self.total = now, 0

    async def run(self):
        while True:
            before = self.now()
            await asyncio.sleep(0.05)
            late = self.now() - before - 0.05
            if late > 0.02:
                self.total += late


class Checks:
    def __init__(self, world, crowd, followers, patience=1):
        self.followers = followers
        self.patience = patience
        self.world, self.crowd, self.now, self.report = world, crowd, world.now, world.report
        self.lag = Lag(world.now)
        self.times = {}

    async def perform(self, healed):
        task = asyncio.create_task(self.lag.run())
        try:
            await self.until("ready", self.not_ready, healed, READY)
            ready = self.now()
            rights = asyncio.create_task(self.until("rights", self.not_enforced, ready, RIGHTS))
            await self.until("presence", self.wrong_presence, healed, PRESENCE, changes=True)
            await self.until("settled", self.not_settled, healed, SETTLING)
            await rights
            await self.alive()
            await self.post_to_all()
            await self.until("shown", self.not_shown, self.now(), SHOWING)
            await self.until("followed", self.followers.behind, self.now(), SHOWING)
            await self.compare()
            await self.until("presence at the end", self.wrong_presence, self.now(), 2, changes=True)
            await self.until("rights at the end", self.not_enforced, self.now(), RIGHTS)
        finally:
            task.cancel()

    async def after_restoration(self, old):
        """Everybody comes back and starts afresh: no room has an epoch of before."""
        start = self.now()
        await self.until("settled after the restoration", self.not_settled, start, SETTLING)
        await self.until("presence after the restoration", self.wrong_presence, self.now(), PRESENCE, changes=True)
        for client in self.crowd.connected():
            for seat in client.shown.seats.values():
                if seat.memory.epoch in old:
                    self.report(f"{client.name} on node {client.node} has joined {seat.name} with the epoch of before")
        await self.post_to_all()
        await self.until("shown after the restoration", self.not_shown, self.now(), SHOWING)
        await self.until("rights after the restoration", self.not_enforced, self.now(), RIGHTS)

    async def until(self, what, question, start, limit, changes=False):
        """Waits until the question finds no fault; what it still finds at the deadline is reported."""
        lag, truth, moved = self.lag.total, self.crowd.truth(), start
        limit *= self.patience
        while True:
            asked = self.now()
            found = await question()
            now, current = self.now(), self.crowd.truth()
            if changes and current != truth:
                # What is right has changed: a change of presence itself may take a moment.
                truth, moved = current, now
                found = found or ["presence has changed meanwhile"]
            if not found:
                self.times[what] = round(asked - start, 2)
                return True
            if asked > max(start + limit, moved + 2 * self.patience if moved > start else 0) + self.lag.total - lag:
                for text in found[:8]:
                    self.report(f"{what}, {asked - start:.1f} s after the end of the faults (limit {limit} s): {text}")
                self.times[what] = await self.eventually(question, start)
                return False
            await asyncio.sleep(POLL)

    async def eventually(self, question, start):
        """Returns when it came right at last, as a help for whoever looks for the reason."""
        end = self.now() + 15
        while self.now() < end:
            if not await question():
                return f"late: {self.now() - start:.1f}"
            await asyncio.sleep(POLL)
        return "never"

    async def not_ready(self):
        answers = await asyncio.gather(
            *(node.http("GET", "/health/ready", self.world.root) for node in self.world.nodes), return_exceptions=True)
        return [f"node {number} is not ready: {answer!r}" for number, answer in enumerate(answers)
                if isinstance(answer, Exception) or answer[0] != 200]

    async def not_settled(self):
        return self.crowd.unsettled()

    async def alive(self):
        """Every connection answers: what a client takes for a connection is one."""
        clients = self.crowd.connected()
        answers = await asyncio.gather(*(client.is_alive(ALIVE * self.patience) for client in clients))
        for client, is_alive in zip(clients, answers):
            if not is_alive:
                self.report(f"{client.name} on node {client.node} got no pong within {ALIVE * self.patience:g} s")

    # Rights.

    async def not_enforced(self):
        """Finds seats in rooms that are gone or were renamed without notice, and of users who have lost the right to them."""
        names = dict(await self.rows("SELECT id, name FROM rooms"))
        banned = await self.rows(f"SELECT r.name, u.username FROM restrictions x {WHO} WHERE x.kind = 'ban'")
        members = await self.rows(f"SELECT r.name, u.username FROM memberships x {WHO}")
        disabled = {user for user, in await self.rows("SELECT username FROM users WHERE disabled_at IS NOT NULL")}
        found = []
        for client in self.crowd.connected():
            where = f"{client.name} on node {client.node}"
            if client.user in disabled:
                found.append(f"{where} is connected, and disabled")
            if client.is_one_room and client.removed_from:
                found.append(f"{where} is connected after 'removed' from {client.removed_from}")
            for seat in client.shown.seats.values():
                name = names.get(seat.memory.epoch.rsplit(".", 1)[-1]) if seat.memory.epoch else self.crowd.names[seat.lineage]
                if name is None:
                    found.append(f"{where} was not told that {seat.name} ({seat.memory.epoch}) is gone")
                elif name != seat.name:
                    found.append(f"{where} was not told that {seat.name} is called {name} now")
                elif (name, client.user) in banned:
                    found.append(f"{where} is in {name}, from which the user is banned")
                elif seat.lineage in PRIVATE and (name, client.user) not in members:
                    found.append(f"{where} is in {name}, of which the user is no member")
        return found

    async def rows(self, text):
        return {tuple(row) for row in await asyncio.to_thread(self.world.query, text)}

    # Presence.

    async def wrong_presence(self):
        truth = self.crowd.truth()
        found = await self.wrong_counts(truth)
        return found or await self.wrong_joins(truth)

    async def wrong_counts(self, truth):
        asked = [(node, name) for node in self.world.nodes for name in truth]
        answers = await asyncio.gather(*(
            node.http("GET", f"/api/v1/rooms/{self.crowd.names[name]}/presence", self.world.root) for node, name in asked),
            return_exceptions=True)
        found = []
        for (node, name), answer in zip(asked, answers):
            if isinstance(answer, Exception) or answer[0] != 200:
                found.append(f"presence of {name} on node {node.number}: {answer!r}")
                continue
            told = {each["username"]: each["connections"] for each in answer[1]["users"]}
            if told != truth[name] or answer[1]["online_count"] != len(truth[name]):
                found.append(f"presence of {name} on node {node.number} is {told}, and the truth {dict(truth[name])}")
        for node in self.world.nodes:
            found += await self.wrong_list(node, truth)
        for client in self.crowd.connected():
            for name, seat in client.shown.seats.items():
                if name in truth and seat.count != len(truth[name]):
                    found.append(f"{client.name} on node {client.node} is shown {seat.count} online in {seat.name}, "
                                 f"and the truth is {len(truth[name])}")
        return found

    async def wrong_list(self, node, truth):
        """Compares the list of rooms."""
        try:
            status, rooms = await node.http("GET", "/api/v1/rooms", self.world.root)
        except OSError as fault:
            return [f"the rooms on node {node.number}: {fault!r}"]
        counts = {lineage(room["name"]): room["online_count"] for room in rooms} if status == 200 else {}
        return [f"the list on node {node.number} tells {counts.get(name)} online in {name}, and the truth is {len(users)}"
                for name, users in truth.items() if counts.get(name) != len(users)]

    async def wrong_joins(self, truth):
        """Joins each room on each node once more as somebody who is there already: that changes no count."""
        joins = [(node, name, sorted(users)[0]) for node in self.world.nodes for name, users in truth.items() if users]
        answers = await asyncio.gather(*(self.join(*each) for each in joins), return_exceptions=True)
        found = []
        for (node, name, user), answer in zip(joins, answers):
            if isinstance(answer, Exception) or answer.get("online_count") != len(truth[name]):
                found.append(f"a fresh join of {user} to {name} on node {node.number}: {answer!r}, "
                             f"and the truth is {len(truth[name])}")
        if not found:
            return await self.gone(truth)
        return found

    async def join(self, node, name, user):
        token = self.world.root if user == "root" else self.world.tokens[int(user.removeprefix("user"))]
        async with connect(
                f"ws://127.0.0.1:{node.port}/ws", compression=None, proxy=None, open_timeout=5,
                additional_headers={"Authorization": f"Bearer {token}"}) as connection:
            await connection.send(json.dumps({"event": "join", "room": self.crowd.names[name], "ref": "fresh"}))
            while True:
                frame = json.loads(await asyncio.wait_for(connection.recv(), 5))
                if frame.get("ref") == "fresh":
                    return frame

    async def gone(self, truth):
        """The connections of the fresh joins leave no trace."""
        end = self.now() + 2
        while (found := await self.wrong_counts(truth)) and self.now() < end:
            await asyncio.sleep(POLL)
        return found

    # Messages.

    async def post_to_all(self):
        """Posts into every room on every node: what is posted now is shown to everybody in the room."""
        self.last = []
        for node in self.world.nodes:
            for name in self.crowd.rooms().values():
                try:
                    status, answer = await node.http(
                        "POST", f"/api/v1/rooms/{name}/messages", self.world.root, {"body": f"last-{node.number}-{name} by root"})
                except OSError as fault:
                    status, answer = None, fault
                if status != 201:
                    self.report(f"a post to {name} on node {node.number} after the faults: {status} {answer}")

    async def not_shown(self):
        rows = await asyncio.to_thread(self.world.query, "SELECT name, last_seq FROM rooms")
        ends = {lineage(name): int(seq) for name, seq in rows}
        return [f"{client.name} on node {client.node} was shown {seat.name} up to {seat.memory.last}, and it ends at {ends[name]}"
                for client in self.crowd.connected() for name, seat in client.shown.seats.items()
                if name in ends and seat.memory.last != ends[name]]

    async def compare(self):
        logs = [await self.stored(name) for name in self.crowd.rooms().values()]
        for text in self.crowd.promises.broken(logs):
            self.report(text)
        by_epoch = {log.epoch: log for log in logs}

        async def differing():
            return [f"{client.name} on node {client.node}: {text}" for client in self.crowd.connected()
                    for text in client.shown.differing(by_epoch, self.crowd.promises)]

        await self.until("edits and deletions", differing, self.now(), 1)

    async def stored(self, name):
        """Reads a room's whole log as clients do."""
        rows = await asyncio.to_thread(self.world.query, f"SELECT epoch || '.' || r.id FROM installation, rooms r WHERE r.name = '{name}'")
        messages, after = [], 0
        while True:
            status, page = await self.world.nodes[0].http(
                "GET", f"/api/v1/rooms/{name}/messages?after={after}&limit=200", self.world.root)
            if status != 200:
                self.report(f"the history of {name}: {status} {page}")
            if status != 200 or not page:
                return Log(rows[0][0], name, messages)
            messages += page
            after = page[-1]["seq"]


