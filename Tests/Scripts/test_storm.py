"""The judgement of Tests/Storm: each kind of fault makes it fail, and a server that survived does not."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Storm"))

from ledger import Ledger  # noqa: E402
from verdict import Measured, Usage, failures  # noqa: E402
from watched import Watched  # noqa: E402


def survived(**changes):
    """Returns the measurements of a server that survived, except for `changes`."""
    usual = {"before": Usage(50, 40), "quiet_rss": 60, "peak_rss": 80, "after": Usage(60, 42), "drain": 0}
    return Measured(**{**usual, **changes})


class VerdictTest(unittest.TestCase):
    def assert_failure(self, says, **changes):
        found = failures(survived(**changes))
        self.assertEqual(len(found), 1, found)
        self.assertIn(says, found[0])

    def test_a_server_that_survived_is_no_failure(self):
        self.assertEqual(failures(survived()), [])

    def test_an_end_is_a_failure_and_its_memory_is_not_looked_at(self):
        self.assert_failure("ended with status -4", exit_status=-4, after=Usage(), drain=None)
        self.assert_failure("ended with status 0", exit_status=0, after=Usage(), drain=None)

    def test_a_crash_in_the_log_is_shown_with_what_follows_it(self):
        log = "a\nChatCore/Timestamp.swift:22: Fatal error: arithmetic overflow\n0x1 in run\nb\n"
        self.assert_failure("0x1 in run", log=log)

    def test_an_ordinary_log_is_no_crash(self):
        self.assertEqual(failures(survived(log="warning: a client was too slow\nerror: the database does not answer\n")), [])

    def test_memory_and_descriptors_are_limited(self):
        self.assert_failure("memory rose from 60 to 189 MiB", peak_rss=189)
        self.assert_failure("memory is not back", after=Usage(83, 42))
        self.assert_failure("descriptors are not back", after=Usage(60, 49))
        self.assertEqual(failures(survived(peak_rss=124, after=Usage(82, 48))), [])

    def test_what_honest_clients_lost_is_a_failure(self):
        self.assert_failure("was disconnected", honest=["alice was disconnected: 1006"])

    def test_an_answer_of_another_format_is_a_failure(self):
        self.assert_failure("3 times status 500:\n    GET /", findings=[{"kind": "status 500:", "count": 3, "examples": ["GET /"]}])

    def test_a_fault_of_the_storm_is_a_failure(self):
        self.assert_failure("the storm itself", errors=["Traceback"])

    def test_a_server_that_does_not_drain_is_a_failure(self):
        self.assert_failure("after SIGTERM", drain=1)


class LedgerTest(unittest.TestCase):
    def setUp(self):
        self.ledger = Ledger()

    def show(self, *seqs, watcher="alice"):
        for seq in seqs:
            self.ledger.show(watcher, seq, f"m{seq}")

    def acknowledge(self, *seqs):
        for seq in seqs:
            self.ledger.acknowledge(seq, f"m{seq}")

    def test_everything_once_and_in_order_is_no_fault(self):
        self.acknowledge(7, 8)
        self.show(6, 7, 8)
        self.show(7, 8, watcher="bob")
        self.assertTrue(self.ledger.is_complete())
        self.assertEqual(self.ledger.close({5: "m5", 6: "m6", 7: "m7", 8: "m8"}), [])

    def test_a_lost_message(self):
        self.acknowledge(1, 2, 3)
        self.show(1, 3)
        self.assertEqual(self.ledger.close(), [
            "alice was shown seq 3 after 1: 1 lost or late", "seq 2, acknowledged as 'm2', was never shown to alice"])

    def test_a_message_lost_at_the_end(self):
        self.acknowledge(1, 2)
        self.show(1)
        self.assertFalse(self.ledger.is_complete())
        self.assertEqual(len(self.ledger.close()), 1)

    def test_a_message_shown_twice(self):
        self.show(1, 2, 2)
        self.assertEqual(self.ledger.close(), ["alice was shown seq 2 twice"])

    def test_messages_out_of_order(self):
        self.show(1, 3, 2)
        self.assertIn("alice was shown seq 2 after 3: out of order", self.ledger.close())

    def test_another_body_than_the_acknowledged_one(self):
        self.acknowledge(1)
        self.ledger.show("alice", 1, "other")
        self.assertEqual(self.ledger.close(), ["seq 1, acknowledged as 'm1', was shown as 'other' to alice"])

    def test_an_acknowledged_message_that_is_not_stored(self):
        self.acknowledge(1)
        self.show(1)
        self.assertEqual(self.ledger.close({}), ["seq 1, acknowledged as 'm1', was never shown to the log"])

    def test_one_seq_for_two_messages(self):
        self.ledger.acknowledge(1, "a")
        self.ledger.acknowledge(1, "b")
        self.assertEqual(len(self.ledger.faults), 1)


class WatchedTest(unittest.TestCase):
    """A process that dies in place of a server."""

    def watch(self, program):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        log = pathlib.Path(folder.name) / "log"
        with open(log, "wb") as errors:
            process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stderr=errors)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        return Watched(process, log)

    def test_a_server_that_traps_is_found_with_what_it_wrote(self):
        watched = self.watch(
            "import os, sys; sys.stderr.write('main.swift:1: Fatal error: Index out of range\\n'); sys.stderr.flush(); os.abort()")
        watched.process.wait(30)
        found = failures(Measured(exit_status=watched.exit_status, log=watched.text()))
        self.assertEqual(found[0], "the server ended with status -6 during the storm")
        self.assertIn("Index out of range", found[1])
        self.assertEqual(watched.usage(), Usage())

    def test_the_memory_of_a_running_process_is_read(self):
        watched = self.watch("input()")
        self.assertIsNone(watched.exit_status)
        usage = watched.usage()
        self.assertGreater(usage.rss, 0)
        self.assertGreaterEqual(usage.descriptors, 3)
        self.assertGreaterEqual(watched.peak_rss, usage.rss)


if __name__ == "__main__":
    unittest.main()
