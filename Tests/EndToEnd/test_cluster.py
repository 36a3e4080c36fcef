"""Several nodes on one PostgreSQL and Redis, and what happens when a part fails under load.

This file starts its own services, because its tests stop, kill and pause them.
"""

import json
import os
import signal
import subprocess
import threading

import pytest
from websockets.exceptions import ConnectionClosed

from chat import eventually
from conftest import Place
from services import PostgreSQL, Redis, free_port, started

ROUNDS = int(os.environ.get("CHATCTL_TEST_ROUNDS", "2"))


@pytest.fixture(scope="module")
def services():
    """A PostgreSQL and two Redis servers."""
    with started(PostgreSQL, Redis, Redis) as services:
        yield services


@pytest.fixture
def database(services):
    return services[0]


@pytest.fixture
def redis(services):
    return services[1]


class Cluster(Place):
    """An installation whose nodes share a database and Redis servers."""

    def __init__(self, folder, database, redis):
        self.name = f"cluster_{os.urandom(6).hex()}"
        database.sql(f"CREATE DATABASE {self.name}")
        self.settings = {"CHATCTL_DATABASE": database.url(self.name), "CHATCTL_REDIS": redis}
        super().__init__(folder)
        self.environment.update(self.settings)
        self.run("migrate")
        self.user("root", "--admin")
        for name in ("alice", "bob"):
            self.user(name)


@pytest.fixture
def cluster(tmp_path, database, redis):
    cluster = Cluster(tmp_path / "cluster", database, redis.url())
    yield cluster
    cluster.end()


@pytest.fixture
def nodes(cluster):
    """Two running nodes; each must end with 0 on SIGTERM."""
    nodes = [cluster.serve(), cluster.serve()]
    yield nodes
    for node in nodes:
        node.stop()


class Writer(threading.Thread):
    """Posts one message after the other; records which were acknowledged and which refused."""

    def __init__(self, live, name, room="general"):
        super().__init__(daemon=True)
        self.live, self.prefix, self.room = live, name, room
        self.acked, self.refused, self.faults = {}, set(), []
        self.halted = threading.Event()
        self.start()

    def run(self):
        number = 0
        while not self.halted.is_set():
            body = f"{self.prefix}-{number}"
            number += 1
            try:
                self.live.send(json.dumps({"event": "message", "room": self.room, "body": body, "ref": number}))
                answer = self.live.expect(ref=number, deadline=60)
                self.live.frames.clear()
            except (ConnectionClosed, OSError, AssertionError) as fault:
                self.faults.append(repr(fault))
                return
            if answer["ok"]:
                self.acked[body] = answer["seq"]
            else:
                self.refused.add(body)
                if answer["code"] != "unavailable":
                    self.faults.append(answer)
                    return
                self.halted.wait(0.02)

    def halt(self):
        self.halted.set()
        self.join(timeout=90)
        assert not self.is_alive()


class Listener(threading.Thread):
    """Records which messages of one room arrived, and in which order."""

    def __init__(self, live, start):
        super().__init__(daemon=True)
        self.live, self.seqs, self.bodies, self.last, self.fault = live, [], [], start, None
        self.reached = threading.Condition()
        self.start()

    def run(self):
        try:
            while True:
                frame = json.loads(self.live.connection.recv())
                if frame.get("event") != "message":
                    continue
                with self.reached:
                    if frame["message"]["seq"] != self.last + 1:
                        self.fault = f"{frame['message']['seq']} after {self.last}"
                    self.last = frame["message"]["seq"]
                    self.bodies.append(frame["message"]["body"])
                    self.reached.notify_all()
        except (ConnectionClosed, OSError):
            pass

    def wait_for(self, seq, deadline=30):
        with self.reached:
            assert self.reached.wait_for(lambda: self.last >= seq, deadline), f"stands at {self.last}, wants {seq}"


class Load:
    """Writers and listeners on all nodes."""

    def __init__(self, cluster, nodes, writers=4, listeners=4):
        self.cluster, token = cluster, cluster.token("root")
        self.start = cluster.run("room", "show", "general", "--json").json["last_seq"]
        self.listeners = [Listener(node.joined(token, "general"), self.start) for node in nodes for _ in range(listeners)]
        self.writers = [Writer(node.joined(token, "general"), f"w{at}-{number}")
                        for at, node in enumerate(nodes) for number in range(writers)]

    @property
    def acked(self):
        return sum(len(writer.acked) for writer in self.writers)

    def more(self, count, deadline=60):
        """Waits for this many more acknowledgements."""
        goal = self.acked + count
        eventually(lambda: self.acked >= goal or any(writer.faults for writer in self.writers),
                   f"{count} more acknowledgements", deadline)

    def settle(self):
        """Stops writing and checks every guarantee; returns the numbers of acknowledged and of refused messages."""
        for writer in self.writers:
            writer.halt()
        assert not [fault for writer in self.writers for fault in writer.faults]
        last = self.cluster.run("room", "show", "general", "--json").json["last_seq"]
        log = self.cluster.run(
            "tail", "general", "--since", str(self.start + 1), "-n", "1000000", "--json", deadline=120).documents
        assert [each["seq"] for each in log] == list(range(self.start + 1, last + 1))
        stored = {each["body"]: each["seq"] for each in log}
        assert len(stored) == len(log), "something is stored twice"
        for writer in self.writers:
            assert writer.acked.items() <= stored.items(), "something acknowledged is not stored"
            assert not writer.refused & stored.keys(), "something refused is stored"
        for listener in self.listeners:
            listener.wait_for(last)
            assert listener.fault is None, listener.fault
            assert listener.bodies == [each["body"] for each in log]
        return self.acked, sum(len(writer.refused) for writer in self.writers)


def heals(nodes, deadline=5):
    """Every node reports ready again within the guaranteed time."""
    for node in nodes:
        eventually(lambda: node.http("GET", "/health/ready").status == 200, "the node is ready", deadline)


def out_of_order(node, part):
    """The node reports which part is down."""
    answer = eventually(lambda: (it := node.http("GET", "/health/ready")).status == 503 and it, f"{part} is out")
    assert part in answer.error["message"]


# Redis.

@pytest.mark.parametrize("round", range(ROUNDS))
def test_a_lost_redis_costs_no_message(cluster, nodes, redis, round):
    load = Load(cluster, nodes)
    load.more(200)
    redis.end()
    out_of_order(nodes[0], "redis")
    load.more(200)
    threading.Event().wait(1.5)
    redis.start()
    heals(nodes)
    load.more(200)
    acked, refused = load.settle()
    print(f"round {round}: {acked} acknowledged, {refused} refused")
    assert refused == 0


def test_connections_that_redis_ends_cost_no_message(cluster, nodes, redis):
    load = Load(cluster, nodes)
    for _ in range(5):
        load.more(100)
        redis.cli("client", "kill", "type", "pubsub")
        load.more(100)
        redis.cli("client", "kill", "type", "normal")
    load.settle()


def test_a_paused_redis_costs_no_message(cluster, nodes, redis):
    load = Load(cluster, nodes)
    load.more(100)
    redis.pause()
    load.more(200)
    redis.resume()
    load.more(100)
    load.settle()


def test_while_redis_is_out_moderation_and_presence_go_on(cluster, nodes, redis):
    alice, bob = (node.joined(cluster.token(name), "general") for node, name in zip(nodes, ("alice", "bob")))
    alice.expect(event="online_count", online_count=2)
    redis.end()
    try:
        out_of_order(nodes[0], "redis")
        carol = nodes[1].joined(cluster.token("root"), "general")
        alice.expect(event="online_count", online_count=3)
        bob.send(event="typing", room="general")
        assert alice.expect(event="typing")["username"] == "bob"
        carol.post("through the log", room="general")
        alice.message("through the log")
        cluster.run("room", "ban", "general", "bob")
        assert bob.expect(event="removed")["reason"] == "banned"
        cluster.run("user", "disable", "alice")
        assert alice.closed() == 4003
    finally:
        redis.start()
        heals(nodes)


def test_a_server_says_that_redis_is_not_there(cluster):
    refused = cluster.start("serve", "--port", "0", env={"CHATCTL_REDIS": "redis://:hunter2@127.0.0.1:1"})
    assert refused.wait(60) == 69
    assert "redis 127.0.0.1:1" in refused.err and "hunter2" not in refused.err


def test_a_password_that_redis_does_not_take_is_said(cluster):
    refused = cluster.start(
        "serve", "--port", "0", env={"CHATCTL_REDIS": cluster.settings["CHATCTL_REDIS"].replace("//", "//:wrong@")})
    assert refused.wait(60) == 69
    assert "wrong" not in refused.err.replace("WRONGPASS", "") and "redis" in refused.err


def test_rooms_spread_over_several_redis(tmp_path, services):
    database, one, other = services
    cluster = Cluster(tmp_path / "spread", database, f"{one.url()},{other.url(3)}")
    nodes = [cluster.serve(), cluster.serve()]
    token = cluster.token("root")
    rooms = [cluster.room(f"room{number}")["name"] for number in range(12)]
    here, there = nodes[0].joined(token, *rooms), nodes[1].joined(token, *rooms)
    channels = [len(part.cli("pubsub", "channels", "chatctl:*").split()) for part in (one, other)]
    assert min(channels) > 0 and sum(channels) >= 12
    for room in rooms:
        here.post(f"to {room}", room=room)
        there.message(f"to {room}")
    for node in nodes:
        node.stop()
    cluster.end()


def test_redis_with_tls_password_and_number(tmp_path, database):
    folder = tmp_path / "tls"
    folder.mkdir()
    secure = TLSRedis(folder).start()
    cluster = None
    try:
        cluster = Cluster(tmp_path / "cluster", database, f"rediss://bob:s%40cret@localhost:{secure.tls_port}/2")
        cluster.environment["SSL_CERT_FILE"] = str(folder / "cert.pem")
        nodes = [cluster.serve(), cluster.serve()]
        token = cluster.token("root")
        here, there = nodes[0].joined(token, "general"), nodes[1].joined(token, "general")
        here.post("through TLS", room="general")
        there.message("through TLS")
        assert secure.channels()
        shown = cluster.run("config").out
        assert "s%40cret" not in shown and "rediss://bob:" in shown
        for node in nodes:
            node.stop()
        refused = cluster.start("serve", "--port", "0", env={"SSL_CERT_FILE": ""})
        assert refused.wait(60) == 69 and "certificate" in refused.err.lower(), refused.err
    finally:
        secure.end()
        if cluster:
            cluster.end()


class TLSRedis(Redis):
    """A Redis with TLS and its own user."""

    def __init__(self, folder):
        super().__init__(folder)
        self.tls_port = free_port()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
             "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out",
             "cert.pem"], check=True, capture_output=True, cwd=folder)
        self.options = ["--tls-port", str(self.tls_port), "--tls-cert-file", "cert.pem", "--tls-key-file", "key.pem",
                        "--tls-auth-clients", "no", "--user", "bob", "on", ">s@cret", "~*", "&*", "+@all"]

    def channels(self):
        return self.cli("pubsub", "channels", "chatctl:*").split()


# PostgreSQL.

@pytest.mark.parametrize("round", range(ROUNDS))
def test_a_lost_database_costs_no_acknowledged_message(cluster, nodes, database, round):
    load = Load(cluster, nodes)
    idle = nodes[1].joined(cluster.token("root"), "general")
    load.more(200)
    database.stop_hard()
    try:
        # Except writers whose commit was in flight: they are answered once the database is reachable again.
        eventually(lambda: any(writer.refused for writer in load.writers), "writers are told")
        fresh = idle.ask(event="message", room="general", body="while it is out")
        assert fresh["code"] == "unavailable"
        # Clients must not learn the database's address.
        assert str(database.port) not in json.dumps(fresh)
        out_of_order(nodes[0], "database")
        threading.Event().wait(2)
    finally:
        database.start()
    heals(nodes)
    load.more(200)
    acked, refused = load.settle()
    print(f"round {round}: {acked} acknowledged, {refused} refused")
    assert refused > 0


def test_without_redis_the_database_carries_everything(tmp_path, database):
    cluster = Cluster(tmp_path / "alone", database, "")
    nodes = [cluster.serve() for _ in range(3)]
    load = Load(cluster, nodes, writers=2, listeners=2)
    load.more(300)
    database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'cluster%'")
    load.more(300)
    load.settle()
    alice, bob = nodes[0].joined(cluster.token("alice"), "general"), nodes[2].joined(cluster.token("bob"), "general")
    alice.expect(event="presence", joined=["bob"])
    bob.send(event="typing", room="general")
    alice.expect(event="typing")
    cluster.run("room", "ban", "general", "bob")
    assert bob.expect(event="removed")["reason"] == "banned"
    for node in nodes:
        node.stop()
    cluster.end()


def test_an_ended_listener_hears_what_it_missed(cluster, nodes, database):
    """A ban and a revoked session take effect even though their notifications were lost."""
    bob = nodes[0].joined(cluster.token("bob"), "general")
    alice = nodes[0].joined(cluster.token("alice"), "general")
    database.sql(
        "INSERT INTO restrictions (room_id, user_id, kind, made_by, made_at) "
        "SELECT r.id, u.id, 'ban', 'test', 0 FROM rooms r, users u WHERE r.name = 'general' AND u.username = 'bob';"
        "DELETE FROM tokens WHERE user_id = (SELECT id FROM users WHERE username = 'alice')", cluster.name)
    database.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{cluster.name}'")
    assert bob.expect(event="removed")["reason"] == "banned"
    assert alice.closed() == 4001


# Two nodes at once.

def test_many_who_open_one_direct_room_on_two_nodes_get_one(cluster, nodes):
    tokens = {name: cluster.token(name) for name in ("alice", "bob")}
    names = []

    def ask(number):
        name, other = ("alice", "bob") if number % 2 else ("bob", "alice")
        names.append(nodes[number % 4 // 2].http("POST", f"/api/v1/direct/{other}", tokens[name], {}).json["name"])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(50)]
    commands = [cluster.start("room", "direct", "alice", "bob", "--json") for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names += [command.document()["name"] for command in commands]
    assert len(names) == 56 and len(set(names)) == 1
    assert len([room for room in cluster.run("room", "list", "--json").json if room["kind"] == "direct"]) == 1


def test_a_client_id_sent_to_both_nodes_at_once_is_stored_once(cluster, nodes):
    token = cluster.token("root")
    lives = [node.joined(token, "general") for node in nodes for _ in range(2)]
    for number in range(50):
        for live in lives:
            live.send(event="message", room="general", body=f"m{number}", client_id=f"c{number}")
        assert len({live.expect(event="ack", client_id=f"c{number}")["seq"] for live in lives}) == 1
    assert [each["body"] for each in cluster.history("general")] == [f"m{number}" for number in range(50)]


# Nodes that crash, pause and come back.

def test_a_killed_node_leaves_nobody_online_and_its_messages_are_seen(cluster):
    stays, dies = cluster.serve(), cluster.serve()
    token = cluster.token("root")
    alice = stays.joined(cluster.token("alice"), "general")
    dies.joined(cluster.token("bob"), "general")
    alice.expect(event="online_count", online_count=2)
    listener = Listener(stays.joined(token, "general"), 0)
    writers = [Writer(dies.joined(token, "general"), f"w{number}") for number in range(8)]
    eventually(lambda: sum(len(writer.acked) for writer in writers) > 300, "300 acknowledgements")
    dies.kill()
    for writer in writers:
        writer.join(timeout=30)
    last = cluster.run("room", "show", "general", "--json").json["last_seq"]
    # This includes messages that were committed just before the crash and never announced.
    listener.wait_for(last, deadline=5)
    assert listener.fault is None
    assert alice.expect(event="presence", left=["bob"], deadline=20) is not None
    assert stays.online(token, "general") == ["alice", "root"]
    stays.stop()


def test_a_node_that_slept_past_its_lease_takes_its_place_again(cluster):
    watches, sleeps = cluster.serve(), cluster.serve()
    token = cluster.token("root")
    watch = watches.joined(token, "general")
    bob = sleeps.joined(cluster.token("bob"), "general")
    watch.expect(event="presence", joined=["bob"])
    sleeps.command.signal(signal.SIGSTOP)
    watch.expect(event="presence", left=["bob"], deadline=25)
    watch.post("while it slept", room="general")
    sleeps.command.signal(signal.SIGCONT)
    watch.expect(event="presence", joined=["bob"], deadline=15)
    bob.message("while it slept")
    for node in (watches, sleeps):
        node.stop()


def test_when_all_nodes_but_one_died_the_last_one_clears_up(cluster):
    nodes = [cluster.serve() for _ in range(3)]
    tokens = [cluster.token(name) for name in ("alice", "bob", "root")]
    for node, token in zip(nodes, tokens):
        node.joined(token, "general")
    nodes[2].connections(tokens[2], "general", alice=1, bob=1, root=1)
    for node in nodes[:2]:
        node.kill()
    eventually(lambda: nodes[2].online(tokens[2], "general") == ["root"], "the dead are gone", 20)
    nodes[2].stop()


def test_a_name_is_online_once_however_many_nodes_it_is_on(cluster, nodes):
    token = cluster.token("bob")
    watch = nodes[0].joined(cluster.token("root"), "general")
    first, second = (node.socket(token) for node in nodes)
    eventually(lambda: first.join("general")["online_count"] == 2, "the first node counts both users")
    nodes[1].connections(token, "general", bob=1, root=1)
    # The other node may hear of the first connection a moment later than the database tells of it.
    eventually(lambda: second.join("general")["online_count"] == 2, "the second node counts the user once")
    nodes[0].connections(token, "general", bob=2, root=1)
    watch.expect(event="presence", joined=["bob"])
    first.close()
    nodes[1].connections(token, "general", bob=1, root=1)
    second.close()
    watch.expect(event="presence", left=["bob"])
