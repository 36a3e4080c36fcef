"""The world of one run: an installation, its nodes, and the ways between them and the services."""

import asyncio
import http.client
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

from chat import Backend, Installation, Result, Server  # noqa: E402
from plan import NODES, PRIVATE, PUBLIC, USERS  # noqa: E402
from services import free_port  # noqa: E402
from way import Way  # noqa: E402

HTTP_SECONDS = 4
UNREACHABLE = 69


class Node:
    """A server that is started again under its own name, as a service manager does it."""

    def __init__(self, world, number):
        self.world, self.number, self.port = world, number, free_port()
        self.ways, self.server, self.texts = {}, None, []

    async def open_ways(self):
        if self.world.database:
            self.ways["database"] = await Way(self.world.database.port).open()
        if self.world.redis:
            self.ways["redis"] = await Way(self.world.redis.port).open()

    def environment(self):
        found = {}
        if "database" in self.ways:
            found["CHATCTL_DATABASE"] = f"postgres://chatctl@127.0.0.1:{self.ways['database'].port}/{self.world.name}"
        if "redis" in self.ways:
            found["CHATCTL_REDIS"] = f"redis://127.0.0.1:{self.ways['redis'].port}"
        return found

    async def start(self):
        """Starts the server, again and again while a service that it needs is out."""
        end = self.world.now() + 60
        while True:
            running = len(self.world.place.running)
            try:
                self.server = await asyncio.to_thread(
                    Server, self.world.place, ["--verbose"], self.environment(), self.port)
                return
            except AssertionError as fault:
                command = self.world.place.running[running]
                code = command.process.poll()
                command.end()
                if code != UNREACHABLE:
                    self.world.report(f"node {self.number} did not start: status {code}: {fault}")
                assert self.world.now() < end, fault
            await asyncio.sleep(0.2)

    @property
    def process(self):
        return self.server.command.process

    def signal(self, number):
        self.process.send_signal(number)

    async def kill(self):
        self.check()
        await asyncio.to_thread(self.server.kill)
        self.texts.append(self.server.command.err)

    def check(self):
        """A node that ended by itself is a violation."""
        if self.process.poll() is not None:
            self.world.report(f"node {self.number} ended with status {self.process.returncode}")

    async def stop(self):
        self.check()
        try:
            await asyncio.to_thread(self.server.stop)
        except AssertionError as fault:
            self.world.report(f"node {self.number} did not stop as asked: {fault}")
        self.texts.append(self.server.command.err)

    async def http(self, method, path, token, body=None):
        """Returns the status and the JSON of an answer; raises OSError when the node does not answer."""
        return await asyncio.to_thread(self._http, method, path, token, body)

    def _http(self, method, path, token, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HTTP_SECONDS)
        try:
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            connection.request(method, path, body=json.dumps(body) if body is not None else None, headers=headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        except (http.client.HTTPException, ValueError) as fault:
            raise OSError(f"{method} {path}: {fault!r}") from None
        finally:
            connection.close()


class World:
    def __init__(self, form, folder, database, redis, report):
        self.form, self.report = form, report
        self.database = database if form != "sqlite" else None
        self.redis = redis if form == "redis" else None
        self.name = f"faults_{os.urandom(6).hex()}"
        # The database's settings are this world's own.
        Backend.name = "sqlite"
        self.place = Installation(Path(folder) / "installation")
        self.file = self.place.data / "chatctl" / "chat.db"
        self.now = asyncio.get_running_loop().time
        self.nodes = [Node(self, number) for number in range(NODES[form])]
        self.crowd = None

    async def start(self):
        if self.database:
            await asyncio.to_thread(self.database.sql, f"CREATE DATABASE {self.name}")
            self.place.environment["CHATCTL_DATABASE"] = self.database.url(self.name)
        if self.redis:
            self.place.environment["CHATCTL_REDIS"] = self.redis.url()
        await asyncio.to_thread(self._populate)
        for node in self.nodes:
            await node.open_ways()
        await asyncio.gather(*(node.start() for node in self.nodes))

    def _populate(self):
        run = self.place.run
        run("migrate")
        run("user", "create", "root", "--admin")
        for number in range(USERS):
            run("user", "create", f"user{number}")
        self.root = self.place.token("root")
        self.tokens = [self.place.token(f"user{number}") for number in range(USERS)]
        for name in PUBLIC:
            run("room", "create", name, "--as", "root")
        members = [word for number in range(0, USERS, 2) for word in ("--member", f"user{number}")]
        for name in PRIVATE:
            run("room", "create", name, "--private", *members, "--as", "root")

    async def command(self, *arguments):
        """Runs a direct command as an administrator does; returns its result, whatever its status."""
        try:
            return await asyncio.to_thread(self.place.run, *arguments, code=None)
        except subprocess.TimeoutExpired as expired:
            return Result(arguments, None, "", str(expired))

    async def stop(self):
        await asyncio.gather(*(node.stop() for node in self.nodes))

    def end(self):
        for node in self.nodes:
            for way in node.ways.values():
                way.close()
        self.place.end()
        if self.database:
            self.database.sql(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def query(self, text):
        """Returns the rows of a query as lists of text, past every node."""
        if self.database:
            return [line.split("|") for line in self.database.sql(text, self.name).splitlines()]
        connection = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10)
        try:
            return [[str(field) for field in row] for row in connection.execute(text)]
        finally:
            connection.close()
