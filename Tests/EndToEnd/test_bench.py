"""`bench`: its output, its ledgers and pass criteria, and measurements of other servers."""

import json
import os
import signal
import socket
import threading

import pytest


SHAPE = ["scenario", "clients", "publishers", "messages", "payload_bytes", "deliveries", "expected", "missing",
         "duplicates", "out_of_order", "seconds", "deliveries_per_second", "messages_per_second",
         "connects_per_second", "latency_us", "server"]
SHORT = ["--duration", "300ms", "--warm-up", "100ms"]


def clean(result):
    assert (result["missing"], result["duplicates"], result["out_of_order"]) == (0, 0, 0), result
    assert result["deliveries"] == result["expected"] > 0, result


def bench(place, *arguments, **more):
    return place.run("bench", *arguments, "--json", **more).json


def test_fanout_counts_every_delivery(empty):
    result = bench(empty, "fanout", "--clients", "20", "--publishers", "3", "--window", "4", *SHORT)
    assert list(result)[:len(SHAPE)] == SHAPE
    clean(result)
    assert (result["clients"], result["publishers"], result["payload_bytes"]) == (20, 3, 128)
    assert result["deliveries"] == 20 * result["messages"]
    assert list(result["latency_us"]) == ["p50", "p90", "p99", "p999", "max"]
    assert result["first_us"]["p50"] <= result["median_us"]["p50"] <= result["last_us"]["p50"]
    assert result["ack_us"]["p50"] > 0 and result["server"]["cpu_seconds"] > 0
    assert result["connects_per_second"] is None and result["partial"] is False


def test_fanout_keeps_a_schedule(empty):
    result = bench(empty, "fanout", "--clients", "5", "--rate", "100", "--duration", "500ms", "--warm-up", "100ms")
    clean(result)
    assert result["messages"] == 50


def test_fanout_ends_after_so_many_messages(empty):
    result = bench(empty, "fanout", "--clients", "3", "--messages", "7", "--duration", "1m", "--warm-up", "100ms")
    clean(result)
    assert result["messages"] == 7


def test_ingest_counts_acknowledgements_and_deliveries(empty):
    result = bench(empty, "ingest", "--clients", "8", "--rooms", "12", "--members", "3", *SHORT)
    clean(result)
    assert result["messages"] > 0 and result["latency_us"] == result["ack_us"]


def test_connect_sees_presence_settle(empty):
    result = bench(empty, "connect", "--clients", "60")
    assert result["connects_per_second"] > 0 and result["settled_ms"] is not None
    assert 1 <= result["count_frames_per_second"] <= 4
    assert result["deliveries"] is None and result["missing"] is None


def test_history_reads_at_several_depths(empty):
    result = bench(empty, "history", "--depth", "2500", "--duration", "200ms")
    assert [each["depth"] for each in result["depths"]] == [100, 1000, 2500]
    assert result["latency_us"]["p50"] > 0


def test_text_is_for_people(empty):
    text = empty.run("bench", "fanout", "--clients", "4", *SHORT).out
    assert "deliveries per second" in text and "missing, duplicate, out of order  0, 0, 0" in text


def test_a_running_server_is_measured_and_left_as_it_was(chat, server):
    environment = {"CHATCTL_SERVER": server.url, "CHATCTL_TOKEN": chat.token("root")}
    rooms = chat.run("room", "list").out
    clean(bench(chat, "fanout", "--clients", "10", *SHORT, env=environment))
    clean(bench(chat, "ingest", "--clients", "4", "--rooms", "3", "--members", "2", *SHORT, env=environment))
    assert bench(chat, "connect", "--clients", "20", env=environment)["settled_ms"] is None
    assert chat.run("room", "list").out == rooms
    pid = str(server.command.process.pid)
    result = bench(chat, "fanout", "--clients", "5", "--room", "general", "--server-pid", pid, *SHORT, env=environment)
    clean(result)
    assert result["server"]["rss_bytes"] > 0


def test_a_cookie_serves_in_place_of_a_token(chat, server):
    chat.run("user", "create", "carol", "--admin", "--password-stdin", input="correct horse battery\n")
    token = server.api("POST", "/login", json_body={"username": "carol", "password": "correct horse battery"})["token"]
    environment = {"CHATCTL_SERVER": server.url, "CHATCTL_COOKIE": f"chatctl_session={token}"}
    clean(bench(chat, "fanout", "--clients", "4", "--room", "general", *SHORT, env=environment))


def test_what_the_server_refuses_is_told_apart_from_what_it_loses(chat, server):
    environment = {"CHATCTL_SERVER": server.url, "CHATCTL_TOKEN": chat.token("alice")}
    arguments = ["fanout", "--clients", "2", "--room", "general", "--messages", "100", "--warm-up", "1ms"]
    result = bench(chat, *arguments, env=environment)
    refused = result["refused"]["rate_limited"]
    assert 0 < refused < result["messages"] == 100
    assert (result["missing"], result["deliveries"]) == (2 * refused, 2 * (100 - refused))
    text = chat.run("bench", *arguments, env=environment).out
    assert "rate_limited" in text and "count as missing" in text


# Pass criteria.

def test_conditions_that_are_missed_end_with_1(empty):
    good = ["bench", "fanout", "--clients", "3", *SHORT]
    assert empty.run(*good, "--slo", "missing=0,p99<10s").code == 0
    missed = empty.run(*good, "--slo", "missing=0,p50<1us", code=1)
    assert "p50<1us" in missed.err
    assert "1 of 2 conditions" in missed.err


def test_a_server_that_is_too_slow_misses_its_conditions(chat, server):
    """The server is repeatedly paused while it is measured."""
    halted = threading.Event()

    def hinder():
        while not halted.wait(0.15):
            server.command.signal(signal.SIGSTOP)
            threading.Event().wait(0.25)
            server.command.signal(signal.SIGCONT)

    environment = {"CHATCTL_SERVER": server.url, "CHATCTL_TOKEN": chat.token("root")}
    arguments = ["bench", "fanout", "--clients", "5", "--rate", "50", "--duration", "2s", "--slo", "p99<200ms,missing=0"]
    thread = threading.Thread(target=hinder)
    thread.start()
    try:
        missed = chat.run(*arguments, env=environment, code=1)
    finally:
        halted.set()
        thread.join()
    assert "1 of 2 conditions" in missed.err


def test_a_baseline_is_compared(empty, tmp_path):
    base = bench(empty, "fanout", "--clients", "5", *SHORT)
    arguments = ["bench", "fanout", "--clients", "5", *SHORT, "--max-regress", "900%"]

    def against(**changed):
        path = tmp_path / "old.json"
        path.write_text(json.dumps({**base, **changed}))
        return empty.run(*arguments, "--baseline", str(path), code=None)

    assert against().code == 0
    worse = against(deliveries_per_second=base["deliveries_per_second"] * 1e6)
    assert worse.code == 0 or "deliveries_per_second" in worse.err
    strict = empty.run("bench", "fanout", "--clients", "5", *SHORT, "--max-regress", "20%", "--baseline",
                       str(tmp_path / "old.json"), code=1)
    assert "deliveries_per_second" in strict.err and strict.err.count("measuring once more") == 2
    assert against(clients=6).code == 65
    assert against(scenario="ingest").code == 65


@pytest.mark.parametrize("arguments", [
    ["fanout", "--slo", "speed>9"], ["fanout", "--rate", "5", "--window", "2"], ["fanout", "--clients", "0"],
    ["fanout", "--publishers", "9", "--clients", "3"], ["ingest", "--members", "99"], ["fanout", "--payload", "1"],
    ["history", "--server", "http://127.0.0.1:1"], ["fanout", "--max-regress", "x"], ["marathon"],
], ids=" ".join)
def test_wrong_usage_is_said_before_anything_is_measured(empty, arguments):
    empty.run("bench", *arguments, code=64, env={"CHATCTL_TOKEN": "x"})


def test_a_server_that_is_not_there_is_said(empty):
    refused = empty.run("bench", "fanout", "--room", "general", "--server", "http://127.0.0.1:1", code=69,
                        env={"CHATCTL_TOKEN": "x"})
    assert len(refused.err.splitlines()) <= 2


def test_an_upgrade_that_is_refused_is_said(chat, server):
    refused = chat.run("bench", "fanout", "--room", "general", "--server", server.url, code=69,
                       env={"CHATCTL_TOKEN": "wrong"})
    assert "401" in refused.err


# Reports and interrupts.

def test_the_report_is_one_page_without_other_hosts(empty, tmp_path):
    page = tmp_path / "report.html"
    empty.run("bench", "fanout", "--clients", "5", *SHORT, "--report", str(page))
    text = page.read_text()
    assert text.lower().startswith("<!doctype html>") and "<svg" in text
    assert "http://" not in text and "https://" not in text and "<script" not in text


def test_an_interrupt_gives_the_figures_so_far(empty):
    running = empty.start("bench", "fanout", "--clients", "3", "--duration", "5m", "--warm-up", "100ms", "--json")
    server = next_server(running.process.pid)
    running.signal(signal.SIGINT)
    result = running.document()
    assert running.wait() == 130
    assert result["partial"] is True and result["missing"] == 0
    assert not os.path.exists(f"/proc/{server}")


def test_an_interrupt_before_the_second_run_gives_the_figures_of_the_first(empty, tmp_path):
    from chat import eventually

    arguments = ["fanout", "--clients", "3", *SHORT]
    fast = {**bench(empty, *arguments), "deliveries_per_second": 1e9}
    (tmp_path / "old.json").write_text(json.dumps(fast))
    running = empty.start("bench", *arguments, "--baseline", str(tmp_path / "old.json"), "--json")
    eventually(lambda: "once more" in running.err, "the second run begins")
    running.signal(signal.SIGINT)
    result = running.document()
    assert running.wait() == 130
    assert result["partial"] is True and result["messages"] > 0 and result["missing"] == 0
    assert "regression" not in running.err


def next_server(parent):
    """Waits until the temporary server has connections and returns its process."""
    from chat import eventually

    def found():
        children = open(f"/proc/{parent}/task/{parent}/children").read().split()
        return next((child for child in children if connections(child) >= 3), None)

    def connections(child):
        try:
            return sum("socket:" in os.readlink(f"/proc/{child}/fd/{number}") for number in os.listdir(f"/proc/{child}/fd"))
        except OSError:
            return 0

    return eventually(found, "the temporary server has its connections")


# Another server.

class Other(threading.Thread):
    """A different server that speaks the one-room form: other white space, no seq, no acknowledgements."""

    def __init__(self, loses=lambda number: False):
        super().__init__(daemon=True)
        self.loses, self.number, self.clients, self.lock = loses, 0, [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.start()

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        stream = client.makefile("rb")
        while stream.readline().strip():
            pass
        client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        with self.lock:
            self.clients.append(client)
        self.say(client, {"event": "online_count", "online_count": 1})
        while header := stream.read(2):
            length = header[1] & 0x7F
            if length == 126:
                length = int.from_bytes(stream.read(2), "big")
            stream.read(4)
            body = stream.read(length)
            if header[0] & 0x0F != 1:
                return
            with self.lock:
                self.number += 1
                for number, each in enumerate(self.clients):
                    if number or not self.loses(self.number):
                        self.say(each, {"type": "chat", "body": json.loads(body)["body"], "user": "bench"})

    def say(self, client, document):
        text = json.dumps(document).encode()
        head = bytes([0x81, len(text)]) if len(text) < 126 else bytes([0x81, 126]) + len(text).to_bytes(2, "big")
        client.sendall(head + text)


@pytest.mark.parametrize("lost", [0, 1])
def test_any_server_that_passes_bodies_on_can_be_measured_and_what_it_loses_is_seen(empty, lost):
    other = Other(loses=lambda number: lost and number == 30)
    arguments = ["fanout", "--clients", "3", "--room", "general", "--server", other.url, "--rate", "100", "--duration",
                 "1s", "--warm-up", "100ms"]
    result = bench(empty, *arguments, env={"CHATCTL_TOKEN": "x"}, deadline=60)
    assert (result["messages"], result["missing"], result["deliveries"]) == (100, lost, 300 - lost)
    assert result["ack_us"] is None and result["server"] is None
    other.listener.close()
