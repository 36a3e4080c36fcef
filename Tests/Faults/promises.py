"""What clients were promised: acknowledged messages, refused ones, edits and deletions; and how the logs keep it.

A message's text begins with its `client_id`, also after an edit, so that one stored twice is recognised.
"""

import dataclasses
import re


@dataclasses.dataclass
class Attempt:
    """One sending of a message; `epoch` is None where the connection does not tell it."""

    epoch: str | None
    sent: float
    answered: float | None = None
    seq: int | None = None
    id: int | None = None
    refusal: str | None = None


@dataclasses.dataclass
class Post:
    client_id: str
    body: str
    lineage: str
    attempts: list = dataclasses.field(default_factory=list)
    is_measured: bool = True

    @property
    def acks(self):
        return [each for each in self.attempts if each.seq is not None]

    @property
    def is_refused(self):
        """True if every attempt was refused, so that nothing may be stored."""
        return bool(self.attempts) and all(each.refusal for each in self.attempts)


@dataclasses.dataclass
class Change:
    """An edit, or a deletion if `body` is None; it may have taken place unless it was refused.

    `source` is the connection that sent it, which keeps the order of its edits; None for a request over HTTP.
    """

    sent: float
    body: str | None
    source: object = None
    refusal: str | None = None
    confirmed: float | None = None


@dataclasses.dataclass(frozen=True)
class Log:
    """The messages of one room as they are stored."""

    epoch: str
    name: str
    messages: list


def client_id(body):
    return body.split(" ", 1)[0]


def lineage(name):
    """Returns what stays of a room's name when it is renamed: `plaza-v2` was `plaza`."""
    return re.sub(r"-v\d+$", "", name)


class Promises:
    def __init__(self):
        self.posts = {}
        self.changes = {}
        self.removed_lineages = set()
        self.late_deletions = set()

    def change(self, message_id, body, now, source=None):
        change = Change(now, body, source)
        self.changes.setdefault(message_id, []).append(change)
        return change

    def last_change(self, message_id, is_deleted):
        """Returns when the last change of a message was sent that was told to everybody in the room; None without any."""
        changes = [each for each in self.changes.get(message_id, []) if not each.refusal]
        if is_deleted:
            # Only the first deletion is told, and it may be one that was not answered.
            return min((each.sent for each in changes if each.body is None), default=None)
        return max((each.sent for each in changes if each.body is not None and each.confirmed), default=None)

    def broken(self, logs):
        """Returns how the logs of all rooms that still exist differ from what was promised."""
        found, by_id, by_client_id = [], {}, {}
        for log in logs:
            found += self._gaps(log)
            for message in log.messages:
                by_id[message["id"]] = log, message
            for message in log.messages:
                if not message.get("deleted"):
                    by_client_id.setdefault(client_id(message["body"]), []).append((log, message))
        for name, copies in by_client_id.items():
            if len({log.epoch for log, _ in copies}) < len(copies):
                found.append(f"{name} is stored more than once: {[(log.name, it['seq']) for log, it in copies]}")
        epochs = {log.epoch for log in logs}
        for post in self.posts.values():
            found += self._broken(post, by_id, by_client_id, epochs)
        for message_id, changes in self.changes.items():
            if message_id in by_id:
                found += self._unchanged(*by_id[message_id], changes)
        return found

    def _gaps(self, log):
        seqs = [each["seq"] for each in log.messages]
        if seqs != list(range(1, len(seqs) + 1)):
            return [f"the log of {log.name} is not 1, 2, 3 …: {_around_first_gap(seqs)}"]
        return []

    def _broken(self, post, by_id, by_client_id, epochs):
        if post.is_refused and post.client_id in by_client_id:
            refusals = [each.refusal for each in post.attempts]
            yield f"{post.client_id} was refused ({', '.join(refusals)}) and is stored"
        places = {(ack.epoch, ack.id): ack for ack in post.acks}
        if len({epoch for epoch, _ in places}) < len(places):
            yield f"{post.client_id} was acknowledged as several messages: {sorted(ack.id for ack in places.values())}"
        for ack in places.values():
            if ack.id not in by_id:
                # A connection to one room does not learn the epoch: the message may have gone with its room.
                if ack.epoch in epochs or (ack.epoch is None and post.lineage not in self.removed_lineages):
                    yield f"{post.client_id}, acknowledged as seq {ack.seq} of {post.lineage} (id {ack.id}), is not stored"
                continue
            log, message = by_id[ack.id]
            if message["seq"] != ack.seq or ack.epoch not in (None, log.epoch):
                yield f"{post.client_id}, acknowledged as seq {ack.seq} of {ack.epoch}, is seq {message['seq']} of {log.epoch}"
            bodies = [post.body, *(each.body for each in self.changes.get(ack.id, []))]
            body = None if message.get("deleted") else message["body"]
            is_late = body is None and (post.lineage, ack.seq) in self.late_deletions
            if body not in bodies and not is_late:
                yield f"{post.client_id} was acknowledged as {post.body!r} and is stored as {body!r}"

    def _unchanged(self, log, message, changes):
        """A confirmed change is stored, unless one that was not confirmed before it was sent took its place."""
        confirmed = [each for each in changes if each.confirmed]
        if not confirmed:
            return
        body = None if message.get("deleted") else message["body"]
        latest = max(confirmed, key=lambda each: each.sent)
        # Unanswered changes may take place at any time after they were sent, and those under way at once in any order,
        # unless they came over one connection.
        possible = [each.body for each in changes if each is latest or not each.refusal
                    and (not each.confirmed or each.confirmed >= latest.sent)
                    and (each.source is None or each.source is not latest.source or each.sent > latest.sent)]
        if any(each.body is None for each in confirmed):
            possible = [None]
        if body not in possible and (lineage(log.name), message["seq"]) not in self.late_deletions:
            yield f"seq {message['seq']} of {log.name} was changed to {possible}, confirmed, and is stored as {body!r}"


def _around_first_gap(seqs):
    for index, seq in enumerate(seqs):
        if seq != index + 1:
            return f"… {seqs[max(0, index - 2):index + 3]} …"
    return ""
