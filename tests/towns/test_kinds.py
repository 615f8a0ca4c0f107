"""Which kind an alarm is, through the real programs: unknown and sorted by either of two, fault to misuse and back with all that was
recorded, who sees what in between; alarms that were two things, incidents that were one."""
import unittest

from play import Play

TERMINALS = ("t1", "t2", "t3")
PERSONS = ("p_tanaka", "p_suzuki", "p_sato", "p_ito", "p_nishida", "p_hirata", "p_ono")


class Kinds(unittest.TestCase):
    def setUp(self):
        self.p = Play(None, TERMINALS, PERSONS)
        self.addCleanup(self.p.close)

    def unknown(self, who="t1"):
        p = self.p
        p.alarm(who, "unknown", text="変な画面")
        p.ack("p_tanaka", "A.unknown")
        p.ack("p_suzuki", "A.unknown")

    def classify(self, who, kind, item="X.classify"):
        p = self.p
        p.enter(who, item, category=kind, ground="確かめた")
        for other in {"p_tanaka", "p_suzuki"} - {who}:
            p.ack(other, item)

    def test_an_unknown_alarm_is_sorted_by_either(self):
        p = self.p
        p.alarm("t1", "unknown", text="変な画面")
        told = {r.id for n in p.rows("p_nishida").of("notice") if n.item == "A.unknown" for r in n.recipients}
        self.assertEqual(told, {"p_tanaka", "p_suzuki"})
        self.assertFalse(p.sees("t2"))  # it may be misuse: no other terminal hears of it
        self.assertEqual(len(p.rows("t2", "VIEW_BOARD").of("incident")), 0)
        p.ack("p_tanaka", "A.unknown")
        p.ack("p_suzuki", "A.unknown")
        p.not_entered("NOT_ENTITLED", "p_ito", "X.classify", category="fault", ground="x")
        p.not_entered("INCOMPLETE", "p_suzuki", "X.classify", category="fault")
        p.not_entered("NOT_READY", "p_suzuki", "X.reclassify", category="fault", ground="まだ一度も区分していない")
        self.classify("p_suzuki", "fault")
        self.assertEqual(p.states("p_tanaka")["F1.1b"], "ready")
        self.assertEqual(p.states("p_tanaka")["M1.2"], "not_applicable")

    def test_fault_to_misuse_and_back(self):
        p = self.p
        p.alarm("t1", "fault", kind="software", text="遅い")
        p.ack("p_tanaka", "A.fault")
        p.enter("p_tanaka", "F1.1b", kind="software", place="1階", cause="不明な通信")
        for who in (*TERMINALS, "p_hirata"):
            self.assertTrue(p.sees(who))
        self.classify("p_suzuki", "misuse", "X.reclassify")
        for who in ("t2", "t3", "p_hirata"):  # what they were told stays with them, what follows does not reach them
            self.assertFalse(p.sees(who))
        self.assertEqual((p.head("t1").category, len(p.head("t1").facts)), ("", 0))  # who raised it has the own alarm
        self.assertNotIn("X.reclassify", [n.item for n in p.rows("t1").of("notice")])
        p.refused("NOT_SEEN", "p_hirata", "comment", incident=p.incident, text="x")
        self.assertEqual([i.category for i in p.rows("t1", "VIEW_INBOX").of("incident")], [""])
        self.assertFalse([n for n in p.rows("t2", "VIEW_INBOX").of("notice") if n.item == "X.reclassify"])
        # who raised it still has the reporter's part in it
        unsure = {"unknown": {"times": "不明", "device": "不明", "damage": "不明", "first_aid": "不明"}}
        p.not_entered("NOT_SEEN", "t2", "M1.2", **unsure)
        p.enter("t1", "M1.2", **unsure)
        self.assertEqual(p.states("p_tanaka")["F1.1b"], "kept")
        self.assertTrue(p.item("p_tanaka", "F1.1b").values)
        # the same fault at another terminal joins it; that terminal sees its own alarm, and nothing of the misuse
        again = p.act("t3", "alarm", entry="fault", values=[{"field": "kind", "value": "software"}, {"field": "place", "value": "1階窓口 統合端末1"}])
        self.assertTrue(again.joined)
        own = p.rows("t3", "VIEW_INBOX").of("incident")
        self.assertEqual([(i.entry, i.category, i.items_open, len(i.facts)) for i in own], [("A.fault", "", 0, 0)])
        self.classify("p_tanaka", "fault", "X.reclassify")
        self.assertEqual(p.states("p_tanaka")["F1.1b"], "done")  # done before, and it holds again
        self.assertEqual(p.states("p_tanaka")["M1.2"], "kept")
        self.assertFalse(p.sees("p_hirata"))  # it was misuse once: what was suspected stays with those who know

    def test_two_that_are_one_and_one_that_is_two(self):
        p = self.p
        drill = p.act("t3", "alarm", entry="fault", drill=True, values=[{"field": "kind", "value": "network"}]).incident
        first = p.alarm("t1", "fault", kind="network", place="2階 電算室").incident
        second = p.alarm("t2", "fault", kind="network", place="1階 書庫").incident
        self.assertNotEqual(first, second)
        join = {"incident": second, "into": first, "reason": "同じハブ"}
        p.refused("NOT_SIGNED_IN", "t2", "join", **join)
        p.refused("NOT_ENTITLED", "p_hirata", "join", **join)
        p.refused("NO_REASON_GIVEN", "p_tanaka", "join", **{**join, "reason": " "})
        p.refused("CANNOT_JOIN", "p_tanaka", "join", **{**join, "into": second})
        p.refused("CANNOT_JOIN", "p_tanaka", "join", **{**join, "into": drill})  # a drill is never mixed with what is real
        p.refused("INCIDENT_CLOSED", "p_tanaka", "join", incident=drill, into=first, reason="x")  # what is real put an end to it
        p.refused("UNKNOWN_INCIDENT", "p_tanaka", "join", **{**join, "into": 99})
        p.act("p_tanaka", "join", **join)
        p.refused("INCIDENT_CLOSED", "p_tanaka", "join", **join)
        p.refused("INCIDENT_CLOSED", "p_tanaka", "join", incident=first, into=second, reason="逆")
        alarms = p.rows("p_tanaka", incident=first).of("alarm")
        self.assertEqual([a.terminal for a in alarms], ["t1", "t2"])
        # a further alarm like the one that came along finds its incident
        third = p.act("t3", "alarm", entry="fault", values=[{"field": "kind", "value": "network"}, {"field": "place", "value": "1階 書庫"}])
        self.assertEqual((third.joined, third.incident), (True, first))
        # and now it turns out that they were two after all
        split = {"incident": first, "alarm": alarms[1].record, "reason": "書庫は配線の断線"}
        p.refused("UNKNOWN_RECORD", "p_tanaka", "split", **{**split, "alarm": alarms[0].record})
        p.refused("NOT_ENTITLED", "p_ono", "split", **split)
        fresh = p.act("p_tanaka", "split", **split).incident
        p.refused("UNKNOWN_RECORD", "p_tanaka", "split", **split)
        self.assertEqual([a.terminal for a in p.rows("p_tanaka", incident=fresh).of("alarm")], ["t2"])
        self.assertEqual([a.terminal for a in p.rows("p_tanaka", incident=first).of("alarm")], ["t1", "t3"])
        p.restart()
        self.assertEqual([a.terminal for a in p.rows("p_tanaka", incident=first).of("alarm")], ["t1", "t3"])
        p.verified("p_nishida")

    def test_what_few_may_see_does_not_end_where_many_look(self):
        p = self.p
        fault = p.alarm("t1", "fault", kind="software", place="1階窓口 統合端末2").incident
        misuse = p.alarm("t2", "misuse", kind="access", place="1階窓口 統合端末2").incident
        self.assertNotEqual(fault, misuse)  # of the same place, and yet not of one kind
        self.assertFalse(p.sees("t1", misuse))
        p.refused("UNKNOWN_INCIDENT", "p_hirata", "join", incident=fault, into=misuse, reason="x")
        p.refused("CANNOT_JOIN", "p_suzuki", "join", incident=misuse, into=fault, reason="同じ端末")
        p.act("p_sato", "join", incident=fault, into=misuse, reason="同じ端末で起きている")
        self.assertEqual([a.terminal for a in p.rows("p_suzuki", incident=misuse).of("alarm")], ["t1", "t2"])
        self.assertFalse(p.sees("t1", misuse))  # its fault went where it may not look
        self.assertEqual([(i.id, i.joined_into) for i in p.rows("t1", "VIEW_INBOX").of("incident") if i.id == fault], [(fault, misuse)])
        fresh = p.act("p_suzuki", "split", incident=misuse, alarm=p.rows("p_suzuki", incident=misuse).of("alarm")[0].record, reason="別の故障").incident
        self.assertEqual(p.rows("p_tanaka", incident=fresh).of("incident")[0].entry, "A.fault")  # it opens as what it was raised as
        self.assertTrue(p.sees("t3", fresh))


if __name__ == "__main__":
    unittest.main(verbosity=2)
