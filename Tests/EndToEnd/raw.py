"""A WebSocket client that can break every rule of RFC 6455."""

import base64
import os
import socket
import struct

from chat import DEADLINE, TLS

TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 0x1, 0x2, 0x8, 0x9, 0xA, 0x0


def frame(opcode, payload=b"", fin=True, masked=True, reserved=0, length=None):
    """Returns the bytes of one frame; `length` makes the header claim another length than the payload's."""
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    count = len(payload) if length is None else length
    mask_bit = 0x80 if masked else 0
    if count < 126:
        head = struct.pack("!BB", first, mask_bit | count)
    elif count < 65536:
        head = struct.pack("!BBH", first, mask_bit | 126, count)
    else:
        head = struct.pack("!BBQ", first, mask_bit | 127, count)
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))


class Raw:
    """A connection that sends exactly the given bytes."""

    def __init__(self, port):
        self.socket = self.connect(port)
        self.buffer = b""

    def connect(self, port):
        return TLS.wrapped(socket.create_connection(("127.0.0.1", port), timeout=DEADLINE))

    def send(self, data):
        self.socket.sendall(data)

    def fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def take(self, count):
        while len(self.buffer) < count:
            self.fill()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def handshake(self, path, token=None, **changes):
        """Sends the opening handshake; a header given as None is left out. Returns status, headers and body."""
        headers = {
            "Host": "127.0.0.1", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Authorization": f"Bearer {token}" if token else None,
        }
        method = changes.pop("method", "GET")
        version = changes.pop("version", "HTTP/1.1")
        headers.update({name.replace("_", "-"): value for name, value in changes.items()})
        lines = [f"{method} {path} {version}"]
        lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode())
        return self.answer()

    def answer(self):
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        first, *rest = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in rest)}
        status = int(first.split()[1])
        body = b"" if status == 101 else self.take(int(headers.get("content-length", 0)))
        return status, headers, body

    def upgraded(self, path, token):
        status, _, body = self.handshake(path, token)
        assert status == 101, (status, body)
        return self

    def receive(self):
        """Returns opcode and payload of the next frame. A server must not mask frames nor set reserved bits."""
        first, second = self.take(2)
        assert first & 0x70 == 0 and second & 0x80 == 0
        count = second & 0x7F
        if count == 126:
            (count,) = struct.unpack("!H", self.take(2))
        elif count == 127:
            (count,) = struct.unpack("!Q", self.take(8))
        return first & 0x0F, self.take(count)

    def expect(self, opcode):
        """Returns the payload of the next frame with this opcode."""
        while True:
            kind, payload = self.receive()
            if kind == opcode:
                return payload
            assert kind != CLOSE, f"closed: {payload!r}"

    def fault(self):
        """Reads up to the close frame that answers a violation; returns the close code."""
        try:
            while True:
                kind, payload = self.receive()
                if kind == CLOSE:
                    return struct.unpack("!H", payload[:2])[0]
        except (EOFError, ConnectionError):
            return None

    def close_code(self):
        """Reads up to the close frame and the end of the connection after it; returns the close code."""
        code = None
        try:
            while True:
                kind, payload = self.receive()
                if kind == CLOSE and code is None:
                    code = struct.unpack("!H", payload[:2])[0] if payload else 0
                    payload[2:].decode("utf-8")
                    self.send(frame(CLOSE, payload))
                else:
                    assert code is None, "a frame came after the close frame"
        except (EOFError, ConnectionError):
            return code

    def close(self):
        self.socket.close()
