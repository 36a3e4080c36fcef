"""The plan of a run: which faults and which acts of the administrator happen when. A pure function of form and seed.

A fault has a target, and two faults never hold one target at once: a process that is killed cannot be paused. Most
faults follow each other, so that a stall can be attributed to one of them; some overlap.
"""

import dataclasses
import random

FORMS = {
    "redis": "three nodes on PostgreSQL with Redis",
    "postgres": "three nodes on PostgreSQL alone",
    "sqlite": "two servers on one SQLite file",
}
NODES = {"redis": 3, "postgres": 3, "sqlite": 2}
PUBLIC, PRIVATE = ["plaza", "loud", "calm", "brief"], ["closed"]
# Nobody renames, deletes or bans here: commands follow it throughout.
QUIET = "general"
LINEAGES = [*PUBLIC, *PRIVATE, QUIET]
USERS = 12

ON_POSTGRES = ("redis", "postgres")


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of fault: the forms in which it exists, its target, its shortest and longest duration, how often it is drawn."""

    name: str
    forms: tuple
    target: str
    shortest: float
    longest: float
    weight: float = 1.0


KINDS = [
    Kind("node_pause", tuple(FORMS), "node", 0.3, 4),
    # Longer than a node's lease of 11 s.
    Kind("node_sleep", tuple(FORMS), "node", 12, 13.5, 0.3),
    Kind("node_kill", tuple(FORMS), "node", 0, 3, 1.5),
    Kind("client_resets", tuple(FORMS), "clients", 0, 0),
    Kind("redis_pause", ("redis",), "redis", 0.3, 5),
    Kind("redis_kill", ("redis",), "redis", 0, 4),
    Kind("redis_cut", ("redis",), "way to redis", 0, 4),
    Kind("redis_stall", ("redis",), "way to redis", 0.3, 5),
    Kind("redis_silence", ("redis",), "way to redis", 0.3, 6),
    Kind("redis_delay", ("redis",), "way to redis", 0.5, 4, 0.5),
    Kind("database_cut", ON_POSTGRES, "way to database", 0, 4),
    Kind("database_stall", ON_POSTGRES, "way to database", 0.3, 5),
    Kind("database_silence", ON_POSTGRES, "way to database", 0.3, 6),
    Kind("database_delay", ON_POSTGRES, "way to database", 0.5, 4, 0.5),
    Kind("backends_end", ON_POSTGRES, "database", 0, 0),
    Kind("backends_pause", ON_POSTGRES, "database", 0.3, 4),
    Kind("database_pause", ON_POSTGRES, "database", 0.3, 5),
    Kind("database_restart", ON_POSTGRES, "database", 0, 2),
    Kind("database_crash", ON_POSTGRES, "database", 0, 3),
    Kind("table_lock", ON_POSTGRES, "database", 0.3, 4),
    Kind("file_lock", ("sqlite",), "database", 0.3, 7, 2.5),
    Kind("file_writes", ("sqlite",), "database", 0.5, 3, 1.5),
]
ACTS = {"rename": 3, "remake": 3, "ban": 4, "unban": 3, "expel": 2, "disable": 1, "enable": 2, "message_removal": 2}


@dataclasses.dataclass(frozen=True)
class Fault:
    """A fault: from `at` for `length` seconds; `node` says whose, where there are several; `seed` decides the rest."""

    at: float
    length: float
    kind: str
    target: str
    node: int
    seed: int

    def __str__(self):
        return f"{self.at:5.2f} s {self.kind} for {self.length:.2f} s (node {self.node})"


@dataclasses.dataclass(frozen=True)
class Act:
    """An act of the administrator, asked of one node."""

    at: float
    kind: str
    lineage: str
    user: int
    node: int
    is_direct: bool

    def __str__(self):
        what = {"disable": f"user{self.user}", "enable": f"user{self.user}", "ban": f"{self.lineage} user{self.user}",
                "unban": f"{self.lineage} user{self.user}", "expel": f"{PRIVATE[0]} user{self.user}"}
        by = "a command" if self.is_direct else f"node {self.node}"
        return f"{self.at:5.2f} s {self.kind} {what.get(self.kind, self.lineage)} by {by}"


@dataclasses.dataclass(frozen=True)
class Plan:
    form: str
    seed: int
    seconds: float
    faults: tuple
    acts: tuple

    def __str__(self):
        return "\n".join(str(each) for each in sorted([*self.faults, *self.acts], key=lambda each: each.at))


def plan(form, seed, seconds, only=None):
    """Returns the plan of a run; `only` restricts it to some kinds of fault."""
    rng = random.Random(f"{form} {seed}")
    faults = _faults(rng, form, seconds, only)
    return Plan(form, seed, seconds, tuple(faults), tuple(_acts(rng, form, seconds)))


def _faults(rng, form, seconds, only):
    kinds = [kind for kind in KINDS if form in kind.forms and (not only or kind.name in only)]
    faults, held, at = [], {}, rng.uniform(1, 2)
    while kinds and at < seconds - 1:
        kind = rng.choices(kinds, [each.weight for each in kinds])[0]
        length = rng.uniform(kind.shortest, kind.longest)
        node, seed = rng.randrange(NODES[form]), rng.randrange(1 << 30)
        target = f"{kind.target} {node}" if kind.target.startswith(("node", "way")) else kind.target
        if at + length <= seconds and held.get(target, 0) <= at:
            faults.append(Fault(round(at, 3), round(length, 3), kind.name, target, node, seed))
            # A process that comes back needs a moment before it can be hit again.
            held[target] = at + length + 0.5
            is_overlapped = rng.random() < 0.35
            at += rng.uniform(0, length) if is_overlapped else length
        at += rng.uniform(0.2, 1.2)
    return faults


def _acts(rng, form, seconds):
    acts, at = [], rng.uniform(0.5, 1.5)
    while at < seconds:
        kind = rng.choices(list(ACTS), list(ACTS.values()))[0]
        acts.append(Act(
            round(at, 3), kind, rng.choice(PUBLIC + PRIVATE), rng.randrange(USERS), rng.randrange(NODES[form]),
            is_direct=rng.random() < (0.3 if form == "sqlite" else 0.15)))
        at += rng.expovariate(1 / 0.8)
    return acts
