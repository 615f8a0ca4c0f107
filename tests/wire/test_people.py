"""People through the real server: a delegation tried at the edge of its term, barring somebody who is connected, reading on record, private
numbers, one notice for several capacities, and a turn that was taken and forgotten, across a restart."""
import os
import signal
import tempfile
import time
import unittest

import pyclient
from pyclient import Refused, values
from town import ROOT, Town

PEOPLE = ("p_tanaka", "p_suzuki", "p_kato", "p_sato", "p_ito", "p_ono", "p_hirata", "p_nishida")


def now_ms():
    return int(time.time() * 1000)


class Case(unittest.TestCase):
    site = "server/plans/taga-demo-site.yaml"
    settings = ("--presence-hold", "0s", "--presence-grace", "1s")

    def setUp(self):
        self.town = Town(terminals=("t1",), persons=PEOPLE, settings=self.settings, site=self.site)
        self.addCleanup(self.town.__exit__, None)
        self.town.start()
        self.clients = {}

    def client(self, who, **options):
        kind = "terminal-" if who.startswith("t") else "person-"
        client = self.town.client(kind + who, **options)
        self.addCleanup(client.close)
        return client

    def device(self, who):
        return self.client(who, notices=True)

    def accepted(self, result):
        self.assertEqual(result.outcome, pyclient.pb.ACCEPTED, f"{result.code} {result.text_en}")
        return result

    def refused(self, code, result):
        self.assertEqual((result.outcome, result.code), (pyclient.pb.REFUSED, code), result.text_en)
        return result

    def records(self, client, incident, kind):
        found = []
        for _, _, _, body in client.log(incident):
            record = pyclient.rec.Record()
            record.ParseFromString(body)
            if body and record.kind == kind:
                found.append(record)
        return found

    def misuse(self, terminal):
        return self.accepted(terminal.act("alarm", entry="misuse", values=values(kind="cs", place="1階 書庫"))).incident


class Term(Case):
    def test_made_before_the_end_and_arriving_after_it(self):
        holder, delegate, terminal = self.device("p_tanaka"), self.device("p_ono"), self.device("t1")
        until = now_ms() + 4000
        self.accepted(holder.act("delegate", to="p_ono", role="operator", kind="delegate", until=until))
        self.accepted(terminal.act("alarm", entry="fault", values=values(kind="hardware", place="1階 書庫")))
        notice = delegate.await_notice(item="A.fault", wants_ack=True)
        self.assertIsNotNone(notice)
        made = pyclient.Client.command("acknowledge", notice=notice.id)  # in time
        delegate.pump(lambda: delegate.notices[notice.id].ended, 20)
        ended = delegate.notices[notice.id]
        self.assertTrue(ended.ended)
        self.assertFalse(ended.values or ended.place or ended.words, "what was taken back says nothing any more")
        self.assertGreaterEqual(now_ms(), until)
        result = self.refused("DELEGATION_EXPIRED", delegate.give(made))
        self.assertIn("p_ono" if "p_ono" in result.text else "小野 由美", result.text)
        self.assertIsNotNone(holder.await_notice(item="A.fault", wants_ack=True), "the holder's own stays open")
        self.accepted(holder.act("acknowledge", notice=notice.id))
        self.assertEqual([a.capacity for a in self.records(holder, 1, 23)], [1])

    def test_absent_though_signed_in(self):
        holder, deputy, terminal = self.device("p_suzuki"), self.device("p_kato"), self.device("t1")
        self.accepted(holder.act("absence", reason="会議", until=now_ms() + 3600000))
        self.misuse(terminal)
        self.assertIsNotNone(deputy.await_notice(item="A.misuse"))
        mine = holder.await_notice(item="A.misuse")
        self.assertIsNotNone(mine, "one's own stays open")
        self.accepted(holder.act("acknowledge", notice=mine.id))  # who acts all the same is there
        board = deputy.subscribe(pyclient.pb.VIEW_BOARD)
        self.assertTrue([p for p in board.of("person") if p.id == "p_suzuki"][0].absent)
        self.accepted(holder.act("absence", back=True))
        deputy.pump(lambda: not [p for p in board.of("person") if p.id == "p_suzuki"][0].absent)
        self.assertFalse(board.of("absence"))


class NeedToKnow(Case):
    def test_barred_while_connected(self):
        barred, deputy, chief, terminal = self.device("p_suzuki"), self.device("p_kato"), self.device("p_ito"), self.device("t1")
        incident = self.misuse(terminal)
        notice = barred.await_notice(item="A.misuse")
        view = barred.subscribe(pyclient.pb.VIEW_INCIDENT, incident)
        board = barred.subscribe(pyclient.pb.VIEW_BOARD)
        self.assertTrue(view.rows and board.of("incident"))
        self.accepted(chief.act("bar", incident=incident, person="p_suzuki", ground="本人の操作を含む"))
        barred.pump(lambda: barred.notices[notice.id].ended and not view.rows and not board.of("incident"), 20)
        self.assertTrue(barred.notices[notice.id].ended)
        self.assertFalse(barred.notices[notice.id].values)
        self.assertFalse(view.rows)
        self.assertFalse(board.of("incident"))
        self.assertIsNotNone(deputy.await_notice(item="A.misuse"), "the deputy steps in at once")
        self.refused("NOT_SEEN", barred.act("comment", incident=incident, text="見たい"))
        self.refused("UNKNOWN_NOTICE", barred.act("acknowledge", notice=notice.id))
        self.refused("NOT_SEEN", barred.act("bar", incident=incident, person="p_suzuki", ground="戻る", readmit=True))
        for ask in (lambda: barred.log_page(1, incident), lambda: barred.subscribe(pyclient.pb.VIEW_INCIDENT, incident)):
            with self.assertRaises(Refused) as no:
                ask()
            self.assertEqual(no.exception.code, "NOT_SEEN")
        again = self.device("p_suzuki")
        again.subscribe(pyclient.pb.VIEW_INBOX)
        self.assertFalse(again.open_notices() or again.views[(pyclient.pb.VIEW_INBOX, 0)].of("notice"))
        self.accepted(deputy.act("acknowledge", notice=notice.id))
        self.accepted(chief.act("bar", incident=incident, person="p_suzuki", ground="無関係", readmit=True))
        self.assertTrue(barred.subscribe(pyclient.pb.VIEW_INCIDENT, incident).rows)

    def test_the_reporting_terminal_sees_its_alarm_and_no_more(self):
        officer, terminal = self.device("p_suzuki"), self.device("t1")
        incident = self.misuse(terminal)
        self.accepted(officer.act("acknowledge", notice=officer.await_notice(item="A.misuse").id))
        self.accepted(officer.act("comment", incident=incident, text="口外しないこと"))
        view = terminal.subscribe(pyclient.pb.VIEW_INCIDENT, incident)
        self.assertTrue(view.of("incident") and view.of("alarm"))
        self.assertFalse(view.of("comment") or view.of("measure") or view.of("incident")[0].facts)
        self.assertEqual({n.item for n in view.of("notice")}, {"A.misuse"})
        with self.assertRaises(Refused):
            terminal.log_page(1, incident)

    def test_reading_is_on_record_once_an_hour(self):
        reader, chief, terminal = self.client("p_sato"), self.client("p_ito"), self.device("t1")
        incident = self.misuse(terminal)
        for _ in range(3):
            reader.subscribe(pyclient.pb.VIEW_INCIDENT, incident, once=True)
        for _ in range(2):
            list(reader.log(incident))
        list(chief.log(incident))
        read = self.records(chief, incident, 41)
        self.assertEqual([(r.person, r.text) for r in read if r.person == "p_sato"], [("p_sato", "incident"), ("p_sato", "log")])
        self.assertIn(("p_ito", "log"), [(r.person, r.text) for r in read], "who looks at the log finds the own look in it")
        fault = self.accepted(terminal.act("alarm", entry="fault", values=values(kind="hardware", place="1階 書庫"))).incident
        reader.subscribe(pyclient.pb.VIEW_INCIDENT, fault, once=True)
        self.assertFalse(self.records(chief, fault, 41), "a fault is for everybody")

    def test_a_private_number_stays_private(self):
        officer, clerk, terminal = self.client("p_tanaka"), self.client("p_hirata"), self.device("t1")
        self.accepted(terminal.act("alarm", entry="fault", values=values(kind="hardware", place="1階 書庫")))
        private = "090-0000-0001"
        command = pyclient.Client.command("acknowledge", notice=officer.subscribe(pyclient.pb.VIEW_INBOX).of("notice")[0].id)
        command.behalf.person, command.behalf.channel, command.behalf.number = "p_tanaka", pyclient.pb.CHANNEL_TELEPHONE, private
        command.behalf.said_at = now_ms()
        self.accepted(clerk.give(command))
        for client, seen in ((clerk, False), (officer, True)):
            rows = client.subscribe(pyclient.pb.VIEW_INCIDENT, 1, once=True).rows.values()
            self.assertEqual(any(private in str(r) for r in rows), seen)
            self.assertEqual(any(private.encode() in body for _, _, _, body in client.log(1)), seen)
        page = clerk.log_page(1, 1)
        self.assertEqual(len([e for e in page.entries if e.withheld and not e.record]), 1)


class Capacities(Case):
    site = "tests/scenarios/towns/small-office.yaml"

    def test_one_notice_and_a_record_for_each(self):
        both, terminal = self.device("p_tanaka"), self.device("t1")
        self.accepted(terminal.act("alarm", entry="unknown", values=values(text="画面が変わった")))
        notice = both.await_notice(item="A.unknown")
        inbox = both.subscribe(pyclient.pb.VIEW_INBOX)
        self.assertEqual(len(inbox.of("notice")), 1)
        self.assertEqual(len(both.open_notices()), 1, "one frame")
        self.assertEqual(len(notice.also), 1)
        for title in ("住基ネット担当者", "セキュリティ責任者"):
            self.assertIn(title, notice.role_title)
            self.assertIn(title, inbox.of("notice")[0].role_title)
        self.accepted(both.act("acknowledge", notice=notice.id))
        self.assertEqual(sorted(a.role for a in self.records(both, 1, 23)), ["operator", "security_officer"])
        self.assertTrue(both.pump(lambda: len(both.open_notices(item="X.classify")) == 1))
        self.assertEqual(len(both.open_notices()), 1, "the next turn too is one notice")


class Overdue(Case):
    @classmethod
    def setUpClass(cls):
        with open(os.path.join(ROOT, Case.site)) as file:
            text = file.read()
        for name in ("at_once", "promptly", "default"):
            start = text.index(f"  - {{id: {name},")
            text = text[:start] + f"  - {{id: {name}, repeat: 60s, ack: 2s, done: 3s}}" + text[text.index("\n", start):]
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.site = os.path.join(folder.name, "hasty.yaml")
        with open(cls.site, "w") as file:
            file.write(text)

    def test_taken_and_forgotten_across_a_restart(self):
        holder, terminal = self.device("p_tanaka"), self.device("t1")
        self.accepted(terminal.act("alarm", entry="fault", values=values(kind="hardware", place="1階 書庫")))
        self.accepted(holder.act("acknowledge", notice=holder.await_notice(item="A.fault").id))
        turn = holder.await_notice(item="F1.1b")
        self.accepted(holder.act("acknowledge", notice=turn.id))
        self.town.stop(signal.SIGKILL)
        self.town.start()
        holder, above = self.device("p_tanaka"), self.device("p_suzuki")
        self.assertTrue(holder.pump(lambda: turn.id in holder.notices and not holder.notices[turn.id].ended, 20), "told anew")
        self.assertIn("済んでいません", holder.notices[turn.id].title)
        self.assertTrue(above.pump(lambda: turn.id in above.notices and not above.notices[turn.id].ended, 20), "the one above hears of it")
        board = above.subscribe(pyclient.pb.VIEW_BOARD)
        self.assertTrue([n for n in board.of("notice") if n.id == turn.id and n.overdue])
        self.accepted(holder.act("enter", incident=1, item="F1.1b", values=values(kind="hardware", place="1階 書庫", cause="電源")))
        self.assertTrue(holder.pump(lambda: holder.notices[turn.id].ended, 10))


if __name__ == "__main__":
    unittest.main()
