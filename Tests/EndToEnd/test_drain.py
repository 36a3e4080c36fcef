"""SIGTERM drains: clients get 1001, acknowledged messages are stored, the server exits with 0."""

import json
import signal

from websockets.exceptions import ConnectionClosed

from raw import Raw


def test_clients_are_told_1001_and_the_server_ends_with_0(chat):
    server = chat.serve()
    sockets = [server.joined(chat.token("alice"), "general"), server.socket(chat.token("bob")),
               server.chatroom("general", chat.token("bob"))]
    server.command.signal(signal.SIGTERM)
    assert [socket.closed() for socket in sockets] == [1001, 1001, 1001]
    assert server.command.wait() == 0


def test_a_client_that_does_not_answer_the_close_does_not_hold_the_server(chat):
    server = chat.serve("--drain-seconds", "1")
    raw = Raw(server.port).upgraded("/ws", chat.token("alice"))
    server.command.signal(signal.SIGTERM)
    assert server.command.wait() == 0
    raw.close()


def test_an_idle_http_connection_does_not_hold_the_server(chat):
    server = chat.serve("--drain-seconds", "1")
    idle = Raw(server.port)
    idle.send(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
    assert idle.answer()[0] == 200
    server.command.signal(signal.SIGTERM)
    assert server.command.wait() == 0
    idle.close()


def test_everything_acknowledged_before_the_end_is_stored(chat):
    server = chat.serve()
    live = server.joined(chat.token("root"), "general")
    for number in range(500):
        live.send(event="message", room="general", body=str(number), client_id=str(number))
    live.expect(event="ack", client_id="100")
    server.command.signal(signal.SIGTERM)
    acked = [frame["client_id"] for frame in live.frames if frame["event"] == "ack"] + ["100"]
    try:
        while True:
            frame = json.loads(live.connection.recv(timeout=20))
            if frame["event"] == "ack":
                acked.append(frame["client_id"])
    except ConnectionClosed:
        pass
    assert server.command.wait() == 0
    stored = chat.bodies("general")
    assert set(acked) <= set(stored) and len(stored) == len(set(stored))


def test_nobody_is_online_after_the_end(chat):
    server = chat.serve()
    server.joined(chat.token("alice"), "general")
    server.command.signal(signal.SIGTERM)
    assert server.command.wait() == 0
    assert chat.run("presence", "general", "--json").json["users"] == []


def test_sigint_ends_the_server_too(chat):
    server = chat.serve()
    server.command.signal(signal.SIGINT)
    assert server.command.wait() in (0, 130)
