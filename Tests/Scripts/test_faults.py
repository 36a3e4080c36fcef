"""The judgement of Tests/Faults: what a client must not be shown, what must not be stored, and the plan of a run."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Faults"))

from plan import FORMS, KINDS, plan  # noqa: E402
from promises import Attempt, Log, Post, Promises  # noqa: E402
from shown import Shown  # noqa: E402
from stalls import Stalls  # noqa: E402


def message(seq, body="1-1 says", room="plaza", number=None, **more):
    return {"id": number or seq, "room": room, "seq": seq, "body": body, **more}


def joined(last_seq, epoch="e.1", recovered=True, room="plaza"):
    return {"room": room, "last_seq": last_seq, "epoch": epoch, "online_count": 1, "recovered": recovered}


class PlanTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_plan(self):
        for form in FORMS:
            self.assertEqual(plan(form, 7, 22), plan(form, 7, 22))
            self.assertNotEqual(plan(form, 7, 22), plan(form, 8, 22))

    def test_faults_fit_in_the_run_and_hold_no_target_at_once(self):
        for seed in range(50):
            for form in FORMS:
                ends = {}
                for fault in plan(form, seed, 22).faults:
                    self.assertLessEqual(fault.at + fault.length, 22.01)
                    self.assertGreaterEqual(fault.at, ends.get(fault.target, 0))
                    ends[fault.target] = fault.at + fault.length

    def test_every_kind_is_drawn_in_its_forms_only(self):
        for form in FORMS:
            drawn = {fault.kind for seed in range(200) for fault in plan(form, seed, 22).faults}
            self.assertEqual(drawn, {kind.name for kind in KINDS if form in kind.forms})

    def test_only_restricts_the_kinds(self):
        self.assertEqual({fault.kind for fault in plan("redis", 1, 22, ["node_kill"]).faults}, {"node_kill"})


class ShownTest(unittest.TestCase):
    def setUp(self):
        self.found = []
        self.shown = Shown(self.found.append)

    def show(self, *seqs, **more):
        for seq in seqs:
            self.shown.take({"event": "message", "message": message(seq, **more)}, 1)

    def test_messages_in_order_over_a_resumption_are_right(self):
        self.shown.joined(joined(5), {}, 0)
        self.show(6, 7)
        self.shown.disconnected()
        self.shown.joined(joined(9), self.shown.place("plaza"), 2)
        self.show(8, 9, 10)
        self.assertEqual(self.found, [])

    def test_a_hole_and_a_repetition_are_found(self):
        self.shown.joined(joined(5), {}, 0)
        self.show(6, 8)
        self.assertIn("a hole", self.found[0])
        self.show(8)
        self.assertIn("repeated", self.found[1])

    def test_a_hole_between_two_connections_is_found(self):
        self.shown.joined(joined(5), {}, 0)
        self.shown.disconnected()
        self.shown.joined(joined(6), self.shown.place("plaza"), 2)
        self.show(7)
        self.assertIn("a hole", self.found[0])

    def test_another_epoch_starts_afresh(self):
        self.shown.joined(joined(5), {}, 0)
        self.shown.disconnected()
        self.shown.joined(joined(2, epoch="e.2", recovered=False), self.shown.place("plaza"), 2)
        self.show(3)
        self.assertEqual(self.found, [])
        self.shown.disconnected()
        self.shown.joined(joined(2, epoch="e.3", recovered=True), self.shown.place("plaza"), 3)
        self.assertIn("another log, and recovered", self.found[0])

    def test_the_same_log_must_be_recovered_if_it_still_exists(self):
        self.shown.joined(joined(5), {}, 0)
        self.shown.disconnected()
        self.shown.joined(joined(6, recovered=False), self.shown.place("plaza"), 2)
        self.assertEqual(list(self.shown.differing({}, Promises())), [])
        self.assertIn("not recovered", next(self.shown.differing({"e.1": Log("e.1", "plaza", [])}, Promises())))

    def test_a_message_of_a_room_that_is_not_joined_is_found(self):
        self.shown.joined(joined(0), {}, 0)
        self.shown.take({"event": "removed", "room": "plaza"}, 1)
        self.show(1)
        self.assertIn("not joined", self.found[0])

    def test_a_renamed_room_is_the_same_room(self):
        self.shown.joined(joined(0), {}, 0)
        self.shown.take({"event": "room", "room": {"name": "plaza-v2"}}, 1)
        self.show(1, room="plaza-v2")
        self.assertEqual((self.found, self.shown.seats["plaza"].name), ([], "plaza-v2"))

    def differing(self, *messages, promises=None):
        return list(self.shown.differing({"e.1": Log("e.1", "plaza", list(messages))}, promises or Promises()))

    def test_an_edit_and_a_deletion_that_were_not_shown_are_found(self):
        self.shown.joined(joined(0), {}, 0)
        self.show(1, 2)
        edited, deleted = message(1, "1-1 edited"), message(2, "", deleted=True)
        self.assertEqual(len(self.differing(edited, deleted)), 2)
        self.shown.take({"event": "message_edited", "message": edited}, 1)
        self.shown.take({"event": "message_deleted", "room": "plaza", "seq": 2}, 1)
        self.assertEqual(self.differing(edited, deleted), [])

    def test_what_was_edited_while_the_client_was_away_need_not_be_shown(self):
        promises = Promises()
        self.shown.joined(joined(0), {}, 0)
        self.show(1)
        promises.change(1, "1-1 edited", 1).confirmed = 1.5
        self.shown.disconnected()
        self.shown.joined(joined(1), self.shown.place("plaza"), 2)
        self.assertEqual(self.differing(message(1, "1-1 edited"), promises=promises), [])
        promises.change(1, "1-1 edited again", 3).confirmed = 3.5
        self.assertEqual(len(self.differing(message(1, "1-1 edited again"), promises=promises)), 1)

    def test_a_deletion_that_did_not_take_place_makes_no_edit_due(self):
        promises = Promises()
        self.shown.joined(joined(0), {}, 0)
        self.show(1)
        promises.change(1, "1-1 edited", 1).confirmed = 1.5
        self.shown.disconnected()
        self.shown.joined(joined(1), self.shown.place("plaza"), 2)
        promises.change(1, None, 3)
        self.assertEqual(self.differing(message(1, "1-1 edited"), promises=promises), [])
        self.assertEqual(len(self.differing(message(1, "", deleted=True), promises=promises)), 1)

    def test_what_was_shown_and_is_not_stored_is_found(self):
        self.shown.joined(joined(0), {}, 0)
        self.show(1)
        self.assertIn("not stored", self.differing()[0])


class PromisesTest(unittest.TestCase):
    def setUp(self):
        self.promises = Promises()

    def post(self, client_id, *attempts):
        self.promises.posts[client_id] = Post(client_id, f"{client_id} says", "plaza", list(attempts))

    def broken(self, *messages):
        return self.promises.broken([Log("e.1", "plaza", list(messages))])

    def acknowledged(self, seq=1, epoch="e.1"):
        return Attempt(epoch, 0, 1, seq, seq)

    def test_an_acknowledged_message_is_stored_as_it_is(self):
        self.post("1-1", Attempt("e.1", 0), self.acknowledged())
        self.assertEqual(self.broken(message(1)), [])
        self.assertIn("not stored", self.broken()[0])
        self.assertIn("stored as", self.broken(message(1, "1-1 shouts"))[0])

    def test_a_message_of_a_room_that_is_gone_is_gone(self):
        self.post("1-1", self.acknowledged(epoch="e.0"))
        self.assertEqual(self.broken(), [])

    def test_a_message_that_is_stored_twice_is_found(self):
        self.post("1-1", self.acknowledged())
        self.assertIn("more than once", self.broken(message(1), message(2))[0])

    def test_two_acknowledgements_name_one_message(self):
        self.post("1-1", self.acknowledged(1), self.acknowledged(2))
        self.assertTrue(any("several messages" in text for text in self.broken(message(1), message(2))))

    def test_what_was_refused_is_not_stored_unless_an_attempt_was_not_answered(self):
        refused = Attempt("e.1", 0, 1, refusal="unavailable")
        self.post("1-1", refused)
        self.assertIn("refused", self.broken(message(1))[0])
        self.post("1-1", Attempt("e.1", 0), refused)
        self.assertEqual(self.broken(message(1)), [])

    def test_a_log_has_no_gap(self):
        self.assertIn("not 1, 2, 3", self.broken(message(1), message(3, "1-3 says"))[0])

    def test_a_confirmed_change_is_stored(self):
        self.post("1-1", self.acknowledged())
        self.promises.change(1, "1-1 edited", 2).confirmed = 3
        self.assertEqual(self.broken(message(1, "1-1 edited")), [])
        self.assertIn("confirmed", self.broken(message(1))[0])
        self.promises.change(1, None, 4).confirmed = 5
        self.assertEqual(self.broken(message(1, "", deleted=True)), [])
        self.assertIn("confirmed", self.broken(message(1, "1-1 edited"))[0])


    def test_the_later_of_two_edits_of_one_connection_is_stored(self):
        self.post("1-1", self.acknowledged())
        one, other = object(), object()
        self.promises.change(1, "1-1 first", 2, one).confirmed = 5
        self.promises.change(1, "1-1 second", 3, one).confirmed = 4
        self.assertEqual(self.broken(message(1, "1-1 second")), [])
        self.assertIn("confirmed", self.broken(message(1, "1-1 first"))[0])
        self.promises.change(1, "1-1 third", 3.5, other).confirmed = 6
        self.assertEqual(self.broken(message(1, "1-1 second")), [])
        self.assertEqual(self.broken(message(1, "1-1 third")), [])


class StallsTest(unittest.TestCase):
    class Seat:
        joined = 0

    def test_the_length_of_the_fault_is_no_excess(self):
        stalls = Stalls()
        stalls.began("database_pause", 10)[2] = 13
        stalls.acknowledged(1, 11, 13.5)
        stalls.acknowledged(2, 20, 29)
        stalls.saw(1, 14.5, self.Seat)
        self.assertEqual(stalls.table(), {"database_pause": (0.5, 0)})

    def test_what_follows_a_fault_without_a_length_is_its_excess(self):
        stalls = Stalls()
        stalls.began("client_resets", 10)[2] = 10
        stalls.acknowledged(1, 9.5, 10.5)
        self.assertEqual(stalls.table(), {"client_resets": (1.0, 0)})


if __name__ == "__main__":
    unittest.main()
