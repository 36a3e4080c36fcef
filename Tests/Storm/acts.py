"""The registry of hostile acts: each is one small function, filed under its kind."""

import asyncio
import contextlib
import json

from wire import Line, Odd, Spent, client_context, upgrade_head

# What a connection that is treated badly may do to its client; everything else an act raises is a fault of the storm.
EXPECTED = (OSError, EOFError, Spent, asyncio.TimeoutError, asyncio.LimitOverrunError)
PATIENCE = 3

KINDS = {}


def act(kind):
    """Files a coroutine function under a kind."""

    def register(function):
        KINDS.setdefault(kind, []).append(function)
        return function

    return register


def selected(names):
    """Returns the acts by name of their choice: each name is a kind, or one act as `kind.act`; None means all kinds."""
    chosen = {}
    for name in sorted(names or KINDS):
        kind, _, single = name.partition(".")
        chosen[name] = [each for each in KINDS[kind] if single in ("", each.__name__)]
    return chosen


def selectors():
    return sorted([*KINDS, *(f"{kind}.{each.__name__}" for kind, acts in KINDS.items() for each in acts)])


class Hostile:
    """One hostile client during one act: who it is, its random numbers, and its connections."""

    def __init__(self, target, user, rng, findings):
        self.target, self.user, self.rng, self.findings = target, user, rng, findings
        self.token = user and user["token"]
        self.lines = []
        self.tasks = []
        self.before = ""

    async def line(self, tls=True, receive=None):
        context = Hostile.context() if self.target["tls"] and tls else None
        address = f"127.0.0.{self.rng.randrange(2, 250)}"
        line = await asyncio.wait_for(Line.open(self.target["port"], address, context, receive), PATIENCE)
        self.lines.append(line)
        return line

    shared = None

    @classmethod
    def context(cls):
        cls.shared = cls.shared or client_context()
        return cls.shared

    def path(self):
        """Returns one of the two forms of socket."""
        return self.rng.choice(["/ws", f"/ws/chatroom/{self.room()}"])

    def room(self):
        """Mostly the room of the hostile, sometimes that of the honest."""
        return self.rng.choice([*self.target["rooms"], self.target["honest_room"]])

    async def upgraded(self, path=None, receive=None):
        """Returns a connection after its 101; whoever has no token never gets there."""
        line = await self.line(receive=receive)
        await line.send(upgrade_head(path or self.path(), self.token))
        status, headers, body = await self.judged(line, "GET", "upgrade")
        if status != 101:
            raise EOFError(f"refused with {status}")
        return line

    async def judged(self, line, method, what, before=""):
        """Reads a response and checks it; a status of 500 and an unknown format are findings and end the act."""
        try:
            status, headers, body = await asyncio.wait_for(line.answer(method), PATIENCE)
            if status not in (101, 204):
                line.check(status, headers, body, method)
            return status, headers, body
        except Odd as odd:
            is_from_before = before.startswith("HEAD ") and "no response" in odd.kind
            asked = "(the answer to a HEAD before it has a body)" if is_from_before else f"(to {method})"
            self.findings.note(odd, what + (f", behind {before}" if before else ""), asked)
            raise EOFError(str(odd)) from None

    async def request(self, method, path, body=b"", line=None, **headers):
        """Sends one request and checks its answer."""
        line = line or await self.line()
        fields = {"Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": len(body), **headers}
        if self.token:
            fields.setdefault("Authorization", f"Bearer {self.token}")
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        await line.send(head.encode("utf-8", "surrogatepass") + b"\r\n" + body)
        # An answer that is too long shows only in the next one of its connection.
        before, self.before = self.before if line.requests else "", f"{method} {path[:100]}"
        line.requests += 1
        return await self.judged(line, method, f"{method} {path[:150]} {body[:150]!r}", before)

    async def json(self, method, path, line=None, **fields):
        return await self.request(method, "/api/v1" + path, json.dumps(fields).encode(), line)

    def watch(self, line):
        """Reads the frames of a connection beside the act."""

        async def read():
            with contextlib.suppress(*EXPECTED):
                try:
                    await line.frames()
                except Odd as odd:
                    self.findings.note(odd, "frames")

        self.tasks.append(asyncio.create_task(read()))

    async def settled(self, seconds=1):
        """Waits until the watched connections have ended, for `seconds` at most."""
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=seconds)

    def end(self):
        for task in self.tasks:
            task.cancel()
        for line in self.lines:
            with contextlib.suppress(*EXPECTED):
                if self.rng.random() < 0.5:
                    line.close()
                else:
                    line.reset()


class Findings:
    """What no server should answer: the number of occurrences of each kind, and its first examples."""

    EXAMPLES = 3

    def __init__(self):
        self.found = {}

    def note(self, odd, what, asked=""):
        """Notes one finding; `asked` says what it answers."""
        found = self.found.setdefault(f"{odd.kind} {asked}".strip(), {"count": 0, "examples": []})
        example = f"{what} → {odd}"[:400]
        found["count"] += 1
        if len(found["examples"]) < self.EXAMPLES and example not in found["examples"]:
            found["examples"].append(example)

    def listed(self):
        return [{"kind": kind, **found} for kind, found in self.found.items()]
