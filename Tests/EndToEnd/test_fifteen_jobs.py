"""An operator's day in fifteen jobs, the same ones on a database and over a server.

`make test` runs this file on SQLite and on PostgreSQL with Redis, so each job is done in four ways. A job uses the output
of commands as a script would: JSON, statuses and nothing else.
"""

import json


def test_an_operator_does_fifteen_jobs(operator, tmp_path):
    run, read = operator.run, operator.json

    # 1. Provision accounts, as often as one likes.
    for created in (True, False):
        for name, options in (("ops", ["--admin"]), ("carol", ["--display-name", "Carol C."]), ("dave", [])):
            made = read("user", "create", name, *options, "--if-not-exists")
            assert list(made) == ["user", "created", "password"] and made["created"] is created

    # 2. Find that somebody is no administrator, and make them one.
    assert read("user", "create", "carol", "--admin", "--if-not-exists")["user"]["role"] == "user"
    assert read("user", "role", "carol", "admin")["role"] == "admin"

    # 3. Provision rooms and members, as often as one likes.
    for created in (True, False):
        room = read("room", "create", "plans", "--private", "--topic", "Plans", "--if-not-exists", by="root")
        assert room["created"] is created and room["kind"] == "private"
        members = read("room", "members", "plans", "--add", "alice", "--add", "bob", "--add", "ops")
        assert [each["username"] for each in members] == ["alice", "bob", "ops", "root"]

    # 4. Give a robot a token that ends, and take it away.
    issued = read("user", "token", "dave", "--label", "robot", "--expires", "30d")
    assert [each["id"] for each in read("user", "tokens", "dave") if each["label"] == "robot"] == [issued["id"]]
    run("user", "revoke-token", "dave", str(issued["id"]))
    assert issued["id"] not in [each["id"] for each in read("user", "tokens", "dave")]

    # 5. Set a password, and generate one.
    run("user", "password", "alice", "--password-stdin", input="a long phrase\r\n")
    assert len(read("user", "password", "bob", "--generate-password")["password"]) == 20

    # 6. Announce something, once, however often the job is repeated.
    for _ in range(2):
        assert run("send", "plans", "window tonight", "--client-id", "announce-1", by="alice").out == "1\n"

    # 7. Feed a log into a room.
    lines = "".join(f"deploy {number} ok\n" for number in range(1, 61))
    assert run("send", "plans", "--lines", by="bob", input=lines).lines == [str(seq) for seq in range(2, 62)]

    # 8. Wait for an event in a script.
    waiting = operator.start("tail", "plans", "-n10", "--match", "deploy 61 (ok|failed)", "--count", "1", "--json",
                             "--timeout", "60s")
    run("send", "plans", "deploy 61 ok", by="alice")
    assert waiting.document()["body"] == "deploy 61 ok" and waiting.wait() == 0

    # 9. Read on where one stopped.
    cursor = str(tmp_path / "cursor")
    assert len(run("tail", "plans", "-n", "5", "--cursor", cursor, "--json").documents) == 5
    run("send", "plans", "after the break", by="alice")
    assert [each["body"] for each in run("tail", "plans", "--cursor", cursor, "--json").documents] == ["after the break"]

    # 10. Search, page by page, and know that there is more.
    first = run("message", "search", "deploy", "--room", "plans", "-n", "50", "--json")
    assert len(first.json) == 50 and f"--before {first.json[0]['id']}" in first.err
    rest = run("message", "search", "deploy", "--room", "plans", "--before", str(first.json[0]["id"]), "--json")
    assert len(rest.json) == 11 and rest.err == ""

    # 11. Silence a spammer for an hour, see who is restricted, and let them speak again.
    imposed = read("room", "mute", "plans", "bob", "--for", "1h")
    assert imposed["changed"] and [each["kind"] for each in imposed["restrictions"]] == ["mute"]
    assert imposed["restrictions"] == read("room", "restrictions", "plans")
    run("send", "plans", "spam", by="bob", code=77)
    assert read("room", "unmute", "plans", "bob") == {
        "room": "plans", "username": "bob", "changed": True, "restrictions": []}
    assert "nothing to do" in run("room", "unmute", "plans", "bob").out

    # 12. Remove messages and a member.
    assert read("message", "delete", "plans", "2", "3") == {"room": "plans", "deleted": [2, 3]}
    assert read("room", "kick", "plans", "bob")["changed"] is True
    assert read("room", "kick", "plans", "bob")["changed"] is False
    assert "bob" not in [each["username"] for each in read("room", "members", "plans")]

    # 13. Lock accounts and unlock them; a mistyped name changes nothing.
    run("user", "disable", "bob", "dvae", code=66)
    assert [each["disabled"] for each in read("user", "disable", "bob", "dave")] == [True, True]
    assert [each["disabled"] for each in read("user", "enable", "bob", "dave")] == [False, False]

    # 14. Rename and archive a room.
    read("room", "rename", "plans", "plans-2026", by="root")
    assert read("room", "archive", "plans-2026", by="root")["archived"] is True
    run("send", "plans-2026", "too late", by="alice", code=77)

    # 15. Hand over: others are the administrators now, and one always is.
    run("user", "role", "carol", "user")
    run("user", "delete", "dave", "bob", "--yes")
    if not operator.server:
        run("user", "role", "root", "user")
        assert json.loads(run("user", "disable", "ops", "--json", code=77).err)["error"]["code"] == "not_allowed"
    admins = [each["username"] for each in read("user", "list") if each["role"] == "admin" and not each["disabled"]]
    assert admins == (["ops", "root"] if operator.server else ["ops"])
