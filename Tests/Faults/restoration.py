"""A backup in the midst of the faults, and its return at the end: a restored database must fool no client (SQLite)."""

import asyncio

WAIT = 60


class Restoration:
    """Does nothing in other forms, and without the commands."""

    def __init__(self, world, crowd):
        self.world, self.crowd, self.report = world, crowd, world.report
        self.file = world.place.folder / "backup.db"
        self.outcome = "none"

    async def back_up(self, at):
        """Makes a backup while everything is under way; a locked database may need more than one attempt."""
        if self.world.form != "sqlite":
            return
        if (await self.world.command("backup", "--help")).code != 0:
            self.outcome = "skipped: no command `backup`"
            return
        await asyncio.sleep(max(0, at - self.world.now()))
        end = self.world.now() + WAIT
        while True:
            result = await self.world.command("backup", str(self.file))
            if result.code == 0 or self.world.now() > end:
                break
            await asyncio.sleep(0.2)
        self.outcome = "made" if result.code == 0 else f"failed: {result}"
        if result.code != 0:
            self.report(f"no backup within {WAIT} s: {result}")

    async def restore(self, checks, administrator):
        """Restores the backup while the servers are stopped, and checks that everybody starts afresh."""
        if self.outcome != "made":
            return
        refused = await self.world.command("restore", str(self.file), "--yes")
        if refused.code == 0:
            return self.report("a database was restored under its running servers")
        old = {epoch for client in self.crowd.clients for epoch in client.shown.memories}
        await asyncio.gather(*(node.stop() for node in self.world.nodes))
        result = await self.world.command("restore", str(self.file), "--yes")
        if result.code != 0:
            self.report(f"the backup cannot be restored: {result}")
        await administrator.learn()
        await asyncio.gather(*(node.start() for node in self.world.nodes))
        await checks.after_restoration(old)
        self.outcome = "restored"
