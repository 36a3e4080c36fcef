"""Counts of who is online follow from events that may be lost. Whatever was shown is compared with the database."""

import sqlite3
import subprocess

from services import program


def change(chat, sql):
    """Changes the database behind the servers' backs: nobody is told."""
    if url := chat.backend.get("CHATCTL_DATABASE"):
        subprocess.run([program("psql"), url, "-Xqc", sql], check=True)
        return
    (path,) = chat.data.rglob("chat.db")
    with sqlite3.connect(path, timeout=20) as database:
        database.execute(sql)
    database.close()


COMES = """INSERT INTO presence (room_id, user_id, node_id, connections, since)
    SELECT r.id, u.id, (SELECT MAX(id) FROM nodes), 1, 1700000000000 FROM rooms r, users u
    WHERE r.name = 'general' AND u.username = 'bob'"""
GOES = "DELETE FROM presence WHERE user_id = (SELECT id FROM users WHERE username = 'bob')"


def test_a_count_that_was_never_announced_is_shown_all_the_same(chat, server):
    token, root = chat.tokens("alice", "root")
    many, one = server.joined(token, "general"), server.chatroom("general", token)
    change(chat, COMES)
    for client in (many, one):
        client.expect(event="online_count", online_count=2)
    assert server.online(root, "general") == ["alice", "bob"]
    change(chat, GOES)
    for client in (many, one):
        client.expect(event="online_count", online_count=1)


def test_a_count_that_is_right_is_not_sent_again(chat, server):
    (token,) = chat.tokens("alice")
    chat.room("other")
    client = server.joined(token, "general", "other")
    server.connections(token, "other", alice=1)
    client.settled()
    # Each of these is shown by another comparison.
    change(chat, COMES.replace("general", "other"))
    client.expect(event="online_count", room="other", online_count=2)
    change(chat, GOES)
    client.expect(event="online_count", room="other", online_count=1)
    frames = client.settled()
    # The count of the join itself may come late.
    assert len([frame for frame in frames if frame["event"] == "online_count" and frame["room"] == "general"]) <= 1
