"""What each kind of fault does: a context that begins it and ends it. plan.py says where and how long."""

import asyncio
import contextlib
import os
import random
import signal
import sqlite3
import subprocess
from pathlib import Path

from services import program

KINDS = {}


def kind(function):
    """Registers a fault under the name of its function."""
    KINDS[function.__name__] = contextlib.asynccontextmanager(function)
    return function


# Nodes and clients.

@kind
async def node_pause(world, fault):
    node = world.nodes[fault.node]
    node.signal(signal.SIGSTOP)
    yield
    node.signal(signal.SIGCONT)


@kind
async def node_sleep(world, fault):
    async with KINDS["node_pause"](world, fault):
        yield


@kind
async def node_kill(world, fault):
    node = world.nodes[fault.node]
    await node.kill()
    yield
    await node.start()


@kind
async def client_resets(world, fault):
    rng = random.Random(fault.seed)
    for client in world.crowd.clients:
        if rng.random() < 0.4:
            client.reset()
    yield


# Ways to Redis and to the database.

def _over(part):
    def cut(world, fault):
        return _cut(world.nodes[fault.node].ways[part])

    def stall(world, fault):
        return _stall(world.nodes[fault.node].ways[part])

    def silence(world, fault):
        return _silence(world.nodes[fault.node].ways[part])

    def delay(world, fault):
        return _delay(world.nodes[fault.node].ways[part], random.Random(fault.seed).uniform(0.02, 0.3))

    for function in (cut, stall, silence, delay):
        KINDS[f"{part}_{function.__name__}"] = function


@contextlib.asynccontextmanager
async def _cut(way):
    """Connections are reset, and new ones until the end."""
    way.is_cut = True
    way.reset()
    yield
    way.is_cut = False


@contextlib.asynccontextmanager
async def _stall(way):
    """Bytes stay on their way, and arrive at the end."""
    way.passing.clear()
    yield
    way.passing.set()


@contextlib.asynccontextmanager
async def _silence(way):
    """Bytes stay on their way until the connections are reset: they never arrive."""
    way.passing.clear()
    yield
    way.reset()
    way.passing.set()


@contextlib.asynccontextmanager
async def _delay(way, seconds):
    way.delay = seconds
    yield
    way.delay = 0


_over("redis")
_over("database")


# Redis and PostgreSQL themselves.

@kind
async def redis_pause(world, fault):
    world.redis.pause()
    yield
    world.redis.resume()


@kind
async def redis_kill(world, fault):
    await asyncio.to_thread(world.redis.end)
    yield
    await asyncio.to_thread(world.redis.start)


@kind
async def backends_end(world, fault):
    share = random.Random(fault.seed).choice([0.3, 1])
    await asyncio.to_thread(
        world.database.sql,
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{world.name}' AND random() < {share}")
    yield


@kind
async def backends_pause(world, fault):
    """Some of the server's processes stop, perhaps with locks held and in the middle of a commit."""
    answer = await asyncio.to_thread(
        world.database.sql, f"SELECT pid FROM pg_stat_activity WHERE datname = '{world.name}'")
    rng = random.Random(fault.seed)
    pids = [int(pid) for pid in answer.split() if rng.random() < 0.3]
    _signal(pids, signal.SIGSTOP)
    yield
    _signal(pids, signal.SIGCONT)


@kind
async def database_pause(world, fault):
    """PostgreSQL's processes are sessions of their own, so each is stopped by itself, the parent first."""
    pids = [world.database.process.pid, *_children(world.database.process.pid)]
    _signal(pids, signal.SIGSTOP)
    yield
    _signal(pids, signal.SIGCONT)


@kind
async def database_restart(world, fault):
    await asyncio.to_thread(world.database.end, signal.SIGINT)
    yield
    await asyncio.to_thread(world.database.start)


@kind
async def database_crash(world, fault):
    await asyncio.to_thread(world.database.stop_hard)
    yield
    await asyncio.to_thread(world.database.start)


@kind
async def table_lock(world, fault):
    """Another program holds the table of messages."""
    process = await asyncio.create_subprocess_exec(
        program("psql"), world.database.url(world.name), "-Xq", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    process.stdin.write(b"BEGIN; LOCK TABLE messages IN ACCESS EXCLUSIVE MODE;\n")
    yield
    process.stdin.write(b"ROLLBACK;\n")
    process.stdin.close()
    await process.wait()


def _children(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _signal(pids, number):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


# SQLite.

@kind
async def file_lock(world, fault):
    """Another program holds the right to write, as a long transaction does."""
    holder = _Holder(world.file)
    await asyncio.to_thread(holder.begin)
    yield
    holder.end()


@kind
async def file_writes(world, fault):
    """Another program takes and returns the right to write again and again, and truncates the write-ahead log."""
    holder, ended = _Holder(world.file), asyncio.Event()

    async def work():
        while not ended.is_set():
            await asyncio.to_thread(holder.begin)
            await asyncio.sleep(0.1)
            holder.end(truncate=True)
            await asyncio.sleep(0.02)

    task = asyncio.create_task(work())
    yield
    ended.set()
    await task


class _Holder:
    """A writing transaction without a change."""

    def __init__(self, file):
        self.connection = sqlite3.connect(file, timeout=20, isolation_level=None, check_same_thread=False)

    def begin(self):
        self.connection.execute("BEGIN IMMEDIATE")

    def end(self, truncate=False):
        self.connection.execute("ROLLBACK")
        if truncate:
            self.connection.execute("PRAGMA busy_timeout = 0")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self.connection.execute("PRAGMA busy_timeout = 20000")
