"""A joint office of three villages (tests/plans/mitani): a contractor, no mayor's report, no levels, a committee of three that decides with
two, a deputy head who closes, and people who have telephones only. From the alarm to the close, on both branches."""
import unittest

from play import Play, day

TERMINALS = ("k1", "n1", "s1")
PERSONS = ("p_naka", "p_tech", "p_next")


class Mitani(unittest.TestCase):
    def setUp(self):
        self.p = Play("mitani", TERMINALS, PERSONS)
        self.addCleanup(self.p.close)

    def test_broken(self):
        p = self.p
        p.alarm("k1", "broken", text="印刷できない")
        self.assertTrue(p.act("k1", "alarm", entry="broken").joined)  # the same terminal, still not known which machine
        p.ack("p_tech", "G1-broken")
        p.not_entered("NOT_ENTITLED", "p_next", "K1", found="x")
        p.enter("p_tech", "K1", unknown={"found": "部品を取り寄せて調べる"})
        # the clerk of the village that raised it has a telephone only; the other villages' clerks are not asked
        self.assertEqual([r.id for n in p.notices("p_next", "K1") for r in n.recipients], ["p_kura"])
        p.refused("NO_NOTICE_FOR_YOU", "p_naka", "acknowledge", notice=p.notices("p_next", "K1")[0].id)
        p.ack("p_tech", "K1", p.telephoned("p_kura"))
        p.ack("p_next", "K1")
        p.enter("p_tech", "K2", done="ローラーを替えた")
        p.not_entered("NOT_ENTITLED", "p_naka", "K3", works="works")
        p.enter("p_next", "K3", p.telephoned("p_kura"), works="not_yet")
        p.not_entered("NOT_READY", "p_next", "K3", p.telephoned("p_kura"), works="works")
        p.enter("p_tech", "K2", done="紙も替えた")
        p.not_entered("TELEPHONE_INCOMPLETE", "p_next", "K3", {**p.telephoned("p_kura"), "said_at": 0}, works="works")
        p.enter("p_tech", "K3", p.telephoned("p_kura"), works="works")
        p.ack("p_next", "K3")
        p.enter("p_next", "L1", p.telephoned("p_head"), follow_ups=[{"kind": "machine", "text": "予備の印刷機", "owner": "p_tech", "due": day(2)}])
        p.not_entered("NOT_ENTITLED", "p_tech", "G9-end")
        p.enter("p_next", "G9-end")
        self.assertEqual(p.head("p_next").state, "closed")
        reminders = [n.title for n in p.rows("p_tech", "VIEW_INBOX").of("notice") if n.kind == "reminder"]
        self.assertTrue(len(reminders) == 1 and "予備の印刷機" in reminders[0], reminders)
        p.refused("BAD_DUE", "p_tech", "follow_up", incident=1, follow_up=1, text="延ばす", change={"due": day(-3)})
        p.act("p_tech", "follow_up", incident=1, follow_up=1, state="done", text="納めた")
        p.verified("p_next")

    def test_something_is_wrong(self):
        p = self.p
        p.alarm("n1", "wrong", text="知らない人が端末の前にいた")
        self.assertFalse(p.sees("k1"))
        self.assertFalse(p.rows("k1", "VIEW_INBOX").of("notice"))  # nothing is broadcast
        p.ack("p_next", "G1-wrong", p.telephoned("p_head"))
        p.enter("p_tech", "H1", found="操作の記録はない")
        p.not_entered("NOT_READY", "p_next", "H2", p.telephoned("p_head"), cut="leave", opinion="alone")
        p.ack("p_next", "H1", p.telephoned("p_head"))
        p.ack("p_next", "H1")
        p.not_entered("NOT_ENTITLED", "p_naka", "H2", cut="cut", opinion="ask")
        p.enter("p_next", "H2", p.telephoned("p_head"), cut="cut", opinion="ask")
        for terminal in TERMINALS:
            p.ack(terminal, "H2")
        p.ack("p_naka", "H2")
        p.not_entered("INCOMPLETE", "p_next", "H3", calls=[{"body": "centre", "answered_by": "受付", "said": "了解"}])
        p.enter("p_next", "H3", calls=[{"body": b, "answered_by": "受付", "said": "了解"} for b in ("centre", "prefecture")])
        # the mayors of the villages are asked by telephone: two of three are enough
        p.enter("p_next", "I1", p.telephoned("p_head"), at="2026-11-24T15:00")
        p.ack("p_next", "I1", p.telephoned("p_mayor1"), answer="present")
        p.ack("p_next", "I1", p.telephoned("p_mayor3"), answer="absent")
        self.assertEqual(p.item("p_next", "I1").state, "told")
        p.ack("p_next", "I1", p.telephoned("p_mayor2"), answer="present")
        p.enter("p_next", "I2", p.telephoned("p_head"), cut="keep_cut")
        p.enter("p_tech", "J1", text="異常なし")
        p.not_entered("NOT_READY", "p_next", "J2", p.telephoned("p_head"), yes_no="connect")  # the committee kept it cut
        p.enter("p_next", "J3", p.telephoned("p_head"), minutes="つなぐことに同意")
        p.enter("p_next", "J2", p.telephoned("p_head"), yes_no="later")
        p.not_entered("NOT_READY", "p_tech", "J4")
        p.enter("p_tech", "J1", text="もう一度確かめた")
        p.enter("p_next", "J3", p.telephoned("p_head"), minutes="つなぐことに同意")
        p.enter("p_next", "J2", p.telephoned("p_head"), yes_no="connect")
        p.enter("p_tech", "J4")
        for terminal in TERMINALS:
            p.ack(terminal, "J4")
        p.enter("p_next", "L1", p.telephoned("p_head"), follow_ups=[{"kind": "none", "text": "手引どおりだった"}])
        p.enter("p_next", "G9-end")
        self.assertEqual(p.head("p_next").state, "closed")
        self.assertGreater(len(p.rows("p_next").of("confirm")), 5)  # what was said on the telephone still waits for who said it
        p.verified("p_next")


if __name__ == "__main__":
    unittest.main(verbosity=2)
