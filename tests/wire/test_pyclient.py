"""A client written from docs/protocol.md alone against the real server: signs in, raises an alarm, receives and acknowledges
notices, keeps views, verifies the log. And what the page says: its bytes, its reason codes, its limits."""
import re
import struct
import tempfile
import time
import unittest

import pyclient
from pyclient import Client, Gone, Refused, values
from town import PASSWORD, ROOT, Town


def read(*names):
    with open("/".join((ROOT,) + names), encoding="utf-8") as f:
        return f.read()


class Page(unittest.TestCase):
    """docs/protocol.md against the sources."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="renraku-test.")
        cls.addClassCleanup(folder.cleanup)
        pyclient.generate(ROOT, folder.name)

    def test_example_bytes(self):
        pb = pyclient.pb
        text = read("docs", "protocol.md")
        frames = []
        for block in re.findall(r"```\n((?:[<> ] [0-9a-f ]+\n)+)```", text):
            for line in block.splitlines():
                if line[0] == " ":
                    frames[-1] = (frames[-1][0], frames[-1][1] + bytes.fromhex(line))
                else:
                    frames.append((line[0], bytes.fromhex(line[1:])))
        self.assertEqual(len(frames), 7)
        decoded = []
        for direction, data in frames:
            self.assertEqual(struct.unpack(">I", data[:4])[0], len(data) - 4)
            decoded.append((pb.ClientFrame if direction == ">" else pb.ServerFrame).FromString(data[4:]))
        hello, welcome, alarm, result, ping, pong, receipts = decoded
        self.assertTrue(hello.hello.version == 1 and hello.hello.wants_notices and hello.ref == 1)
        self.assertTrue(welcome.welcome.principal == "terminal:t1" and welcome.welcome.heartbeat_ms == 3000 and welcome.ref == 1)
        self.assertEqual([(v.field, v.value) for v in alarm.command.alarm.values], [("kind", "hardware"), ("text", "起動しない")])
        self.assertTrue(result.result.id == alarm.command.id and result.result.outcome == pb.ACCEPTED and result.result.incident == 1)
        self.assertTrue(ping.ping.nonce == pong.pong.nonce == 7)
        self.assertEqual((receipts.receipts.receipts[0].notice, receipts.receipts.receipts[0].stage), (15, pb.STAGE_DISPLAYED))

    def test_every_code_is_explained(self):
        page = read("docs", "protocol.md")
        codes = set(re.findall(r"\bREASON_([A-Z_]+)[,\s]", read("server", "engine", "command.h"))) - {"COUNT"}
        codes |= set(re.findall(r'^\t\{ ?"([A-Z_]+)", ', read("server", "app", "answer.c"), re.M))
        self.assertGreater(len(codes), 50)
        self.assertEqual([c for c in sorted(codes) if f"`{c}`" not in page and not re.search(rf"\b{c}\b", page)], [])

    def test_every_kind_of_record_is_listed(self):
        page = read("docs", "protocol.md")
        for name, number in re.findall(r"REC_([A-Z_]+) = (\d+)", read("server", "record", "record.h")):
            if name != "NONE":
                self.assertRegex(page, rf"\b{number} {name.lower()}\b")


class Wire(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = Town(persons=("p_tanaka", "p_suzuki", "p_nishida"), passwords=("p_tanaka", "p_sato"), settings=("--heartbeat", "300ms", "--silence", "2s"))
        cls.addClassCleanup(cls.town.__exit__, None)
        cls.town.start()

    def client(self, who, **options):
        client = self.town.client(who, **options)
        self.addCleanup(client.close)
        return client

    def accepted(self, result):
        self.assertEqual(result.outcome, pyclient.pb.ACCEPTED, f"{result.code} {result.text} {list(result.missing)}")
        self.assertGreater(result.record, 0)
        return result

    def refused(self, result, code):
        self.assertEqual((result.outcome, result.code), (pyclient.pb.REFUSED, code), result.text)
        self.assertTrue(result.text and result.text_en)
        return result

    def alarm(self, client, place, **fields):
        return self.accepted(client.act("alarm", entry="fault", values=values(kind="hardware", place=place, text="起動しない"), **fields))

    # ---- the way of an alarm ----

    def test_alarm_to_acknowledgement(self):
        pb = pyclient.pb
        clerk, other = self.client("terminal-t1", notices=True), self.client("terminal-t2", notices=True)
        device = self.client("person-p_tanaka", notices=True)
        self.assertEqual((clerk.welcome.principal, clerk.welcome.person), ("terminal:t1", ""))
        self.assertEqual((device.welcome.person, device.welcome.person_name), ("p_tanaka", "田中 健一"))
        result = self.alarm(clerk, "1階 書庫", drill=True)

        broadcast = other.await_notice(incident=result.incident, role="every_terminal")
        self.assertTrue(broadcast.drill and broadcast.title.startswith("【訓練】") and "1階 書庫" in broadcast.title, broadcast.title)
        self.assertFalse(broadcast.wants_ack)
        other.receipts(broadcast)

        mine = device.await_notice(incident=result.incident, wants_ack=True, kind="tell")
        self.assertEqual(mine.role, "operator")
        device.receipts(mine, stage=pb.STAGE_DELIVERED)
        device.receipts(mine)
        view = device.subscribe(pb.VIEW_INCIDENT, result.incident)

        def displayed():
            rows = [n for n in view.of("notice") if n.id == mine.id]
            return rows and rows[0].recipients[0].stage == pb.STAGE_DISPLAYED
        self.assertTrue(device.pump(displayed), "the receipt is seen in the incident's view")

        # The same person at a terminal: acknowledging there ends it on the device.
        desk = self.client("terminal-t3", notices=True)
        token = desk.sign_in("p_tanaka", PASSWORD)
        self.assertTrue(desk.welcome.person == "p_tanaka" and token)
        self.assertIsNotNone(desk.await_notice(id=mine.id))
        self.accepted(desk.act("acknowledge", notice=mine.id))
        self.assertTrue(device.pump(lambda: device.notices[mine.id].ended))
        self.assertIn("田中 健一", device.notices[mine.id].ended_by)
        self.assertTrue(device.pump(lambda: [n for n in view.of("notice") if n.id == mine.id and n.state == "acknowledged"]))
        self.refused(desk.act("acknowledge", notice=2 ** 40), "UNKNOWN_NOTICE")

        # Next: an item with its form stands in the inbox.
        inbox = desk.subscribe(pb.VIEW_INBOX)
        items = [i for i in inbox.of("item") if i.incident == result.incident and i.mine and not i.optional and i.form]
        self.assertTrue(items and any(o.checks for f in items[0].form for o in f.options), "the checklist of the fault's kind")

        # The token carries over to another connection with the same certificate, and to no other.
        again = self.client("terminal-t3")
        again.resume(token)
        self.assertEqual(again.welcome.person, "p_tanaka")
        with self.assertRaises(Refused) as caught:
            self.client("terminal-t2").resume(token)
        self.assertEqual(caught.exception.code, "TOKEN_INVALID")
        again.sign_out()
        self.assertEqual(again.welcome.person, "")

    def test_wrong_password(self):
        with self.assertRaises(Refused) as caught:
            self.client("terminal-t2").sign_in("p_sato", "not this one")
        self.assertEqual(caught.exception.code, "WRONG_PASSWORD")
        with self.assertRaises(Refused) as caught:
            self.client("terminal-t2").sign_in("p_nobody", "not this one")
        self.assertEqual(caught.exception.code, "WRONG_PASSWORD")

    def test_said_by_telephone(self):
        device = self.client("person-p_tanaka", notices=True)
        result = self.alarm(self.client("terminal-t1"), "電話の試験")
        notice = device.await_notice(incident=result.incident, wants_ack=True, kind="tell")
        officer = self.client("person-p_suzuki")
        behalf = {"person": "p_tanaka", "channel": pyclient.pb.CHANNEL_TELEPHONE}
        command = officer.command("acknowledge", notice=notice.id)
        pyclient.fill(command.behalf, behalf)
        self.refused(officer.give(command), "TELEPHONE_INCOMPLETE")
        command = officer.command("acknowledge", notice=notice.id)
        pyclient.fill(command.behalf, dict(behalf, number="0749-00-0001", said_at=command.made_at))
        self.accepted(officer.give(command))
        self.assertTrue(device.pump(lambda: device.notices[notice.id].ended))
        confirm = [c for c in device.subscribe(pyclient.pb.VIEW_INBOX, once=True).of("confirm") if c.incident == result.incident]
        self.assertEqual(len(confirm), 1)
        self.accepted(device.act("confirm", record=confirm[0].record))

    # ---- exactly once ----

    def test_repeats_change_nothing(self):
        pb = pyclient.pb
        clerk = self.client("terminal-t1")
        command = clerk.command("alarm", entry="fault", values=values(kind="software", place="同じ番号の試験"))
        clerk.send(clerk.frame_of(command, 901), clerk.frame_of(command, 902))  # two equal commands in one packet
        first, second = clerk.answer(901).result, clerk.answer(902).result
        self.assertEqual(self.accepted(first).SerializeToString(), self.accepted(second).SerializeToString())
        later = self.client("terminal-t1").give(command)
        self.assertEqual((later.outcome, later.record, later.incident), (pb.ACCEPTED, first.record, first.incident))
        other = self.client("terminal-t2").give(command)  # another sender: another key
        self.assertNotEqual(other.record, first.record)
        changed = pb.Command.FromString(command.SerializeToString())
        changed.alarm.values[0].value = "network"
        self.refused(clerk.give(changed), "ID_REUSED")
        opened = [r for r in self.records() if r.command == command.id]
        self.assertEqual(sorted(r.sender for r in opened), ["terminal:t1", "terminal:t2"])

    def records(self):
        admin = self.client("person-p_nishida")
        return [pyclient.rec.Record.FromString(record) for _, _, _, record in admin.log()]

    # ---- those who lie ----

    def test_wrong_role_and_others_notices(self):
        device = self.client("person-p_tanaka", notices=True)
        clerk = self.client("terminal-t1")
        result = self.alarm(clerk, "権限の試験")
        notice = device.await_notice(incident=result.incident, wants_ack=True, kind="tell")
        officer = self.client("person-p_suzuki")
        self.refused(clerk.act("acknowledge", notice=notice.id), "NOT_SIGNED_IN")
        self.refused(officer.act("acknowledge", notice=notice.id), "NO_NOTICE_FOR_YOU")
        before = device.subscribe(pyclient.pb.VIEW_INCIDENT, result.incident, once=True)
        early = [i for i in before.of("item") if list(i.by) == ["operator"] and i.state == "waiting"]
        self.refused(device.act("enter", incident=result.incident, item=early[0].id), "NOT_READY")
        self.accepted(device.act("acknowledge", notice=notice.id))
        board = device.subscribe(pyclient.pb.VIEW_INCIDENT, result.incident, once=True)
        ready = [i for i in board.of("item") if i.mine]
        operators = [i for i in ready if list(i.by) == ["operator"]]
        self.assertTrue(operators)
        self.refused(officer.act("enter", incident=result.incident, item=operators[0].id, values=[]), "NOT_ENTITLED")
        waiting = [i for i in board.of("item") if i.state == "waiting"]
        self.assertTrue(waiting and waiting[0].waits_for)
        closing = [i for i in board.of("item") if i.closes]
        self.assertEqual(officer.act("enter", incident=result.incident, item=closing[0].id).outcome, pyclient.pb.REFUSED)
        self.refused(device.act("enter", incident=9999, item="x"), "UNKNOWN_INCIDENT")
        self.refused(device.act("give_up", incident=result.incident, reason="x"), "NOT_A_DRILL")
        incomplete = self.refused(device.act("enter", incident=result.incident, item=next(i.id for i in ready if i.form and not i.optional and not i.state == "standing")), "INCOMPLETE")
        self.assertTrue(incomplete.missing)
        self.refused(clerk.give(pyclient.pb.Command(id="short")), "BAD_ID")
        nothing = clerk.command("comment", incident=result.incident, text="x")
        nothing.ClearField("comment")
        self.refused(clerk.give(nothing), "BAD_INPUT")

    # ---- connection tests ----

    def test_connection_test(self):
        """A foreign client answers by the documents alone; one that says nothing is listed."""
        pb = pyclient.pb
        here, silent = self.client("terminal-t1", notices=True), self.client("terminal-t2", notices=True)
        silent.answer_probes = False
        tester = self.client("person-p_suzuki")
        self.refused(here.act("test"), "NOT_SIGNED_IN")
        begun = self.accepted(tester.act("test"))
        self.assertTrue(here.pump(lambda: here.probes) and silent.pump(lambda: silent.probes))
        self.assertGreater(here.probes[-1].until, here.probes[-1].at)
        self.assertTrue(self.accepted(tester.act("test")).joined)
        late = self.client("person-p_tanaka", notices=True)
        self.assertTrue(late.pump(lambda: late.probes), "who comes before the end is asked")
        tests = tester.subscribe(pb.VIEW_TESTS)

        def row():
            return next(t for t in tests.of("test") if t.record == begun.record)

        self.assertTrue(tester.pump(lambda: tests.complete and row().displayed == 2))
        self.assertEqual((row().terminals_answered, row().terminals, row().persons_answered, row().ended_at), (1, 3, 1, 0))
        quiet = [s.id for s in row().silent]
        self.assertTrue("terminal:t2" in quiet and "terminal:t3" in quiet and "terminal:t1" not in quiet and "person:p_tanaka" not in quiet, quiet)
        silent.answer_probe(silent.probes[-1].test, pb.STAGE_DELIVERED)
        silent.answer_probe(99, pb.STAGE_DISPLAYED)  # of no test: ignored
        self.assertTrue(tester.pump(lambda: tests.complete and row().terminals_answered == 2))
        self.assertEqual(row().displayed, 2)

    # ---- views ----

    def test_view_by_changes_equals_a_fresh_one(self):
        pb = pyclient.pb
        officer = self.client("person-p_suzuki")
        board = officer.subscribe(pb.VIEW_BOARD)
        self.assertEqual(len(board.of("town")), 1)
        self.assertEqual([t.id for t in board.of("terminal")], ["t1", "t2", "t3"])
        self.assertIn("fault", [f.word for f in board.of("alarm_form")])
        # Each form says whether this reader may raise it; a terminal by itself only what anybody may.
        terminal, operator = (self.client(c).subscribe(pb.VIEW_BOARD, once=True).of("alarm_form") for c in ("terminal-t1", "person-p_tanaka"))
        self.assertTrue(all(f.mine and f.by_title for f in operator))
        self.assertEqual([f.word for f in terminal if not f.mine], ["notice"])
        refused = self.client("terminal-t1").act("alarm", entry=[f.entry for f in terminal if not f.mine][0], values=pyclient.values(text="x"))
        self.assertEqual(refused.outcome, pb.REFUSED)
        result = self.alarm(self.client("terminal-t2"), "画面の試験")
        device = self.client("person-p_tanaka", notices=True)
        notice = device.await_notice(incident=result.incident, wants_ack=True, kind="tell")
        self.accepted(device.act("acknowledge", notice=notice.id))
        last = self.accepted(device.act("comment", incident=result.incident, text="見ました"))
        self.assertTrue(officer.pump(lambda: board.complete and board.revision >= last.record and result.incident in [i.id for i in board.of("incident")]))
        again = self.client("person-p_suzuki").subscribe(pb.VIEW_BOARD, once=True)

        def rows(view):  # who is signed in changes with the tests' own clients
            return {k: r.SerializeToString(deterministic=True) for k, r in view.rows.items() if r.WhichOneof("body") not in ("person", "terminal", "telephone", "notice")}
        self.assertEqual(rows(board), rows(again))
        real = [i.drill for i in board.of("incident") if i.state == "open"]
        self.assertEqual(real, sorted(real), "real incidents before drills")

    def test_private_numbers(self):
        pb = pyclient.pb
        seen = {}
        for who in ("terminal-t1", "person-p_tanaka", "person-p_nishida"):
            contacts = self.client(who).subscribe(pb.VIEW_CONTACTS, once=True)
            seen[who] = [len(p.numbers) for p in contacts.of("person") if p.id == "p_suzuki"]
            self.assertTrue([c for c in contacts.of("contact") if c.now and c.id == "prefecture"])
        self.assertEqual(seen, {"terminal-t1": [1], "person-p_tanaka": [2], "person-p_nishida": [2]})

    def test_refused_views(self):
        clerk = self.client("terminal-t1")
        for view, incident, code in ((pyclient.pb.VIEW_NONE, 0, "UNKNOWN_VIEW"), (pyclient.pb.VIEW_INCIDENT, 4711, "UNKNOWN_INCIDENT")):
            with self.assertRaises(Refused) as caught:
                clerk.subscribe(view, incident)
            self.assertEqual(caught.exception.code, code)

    # ---- the log ----

    def test_log_verifies(self):
        self.alarm(self.client("terminal-t1"), "記録の試験")
        admin = self.client("person-p_nishida")
        entries = list(admin.log())
        head = pyclient.verify(entries)
        self.assertEqual(head[0], len(entries))
        self.assertEqual(head, pyclient.verify(list(admin.log(count=3))[:len(entries)]))
        plan = next(r for r in (pyclient.rec.Record.FromString(e[3]) for e in entries) if r.kind == 3)
        self.assertEqual(plan.blob.decode(), read("server", "plans", "taga-juki-net.yaml"))  # it came in parts
        for damage in (lambda e: e[:5] + e[6:], lambda e: e[:5] + [e[6], e[5]] + e[7:], lambda e: e[:5] + [(*e[5][:3], e[5][3] + b"\0")] + e[6:]):
            with self.assertRaises(ValueError):
                pyclient.verify(damage(list(entries)))
        one = list(self.client("person-p_tanaka").log(incident=1))
        self.assertTrue(one and all(pyclient.chain_hash(i, p, r) == h for i, p, h, r in one))
        with self.assertRaises(Refused) as caught:
            list(self.client("person-p_tanaka").log())
        self.assertEqual(caught.exception.code, "NOT_ENTITLED")
        with self.assertRaises(Refused) as caught:
            list(self.client("terminal-t1").log())
        self.assertEqual(caught.exception.code, "NOT_SIGNED_IN")

    # ---- plans ----

    def test_upload(self):
        admin = self.client("person-p_nishida")
        site = read("server", "plans", "taga-demo-site.yaml").encode()
        digest = admin.upload(site, part=1000)
        self.accepted(admin.act("load_site", sha256=digest, name="taga-demo-site.yaml"))
        faulty = site.replace(b"quorum: 3", b"quorum: 99")
        self.assertNotEqual(faulty, site)
        refused = self.refused(admin.act("load_site", sha256=admin.upload(faulty), name="faulty.yaml"), "PLAN_FAULTY")
        self.assertTrue(any(re.match(r"faulty\.yaml:\d+:\d+: ", m) for m in refused.missing), list(refused.missing))
        self.refused(admin.act("load_site", sha256=bytes(32), name="x"), "BAD_INPUT")
        operator = self.client("person-p_tanaka")
        with self.assertRaises(Refused) as caught:
            operator.upload(site)
        self.assertEqual(caught.exception.code, "NOT_ENTITLED")
        self.refused(operator.act("load_site", sha256=digest, name="x"), "BAD_INPUT")

    # ---- frames ----

    def bye(self, client, code):
        with self.assertRaises(Gone) as caught:
            client.pump(lambda: False, 5)
            self.fail("the connection stands")
        if code:
            self.assertEqual(caught.exception.bye.code, code)

    def test_hello_first(self):
        client = self.client("terminal-t1", hello=False)
        client.send(client.frame_of(client.command("comment", incident=1, text="x"), 1))
        self.bye(client, "HELLO_FIRST")
        client = self.client("terminal-t1", hello=False)
        with self.assertRaises(Gone) as caught:
            client.hello(version=2)
        self.assertEqual(caught.exception.bye.code, "VERSION")
        with self.assertRaises(Refused):
            self.client("terminal-t1").hello()

    def test_bad_frames(self):
        for data in (struct.pack(">I", 0), struct.pack(">I", 65537), struct.pack(">I", 0xFFFFFFFF)):
            client = self.client("terminal-t1")
            client.send_bytes(data)
            self.bye(client, "MALFORMED")
        client = self.client("terminal-t1", hello=False)
        client.send_bytes(struct.pack(">I", 5000) + bytes(5000))
        self.bye(client, "MALFORMED")
        for payload in (b"\x0a\xff", b"\xff" * 20, b"\x12\x05\x12\x03\xe3\x81\xff"):
            client = self.client("terminal-t1")
            client.send_bytes(struct.pack(">I", len(payload)) + payload)
            self.bye(client, "MALFORMED")
        client = self.client("terminal-t1")
        with self.assertRaises(Gone) as caught:
            client.subscribe(9)
        self.assertEqual(caught.exception.bye.code, "MALFORMED")
        client = self.client("terminal-t1")
        client.send_bytes(struct.pack(">I", 4) + b"\xa2\x06\x01\x00")  # field 100, of a later version
        self.assertEqual(client.act("comment", incident=1, text="x").code, "NOT_SIGNED_IN")
        cut = self.client("terminal-t1")
        cut.send_bytes(struct.pack(">I", 100) + b"half")
        cut.close()
        self.accepted(self.client("terminal-t1").act("alarm", entry="fault", values=values(kind="network", place="切れた後")))

    def test_a_stranger_is_refused(self):
        with self.assertRaises(Gone):
            self.client("server-main").pump(lambda: False, 5)

    # ---- heartbeats ----

    def test_heartbeats(self):
        good = self.client("terminal-t1")
        self.assertEqual(good.welcome.heartbeat_ms, 300)
        self.assertTrue(good.pump(lambda: good.pings >= 10), "more than the silence allowed, and it stands")
        frame = pyclient.pb.ClientFrame()
        frame.ping.nonce = 4711
        self.assertEqual(good.ask(frame).pong.nonce, 4711)
        silent = self.client("terminal-t2", answer_pings=False)
        start = time.monotonic()
        with self.assertRaises(Gone):
            silent.pump(lambda: False, 30)
            self.fail("the connection stands")
        self.assertLess(time.monotonic() - start, 10)


class Restart(unittest.TestCase):
    """What was accepted is there after kill -9, and what was seen need not be told again."""

    def test_killed_and_started_again(self):
        with Town(terminals=("t1",), persons=("p_tanaka", "p_nishida"), passwords=("p_sato",)) as town:
            town.start()

            def client(who, **options):
                one = town.client(who, **options)
                self.addCleanup(one.close)
                return one
            clerk, device = client("terminal-t1"), client("person-p_tanaka", notices=True)
            token = clerk.sign_in("p_sato", PASSWORD)
            command = clerk.command("alarm", entry="fault", values=values(kind="hardware", place="再起動の試験"))
            first = clerk.give(command)
            notice = device.await_notice(incident=first.incident, wants_ack=True, kind="tell")
            head = pyclient.verify(list(client("person-p_nishida").log()))
            town.stop(9)
            town.start()
            again = client("terminal-t1")
            again.resume(token)
            self.assertEqual(again.welcome.person, "p_sato")
            self.assertEqual(again.give(command).SerializeToString(), first.SerializeToString())
            device = client("person-p_tanaka", notices=True, seen=device.seen)
            self.assertEqual(device.await_notice(incident=first.incident, wants_ack=True, kind="tell").id, notice.id)
            entries = list(client("person-p_nishida").log())
            self.assertEqual(entries[head[0] - 1][2], head[1], "the head that was kept is still in the log")
            pyclient.verify(entries)
            self.assertEqual(town.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
