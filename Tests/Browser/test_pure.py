"""The script's functions that touch neither the page nor the network, run in the page."""

import pytest


@pytest.fixture
def run(people):
    page = people("alice").page
    return lambda script, argument=None: page.evaluate(script, argument)


def message(seq, body=""):
    return {"seq": seq, "body": body or f"m{seq}"}


def test_text_is_split_into_links_mentions_and_the_rest(run):
    def pieces(text):
        return [piece for piece in run("(text) => Chat.pieces(text)", text)]

    def links(text):
        return [piece["text"] for piece in pieces(text) if piece["kind"] == "link"]

    def names(text):
        return [piece["name"] for piece in pieces(text) if piece["kind"] == "mention"]

    assert links("see http://a.example/x. Or (https://b.example/y_(z))!") == ["http://a.example/x", "https://b.example/y_(z)"]
    assert links("javascript:alert(1) data:text/html,x //c.example ftp://d.example http://") == []
    assert links("https://user:secret@evil.example/") == []
    assert links("https://a.example/\u202egpj.exe") == ["https://a.example/"]
    assert links('https://a.example/"onmouseover=x <https://b.example>') == ["https://a.example/", "https://b.example"]
    assert names("@bob, @Carol. me@example.org @@x (@dan.) @-no") == ["bob", "carol", "dan"]
    for text in ("", "plain", "a @bob b https://a.example c", "<b>&amp;</b>\n\n", "https://a.example/?q=@bob @bob"):
        assert "".join(piece["text"] for piece in pieces(text)) == text


def test_messages_are_merged_by_seq_without_a_hole(run):
    def seqs(script, **arguments):
        return run("(a) => { const w = Chat.window; const of = (list, more) => w.of(list, more); " + script + " }", arguments)

    first = [message(seq) for seq in range(1, 4)]
    assert seqs("return w.received(of(a.list), a.next).list.map((m) => m.seq)", list=first, next=message(4)) == [1, 2, 3, 4]
    assert seqs("return w.received(of(a.list), a.next).list.map((m) => m.seq)", list=first, next=message(2)) == [1, 2, 3]
    gap = seqs("const r = w.received(of(a.list), a.next); return [r.gap, r.live, r.list.length]", list=first, next=message(6))
    assert gap == [True, False, 3]
    healed = seqs(
        "const r = w.newer(w.received(of(a.list), a.next), a.page); return [r.live, r.list.map((m) => m.seq)]",
        list=first, next=message(6), page=[message(seq) for seq in range(4, 7)])
    assert healed == [True, [1, 2, 3, 4, 5, 6]]
    old = seqs(
        "const r = w.older(of(a.list), a.page, true); return [r.live, r.atStart, r.list.length, r.list[0].seq]",
        list=[message(seq) for seq in range(250, 501)], page=[message(seq) for seq in range(150, 250)])
    assert old == [False, True, 300, 150]
    counted = seqs(
        "const r = w.received(of(a.list, { live: false, newest: 9 }), a.next); return [r.missed, r.newest, r.list.length]",
        list=first, next=message(10))
    assert counted == [1, 10, 3]
    gone = seqs("return w.deleted(of(a.list), 2).list.map((m) => [m.body, Boolean(m.deleted)])", list=first)
    assert gone == [["m1", False], ["", True], ["m3", False]]


def test_the_outbox_keeps_the_order_and_gives_back_what_is_refused(run):
    told = run("""() => {
        const told = [];
        const outbox = new Chat.Outbox();
        for (const id of ["a", "b", "c"]) outbox.add({ id, room: "r", body: id });
        const next = (now, joined = true) => told.push(outbox.next(now, () => joined)?.id ?? null);
        next(0, false);
        next(0);
        next(0);
        outbox.disconnected();
        next(0);
        outbox.acknowledged("a");
        next(0);
        told.push(outbox.refused("b", "rate_limited", 300, 1000));
        next(1200);
        next(1300);
        told.push(outbox.refused("b", "muted", undefined, 1300).body);
        next(1300);
        outbox.acknowledged("c");
        outbox.acknowledged("unknown");
        next(1300);
        return told;
    }""")
    assert told == [None, "a", None, "a", "b", None, None, "b", "b", "c", None]


def test_attempts_to_connect_become_rarer_up_to_half_a_minute(run):
    waits = run("() => [0, 1, 2, 6, 50].map((attempt) => [Chat.backoff(attempt, 0), Chat.backoff(attempt, 1)])")
    assert waits == [[200, 400], [400, 800], [800, 1600], [12800, 25600], [15000, 30000]]


def test_names_are_completed_where_they_are_written(run):
    def found(text, caret=None):
        return run("([text, caret]) => Chat.mentionBefore(text, caret)", [text, len(text) if caret is None else caret])

    assert found("hi @bo") == {"start": 4, "prefix": "bo"}
    assert found("@") == {"start": 1, "prefix": ""}
    assert found("hi @bo and", 6) == {"start": 4, "prefix": "bo"}
    assert found("me@bo") is None
    assert found("hi bo") is None
    assert run("() => Chat.offers('b', ['bob', 'alice', 'ben', 'b'], 'ben')") == ["bob"]


def test_a_permalink_and_a_quote_lead_to_the_message(run):
    quote = run("""() => Chat.quote({ room: "general", seq: 7, body: "> older\\n\\nthe answer\\nmore",
        author: { username: "bob" } }, "https://chat.example")""")
    assert quote == "> @bob: the answer https://chat.example/chat/room/general?before=27#m7\n"
