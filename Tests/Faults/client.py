"""One client of the crowd: it comes and goes, joins and leaves, posts with retries, edits and deletes.

Its choices follow from the seed and its number. It behaves as a good client does: it reconnects to another node,
resumes with `after` and the epoch, and repeats what was not answered under the same `client_id`.
"""

import asyncio
import collections
import json
import random

from habits import Habits
from promises import Attempt, lineage
from shown import Shown
from way import reset
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

OPENING, PAUSE = 3, 0.1
LOST = (OSError, ConnectionClosed, InvalidHandshake, asyncio.TimeoutError, EOFError)
# 4003 is for one-room connections after `removed`, and for disabled accounts.
CLOSES = (None, 1000, 1001, 1006)


class Client:
    def __init__(self, crowd, number, user, token):
        self.crowd, self.number, self.user, self.token = crowd, number, user, token
        self.rng = random.Random(f"{crowd.plan.form} {crowd.plan.seed} client {number}")
        self.is_one_room = number % 7 == 3
        self.name = f"client{number} ({user}{', one room' if self.is_one_room else ''})"
        self.shown = Shown(self.report, crowd.stalls.saw)
        self.frames = collections.deque(maxlen=4_000)
        self.wanted = set()
        self.joining = {}
        self.pending = {}
        self.attempts = {}
        self.changes = {}
        self.own = []
        self.connection = self.node = None
        self.pongs = {}
        self.removed_from = None
        self.is_away = False
        self.habits = Habits(self)

    def report(self, text):
        self.crowd.report(f"{self.name} on node {self.node}: {text}")

    def note(self, mark, what):
        self.frames.append((self.crowd.now(), mark, what))

    # Connections.

    async def run(self):
        self.wanted = {self.rng.choice(self.crowd.lineages_of(self.user))}
        while True:
            if self.is_away:
                await self.stay_away()
            number = self.rng.randrange(len(self.crowd.nodes))
            try:
                await self.live(number)
            except LOST as fault:
                self.note("!", repr(fault))
                if self.is_one_room and isinstance(fault, InvalidStatus):
                    self.wanted = {self.rng.choice(self.crowd.lineages_of(self.user))}
            await asyncio.sleep(PAUSE)

    async def stay_away(self):
        """Stays away for a while; whoever is away when everybody stands still stays so."""
        end = self.crowd.now() + self.rng.uniform(0.3, 3)
        while self.crowd.is_still or self.crowd.now() < end:
            await asyncio.sleep(PAUSE)
        self.is_away = False

    async def live(self, number):
        """Opens a connection and takes its frames to the end."""
        if self.is_one_room:
            room = self.crowd.names[next(iter(self.wanted))]
        path = f"/ws/chatroom/{room}" if self.is_one_room else "/ws"
        self.note("!", f"connects to node {number}{path}")
        connection = await connect(
            f"ws://127.0.0.1:{self.crowd.nodes[number].port}{path}", compression=None, proxy=None, ping_interval=None,
            additional_headers={"Authorization": f"Bearer {self.token}"}, open_timeout=OPENING, close_timeout=1, max_queue=None)
        self.connection, self.node, self.removed_from = connection, number, None
        try:
            for name in sorted(self.wanted if not self.is_one_room else ()):
                await self.join(name)
            async for text in connection:
                if self.connection is not connection:
                    break
                frame = json.loads(text)
                self.note("<", frame)
                await self.receive(frame)
        finally:
            self.ended(connection)

    def ended(self, connection):
        self.connection = None
        connection.transport.abort()
        code = connection.close_code
        self.note("!", f"closed with {code}")
        is_lost = self.is_one_room and self.removed_from
        if code not in CLOSES and not (code == 4003 and (is_lost or self.user in self.crowd.disabled)):
            self.report(f"closed with {code} {connection.close_reason}")
        if is_lost:
            self.wanted, self.is_away = {self.rng.choice(self.crowd.lineages_of(self.user))}, True
        self.shown.disconnected()
        self.joining.clear()
        self.attempts.clear()
        self.changes.clear()

    def reset(self):
        if self.connection:
            reset(self.connection.transport)
            self.give_up("resets its connection")

    def give_up(self, why):
        self.note("!", why)
        self.connection.transport.abort()
        self.connection = None

    async def send(self, **frame):
        self.note(">", frame)
        if self.connection:
            try:
                await self.connection.send(json.dumps(frame))
            except ConnectionClosed:
                pass

    async def is_alive(self, deadline):
        """Returns true if the connection, which may be another one by then, answers a ping."""
        ref = f"ping{len(self.pongs)}"
        answered = self.pongs[ref] = asyncio.Event()
        await self.send(event="ping", ref=ref)
        try:
            await asyncio.wait_for(answered.wait(), deadline)
        except asyncio.TimeoutError:
            return False
        return True

    # Frames.

    async def receive(self, frame):
        event, ref = frame["event"], frame.get("ref")
        if event == "joined":
            await self.joined(frame, self.joining.pop(lineage(frame["room"])))
        elif event == "left":
            self.joining.pop(lineage(frame["room"]), None)
            self.shown.left(lineage(frame["room"]))
        elif event == "ack":
            self.acknowledged(frame)
        elif event == "edited":
            self.changes.pop(ref).confirmed = self.crowd.now()
        elif event == "pong":
            self.pongs[ref].set()
        elif event == "error":
            await self.refused(frame)
        elif self.is_one_room and event == "online_count" and not self.shown.seats:
            self.shown.entered(frame["room"], frame["online_count"], self.crowd.now())
            await self.resend(lineage(frame["room"]))
        else:
            if event == "removed":
                self.removed(lineage(frame["room"]))
            self.shown.take(frame, self.crowd.now())

    def removed(self, name):
        self.interrupt(name)
        if not self.is_one_room:
            self.wanted.discard(name)
        elif name in self.shown.seats:
            self.removed_from = name

    async def joined(self, frame, request):
        self.shown.joined(frame, request, self.crowd.now())
        await self.resend(lineage(frame["room"]))

    async def resend(self, name):
        """Repeats what was not answered, unless the room is another one by now."""
        for post in [post for post in self.pending.values() if post.lineage == name]:
            await self.attempt(post)

    def acknowledged(self, frame):
        post, attempt = self.attempts.pop(frame["ref"])
        now = self.crowd.now()
        attempt.answered, attempt.seq, attempt.id = now, frame["seq"], frame["id"]
        self.pending.pop(post.client_id, None)
        self.own.append((post, attempt))
        self.crowd.stalls.acknowledged(attempt.id, post.attempts[0].sent if post.is_measured else now, now)

    async def refused(self, frame):
        ref, code = frame.get("ref"), frame["code"]
        if ref in self.attempts:
            post, attempt = self.attempts.pop(ref)
            attempt.answered, attempt.refusal = self.crowd.now(), code
            if code in ("unavailable", "rate_limited"):
                self.crowd.later(0.15, self.attempt, post)
            else:
                self.pending.pop(post.client_id, None)
        elif ref in self.changes:
            self.changes.pop(ref).refusal = code
        elif ref and ref.startswith("join "):
            name = ref.split(" ")[1]
            self.joining.pop(name, None)
            if code in ("unavailable", "rate_limited"):
                self.crowd.later(0.2, self.join, name)
            else:
                self.interrupt(name)
                self.wanted.discard(name)
        elif ref and ref.startswith("leave ") and code in ("not_joined", "room_not_found"):
            self.joining.pop(ref.split(" ")[1], None)
        elif self.is_one_room and not self.shown.seats:
            self.crowd.later(1, self.must_be_closed, self.connection, frame)
        else:
            self.report(f"an error without its frame: {frame}")

    async def must_be_closed(self, connection, frame):
        """A connection whose only room cannot be joined is of no use."""
        if self.connection is connection and not self.shown.seats:
            self.report(f"is still connected, and has joined nothing, 1 s after {frame}")

    async def attempt(self, post):
        seat = self.shown.seats.get(post.lineage)
        if not seat or post.client_id not in self.pending or self.connection is None:
            return
        epoch = seat.memory.epoch or None
        if any(each.epoch != epoch for each in post.attempts):
            # The room was made anew: a repetition would be another message.
            return self.pending.pop(post.client_id)
        if any(each is post for each, _ in self.attempts.values()):
            return
        attempt = Attempt(epoch, self.crowd.now())
        ref = f"{post.client_id} {len(post.attempts)}"
        post.attempts.append(attempt)
        self.attempts[ref] = post, attempt
        await self.send(event="message", room=seat.name, body=post.body, client_id=post.client_id, ref=ref)

    async def join(self, name):
        if not self.connection or name in self.shown.seats or name in self.joining:
            return
        self.wanted.add(name)
        resume = self.shown.place(name)
        self.joining[name] = {**resume, "sent": self.crowd.now()}
        await self.send(event="join", room=self.crowd.names[name], ref=f"join {name} {self.crowd.now():.3f}", **resume)

    async def leave(self, seat):
        self.interrupt(seat.lineage)
        self.wanted.discard(seat.lineage)
        self.joining[seat.lineage] = {"sent": self.crowd.now()}
        await self.send(event="leave", room=seat.name, ref=f"leave {seat.lineage}")

    async def edit(self, seat, ack, body):
        ref = f"edit {body}"
        self.changes[ref] = self.crowd.promises.change(ack.id, body, self.crowd.now(), self.connection)
        await self.send(event="edit", room=seat.name, seq=ack.seq, body=body, ref=ref)

    def interrupt(self, name=None):
        """What waits while the client is not in the room, by its own choice or without the right, measures nothing."""
        for post in self.pending.values():
            if name in (None, post.lineage):
                post.is_measured = False

    def waiting_since(self):
        """Returns when the oldest frame was sent that waits for its answer."""
        waiting = [attempt.sent for _, attempt in self.attempts.values()] + [each["sent"] for each in self.joining.values()]
        return min(waiting, default=self.crowd.now())

    def is_waiting(self):
        """True while an answer is due. What was posted into a room that was left meanwhile stays open."""
        return bool(self.joining or self.changes or any(post.lineage in self.shown.seats for post in self.pending.values()))
