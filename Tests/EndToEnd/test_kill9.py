"""Acknowledged means durable: `kill -9` under load loses no acknowledged message and duplicates none."""

import json
import threading

import pytest
from websockets.exceptions import ConnectionClosed

CONNECTIONS, IN_FLIGHT, ENOUGH = 8, 32, 1_500


class Poster(threading.Thread):
    """Posts on one connection as fast as acknowledgements arrive, until the connection breaks."""

    def __init__(self, live, name, enough):
        super().__init__(daemon=True)
        self.live, self.prefix, self.enough = live, name, enough
        self.sent, self.acked, self.fault = 0, {}, None

    def run(self):
        try:
            for _ in range(IN_FLIGHT):
                self.post()
            while True:
                frame = self.live.receive()
                if frame.get("event") == "ack":
                    self.acked[frame["client_id"]] = frame["seq"]
                    self.enough.release()
                    self.post()
                elif frame.get("event") == "error":
                    self.fault = frame
                    return
        except (ConnectionClosed, OSError):
            return
        except AssertionError as fault:
            self.fault = str(fault)

    def post(self):
        name = f"{self.prefix}-{self.sent}"
        self.sent += 1
        self.live.send(json.dumps({"event": "message", "room": "general", "body": name, "client_id": name}))


@pytest.mark.parametrize("round", [1, 2, 3])
def test_every_acknowledged_message_survives_kill_9_once_and_without_a_gap(chat, round):
    token = chat.token("root")
    doomed, enough = chat.serve(), threading.Semaphore(0)
    posters = [Poster(doomed.joined(token, "general"), f"p{number}", enough) for number in range(CONNECTIONS)]
    for poster in posters:
        poster.start()
    for _ in range(ENOUGH * round):
        assert enough.acquire(timeout=30), [poster.fault for poster in posters]
    doomed.kill()
    for poster in posters:
        poster.join(timeout=30)
        assert not poster.is_alive() and poster.fault is None, poster.fault
    acked = {name: seq for poster in posters for name, seq in poster.acked.items()}
    assert len(acked) >= ENOUGH * round

    server = chat.serve()
    stored = chat.history("general")
    assert [each["seq"] for each in stored] == list(range(1, len(stored) + 1))
    assert len({each["body"] for each in stored}) == len(stored)
    by_body = {each["body"]: each["seq"] for each in stored}
    assert {name: by_body.get(name) for name in acked} == acked

    # Retrying what was in flight is idempotent, and the next message continues without a gap.
    live = server.joined(token, "general")
    for poster in posters:
        for number in range(max(0, poster.sent - IN_FLIGHT), poster.sent):
            name = f"{poster.prefix}-{number}"
            seq = live.post(name, room="general", client_id=name)["seq"]
            assert seq == by_body.get(name, seq)
    stored = chat.history("general")
    assert [each["seq"] for each in stored] == list(range(1, len(stored) + 1))
    assert len({each["body"] for each in stored}) == len(stored) == sum(poster.sent for poster in posters)
    server.stop()
