"""How long posting and showing stood still because of a fault, in excess of the fault's own length."""

import collections


class Stalls:
    def __init__(self):
        self.faults = []
        self.posted = {}
        self.live = []
        self.worst = []
        """The waits that overlapped faults, after `table`: excess, begin, end, what."""

    def began(self, kind, now):
        """Returns the fault's interval; its end is set when it ends."""
        interval = [kind, now, None]
        self.faults.append(interval)
        return interval

    def acknowledged(self, message_id, sent, now):
        self.posted.setdefault(message_id, (sent, now))

    def saw(self, message_id, now, seat):
        self.live.append((message_id, now, seat.joined))

    def table(self):
        """Returns the worst excess in seconds by kind of fault: of posting, and of showing."""
        posting, showing = collections.Counter(), collections.Counter()
        self.worst = []
        for kind, _, _ in self.faults:
            posting[kind] += 0
            showing[kind] += 0
        for message_id, (sent, answered) in self.posted.items():
            self._attribute(posting, sent, answered, f"posting id {message_id}")
        for message_id, shown, joined in self.live:
            _, answered = self.posted.get(message_id, (None, None))
            # A client that joined later was shown the message as soon as it joined.
            if answered is not None and joined < answered < shown:
                self._attribute(showing, answered, shown, f"showing id {message_id}")
        return {kind: (round(posting[kind], 2), round(showing[kind], 2)) for kind in posting}

    def _attribute(self, worst, start, end, what):
        """A wait counts for each fault that it overlaps, less the time in which any fault lasted."""
        touched = [(max(start, begin), min(end, finish or end), kind) for kind, begin, finish in self.faults
                   if begin < end and (finish is None or finish > start)]
        # A fault without a length is over at once, and what follows it is its excess.
        touched += [(begin, begin, kind) for kind, begin, finish in self.faults if finish == begin and start <= begin < end]
        if not touched:
            return
        covered, reached = 0, start
        for begin, finish, _ in sorted(touched):
            covered += max(0, finish - max(begin, reached))
            reached = max(reached, finish)
        excess = end - start - covered
        self.worst.append((excess, start, end, what))
        for _, _, kind in touched:
            worst[kind] = max(worst[kind], excess)


def merged(tables):
    """Returns the worst of several tables."""
    worst = {}
    for table in tables:
        for kind, (posting, showing) in table.items():
            before = worst.get(kind, (0, 0))
            worst[kind] = max(before[0], posting), max(before[1], showing)
    return worst
