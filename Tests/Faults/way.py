"""A way between a node and a service: a proxy on loopback that can cut, stall, silence and delay what goes over it."""

import asyncio
import socket
import struct

CHUNK = 1 << 16
RESET = struct.pack("ii", 1, 0)


def reset(transport):
    """Ends a connection with RST instead of FIN, as a crashed machine or a firewall does."""
    peer = transport.get_extra_info("socket")
    if peer is not None and peer.fileno() >= 0:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    transport.abort()


class Way:
    def __init__(self, target):
        self.target = target
        self.is_cut = False
        self.delay = 0
        self.passing = asyncio.Event()
        self.passing.set()
        self.writers = set()
        self.tasks = set()

    async def open(self):
        self.server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def close(self):
        self.server.close()
        self.reset()
        for task in self.tasks:
            task.cancel()

    def reset(self):
        """Resets every connection, at both ends."""
        for writer in list(self.writers):
            reset(writer.transport)

    async def _accept(self, reader, writer):
        self.tasks.add(asyncio.current_task())
        self.writers.add(writer)
        try:
            if self.is_cut:
                return reset(writer.transport)
            await self._join(reader, writer)
        finally:
            self.writers.discard(writer)
            self.tasks.discard(asyncio.current_task())

    async def _join(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return reset(writer.transport)
        self.writers.add(far_writer)
        if self.is_cut:
            self.reset()
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self.writers.discard(far_writer)
            writer.close()
            far_writer.close()

    async def _pump(self, reader, writer):
        try:
            while data := await reader.read(CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self.passing.wait()
                writer.write(data)
                await writer.drain()
            writer.write_eof()
        except OSError:
            reset(writer.transport)
