"""Who a certificate is and what it may do: expired, revoked, strange, unknown to the site; a gateway; shared terminals."""
import os
import signal
import unittest

import pyclient
from pyclient import Gone, Refused, values
from town import PASSWORD, Town


class Identity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = Town(terminals=("t1",), persons=("p_tanaka",), passwords=("p_tanaka", "p_suzuki"), settings=("--idle", "0s"))
        cls.addClassCleanup(cls.town.__exit__, None)
        ca = cls.town.path("ca")
        cls.town.certificates("terminal", ca, "t2", "--days", "0")
        cls.town.certificates("person", ca, "p_suzuki", "--days", "0")
        cls.town.certificates("terminal", ca, "t3")
        cls.town.certificates("terminal", ca, "t99")
        cls.town.certificates("person", ca, "p_nobody")
        cls.town.certificates("gateway", ca, "web1")
        cls.town.start()

    def client(self, who, **options):
        client = self.town.client(who, **options)
        self.addCleanup(client.close)
        return client

    def alarm(self, client, place):
        return client.act("alarm", entry="fault", values=values(kind="hardware", place=place))

    def turned_away(self, who, code):
        with self.assertRaises(Gone) as caught:
            self.client(who).pump(lambda: False, 5)
        if code:
            self.assertEqual(caught.exception.bye and caught.exception.bye.code, code)

    def test_expired_terminal_may_still_raise(self):
        clerk = self.client("terminal-t2", notices=True)
        self.assertTrue(clerk.welcome.warning and clerk.welcome.warning_en)
        result = self.alarm(clerk, "期限切れの端末")
        self.assertEqual(result.outcome, pyclient.pb.ACCEPTED, result.text)
        self.assertIsNotNone(clerk.await_notice(incident=result.incident), "and it receives")
        with self.assertRaises(Refused) as caught:
            clerk.sign_in("p_tanaka", PASSWORD)
        self.assertEqual(caught.exception.code, "CERTIFICATE_EXPIRED")

    def test_expired_person_may_not_act(self):
        person = self.client("person-p_suzuki")
        self.assertTrue(person.welcome.warning)
        self.assertEqual(person.act("comment", incident=1, text="x").code, "SIGN_IN_AGAIN")

    def test_unknown_to_the_site(self):
        self.turned_away("terminal-t99", "UNKNOWN_TERMINAL")
        self.turned_away("person-p_nobody", "UNKNOWN_PERSON")

    def test_gateway_only_signs_in(self):
        gateway = self.client("gateway-web1")
        self.assertEqual((gateway.welcome.principal, gateway.welcome.person), ("gateway:web1", ""))
        self.assertEqual(self.alarm(gateway, "x").code, "NOT_SIGNED_IN")
        with self.assertRaises(Refused) as caught:
            gateway.subscribe(pyclient.pb.VIEW_BOARD)
        self.assertEqual(caught.exception.code, "NOT_SIGNED_IN")
        gateway.sign_in("p_tanaka", PASSWORD)
        self.assertTrue(gateway.subscribe(pyclient.pb.VIEW_BOARD, once=True).of("town"))

    def test_shared_terminal_asks_again(self):
        """idle is nothing here: only the act right after the password counts."""
        desk = self.client("terminal-t1")
        incident = self.alarm(desk, "共用端末").incident
        desk.sign_in("p_tanaka", PASSWORD)
        command = desk.command("comment", incident=incident, text="x")
        results = [desk.give(command)]
        for _ in range(50):  # the clock of the server goes on between two of them
            results.append(desk.act("comment", incident=incident, text="y"))
            if results[-1].code:
                break
        self.assertEqual(results[-1].code, "SIGN_IN_AGAIN")
        self.assertEqual(self.alarm(desk, "共用端末2").outcome, pyclient.pb.ACCEPTED, "an alarm is the terminal's own and never asks")
        self.assertTrue(desk.subscribe(pyclient.pb.VIEW_INBOX, once=True).of("town"), "nor does reading")

    def test_revoked_while_connected(self):
        session = self.client("terminal-t3")
        self.town.certificates("revoke", self.town.path("ca"), self.town.path("ca", "terminal-t3.pem"))
        os.kill(self.town.server.pid, signal.SIGHUP)
        with self.assertRaises(Gone) as caught:
            session.pump(lambda: False, 10)
        self.assertIn(caught.exception.bye and caught.exception.bye.code, (None, "CERTIFICATE_REVOKED"))
        self.turned_away("terminal-t3", None)
        self.assertEqual(self.client("terminal-t1").welcome.principal, "terminal:t1", "others are served")


if __name__ == "__main__":
    unittest.main(verbosity=2)
