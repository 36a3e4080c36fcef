"""What the administrator does meanwhile: rooms are renamed, deleted and made anew; users are banned and let in again.

An act is asked of a node, or is a direct command. What does not answer is asked of another node; what became of it in
the end is read from the database.
"""

import asyncio
import re

from plan import PRIVATE, USERS
from promises import lineage

TRIES = 6


class Administrator:
    def __init__(self, world, crowd):
        self.world, self.crowd = world, crowd
        # One act after the other for each room: two at once would have no order.
        self.locks = {name: asyncio.Lock() for name in [*crowd.names, "accounts"]}
        self.versions = dict.fromkeys(crowd.names, 1)
        self.strays = set()
        self.log = []

    async def perform(self, act):
        async with self.locks["accounts" if act.kind in ("disable", "enable") else act.lineage]:
            outcome = await getattr(self, act.kind)(act)
        self.log.append(f"{self.world.now():.3f} {act}: {outcome}")

    async def ask(self, act, method, path, body=None):
        """Returns the status and the error code of an act; asks other nodes until one has decided."""
        for number in range(TRIES):
            node = self.world.nodes[(act.node + number) % len(self.world.nodes)]
            try:
                status, answer = await node.http(method, f"/api/v1{path}", self.world.root, body)
            except OSError:
                continue
            if status < 500 and status != 429:
                return status, answer["error"]["code"] if status >= 400 else None
            await asyncio.sleep(0.2)
        return None, None

    async def rename(self, act):
        old = self.crowd.names[act.lineage]
        self.versions[act.lineage] += 1
        new = f"{act.lineage}-v{self.versions[act.lineage]}"
        if act.is_direct:
            result = await self.world.command("room", "rename", old, new)
            outcome = result.code, result.err.strip()
        else:
            outcome = await self.ask(act, "PATCH", f"/rooms/{old}", {"name": new})
        await self.learn()
        return f"{old} to {new}: {outcome}"

    async def remake(self, act):
        name = self.crowd.names[act.lineage]
        self.crowd.promises.removed_lineages.add(act.lineage)
        if act.is_direct:
            result = await self.world.command("room", "delete", name, "--yes")
            outcome = [(result.code, result.err.strip())]
        else:
            outcome = [await self.ask(act, "DELETE", f"/rooms/{name}")]
        await asyncio.sleep(0.1 + (act.at * 1_000 % 10) / 10)
        is_private = act.lineage in PRIVATE
        members = [f"user{number}" for number in range(0, USERS, 2)] if is_private else []
        outcome.append(await self.ask(
            act, "POST", "/rooms", {"name": name, "kind": "private" if is_private else "public", "members": members}))
        await self.learn()
        return f"{name}: {outcome}"

    async def ban(self, act):
        name = self.crowd.names[act.lineage]
        if act.is_direct:
            result = await self.world.command("room", "ban", name, f"user{act.user}")
            return name, result.code, result.err.strip()
        return name, await self.ask(act, "PUT", f"/rooms/{name}/bans/user{act.user}", {})

    async def unban(self, act):
        name = self.crowd.names[act.lineage]
        if act.is_direct:
            result = await self.world.command("room", "unban", name, f"user{act.user}")
            outcome = result.code, result.err.strip()
        else:
            outcome = await self.ask(act, "DELETE", f"/rooms/{name}/bans/user{act.user}")
        if act.lineage in PRIVATE and act.user % 2 == 0:
            await self.ask(act, "PUT", f"/rooms/{name}/members/user{act.user}", {"role": "member"})
        return name, outcome

    async def expel(self, act):
        """Takes a membership away without a ban."""
        name = self.crowd.names[PRIVATE[0]]
        return name, await self.ask(act, "DELETE", f"/rooms/{name}/members/user{act.user}")

    async def disable(self, act):
        self.crowd.disabled.add(f"user{act.user}")
        return await self.ask(act, "PATCH", f"/users/user{act.user}", {"disabled": True})

    async def enable(self, act):
        """Enables whoever is disabled, if anybody is."""
        users = sorted(self.crowd.disabled) or [f"user{act.user}"]
        user = users[act.user % len(users)]
        return user, await self.ask(act, "PATCH", f"/users/{user}", {"disabled": False})

    async def message_removal(self, act):
        """Deletes a recent message of anybody."""
        own = [(client, ack) for client in self.crowd.clients for post, ack in client.own[-3:]
               if post.lineage == act.lineage and ack.epoch]
        if not own:
            return "nothing to remove"
        client, ack = own[act.user % len(own)]
        seat = client.shown.seats.get(act.lineage)
        if not seat or seat.memory.epoch != ack.epoch:
            return "nothing to remove"
        change = self.crowd.promises.change(ack.id, None, self.world.now())
        # A node that answers too late may delete the same number of a room that was made anew.
        self.crowd.promises.late_deletions.add((act.lineage, ack.seq))
        status, code = await self.ask(act, "DELETE", f"/rooms/{self.crowd.names[act.lineage]}/messages/{ack.seq}")
        if status == 204:
            change.confirmed = self.world.now()
        elif status in (403, 409):
            change.refusal = code
        return ack.seq, status, code

    async def learn(self):
        """Reads from the database what the rooms are called now, as soon as it answers."""
        while True:
            try:
                rows = await asyncio.to_thread(self.world.query, "SELECT name FROM rooms")
                break
            except Exception as fault:  # The database is out, in one of the ways in which it can be.
                self.log.append(f"{self.world.now():.3f} the rooms' names are not known: {fault!r}")
                await asyncio.sleep(0.2)
        found = {}
        for (name,) in rows:
            if lineage(name) in self.crowd.names:
                found.setdefault(lineage(name), []).append(name)
        for key, names in found.items():
            # A node that slept may have made a room late, under a name that the room does not have any more.
            *strays, self.crowd.names[key] = sorted(names, key=version)
            self.strays.update(strays)
            self.versions[key] = max(self.versions[key], version(self.crowd.names[key]))
        self.crowd.missing = set(self.crowd.names) - set(found)

    async def tidy_up(self):
        """Learns the names and deletes what is not the room of its lineage."""
        await self.learn()
        for name in self.strays - set(self.crowd.names.values()):
            await self.world.command("room", "delete", name, "--yes")


def version(name):
    number = re.search(r"-v(\d+)$", name)
    return int(number.group(1)) if number else 1
