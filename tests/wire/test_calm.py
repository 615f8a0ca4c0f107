"""A cut or a restart that is over before anybody counts as absent escalates nobody; who stays away does get a deputy, at once."""
import signal
import unittest

import pyclient
from pyclient import values
from town import Town

ESCALATED = 26  # record.h


class Calm(unittest.TestCase):
    def setUp(self):
        self.town = Town(terminals=("t1",), persons=("p_tanaka", "p_suzuki"), settings=("--presence-hold", "2s", "--presence-grace", "3s"))
        self.addCleanup(self.town.__exit__, None)
        self.town.start()

    def device(self, who):
        client = self.town.client(who, notices=True)
        self.addCleanup(client.close)
        return client

    def present(self, client, person):
        """Waits until the board has that person present."""
        board = client.subscribe(pyclient.pb.VIEW_BOARD)
        self.assertTrue(client.pump(lambda: any(p.id == person and p.present for p in board.of("person"))), f"{person} is never present")

    def escalations(self, client):
        found = []
        for _, _, _, data in client.log(incident=1):
            record = pyclient.rec.Record.FromString(data)
            if record.kind == ESCALATED:
                found.append(record)
        return found

    def alarmed(self):
        """The operator is there, and has a fault's notice that he has not acknowledged."""
        operator, clerk = self.device("person-p_tanaka"), self.device("terminal-t1")
        self.present(operator, "p_tanaka")
        result = clerk.act("alarm", entry="fault", values=values(kind="hardware"))
        self.assertEqual(result.outcome, pyclient.pb.ACCEPTED)
        self.assertIsNotNone(operator.await_notice(item="A.fault", role="operator"))
        return operator, clerk

    def test_short_cut(self):
        operator, _ = self.alarmed()
        operator.close()
        other = self.device("person-p_suzuki")  # counts as present as long after the cut as it takes to count as absent
        operator = self.device("person-p_tanaka")
        self.assertIsNotNone(operator.await_notice(item="A.fault", role="operator"), "still open, and told again")
        self.present(other, "p_suzuki")
        self.assertEqual(self.escalations(operator), [])

    def test_restart(self):
        self.alarmed()
        self.town.stop(signal.SIGKILL)
        self.town.start()
        operator = self.device("person-p_tanaka")
        self.assertIsNotNone(operator.await_notice(item="A.fault", role="operator"))
        self.present(operator, "p_tanaka")
        self.assertEqual(self.escalations(operator), [])

    def test_staying_away(self):
        operator, clerk = self.alarmed()
        operator.close()
        board = clerk.subscribe(pyclient.pb.VIEW_BOARD)
        self.assertTrue(clerk.pump(lambda: any(r.notice and r.person == "p_mori" for r in board.of("telephone"))), "the deputy is never called")
        operator = self.device("person-p_tanaka")
        self.assertIsNotNone(operator.await_notice(item="A.fault", role="operator"), "the absent holder's own notice stays open")
        reasons = [(r.text, [p.id for p in r.recipients]) for r in self.escalations(operator)]
        self.assertEqual(reasons[0][0], "absent")
        self.assertIn("p_mori", reasons[0][1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
