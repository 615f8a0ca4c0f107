"""Clients that lie, through the whole story of a fault: the wrong role, another's notice, too early, out of order, twice, in another's name,
malformed. No lie adds a record, each gets its reason, others are served meanwhile, and no item is done before its acknowledgements."""
import hashlib
import random
import struct
import time
import unittest

import pyclient
import story
from pyclient import Client, Gone, Refused, fill, values
from town import PASSWORD, Town

ROLES = {"operator": "p_tanaka", "security_officer": "p_suzuki", "security_manager": "p_suzuki", "system_manager": "p_sato", "chief": "p_ito", "mayor": "p_mayor"}
JUST_NOW = int(time.time() * 1000)
# An entry that would be good if it were its time and this person's to make.
ENTRIES = {
    "F1.1b": {"values": values(kind="hardware", place="窓口", cause="電源")},
    "F1.1c": {"calls": [{"body": "contractor", "number": "0749-00-1000", "at": JUST_NOW, "answered_by": "x", "said": "y"}]},
    "F1.2a": {"calls": [{"body": "contractor", "number": "0749-00-1000", "at": JUST_NOW, "answered_by": "x", "said": "y"}]},
    "F1.2b": {"values": values(situation="s", cause="c", extent="e")},
    "F1.3": {},
    "F2.1": {"values": values(instruction="i", stop="no_stop")},
    "F2.2a": {"values": values(serious="not_serious", ground="g")},
    "F2.2b": {"values": values(text="t")},
    "F3.1": {"values": values(at="2026-11-23T10:00", place="p")},
    "F3.2": {"values": values(situation="s", cause="c", extent="e")},
    "F3.2r": {"values": values(approval="refused", minutes="m")},
    "F3.3a": {"values": values(equipment="keep", inform="deferred", support="deferred", organise="deferred", residents="deferred", publicity="deferred", substitute="deferred", resume="deferred")},
    "F3.3b": {"values": values(text="t")},
    "F4.1": {"values": values(result="r")},
    "F5.1": {"values": values(integrity="i"), "calls": [{"body": b, "number": "0749-00-1000", "at": JUST_NOW, "answered_by": "x", "said": "y"} for b in ("prefecture", "national")]},
    "F5.2": {"values": values(approval="approve", ground="g")},
    "F5.3c": {"values": values(at="2026-11-23T10:00")},
    "F5.3r": {"values": values(text="t")},
    "F5.3": {"values": values(decision="resume", minutes="m")},
    "F5.4": {"values": values(text="t")},
    "F6.1": {"follow_ups": [{"kind": "none", "text": "要らない"}]},
    "X.close": {"values": values(text="t")},
    "A.fault": {"values": values(kind="fire", place="x")},
    "X.classify": {"values": values(category="mistaken", ground="g")},
}


class Liar(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = story.story_town(Town)
        cls.addClassCleanup(cls.town.__exit__, None)
        cls.town.start()

    def setUp(self):
        self.story = story.Story(self.town)
        self.addCleanup(self.story.close)
        for person in story.PERSONS:  # all of them are here: no deputy is entitled
            self.story.client("person-" + person)
        self.lies = 0
        self.head = self.story.client("person-p_nishida").welcome.head

    def client(self, who, **options):
        one = self.town.client(who, **options)
        self.addCleanup(one.close)
        return one

    # ---- that nothing came of it ----

    def new_records(self):
        """Those since the last look, without presence and other passing things."""
        new = []
        while True:
            page = self.story.client("person-p_nishida").log_page(self.head + 1)
            for entry in page.entries:
                new.append(pyclient.rec.Record.FromString(entry.record) if not entry.total else None)
                self.head = entry.index
            if page.last:
                return [r for r in new if r is None or story.KINDS.get(r.kind) not in story.PASSING]

    def rows(self):
        view = self.story.view()
        return {k: r.SerializeToString(deterministic=True) for k, r in view.rows.items() if r.WhichOneof("body") not in ("telephone", "notice")}

    def caught(self, who, command, *codes):
        client = who if isinstance(who, Client) else self.story.client(who)
        result = client.give(command)
        what = f"{who} {str(command)[:300]}: {result.code} {result.text_en}"
        self.assertEqual(result.outcome, pyclient.pb.REFUSED, what)
        self.assertTrue(result.text and result.text_en, what)
        self.assertIn(result.code, codes, what)
        self.assertEqual(self.new_records(), [], what)
        self.lies += 1
        return result

    def lie(self, who, act, *codes, behalf=None, **fields):
        command = Client.command(act, **fields)
        if behalf is not None:
            fill(command.behalf, behalf)
        return self.caught(who, command, *codes)

    def lie_enter(self, who, item, *codes, behalf=None, **fields):
        return self.lie(who, "enter", *codes, behalf=behalf, incident=self.story.incident, item=item, **(fields or ENTRIES[item]))

    def truth(self):
        """Takes note of what the story itself recorded."""
        self.assertTrue(self.new_records())

    def everyone_tries_everything(self):
        """Each person and a terminal enters each item that is not theirs or not ready, all in one packet; also 'not needed' and reopening."""
        before = self.rows()
        items = {i.id: i for i in self.story.view().of("item")}
        for who in ["terminal-t2"] + ["person-" + p for p in story.PERSONS]:
            person, commands = who.removeprefix("person-"), []
            for name, fields in ENTRIES.items():
                item = items.get(name)
                theirs = item is not None and person in [ROLES.get(r) for r in item.by]
                if theirs and item.state in ("ready", "standing", "told", "done", "waived", "held"):
                    continue  # it would be true, or an amendment of their own
                commands.append(Client.command("enter", incident=self.story.incident, item=name, **fields))
                commands.append(Client.command("waive", incident=self.story.incident, item=name, reason="要らない"))
            self.refuse_all(who, commands)
        self.assertEqual(self.rows(), before)

    def refuse_all(self, who, commands):
        client = self.story.client(who)
        refs = [client.next_ref() for _ in commands]
        client.send(*(client.frame_of(c, ref) for c, ref in zip(commands, refs)))
        for command, ref in zip(commands, refs):
            result = client.answer(ref).result
            self.assertEqual((result.id, result.outcome), (command.id, pyclient.pb.REFUSED), f"{who} {str(command)[:300]} {result.code} {result.text_en}")
            self.lies += 1
        self.assertEqual(self.new_records(), [], who)

    def others_are_served(self):
        frame = pyclient.pb.ClientFrame()
        frame.ping.nonce = 7
        for who in ("terminal-t3", "person-p_mayor"):
            self.assertEqual(self.story.client(who).ask(frame).pong.nonce, 7)

    # ---- the story, with a lie at every corner ----

    def test_through_the_whole_story(self):
        s = self.story
        s.alarm()
        self.truth()
        self.at_the_alarm()
        self.everyone_tries_everything()
        s.ack("person-p_tanaka", "A.fault")
        self.truth()
        self.everyone_tries_everything()
        self.the_relay()
        self.the_decision()
        self.everyone_tries_everything()
        self.the_council()
        self.everyone_tries_everything()
        self.the_resumption()
        self.the_closing()
        self.replay_everything()
        self.others_are_served()
        self.final_check()
        self.assertGreater(self.lies, 1000)

    def at_the_alarm(self):
        incident, notice = self.story.incident, self.story.notice("A.fault", "p_tanaka")
        # a terminal with nobody signed in
        self.lie("terminal-t2", "acknowledge", "NOT_SIGNED_IN", notice=notice)
        self.lie_enter("terminal-t1", "F1.1b", "NOT_SIGNED_IN")
        for act, more in (("comment", {"text": "x"}), ("reopen", {"item": "A.fault", "reason": "x"}), ("waive", {"item": "F1.1c", "reason": "x"}),
                          ("log_call", {"call": {"body": "national", "said": "x"}}), ("hand_over", {"measure": 1, "owner": "p_ito", "due": "2027-01-01", "reason": "x"}),
                          ("follow_up", {"change": {"kind": "technical", "text": "x", "owner": "p_ito", "due": "2027-01-01"}}), ("split", {"alarm": 1, "reason": "x"}), ("join", {"into": 1, "reason": "x"})):
            self.lie("terminal-t1", act, "NOT_SIGNED_IN", incident=incident, **more)
        self.lie("terminal-t1", "acknowledge", "NOT_SIGNED_IN", notice=notice, behalf={"person": "p_tanaka", "channel": 1, "number": "1", "said_at": JUST_NOW})
        self.lie("terminal-t2", "withdraw", "NOT_YOUR_ALARM", "NOT_SIGNED_IN", incident=incident, ground="誤報")
        # where it was raised a drill may be given up by nobody signed in: this is none; elsewhere it makes no difference what it is
        self.lie("terminal-t1", "give_up", "NOT_A_DRILL", incident=incident, reason="x")
        self.lie("terminal-t2", "give_up", "NOT_SIGNED_IN", incident=incident, reason="x")
        # another's notice
        for person in ("p_suzuki", "p_ito", "p_mayor", "p_vice"):
            self.lie("person-" + person, "acknowledge", "NO_NOTICE_FOR_YOU", notice=notice)
        for number in (0, notice + 1000, 2 ** 63, 2 ** 64 - 1):
            self.lie("person-p_tanaka", "acknowledge", "UNKNOWN_NOTICE", notice=number)
        self.lie("person-p_tanaka", "acknowledge", "WRONG_ANSWER", notice=notice, answer="present")
        # in another's name
        said = {"person": "p_tanaka", "channel": pyclient.pb.CHANNEL_TELEPHONE}
        for less in (said, dict(said, number="0749-00-0001"), dict(said, said_at=1), dict(said, number=" ", said_at=1)):
            self.lie("person-p_suzuki", "acknowledge", "TELEPHONE_INCOMPLETE", notice=notice, behalf=less)
        self.lie("person-p_suzuki", "acknowledge", "TELEPHONE_INCOMPLETE", "BAD_INPUT", notice=notice, behalf=dict(said, channel=pyclient.pb.CHANNEL_PAPER))
        self.lie("person-p_suzuki", "acknowledge", "NO_NOTICE_FOR_YOU", notice=notice, behalf={"person": "p_mayor", "channel": 1, "number": "1", "said_at": JUST_NOW})
        self.lie("person-p_suzuki", "acknowledge", "UNKNOWN_PERSON", notice=notice, behalf={"person": "p_nobody", "channel": 1, "number": "1", "said_at": JUST_NOW})
        self.lie("person-p_suzuki", "acknowledge", "TELEPHONE_INCOMPLETE", "BAD_INPUT", notice=notice, behalf={"person": "p_tanaka", "channel": 0})
        # forms
        self.forms("person-p_tanaka", "F1.1b", "NOT_READY")
        for incident_ in (0, incident + 1, 2 ** 32 - 1):
            self.lie("person-p_tanaka", "enter", "UNKNOWN_INCIDENT", incident=incident_, item="F1.1b", **ENTRIES["F1.1b"])
        for item in ("", "F9", "x" * 200, "F1.1b "):
            self.lie("person-p_tanaka", "enter", "UNKNOWN_ITEM", "BAD_INPUT", incident=incident, item=item)
        self.others_are_served()

    def forms(self, who, item, *early):
        # The one ready item of the operator is entered falsely; it must not be the person's fault alone.
        good = values(kind="hardware", place="窓口", cause="電源")
        for wrong, *codes in (([], "INCOMPLETE"), (good[:2], "INCOMPLETE"), (good + values(nothing="x"), "UNKNOWN_FIELD"), (values(kind="fire") + good[1:], "NO_SUCH_CHOICE"),
                              (values(kind="") + good[1:], "INCOMPLETE", "NO_SUCH_CHOICE"), (values(kind="hardware", place=" ", cause="c"), "INCOMPLETE"),
                              (values(kind="hardware", place="　", cause="c"), "INCOMPLETE"),
                              (good + values(kind="network"), "BAD_INPUT", "UNKNOWN_FIELD"), ([{"field": "kind", "unknown": "わからない"}] + good[1:], "INCOMPLETE", "BAD_INPUT"),
                              (good[:2] + [{"field": "cause", "value": "x", "unknown": "y"}], "BAD_INPUT"), (good[:2] + [{"field": "cause"}], "INCOMPLETE"),
                              (good + [{"field": ""}], "BAD_INPUT", "UNKNOWN_FIELD"),
                              ([{"field": "kind", "value": "hardware", "checks": ["見ていない"]}] + good[1:], "NO_SUCH_CHOICE", "BAD_INPUT", "UNKNOWN_FIELD")):
            self.lie(who, "enter", *codes, *early, incident=self.story.incident, item=item, values=wrong)

    def the_relay(self):
        """Report, hop by hop; each hop's acknowledgement is claimed by those it is not for, and the next one's before it is told."""
        s = self.story
        operator, officer, manager, chief = "person-p_tanaka", "person-p_suzuki", "person-p_sato", "person-p_ito"
        self.forms(operator, "F1.1b")
        self.twice(operator, Client.command("enter", incident=s.incident, item="F1.1b", **ENTRIES["F1.1b"]))
        s.waive(operator, "F1.1c", "判明した")
        s.enter(operator, "F1.2a", **ENTRIES["F1.2a"])
        self.truth()
        self.lie(operator, "waive", "NOT_OPTIONAL", "NOT_READY", incident=s.incident, item="F1.2b", reason="x")
        self.lie(operator, "waive", "NOT_READY", "NOT_APPLICABLE", incident=s.incident, item="F1.1c", reason="また")
        s.enter(operator, "F1.2b", situation="s", cause="c", extent="e")
        self.truth()
        self.lie_enter(officer, "F1.3", "NOT_READY")
        self.lie(operator, "acknowledge", "NO_NOTICE_FOR_YOU", notice=s.notice("F1.2b"))
        self.everyone_tries_everything()
        self.acknowledged_twice(officer, "F1.2b")
        s.enter(officer, "F1.3", remark="r")
        self.truth()
        first = s.notice("F1.3")
        # The chief's notice does not exist yet; its number can be guessed.
        for guess in range(first + 1, first + 6):
            self.lie(chief, "acknowledge", "UNKNOWN_NOTICE", "NO_NOTICE_FOR_YOU", notice=guess)
        for who in (chief, officer, operator):
            self.lie(who, "acknowledge", "NO_NOTICE_FOR_YOU", notice=first)
        self.lie_enter(chief, "F2.1", "NOT_READY")
        self.out_of_order(chief, manager, first)
        self.lie_enter(chief, "F2.1", "NOT_READY", behalf={"person": "p_ito", "channel": 1, "number": "1", "said_at": JUST_NOW})
        s.ack(chief, "F1.3")
        self.truth()

    def twice(self, who, command):
        """The same command three times in one packet: one record, one answer. Then with the same id and other content."""
        client, s = self.story.client(who), self.story
        client.send(*(client.frame_of(command, 9000 + i) for i in range(3)))
        answers = [client.answer(9000 + i).result for i in range(3)]
        self.assertEqual(answers[0].outcome, pyclient.pb.ACCEPTED, answers[0].text_en)
        self.assertEqual({a.SerializeToString() for a in answers}, {answers[0].SerializeToString()})
        self.assertEqual([r.command for r in self.new_records() if r.command], [command.id])
        s.accepted.append((client.welcome.principal, command.id, answers[0].record))
        changed = pyclient.pb.Command.FromString(command.SerializeToString())
        changed.made_at += 1
        self.caught(who, changed, "ID_REUSED")

    def acknowledged_twice(self, who, item):
        """Two acknowledgements with different ids in one packet: one stands, and both are told so."""
        client, notice = self.story.client(who), self.story.notice(item, who.removeprefix("person-"))
        commands = [Client.command("acknowledge", notice=notice) for _ in range(2)]
        client.send(*(client.frame_of(c, 9100 + i) for i, c in enumerate(commands)))
        first, second = (client.answer(9100 + i).result for i in range(2))
        self.assertEqual((first.outcome, second.outcome, second.record), (pyclient.pb.ACCEPTED, pyclient.pb.ACCEPTED, first.record))
        self.assertEqual(sum(1 for r in self.new_records() if r.kind == 23 and r.notice == notice), 1)
        self.story.accepted.append((client.welcome.principal, commands[0].id, first.record))

    def out_of_order(self, late, early, notice):
        """In one packet of one connection: what comes second in the plan first. It is refused, the other is taken, and the first may then be said again."""
        s = self.story
        early_command = Client.command("acknowledge", notice=notice)
        client, other = s.client(early), s.client(late)
        other.send(other.frame_of(Client.command("enter", incident=s.incident, item="F2.1", **ENTRIES["F2.1"]), 9200))
        self.assertEqual(other.answer(9200).result.code, "NOT_READY")
        ready = Client.command("enter", incident=s.incident, item="F2.1", **ENTRIES["F2.1"])
        client.send(client.frame_of(ready, 9201), client.frame_of(early_command, 9202))
        self.assertEqual(client.answer(9201).result.outcome, pyclient.pb.REFUSED)
        taken = client.answer(9202).result
        self.assertEqual(taken.outcome, pyclient.pb.ACCEPTED, taken.text_en)
        s.accepted.append((client.welcome.principal, early_command.id, taken.record))
        self.truth()

    def the_decision(self):
        s = self.story
        manager, officer, chief = "person-p_sato", "person-p_suzuki", "person-p_ito"
        self.lie_enter(chief, "F2.2a", "BAD_INPUT", "UNKNOWN_FIELD", values=values(serious="serious", ground="g") + values(serious="not_serious"))
        self.lie_enter(chief, "F2.2a", "NO_SUCH_CHOICE", values=values(serious="maybe", ground="g"))
        for person in ("p_tanaka", "p_suzuki", "p_sato", "p_vice", "p_mayor"):
            self.lie_enter("person-" + person, "F2.2a", "NOT_ENTITLED")
        s.enter(chief, "F2.1", instruction="i", stop="stop")
        self.truth()
        self.lie("person-p_tanaka", "hand_over", "NOT_ENTITLED", incident=s.incident, measure=1, owner="p_tanaka", due="2027-01-01", reason="x")
        self.lie(chief, "hand_over", "INCOMPLETE", "BAD_INPUT", "UNKNOWN_ITEM", "NOT_APPLICABLE", "UNKNOWN_RECORD", incident=s.incident, measure=99, owner="p_ito", due="2027-01-01", reason="x")
        self.lie(chief, "hand_over", "INCOMPLETE", "BAD_INPUT", incident=s.incident, measure=1, owner="p_ito", due="いつか", reason="x")
        self.lie("terminal-t1", "withdraw", "NOT_YOUR_ALARM", "MEASURE_IN_FORCE", "NOT_APPLICABLE", incident=s.incident, ground="誤報だった")
        self.lie(officer, "withdraw", "MEASURE_IN_FORCE", "NOT_APPLICABLE", incident=s.incident, ground="誤報だった")
        s.ack(manager, "F2.1")
        s.ack(officer, "F2.1")
        s.by_terminals("F2.1")
        s.enter(chief, "F2.2a", serious="serious", ground="g")
        s.enter(chief, "F2.2b", text="t")
        self.truth()
        notice = s.notice("F2.2b", "p_mayor")
        self.lie(manager, "acknowledge", "NO_NOTICE_FOR_YOU", notice=notice)
        self.lie(manager, "acknowledge", "TELEPHONE_INCOMPLETE", notice=notice, behalf={"person": "p_mayor", "channel": 1})
        record = s.by_telephone(manager, "F2.2b", "p_mayor", "0749-00-0005").record
        self.truth()
        for who in (manager, chief, "person-p_vice"):
            self.lie(who, "confirm", "NOT_ENTITLED", record=record)
        self.lie("person-p_mayor", "confirm", "UNKNOWN_RECORD", record=record + 1)
        self.lie("person-p_mayor", "confirm", "UNKNOWN_RECORD", record=0)
        self.lie("person-p_mayor", "confirm", "NO_REASON_GIVEN", record=record, denied=True)
        self.lie(manager, "confirm", "NOT_ENTITLED", record=record, behalf={"person": "p_mayor", "channel": 1, "number": "1", "said_at": JUST_NOW})

    def the_council(self):
        """No quorum, no council."""
        s = self.story
        chief, officer, manager = "person-p_ito", "person-p_suzuki", "person-p_sato"
        s.enter(chief, "F3.1", at="2026-11-23T10:00", place="p")
        self.truth()
        notice = s.notice("F3.1", "p_suzuki")
        for answer in ("", "maybe", "PRESENT"):
            self.lie(officer, "acknowledge", "WRONG_ANSWER", notice=notice, answer=answer)
        self.lie(officer, "acknowledge", "NO_REASON_GIVEN", notice=notice, answer="deputy")
        self.lie("person-p_tanaka", "acknowledge", "NO_NOTICE_FOR_YOU", notice=notice, answer="present")
        self.lie(manager, "acknowledge", "NO_NOTICE_FOR_YOU", notice=notice, answer="present")
        s.ack(officer, "F3.1", answer="present")
        s.ack(officer, "F3.1", answer="absent")
        s.ack(officer, "F3.1", answer="present")
        s.ack(manager, "F3.1", answer="absent")
        s.ack("person-p_vice", "F3.1", answer="absent")
        s.ack(chief, "F3.1", answer="present")
        self.truth()
        self.lie_enter(officer, "F3.2", "NOT_READY")  # two of three: changing one's mind is not two people
        self.everyone_tries_everything()
        s.ack("person-p_vice", "F3.1", answer="deputy", comment="加藤")
        s.enter(officer, "F3.2", situation="s", cause="c", extent="e")
        self.truth()
        self.lie_enter(chief, "F3.3a", "NOT_READY")
        s.enter(chief, "F3.2r", approval="approved", minutes="m")
        self.truth()
        self.lie_enter(chief, "F3.3a", "INCOMPLETE", values=values(equipment="stop"))
        self.lie_enter(chief, "F3.3a", "NO_SUCH_CHOICE", values=ENTRIES["F3.3a"]["values"][1:] + values(equipment="explode"))
        s.enter(chief, "F3.3a", equipment="stop", resume="deferred", **{a: "決めた" for a in story.AGENDA})
        s.by_terminals("F3.3a")
        s.enter(chief, "F3.3b", text="t")
        s.by_telephone(manager, "F3.3b", "p_mayor", "0749-00-0005")
        self.truth()

    def the_resumption(self):
        s = self.story
        chief, officer = "person-p_ito", "person-p_suzuki"
        self.lie_enter(officer, "F5.1", "NOT_READY")
        s.enter(officer, "F4.1", result="r")
        self.truth()
        self.lie_enter(chief, "F5.2", "NOT_READY")
        self.lie_enter(officer, "F5.1", "INCOMPLETE", values=values(integrity="i"))
        self.lie_enter(officer, "F5.1", "INCOMPLETE", values=values(integrity="i"), calls=ENTRIES["F5.1"]["calls"][:1])
        self.lie_enter(officer, "F5.1", "INCOMPLETE", "BAD_INPUT", values=values(integrity="i"), calls=[{"body": "prefecture", "no_answer": True}, {"body": "national", "no_answer": True}])
        s.act(officer, "enter", incident=s.incident, item="F5.1", **ENTRIES["F5.1"])
        s.enter(chief, "F5.2", approval="approve", ground="g")
        self.truth()
        # after a council's stop, the approval alone does not do
        self.lie_enter(officer, "F5.4", "NOT_READY")
        self.lie_enter(chief, "F5.4", "NOT_ENTITLED")
        self.lie_enter(chief, "F5.3", "NOT_READY")
        self.lie_enter(officer, "F5.3r", "NOT_READY")
        self.lie(chief, "waive", "NOT_OPTIONAL", incident=s.incident, item="F5.3", reason="要らない")
        self.lie(chief, "reopen", "NO_REASON_GIVEN", incident=s.incident, item="F3.3a", reason="")
        self.everyone_tries_everything()
        # nor does taking the stop back: the measure stays the council's
        s.enter(chief, "F2.2a", serious="not_serious", ground="やはり重大でない")
        self.truth()
        self.assertEqual([m.state for m in s.view().of("measure")][:1], ["in_force"])
        self.lie_enter(officer, "F5.4", "NOT_READY")
        s.enter(chief, "F2.2a", serious="serious", ground="やはり重大")
        self.truth()
        self.lie_enter(officer, "F5.4", "NOT_READY")
        self.lie_enter(chief, "X.close", "MEASURE_IN_FORCE")
        self.finish_what_is_open(("F5.4", "X.close", "F6.1"))
        s.enter(officer, "F5.4", text="再開")
        self.truth()
        self.broadcast(s.notice("F5.4", "t1"))

    def finish_what_is_open(self, but):
        """Whatever a change of mind reopened is done again, in the plan's order; the mayor answers for himself this time."""
        s = self.story
        agenda = values(equipment="stop", resume="deferred", **{a: "決めた" for a in story.AGENDA})
        for _ in range(40):
            ready = [i for i in s.view().of("item") if i.state == "ready" and i.id in ENTRIES and i.id not in but]
            if not ready:
                break
            for item in ready:
                who = "person-" + ROLES[item.by[0]]
                if item.optional:
                    s.waive(who, item.id, "要らない")
                else:
                    s.act(who, "enter", incident=s.incident, item=item.id, **({"values": agenda} if item.id == "F3.3a" else {"values": values(approval="approved", minutes="m")} if item.id == "F3.2r" else ENTRIES[item.id]))
                self.answer_what_it_told(item.id)
        self.truth()

    def answer_what_it_told(self, item):
        s = self.story
        for _ in range(3):
            for n in [n for n in s.view().of("notice") if n.item == item and n.kind == "tell" and n.wants_ack and n.state == "open"]:
                person = n.recipients[0].id
                if n.role == "every_terminal":
                    s.by_terminals(item)
                    break
                if person in story.PERSONS and not n.recipients[0].acknowledged:
                    s.act("person-" + person, "acknowledge", notice=n.id, **({"answer": "present"} if n.answer else {}))

    def broadcast(self, notice):
        s = self.story
        self.lie("terminal-t1", "acknowledge", "NOT_SIGNED_IN", notice=notice, terminal="t2")
        self.lie("person-p_tanaka", "acknowledge", "NO_NOTICE_FOR_YOU", "UNKNOWN_TERMINAL", notice=notice)
        self.lie("person-p_tanaka", "acknowledge", "UNKNOWN_TERMINAL", notice=notice, terminal="t77")
        self.lie("terminal-t1", "excuse", "NOT_SIGNED_IN", "NOT_ENTITLED", notice=notice, terminal="t2", reason="壊れている")
        self.lie("person-p_mayor", "excuse", "NO_REASON_GIVEN", "NOT_ENTITLED", notice=notice, terminal="t2", reason="")
        self.lie("person-p_suzuki", "excuse", "UNKNOWN_TERMINAL", notice=notice, terminal="t77", reason="x")
        first = s.ack("terminal-t1", "F5.4", "t1")
        self.truth()
        again = s.client("terminal-t1").act("acknowledge", notice=notice)
        self.assertEqual((again.outcome, again.record, self.new_records()), (pyclient.pb.ACCEPTED, first.record, []), "acknowledged already: the first one stands")
        self.lie_enter("person-p_ito", "X.close", "ITEMS_OPEN", "NOT_ACKNOWLEDGED")
        for t in ("t2", "t3"):
            s.ack("terminal-" + t, "F5.4", t)
        self.truth()

    def the_closing(self):
        s = self.story
        self.lie_enter("person-p_ito", "X.close", "ITEMS_OPEN", "NOT_ACKNOWLEDGED")
        self.lie_enter("person-p_suzuki", "F6.1", "BAD_INPUT", "INCOMPLETE", "UNKNOWN_PERSON", follow_ups=[{"kind": "technical", "text": "x", "owner": "p_nobody", "due": "2027-01-01"}])
        self.lie_enter("person-p_suzuki", "F6.1", "BAD_INPUT", "INCOMPLETE", follow_ups=[{"kind": "technical", "text": "x", "owner": "p_tanaka", "due": "2027-13-45"}])
        self.everyone_tries_everything()
        self.assertFalse(any(i.state == "closed" for i in s.view().of("incident")))
        s.closing()
        self.truth()
        for item in ENTRIES:
            self.lie_enter("person-p_ito", item, "INCIDENT_CLOSED")
        self.lie("terminal-t1", "withdraw", "INCIDENT_CLOSED", "NOT_SIGNED_IN", incident=s.incident, ground="x")
        for notice in {n.id for n in s.view().of("notice") if n.wants_ack and n.role != "every_terminal"}:
            self.lie("person-p_nishida", "acknowledge", "NOTICE_CLOSED", "NO_NOTICE_FOR_YOU", notice=notice)

    def replay_everything(self):
        """All that was accepted, again, in another order, over new connections: the first answers, and nothing new."""
        sent = list(self.story.sent)
        random.shuffle(sent)
        fresh = {who: self.client(who.rpartition("@")[2]) for who, _, _ in sent}
        for who, command, first in sent:
            again = fresh[who].give(command)
            self.assertEqual((again.outcome, again.record, again.incident), (first.outcome, first.record, first.incident), str(command))
            changed = pyclient.pb.Command.FromString(command.SerializeToString())
            changed.made_at += 1
            self.caught(fresh[who], changed, "ID_REUSED")
        self.assertEqual(self.new_records(), [])

    def final_check(self):
        entries = list(self.story.client("person-p_nishida").log())
        story.check_once(entries, self.story.accepted)
        story.check_acknowledged(entries)
        self.assertTrue(story.closed(entries))


class Rubbish(Liar):
    """What is no command at all, or too much of one. The session may end for it; nothing else does."""

    test_through_the_whole_story = None

    def setUp(self):
        super().setUp()
        self.story.alarm()
        self.truth()

    def ends(self, client, code=None):
        with self.assertRaises(Gone) as caught:
            client.pump(lambda: False, 10)
            self.fail("the connection stands")
        if code:
            self.assertEqual(caught.exception.bye and caught.exception.bye.code, code)

    def nothing_happened(self):
        self.assertEqual(self.new_records(), [])
        self.others_are_served()

    def test_before_the_hello(self):
        frame = Client.frame_of(Client.command("alarm", entry="fault", values=values(kind="fire", place="x")), 1)
        client = self.client("terminal-t1", hello=False)
        client.send(frame)
        self.ends(client, "HELLO_FIRST")
        client = self.client("terminal-t1", hello=False)
        hello = pyclient.pb.ClientFrame(ref=2)
        hello.hello.version = 1
        client.send(frame, hello)  # the hello comes too late, though in the same packet
        self.ends(client, "HELLO_FIRST")
        client = self.client("terminal-t1", hello=False)
        for body in ("sign_in", "resume", "subscribe", "receipts", "ping", "upload", "log_request", "set_password", "sign_out"):
            client = self.client("terminal-t1", hello=False)
            frame = pyclient.pb.ClientFrame(ref=1)
            getattr(frame, body).SetInParent()
            client.send(frame)
            self.ends(client, "HELLO_FIRST")
        self.nothing_happened()

    def test_frames(self):
        good = Client.frame_of(Client.command("alarm", entry="fault", values=values(kind="fire", place="x")), 1).SerializeToString()
        for data in (struct.pack(">I", 65537) + good, struct.pack(">I", 0), struct.pack(">I", 2 ** 32 - 1), struct.pack(">I", len(good)) + good[:-1] + b"\xff", struct.pack(">I", len(good) - 1) + good):
            client = self.client("terminal-t1")
            client.send_bytes(data)
            self.ends(client)
        for cut in (1, 3, 4, 20, len(good) + 3):
            client = self.client("terminal-t1")
            client.send_bytes((struct.pack(">I", len(good)) + good)[:cut])
            client.close()
        dice = random.Random(20261123)
        for _ in range(60):
            data = bytearray(good)
            for _ in range(dice.randrange(1, 6)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            if bytes(data[:60]) == good[:60]:
                continue  # the content may have stayed an alarm
            client = self.client("terminal-t2")
            client.send_bytes(struct.pack(">I", len(data)) + bytes(data))
            try:
                client.pump(lambda: client.answers, 0.2)
            except Gone:
                pass
            client.close()
        alarms = self.new_records()  # a changed letter in a text is still an alarm: each under an id of its own, once
        ids = [r.command for r in alarms if r and r.command]
        self.assertEqual(len(ids), len(set(ids)))
        self.others_are_served()

    def test_control_characters(self):
        for text in ("a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "\x08"):
            client = self.client("person-p_tanaka")
            client.send(client.frame_of(client.command("comment", incident=self.story.incident, text=text), 1))
            self.ends(client, "MALFORMED")
        for raw in (b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"):
            client = self.client("person-p_tanaka")
            body = client.frame_of(client.command("comment", incident=self.story.incident, text="X" * len(raw)), 1).SerializeToString()
            client.send_bytes(struct.pack(">I", len(body)) + body.replace(b"X" * len(raw), raw))
            self.ends(client, "MALFORMED")
        self.nothing_happened()

    def test_too_much(self):
        incident = self.story.incident
        many = [({"values": [{"field": f"f{i}", "value": "x"} for i in range(201)]}), ({"values": [{"field": "kind", "checks": ["x"] * 101}]}),
                ({"calls": [{"body": "national"}] * 51}), ({"follow_ups": [{"kind": "none"}] * 51}), ({"values": values(kind="x" * 4001)}), ({"values": values(**{"k" * 201: "x"})}),
                ({"values": [{"field": "f", "value": "v"}] * 4000}), ({"calls": [{}] * 20000})]
        for fields in many:
            client = self.client("person-p_tanaka")
            command = client.command("enter", incident=incident, item="F1.1b", **fields)
            try:
                result = client.give(command)
                self.assertEqual(result.outcome, pyclient.pb.REFUSED)
                self.assertIn(result.code, ("BAD_INPUT", "UNKNOWN_FIELD"), result.text_en)
            except Gone as gone:
                self.assertEqual(gone.bye and gone.bye.code, "MALFORMED")
            self.nothing_happened()
        self.lie("person-p_tanaka", "comment", "BAD_INPUT", incident=incident, text="あ" * 2000)
        for bad in ("", "short", "x" * 65, "with blank in the id", "あ" * 16, "x" * 15):
            command = Client.command("comment", incident=incident, text="x")
            command.id = bad
            self.caught("person-p_tanaka", command, "BAD_ID")

    def test_numbers_out_of_all_bounds(self):
        """Times that are none: refused or kept, never believed so that something else goes wrong."""
        for made_at in (0, 2 ** 63 - 1, 2 ** 63, 2 ** 64 - 1):
            command = Client.command("comment", incident=self.story.incident, text="時刻")
            command.made_at = made_at
            result = self.story.client("person-p_tanaka").give(command)
            self.assertIn(result.outcome, (pyclient.pb.ACCEPTED, pyclient.pb.REFUSED))
        notice = self.story.notice("A.fault", "p_tanaka")
        for said_at in (2 ** 63, 2 ** 64 - 1):
            self.new_records()
            self.lie("person-p_suzuki", "acknowledge", "BAD_INPUT", "TELEPHONE_INCOMPLETE", notice=notice, behalf={"person": "p_tanaka", "channel": 1, "number": "1", "said_at": said_at})
        self.story.view()
        self.others_are_served()

    def test_tokens(self):
        desk = self.client("terminal-t1")
        token = desk.sign_in("p_sato", PASSWORD)
        for who, lie in (("terminal-t2", token), ("person-p_tanaka", token), ("terminal-t1", token[:-1] + ("A" if token[-1] != "A" else "B")), ("terminal-t1", ""), ("terminal-t1", "x" * 5000),
                         ("terminal-t1", token + "x"), ("terminal-t1", token.swapcase())):
            thief = self.client(who)
            with self.assertRaises(Refused) as caught:
                thief.resume(lie)
            self.assertIn(caught.exception.code, ("TOKEN_INVALID", "ALREADY_SIGNED_IN"))
            if who.startswith("terminal"):
                self.lie(thief, "comment", "NOT_SIGNED_IN", incident=self.story.incident, text="x")
        desk.sign_out(everywhere=True)
        with self.assertRaises(Refused) as caught:
            self.client("terminal-t1").resume(token)
        self.assertEqual(caught.exception.code, "TOKEN_INVALID")
        self.nothing_happened()

    def upload(self, client, digest, offset, total, part):
        frame = pyclient.pb.ClientFrame()
        frame.upload.sha256, frame.upload.offset, frame.upload.total, frame.upload.part = digest, offset, total, part
        return client.ask(frame)

    def test_uploads(self):
        admin = self.client("person-p_nishida")
        data = b"plan: x\n"
        digest = hashlib.sha256(data).digest()
        wrong = [(bytes(32), 0, len(data), data, "UPLOAD_DAMAGED"), (digest, 5, len(data), data[5:], "UPLOAD_ORDER"), (digest, 0, 2 ** 40, data, "UPLOAD_TOO_BIG"), (digest, 0, 4, data, "UPLOAD_DAMAGED"),
                 (b"short", 0, len(data), data, "UPLOAD_DAMAGED"), (digest, 2 ** 64 - 4, len(data), data, "UPLOAD_ORDER"), (digest, 0, 2 ** 64 - 1, data, "UPLOAD_TOO_BIG")]
        for *arguments, code in wrong:
            with self.assertRaises(Refused, msg=str(arguments)) as caught:
                self.upload(admin, *arguments)
            self.assertIn(caught.exception.code, ("UPLOAD_DAMAGED", "UPLOAD_ORDER", "UPLOAD_TOO_BIG"), f"{arguments}: {code}")
            self.lie(admin, "load_plan", "BAD_INPUT", sha256=digest, name="x.yaml")
        self.upload(admin, digest, 0, len(data), data)
        self.lie(self.client("person-p_nishida"), "load_plan", "BAD_INPUT", sha256=digest, name="x.yaml")  # another connection's
        self.lie(admin, "load_plan", "PLAN_FAULTY", sha256=digest, name="x.yaml")
        clerk = self.client("person-p_tanaka")
        try:
            self.upload(clerk, digest, 0, len(data), data)
        except Refused as refused:
            self.assertIn(refused.code, ("NOT_ENTITLED", "ADMIN_ONLY"))
        self.lie(clerk, "load_plan", "ADMIN_ONLY", "BAD_INPUT", sha256=digest, name="x.yaml")
        self.lie(clerk, "load_site", "ADMIN_ONLY", "BAD_INPUT", sha256=digest, name="x.yaml")
        self.others_are_served()

    def test_receipts_for_others(self):
        notice = self.story.notice("A.fault", "p_tanaka")
        liar = self.client("person-p_mayor")
        frame = pyclient.pb.ClientFrame()
        for number in (notice, 0, 2 ** 64 - 1, 1):
            for stage in (0, 1, 3):
                frame.receipts.receipts.add(notice=number, stage=stage)
        liar.send(frame)
        frame = pyclient.pb.ClientFrame()
        frame.ping.nonce = 1
        liar.ask(frame)  # it has been read by now
        rows = [n for n in self.story.view().of("notice") if n.id == notice]
        self.assertLess(rows[0].recipients[0].stage, pyclient.pb.STAGE_DISPLAYED, "nobody displayed it to the operator")
        self.nothing_happened()

    def test_a_flood_of_commands(self):
        """Thousands in one go, most of them wrong: all answered in order or the session closed; the alarm of another goes through meanwhile."""
        liar = self.client("person-p_tanaka")
        refs = [liar.next_ref() for _ in range(2000)]
        command = Client.command("enter", incident=self.story.incident, item="F5.2", **ENTRIES["F5.2"])
        liar.send(*(liar.frame_of(command, ref) for ref in refs))
        result = self.story.client("terminal-t3").act("alarm", entry="fault", values=values(kind="network", text="本当の障害"))
        self.assertEqual(result.outcome, pyclient.pb.ACCEPTED)
        try:
            codes = {liar.answer(ref).result.code for ref in refs}
            self.assertLessEqual(codes, {"NOT_READY", "NOT_ENTITLED", "BUSY"})
        except Gone:
            pass
        self.others_are_served()


if __name__ == "__main__":
    unittest.main(verbosity=2)
