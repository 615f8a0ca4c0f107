"""Browsers behind a gateway, over the wire: enrolled as terminals, over restarts, ended; 200 of them on one certificate; how soon they see what was done."""
import signal
import statistics
import time
import unittest

import pyclient
from pyclient import Gone, Refused, values
from town import PASSWORD, Town

ADMIN = "p_nishida"
ENROLLED, ENDED = 45, 46  # record.h


class Gateway(unittest.TestCase):
    settings = ("--idle", "1min")
    persons = ("p_tanaka", ADMIN)

    @classmethod
    def setUpClass(cls):
        cls.town = Town(persons=cls.persons, passwords=("p_tanaka", "p_suzuki", ADMIN), settings=cls.settings)
        cls.addClassCleanup(cls.town.__exit__, None)
        for gateway in ("web1", "web2"):
            cls.town.certificates("gateway", cls.town.path("ca"), gateway)
        cls.town.start()

    def client(self, who="gateway-web1", **options):
        client = self.town.client(who, **options)
        self.addCleanup(client.close)
        return client

    def refused(self, code, function, *args):
        with self.assertRaises(Refused) as caught:
            function(*args)
        self.assertEqual(caught.exception.code, code)

    def enrolled(self, terminal):
        browser = self.client()
        browser.sign_in(ADMIN, PASSWORD)
        token = browser.enrol(terminal)
        browser.sign_out()
        return browser, token

    def alarm(self, client, place="1階"):
        result = client.act("alarm", entry="fault", values=values(kind="hardware", place=place))
        self.assertEqual(result.outcome, pyclient.pb.ACCEPTED, result.text_en)
        return result.incident

    def records(self, kind):
        admin = self.client("person-" + ADMIN)
        return [r for r in (pyclient.rec.Record.FromString(data) for _, _, _, data in admin.log()) if r.kind == kind]

    def gone(self, client, code):
        with self.assertRaises(Gone) as caught:
            client.pump(lambda: False, 10)
        self.assertEqual(caught.exception.bye and caught.exception.bye.code, code)


class Enrolment(Gateway):
    def test_as_a_terminal(self):
        browser, token = self.enrolled("t1")
        browser.resume(token)
        self.assertEqual((browser.welcome.principal, browser.welcome.person), ("terminal:t1", ""))
        self.assertEqual(browser.act("comment", incident=1, text="x").code, "NOT_SIGNED_IN")
        incident = self.alarm(browser)
        view = browser.subscribe(pyclient.pb.VIEW_INCIDENT, incident)
        self.assertEqual([a.terminal for a in view.of("alarm")], ["t1"])
        operator = self.client("person-p_tanaka", notices=True)
        self.assertIsNotNone(operator.await_notice(incident=incident))

    def test_over_a_restart_and_by_every_device_of_the_terminal(self):
        browser, token = self.enrolled("t2")
        browser.resume(token)
        browser.sign_in("p_tanaka", PASSWORD)
        own = browser.token
        command = browser.command("alarm", entry="fault", values=values(kind="hardware", place="2階"))
        first = browser.give(command)
        self.town.stop(signal.SIGKILL)
        self.town.start()
        browser = self.client(notices=True)
        browser.resume(own)
        self.assertEqual((browser.welcome.principal, browser.welcome.person), ("gateway:web1", "p_tanaka"))
        browser.resume(token)
        self.assertEqual((browser.welcome.principal, browser.welcome.person), ("terminal:t2", "p_tanaka"))
        again = browser.give(command)
        self.assertEqual((again.record, again.incident), (first.record, first.incident))
        agent = self.client("terminal-t2")
        self.assertEqual(agent.give(command).record, first.record, "the terminal's own agent is the same sender")
        self.assertEqual(browser.act("comment", incident=first.incident, text="x").outcome, pyclient.pb.ACCEPTED)
        browser.sign_out()
        self.assertEqual((browser.welcome.principal, browser.welcome.person), ("terminal:t2", ""))

    def test_forged_and_carried_elsewhere(self):
        browser, token = self.enrolled("t1")
        self.refused("TOKEN_INVALID", self.client("gateway-web2").resume, token)
        self.refused("TOKEN_INVALID", self.client("terminal-t2").resume, token)
        for forged in (token[:-1] + ("0" if token[-1] != "0" else "1"), "re-" + "0" * 64, "re-", "rt-" + token[3:], token + "0"):
            self.refused("TOKEN_INVALID", browser.resume, forged)
        self.refused("ALREADY_SIGNED_IN", self.client("person-p_tanaka").resume, token)
        self.assertEqual(browser.act("alarm", entry="fault").code, "NOT_SIGNED_IN")

    def test_who_enrols(self):
        browser = self.client()
        self.refused("NOT_SIGNED_IN", browser.enrol, "t1")
        browser.sign_in("p_tanaka", PASSWORD)
        self.refused("NOT_ENTITLED", browser.enrol, "t1")
        self.refused("NOT_ENTITLED", browser.end_enrolment, "t1")
        self.refused("NOT_ENROLLED", browser.end_enrolment)
        self.refused("NOT_A_BROWSER", self.client("person-" + ADMIN).enrol, "t1")
        browser.sign_in(ADMIN, PASSWORD)
        self.refused("UNKNOWN_TERMINAL", browser.enrol, "t99")

    def test_ended_by_an_administrator(self):
        (one, token), (two, second) = self.enrolled("t3"), self.enrolled("t3")
        one.resume(token)
        two.resume(second)
        admin = self.client("person-" + ADMIN)
        board = admin.subscribe(pyclient.pb.VIEW_BOARD)
        browsers = lambda: {t.id: t.browsers for t in board.of("terminal")}["t3"]
        self.assertEqual(browsers(), 2)
        admin.end_enrolment("t3")
        self.gone(one, "REMOVED")
        self.gone(two, "REMOVED")
        self.assertTrue(admin.pump(lambda: browsers() == 0))
        self.refused("TOKEN_INVALID", self.client().resume, token)
        self.assertEqual([(r.terminal, r.text, r.person) for r in self.records(ENDED)][-1], ("t3", "ended", ADMIN))
        self.assertEqual([(r.terminal, r.name, r.person) for r in self.records(ENROLLED)][-1], ("t3", "web1", ADMIN))

    def test_leaves_by_itself(self):
        browser, token = self.enrolled("t2")
        browser.resume(token)
        browser.end_enrolment()
        self.assertEqual(browser.welcome.principal, "gateway:web1")
        self.refused("TOKEN_INVALID", browser.resume, token)


class Idle(Gateway):
    def test_a_person_at_an_enrolled_browser_is_asked_again(self):
        browser, token = self.enrolled("t1")
        own = browser.sign_in("p_tanaka", PASSWORD)
        self.town.stop()
        self.town.options += ["--idle", "0s"]  # any time at all is too long
        self.town.start()
        browser = self.client()
        browser.resume(own)
        incident = self.alarm(browser)
        self.assertEqual(browser.act("comment", incident=incident, text="x").outcome, pyclient.pb.ACCEPTED, "no terminal: never asked")
        browser.resume(token)
        results = []
        for _ in range(50):  # the clock of the server goes on between two of them
            results.append(browser.act("comment", incident=incident, text="y").code)
            if results[-1]:
                break
        self.assertEqual(results[-1], "SIGN_IN_AGAIN")
        self.alarm(browser, "2階")
        self.refused("SIGN_IN_AGAIN", self.admin_idle().enrol, "t1")

    def admin_idle(self):
        """An administrator whose password is long ago."""
        browser = self.client()
        browser.sign_in(ADMIN, PASSWORD)
        browser.ask(pyclient.pb.ClientFrame(ping=pyclient.pb.Ping(nonce=1)))
        now = int(time.time() * 1000)
        browser.pump(lambda: int(time.time() * 1000) > now + 1)
        return browser


class LeadingEdge(Gateway):
    settings = ("--view-interval", "60s", "--presence-hold", "1h")

    def test_the_first_change_after_quiet_leaves_at_once(self):
        viewer, clerk = self.client("person-p_tanaka"), self.client("terminal-t1")
        board = viewer.subscribe(pyclient.pb.VIEW_BOARD)
        incident = self.alarm(clerk)
        self.assertTrue(viewer.pump(lambda: any(i.id == incident for i in board.of("incident")), 20), "it waited for the interval")


class Crowd(Gateway):
    """Browsers of one office, all through one certificate."""
    COUNT = 200
    ROUNDS = 15
    settings = ("--presence-hold", "500ms", "--silence", "2min")  # one test reads for 200 browsers, now and then

    def test_200_browsers_on_one_certificate(self):
        _, token = self.enrolled("t3")
        login = self.client()
        own = login.sign_in("p_suzuki", PASSWORD)
        browsers = []
        for i in range(self.COUNT):
            browser = self.client(behalf=f"192.0.2.{i % 20}")
            browser.resume(own if i % 2 else token)
            browser.board = browser.subscribe(pyclient.pb.VIEW_BOARD)
            browser.subscribe(pyclient.pb.VIEW_INBOX)
            browsers.append(browser)
        self.assertEqual({b.welcome.principal for b in browsers}, {"terminal:t3", "gateway:web1"})
        clerk, first, times = self.client("terminal-t1"), [], []
        for n in range(self.ROUNDS):
            done = clerk.act("alarm", entry="fault", values=values(kind="hardware", place=f"{n}階"))
            self.assertEqual(done.outcome, pyclient.pb.ACCEPTED)
            began = time.monotonic()
            for i, browser in enumerate(browsers):
                at = done.record
                self.assertTrue(browser.pump(lambda: browser.board.revision >= at, 20), "a browser was left behind")
                if i == 0:
                    first.append((time.monotonic() - began) * 1000)
            times.append((time.monotonic() - began) * 1000)
        # Of the last one most is this test's, which reads for all of them.
        for which, taken in (("one", first), ("the last", times)):
            print(f"{self.COUNT} browsers, from the answer to {which}'s board: median {statistics.median(taken):.0f} ms, worst {max(taken):.0f} ms")
        # A long list of sign-ins from one address, as behind a terminal server: all are answered.
        crowd = [self.client(behalf="192.0.2.99") for _ in range(12)]
        frames = []
        for browser in crowd:
            frame = pyclient.pb.ClientFrame(ref=browser.next_ref())
            frame.sign_in.person, frame.sign_in.password = "p_suzuki", PASSWORD
            browser.send(frame)
            frames.append(frame)
        for browser, frame in zip(crowd, frames):
            self.assertEqual(browser.answer(frame.ref, 60).welcome.person, "p_suzuki")


if __name__ == "__main__":
    unittest.main(verbosity=2)
