"""RFC 9110 and RFC 9112 on the wire, byte by byte."""

import json

import pytest

from raw import Raw

HEALTH = "/health/live"


def head(line, *fields, host="x"):
    return "\r\n".join([line, *([f"Host: {host}"] if host is not None else []), *fields, "", ""]).encode()


def get(path=HEALTH, *fields, method="GET", version="1.1", host="x"):
    return head(f"{method} {path} HTTP/{version}", *fields, host=host)


def ask(server, *requests):
    """Sends requests on one connection; returns status, headers and body of each answer."""
    raw = Raw(server.port)
    try:
        raw.send(b"".join(requests))
        return [raw.answer() for _ in requests]
    finally:
        raw.close()


def ends(raw):
    try:
        return raw.socket.recv(1) == b""
    except ConnectionError:
        return True


@pytest.fixture
def token(chat):
    return chat.token("alice")


@pytest.mark.parametrize("fields", [[], ["Connection: keep-alive"]])
def test_http_1_0_ends_with_its_answer(server, fields):
    raw = Raw(server.port)
    raw.send(get(HEALTH, *fields, version="1.0", host=None))
    status, headers, body = raw.answer()
    assert status == 200 and headers["connection"] == "close" and "transfer-encoding" not in headers
    assert json.loads(body) == {"status": "live"} and ends(raw)


def test_a_long_page_over_http_1_0_has_no_chunks(chat, server, token):
    for number in range(30):
        chat.send("general", str(number) + "x" * 16_000, "alice")
    raw = Raw(server.port)
    raw.send(get("/api/v1/rooms/general/messages", f"Authorization: Bearer {token}", version="1.0"))
    status, headers, body = raw.answer()
    body += raw.buffer
    while part := raw.socket.recv(65_536):
        body += part
    assert status == 200 and "transfer-encoding" not in headers and len(json.loads(body)) == 30


def test_a_head_of_a_long_page_leaves_the_connection_in_order(chat, server, token):
    for number in range(30):
        chat.send("general", str(number) + "x" * 16_000, "alice")
    path, proof = "/api/v1/rooms/general/messages", f"Authorization: Bearer {token}"
    raw = Raw(server.port)
    raw.send(get(path, proof, method="HEAD") + get())
    while raw.buffer.count(b"\r\n\r\n") < 2:
        raw.fill()
    first, second, rest = raw.buffer.split(b"\r\n\r\n", 2)
    assert first.startswith(b"HTTP/1.1 200") and second.startswith(b"HTTP/1.1 200") and rest == b'{"status":"live"}'


@pytest.mark.parametrize("request_", [
    get(host=None), get(HEALTH, "Host: y"), get(host="a b"), get(host=""), get(host="x:y"), get("health"),
    get("ftp://x/health"), get("*"), head("CONNECT x:80 HTTP/1.1"),
])
def test_a_request_without_one_good_host_and_target_is_400(server, request_):
    raw = Raw(server.port)
    raw.send(request_)
    status, headers, body = raw.answer()
    assert status == 400 and json.loads(body)["error"]["code"] == "invalid_input"
    assert headers["connection"] == "close" and ends(raw)


def test_a_bad_request_behind_a_good_one_is_answered_in_its_turn(server):
    answers = ask(server, get(), get(host=None))
    assert [answer[0] for answer in answers] == [200, 400]


def test_a_target_may_be_a_whole_address(server):
    assert ask(server, get(f"http://chat.example{HEALTH}?x", host="other"))[0][0] == 200
    assert ask(server, get("http://chat.example", host="other"))[0][0] == 200, "the first page"
    assert ask(server, get("http://chat.example/nowhere", host="other"))[0][0] == 404


def test_options_of_everything(server):
    status, headers, _ = ask(server, get("*", method="OPTIONS"))[0]
    assert status == 204 and "DELETE" in headers["allow"]


@pytest.mark.parametrize("proof, length, status", [
    ("good", 12, 100), ("none", 12, 401), ("good", 131_073, 413), ("good", 1 << 63, 413), ("good", (1 << 64) - 1, 413),
])
def test_a_body_is_asked_for_only_when_it_will_be_read(server, token, proof, length, status):
    body = b'{"body":"x"}'
    raw = Raw(server.port)
    raw.send(get(
        "/api/v1/rooms/general/messages", *([f"Authorization: Bearer {token}"] if proof == "good" else []),
        "Expect: 100-continue", f"Content-Length: {length}", method="POST"))
    first, headers, _ = raw.answer()
    assert first == status
    if status != 100:
        assert headers["connection"] == "close" and ends(raw)
        return
    raw.send(body + get())
    assert [raw.answer()[0], raw.answer()[0]] == [201, 200]


def test_without_expect_nothing_is_sent_before_the_answer(server, token):
    raw = Raw(server.port)
    raw.send(get("/api/v1/rooms/general/messages", f"Authorization: Bearer {token}", "Content-Length: 12",
                 method="POST") + b'{"body":"x"}')
    assert raw.answer()[0] == 201


@pytest.mark.parametrize("line, fields, body", [
    ("POST /api/v1/rooms HTTP/1.0", ["Transfer-Encoding: chunked"], b"0\r\n\r\n"),
    ("POST /api/v1/rooms HTTP/1.1", ["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n"),
    ("POST /api/v1/rooms HTTP/1.1", ["Transfer-Encoding: chunked, chunked"], b"0\r\n\r\n"),
    ("POST /api/v1/rooms HTTP/1.1", ["Transfer-Encoding: identity"], b""),
    ("POST /api/v1/rooms HTTP/1.1", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
    ("POST /api/v1/rooms HTTP/1.1", ["Transfer-Encoding: chunked", "Content-Length: 5"], b"0\r\n\r\n"),
    ("POST /api/v1/rooms HTTP/1.1", ["Content-Length: 5", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
    ("POST /api/v1/rooms HTTP/1.1", ["Content-Length: 2", "Content-Length: 2"], b"{}"),
])
@pytest.mark.parametrize("before", [b"", get()])
def test_a_body_whose_end_another_reader_sees_elsewhere_is_400_and_the_end(server, before, line, fields, body):
    raw = Raw(server.port)
    raw.send(before + head(line, *fields) + body + get())
    if before:
        assert raw.answer()[0] == 200
    status, headers, _ = raw.answer()
    assert status == 400 and headers["connection"] == "close" and raw.buffer == b"" and ends(raw)


@pytest.mark.parametrize("line, status", [
    (f"FROB {HEALTH} HTTP/1.1", 501), (f"get {HEALTH} HTTP/1.1", 501), (f"GET {HEALTH} HTTP/1.2", 505),
    (f"GET {HEALTH} HTTP/2.0", 505), (f"GET {HEALTH}", 400), (f"DELETE {HEALTH} HTTP/1.1", 405),
])
@pytest.mark.parametrize("before", [b"", get()])
def test_methods_and_versions_that_are_not_known(server, before, line, status):
    raw = Raw(server.port)
    raw.send(before + head(line))
    if before:
        assert raw.answer()[0] == 200
    first, headers, body = raw.answer()
    assert first == status and json.loads(body)["error"]["code"]
    if status != 405:
        assert headers["connection"] == "close" and ends(raw)


def test_close_counts_in_any_case_and_company(server):
    raw = Raw(server.port)
    raw.send(get(HEALTH, "Connection: Keep-Alive, Close"))
    status, headers, _ = raw.answer()
    assert status == 200 and headers["connection"] == "close" and ends(raw)
