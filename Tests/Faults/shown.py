"""What one client was shown, and whether it is what a client must see: a value that takes frames and reports violations.

A room's log is known by its epoch. Within a log the client keeps its place over all its connections: it resumes with
`after` and the epoch, and must then be shown each message once, in order of `seq`.
"""

import dataclasses

from promises import lineage

# So many missed messages are replayed; beyond it the server may ask to start afresh.
REPLAY = 1_000


@dataclasses.dataclass
class Entry:
    """A message as it was shown last; `seat` is the seat in which it was shown first."""

    id: int
    body: str | None
    seat: object


@dataclasses.dataclass
class Memory:
    """What a client remembers of one log, over all its connections."""

    epoch: str
    last: int
    entries: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Seat:
    """One joined room of one connection. In the one-room form there is no epoch, and no place before the first message."""

    lineage: str
    name: str
    memory: Memory
    joined: float
    count: int
    live_after: int | None = None
    """The last seq that came from the log; None in the one-room form."""


class Shown:
    def __init__(self, report, saw=lambda message_id, now, seat: None):
        """`report` takes the text of a violation, `saw` hears of each message that was shown live."""
        self.report, self.saw = report, saw
        self.memories = {}
        self.latest = {}
        self.seats = {}
        self.doubts = []

    def place(self, name):
        """Returns `after` and `epoch` for a join that resumes; empty if the client has not seen the room."""
        memory = self.latest.get(name)
        return {"after": memory.last, "epoch": memory.epoch} if memory else {}

    def disconnected(self):
        self.seats = {}

    def joined(self, frame, request, now):
        name, epoch, last_seq = lineage(frame["room"]), frame["epoch"], frame["last_seq"]
        memory = self.memories.get(epoch)
        after, is_same = request.get("after"), request.get("epoch") == epoch
        if after is not None and not is_same and frame["recovered"]:
            self.report(f"joined {frame} although the client came with {request}: another log, and recovered")
        if after is not None and is_same and not frame["recovered"] and last_seq - after <= REPLAY:
            # A room that is deleted meanwhile has nothing to replay.
            self.doubts.append((epoch, f"joined {frame} although the client came with {request}: the same log, and not recovered"))
        if after is not None and is_same and frame["recovered"]:
            if last_seq < after:
                self.report(f"joined {frame} recovered from {after}, beyond its end")
        else:
            # Afresh: earlier entries stay known, and the place is the end of the log.
            memory = Memory(epoch, last_seq, memory.entries if memory else {})
        self.memories[epoch] = self.latest[name] = memory
        self.seats[name] = Seat(name, frame["room"], memory, now, frame["online_count"], last_seq)

    def entered(self, room, count, now):
        """A one-room connection has joined."""
        self.seats[lineage(room)] = Seat(lineage(room), room, Memory("", 0), now, count)

    def left(self, name):
        self.seats.pop(name, None)

    def take(self, frame, now):
        """Takes a frame that is no answer."""
        event = frame["event"]
        if event == "message":
            self._message(frame["message"], now)
        elif event == "online_count":
            seat = self.seats.get(lineage(frame["room"]))
            if seat:
                seat.count = frame["online_count"]
        elif event == "room":
            seat = self.seats.get(lineage(frame["room"]["name"]))
            if seat:
                seat.name = frame["room"]["name"]
        elif event == "removed":
            self.left(lineage(frame["room"]))
        elif event == "message_edited":
            self._change(frame["message"]["room"], frame["message"]["seq"], frame["message"]["body"])
        elif event == "message_deleted":
            self._change(frame["room"], frame["seq"], None)

    def _message(self, message, now):
        seat = self.seats.get(lineage(message["room"]))
        if not seat:
            return self.report(f"a message of a room that is not joined: {message}")
        memory, seq = seat.memory, message["seq"]
        if (memory.last or seat.live_after is not None) and seq != memory.last + 1:
            self.report(f"seq {seq} of {message['room']} after {memory.last}: "
                        + ("repeated" if seq <= memory.last else "a hole") + f" ({message})")
        memory.last = max(memory.last, seq)
        body = None if message.get("deleted") else message["body"]
        memory.entries[seq] = Entry(message["id"], body, seat)
        if seat.live_after is None or seq > seat.live_after:
            self.saw(message["id"], now, seat)

    def _change(self, room, seq, body):
        seat = self.seats.get(lineage(room))
        if seat and seq in seat.memory.entries:
            seat.memory.entries[seq].body = body

    def differing(self, logs, promises):
        """Returns how what is shown now differs from the logs, by epoch, of the rooms that exist."""
        yield from (text for epoch, text in self.doubts if epoch in logs)
        ids = {message["id"]: (log, message) for log in logs.values() for message in log.messages}
        for seat in self.seats.values():
            for seq, entry in seat.memory.entries.items():
                log, message = ids.get(entry.id, (logs.get(seat.memory.epoch), None))
                if not log:
                    continue
                if not message or message["seq"] != seq:
                    yield f"seq {seq} of {seat.name} (id {entry.id}) was shown and is not stored"
                    continue
                stored = None if message.get("deleted") else message["body"]
                if stored != entry.body and self._must_be_current(entry, seat, promises, stored is None):
                    yield f"seq {seq} of {seat.name} is shown as {entry.body!r} and stored as {stored!r}"

    def _must_be_current(self, entry, seat, promises, is_deleted):
        """True if the client was joined throughout the message's life, or at least during its last change."""
        changed = promises.last_change(entry.id, is_deleted)
        return entry.seat is seat or (changed is not None and changed > seat.joined)
