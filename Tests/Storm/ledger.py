"""What honest clients were promised and what they saw: each message once, in order of `seq`, and none lost."""


class Ledger:
    """Acknowledgements of one room, and what each of its watchers was shown."""

    MOST = 20

    def __init__(self):
        self.acknowledged = {}
        self.shown = {}
        self.faults = []

    def fault(self, text):
        if len(self.faults) < self.MOST:
            self.faults.append(text)

    def acknowledge(self, seq, body):
        if seq in self.acknowledged:
            self.fault(f"seq {seq} was acknowledged for {self.acknowledged[seq]!r} and for {body!r}")
        self.acknowledged[seq] = body

    def show(self, watcher, seq, body):
        """Records a shown message. Every message of the room counts, so `seq` must rise by exactly one."""
        seen = self.shown.setdefault(watcher, {})
        last = next(reversed(seen), None)
        if seq in seen:
            return self.fault(f"{watcher} was shown seq {seq} twice")
        if last is not None and seq < last:
            self.fault(f"{watcher} was shown seq {seq} after {last}: out of order")
        elif last is not None and seq > last + 1:
            self.fault(f"{watcher} was shown seq {seq} after {last}: {seq - last - 1} lost or late")
        seen[seq] = body

    def is_complete(self):
        """Returns true once every watcher was shown the last acknowledged message."""
        last = max(self.acknowledged, default=0)
        return all(next(reversed(seen), 0) >= last for seen in self.shown.values())

    def close(self, stored=None):
        """Compares everything acknowledged with what was shown and, if given, with what is stored."""
        views = dict(self.shown)
        if stored is not None:
            views["the log"] = stored
        for name, seen in views.items():
            for seq, body in self.acknowledged.items():
                if seen.get(seq) != body:
                    what = "never shown to" if seq not in seen else f"shown as {seen[seq][:60]!r} to"
                    self.fault(f"seq {seq}, acknowledged as {body[:60]!r}, was {what} {name}")
        return self.faults
