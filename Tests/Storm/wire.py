"""Connections of hostile clients, plain or TLS: they send exactly the bytes they are given, and check every answer.

Answers are read as strictly as an honest client would read them: whatever does not parse is a finding, because a
server must stay in its format whatever it is sent.
"""

import asyncio
import base64
import json
import os
import socket
import ssl
import struct

TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 0x1, 0x2, 0x8, 0x9, 0xA, 0x0
STATUSES = {100, 101, 200, 201, 204, 400, 401, 403, 404, 405, 408, 409, 411, 413, 414, 417, 426, 429, 431, 501, 503, 505}
EVENTS = {
    "joined", "left", "ack", "edited", "pong", "message", "online_count", "presence", "typing", "message_deleted",
    "message_edited", "room", "removed", "error",
}
# An act ends when it has sent this much: the generator shares the machine with the server.
ACT_BYTES = 4 << 20


class Spent(Exception):
    """The act has used up its bytes."""


class Odd(Exception):
    """An answer that is none of the documented formats; `kind` says in a few words what is wrong with it."""

    def __init__(self, kind, text=""):
        super().__init__(f"{kind} {text}")
        self.kind = kind


def frame(opcode, payload=b"", fin=True, masked=True, reserved=0, length=None, mask=b"\x37\xfa\x21\x3d"):
    """Returns the bytes of one frame; `length` makes the header claim another length than the payload's."""
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    count = len(payload) if length is None else length
    bit = 0x80 if masked else 0
    if count < 126:
        head = struct.pack("!BB", first, bit | count)
    elif count < 65536:
        head = struct.pack("!BBH", first, bit | 126, count)
    else:
        head = struct.pack("!BBQ", first, bit | 127, count)
    if not masked:
        return head + payload
    # One operation on a large integer: masking byte by byte would make the generator the bottleneck.
    key = (mask * (len(payload) // 4 + 1))[:len(payload)]
    hidden = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
    return head + mask + hidden.to_bytes(len(payload), "big")


def upgrade_head(path, token=None, **changes):
    """Returns an opening handshake; a header given as None is left out."""
    headers = {
        "Host": "127.0.0.1", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Authorization": f"Bearer {token}" if token else None,
    }
    headers.update({name.replace("_", "-"): value for name, value in changes.items()})
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items() if value is not None)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def client_context():
    """Returns a TLS context that trusts the throw-away certificate of the storm."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def client_hello():
    """Returns the first bytes of a TLS connection."""
    outgoing = ssl.MemoryBIO()
    conversation = client_context().wrap_bio(ssl.MemoryBIO(), outgoing)
    try:
        conversation.do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.read()


class Line:
    """One connection. Reads nothing by itself beyond a small buffer, so a reader that stops really stalls."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.sent = self.requests = 0

    @classmethod
    async def open(cls, port, address, context=None, receive=None):
        """Connects from a loopback address of its own, because some limits count by address."""
        client = socket.socket()
        try:
            client.setblocking(False)
            if receive:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
            client.bind((address, 0))
            await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", port))
            return cls(*await asyncio.open_connection(
                sock=client, ssl=context, server_hostname="localhost" if context else None, limit=1 << 16))
        except BaseException:
            client.close()
            raise

    async def send(self, data):
        self.sent += len(data)
        if self.sent > ACT_BYTES:
            raise Spent
        self.writer.write(data)
        await self.writer.drain()

    async def trickle(self, data, pause, most=200):
        """Sends a byte at a time; each byte is a packet of its own."""
        for byte in data[:most]:
            await self.send(bytes([byte]))
            await asyncio.sleep(pause)

    def reset(self):
        """Ends the connection with RST instead of FIN, as a crashed machine or a firewall does."""
        client = self.writer.get_extra_info("socket")
        # A TLS transport that has ended knows its socket no more.
        if client is not None and client.fileno() >= 0:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def close(self):
        self.writer.close()

    async def swallow(self):
        """Takes and drops whatever comes until the end of the connection."""
        while await self.reader.read(1 << 16):
            pass

    # HTTP

    async def answer(self, method="GET"):
        """Returns status, headers and body of the next response."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *rest = head.rstrip("\r\n").split("\r\n")
        try:
            version, status = first.split(" ")[:2]
            headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in rest)}
            status, length = int(status), int(headers.get("content-length", 0))
        except ValueError:
            raise Odd("bytes that are no response", repr(head[:200])) from None
        if not version.startswith("HTTP/1.") or status not in STATUSES:
            raise Odd(f"status {status}", repr(await self.reader.read(2_000)))
        if status == 100:
            return await self.answer(method)
        if method == "HEAD" or status in (101, 204):
            return status, headers, b""
        if headers.get("transfer-encoding") == "chunked":
            return status, headers, await self.chunks()
        return status, headers, await self.reader.readexactly(length)

    async def chunks(self):
        body = b""
        while count := int((await self.reader.readuntil(b"\r\n")).strip(), 16):
            body += await self.reader.readexactly(count)
            await self.reader.readexactly(2)
        await self.reader.readexactly(2)
        return body

    @staticmethod
    def check(status, headers, body, method="GET"):
        """Requires that a response has the documented form."""
        if not body:
            if status >= 400 and method != "HEAD":
                raise Odd(f"status {status} without a body")
            return
        if not headers.get("content-type", "").startswith("application/json"):
            raise Odd(f"status {status} with {headers.get('content-type')}:", repr(body[:200]))
        try:
            document = json.loads(body)
        except ValueError:
            raise Odd(f"status {status} with a body that is no JSON:", repr(body[:200])) from None
        if status >= 400 and not (document.get("error", {}).get("code") and document["error"].get("message")):
            raise Odd(f"status {status} without an error:", repr(body[:200]))

    # WebSocket

    async def receive(self):
        """Returns opcode and payload of the next frame, after checking its form."""
        first, second = await self.reader.readexactly(2)
        if first & 0x70 or second & 0x80 or not first & 0x80:
            raise Odd("frame header", f"{first:02x} {second:02x}")
        count = second
        if count == 126:
            (count,) = struct.unpack("!H", await self.reader.readexactly(2))
        elif count == 127:
            (count,) = struct.unpack("!Q", await self.reader.readexactly(8))
        payload = await self.reader.readexactly(count)
        if first & 0x0F == TEXT:
            self.check_frame(payload)
        return first & 0x0F, payload

    @staticmethod
    def check_frame(payload):
        try:
            document = json.loads(payload)
            wrong = document["event"] not in EVENTS or document["ok"] is not (document["event"] != "error")
            wrong = wrong or document["event"] == "error" and not (document["code"] and document["errors"])
        except (ValueError, KeyError, TypeError):
            wrong = True
        if wrong:
            raise Odd("frame that is not documented:", repr(payload[:300]))

    async def frames(self, most=300):
        """Checks frames until the connection ends; after `most` of them it only takes the bytes."""
        for _ in range(most):
            opcode, _ = await self.receive()
            if opcode == CLOSE:
                return
        await self.swallow()
