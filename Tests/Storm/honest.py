"""Honest clients: they post at a steady pace on both forms of socket, time every ack, and watch the room."""

import asyncio
import collections
import json
import ssl
import time
import urllib.error
import urllib.request

from ledger import Ledger
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from wire import client_context

PACE = 0.1
ACK_SECONDS = 5


class Crowd:
    """All honest clients of one server, their ledger, and their latencies by slice of the storm."""

    def __init__(self, server, room):
        self.server, self.room = server, room
        self.ledger = Ledger()
        self.slice = "start"
        self.latencies = collections.defaultdict(list)
        self.recent = collections.deque(maxlen=2 * len(server.honest))
        self.complaints = []
        self.overdue = collections.Counter()
        self.is_stopping = False
        self.clients = [Honest(self, number, account) for number, account in enumerate(server.honest)]
        self.tasks = []

    def complain(self, text):
        if len(self.complaints) < 20:
            self.complaints.append(f"{text} (during {self.slice})")

    def overdue_texts(self):
        return [f"{count} messages sent during {part} got no ack within {ACK_SECONDS} s" for part, count in self.overdue.items()]

    async def start(self):
        for client in self.clients:
            await client.connect()
        # Nobody posts before all watch: every acknowledged message must be shown to everyone.
        self.tasks = [asyncio.create_task(work()) for client in self.clients for work in (client.read, client.post)]

    async def finish(self):
        """Ends posting, waits for what is outstanding, and closes the connections."""
        self.is_stopping = True
        end = time.monotonic() + ACK_SECONDS
        while time.monotonic() < end and self.is_running() and not self.is_done():
            await asyncio.sleep(0.05)
        for client in self.clients if self.is_running() else []:
            client.check(time.monotonic() + ACK_SECONDS)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for client in self.clients:
            if client.connection:
                client.connection.transport.abort()

    def is_running(self):
        return self.server.watched.exit_status is None

    def is_done(self):
        return self.ledger.is_complete() and not any(client.waiting for client in self.clients)

    def http(self, path, document=None):
        """Sends one request of an honest client and returns the JSON of the answer."""
        request = urllib.request.Request(
            f"{self.server.url('http')}/api/v1{path}", data=document and json.dumps(document).encode(),
            headers={"Authorization": f"Bearer {self.server.honest[0]['token']}", "Content-Type": "application/json"})
        context = client_context() if self.server.variant.tls else None
        with urllib.request.urlopen(request, timeout=20, context=context) as answer:
            return json.load(answer)

    async def log_in(self):
        """Logs in as all honest clients at once."""
        await asyncio.gather(*(
            asyncio.to_thread(self.http, "/login", {"username": each["name"], "password": each["password"]})
            for each in self.server.honest))

    def stored(self):
        """Returns the room's messages by `seq`, read over HTTP."""
        messages, after = {}, 0
        while True:
            page = self.http(f"/rooms/{self.room}/messages?after={after}&limit=200")
            if not page:
                return messages
            messages.update((each["seq"], each["body"]) for each in page)
            after = page[-1]["seq"]


class Honest:
    """One honest client; those with an even number use the one-room form."""

    def __init__(self, crowd, number, account):
        self.crowd, self.number, self.account = crowd, number, account
        self.name = f"{account['name']} on {'/ws/chatroom' if number % 2 == 0 else '/ws'}"
        self.waiting = {}
        self.late = set()
        self.connection = None

    async def connect(self):
        is_one_room = self.number % 2 == 0
        context = client_context() if self.crowd.server.variant.tls else None
        self.connection = await connect(
            self.crowd.server.url("ws") + (f"/ws/chatroom/{self.crowd.room}" if is_one_room else "/ws"), ssl=context,
            additional_headers={"Authorization": f"Bearer {self.account['token']}"}, compression=None, proxy=None,
            ping_interval=None, max_queue=None)
        if not is_one_room:
            await self.connection.send(json.dumps({"event": "join", "room": self.crowd.room, "ref": "join"}))
        confirmation = "online_count" if is_one_room else "joined"
        while json.loads(await asyncio.wait_for(self.connection.recv(), 20))["event"] != confirmation:
            pass

    async def post(self):
        await asyncio.sleep(PACE * self.number / len(self.crowd.clients))
        count = 0
        due = time.monotonic()
        while not self.crowd.is_stopping:
            count += 1
            ref, body = f"{self.number}-{count}", f"{self.name} says {count}"
            # The slice of the sending counts, also when the ack comes in the next.
            self.waiting[ref] = (time.monotonic(), body, self.crowd.slice)
            document = {"body": body, "ref": ref}
            if self.number % 2:
                document |= {"event": "message", "room": self.crowd.room}
            try:
                await self.connection.send(json.dumps(document))
            except ConnectionClosed:
                return
            self.check(time.monotonic())
            due += PACE
            await asyncio.sleep(max(0, due - time.monotonic()))

    def check(self, now):
        """Counts acks that are overdue, each once; one that comes later still counts as a promise."""
        for ref, (sent, _, part) in self.waiting.items():
            if now - sent >= ACK_SECONDS and ref not in self.late:
                self.late.add(ref)
                self.crowd.overdue[part] += 1

    async def read(self):
        try:
            async for text in self.connection:
                self.receive(json.loads(text))
        except ConnectionClosed:
            pass
        if not self.crowd.is_stopping:
            closed = self.connection.protocol
            self.crowd.complain(f"{self.name} was disconnected: {closed.close_code} {closed.close_reason}")

    def receive(self, document):
        if document["event"] == "message" and document["message"]["room"] == self.crowd.room:
            self.crowd.ledger.show(self.name, document["message"]["seq"], document["message"]["body"])
        elif document["event"] == "ack":
            self.acknowledged(document)
        elif document["event"] == "error":
            self.waiting.pop(document.get("ref"), None)
            self.crowd.complain(f"{self.name} was refused: {document.get('code')} {document.get('errors')}")

    def acknowledged(self, document):
        now = time.monotonic()
        found = self.waiting.pop(document["ref"], None)
        if found:
            sent, body, part = found
            self.crowd.latencies[part].append(now - sent)
            self.crowd.recent.append(now - sent)
            self.crowd.ledger.acknowledge(document["seq"], body)


# What a server that has ended or refuses does to an honest client.
FAULTS = (OSError, ConnectionClosed, InvalidHandshake, asyncio.TimeoutError, ssl.SSLError, urllib.error.URLError)
