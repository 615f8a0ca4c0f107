"""A village on an island (tests/plans/aomi), written from docs/plan-language.md alone: it runs, on both branches, from the alarm to the close;
and every town of tests/plans passes the check without a warning."""
import glob
import os
import subprocess
import unittest

from play import Play, day
from town import BIN, ROOT

TERMINALS = ("y1", "y2")
PERSONS = ("p_isobe", "p_namie", "p_oki")


class Checked(unittest.TestCase):
    def test_every_town(self):
        folders = [os.path.dirname(p) for p in glob.glob(os.path.join(ROOT, "tests", "plans", "*", "site.yaml"))]
        self.assertGreaterEqual(len(folders), 3)
        for folder in folders:
            done = subprocess.run([os.path.join(BIN, "renraku"), "--lang", "en", "plan", "check", os.path.join(folder, "plan.yaml"), os.path.join(folder, "site.yaml")],
                                  capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("(0 warnings)", done.stdout)
            self.assertIn("complete", done.stdout.lower(), done.stdout)


class Aomi(unittest.TestCase):
    def setUp(self):
        self.p = Play("aomi", TERMINALS, PERSONS)
        self.addCleanup(self.p.close)

    def test_the_cable_breaks(self):
        p = self.p
        p.alarm("y2", "storm", what="cable", text="台風のあと通じない")
        p.not_entered("NOT_READY", "p_isobe", "S.look", length="long", text="x")
        p.ack("p_isobe", "G.storm")
        p.enter("p_isobe", "S.look", length="long", unknown={"text": "通信会社が調べている"})
        p.ack("p_oki", "S.look")  # nobody has boat duty: that hop is passed over
        p.act("p_isobe", "waive", incident=p.incident, item="S.call", reason="向こうから電話があった")
        p.enter("p_oki", "S.paper", paper="change", extent="転入転出と証明書")
        for terminal in TERMINALS:
            p.ack(terminal, "S.paper")
        p.enter("p_oki", "S.head", text="紙に切り替えた")
        p.ack("p_oki", "S.head", p.telephoned("p_shiomi"))
        p.enter("p_oki", "S.pref", calls=[{"body": "県", "answered_by": "宿直", "said": "承知"}])
        p.not_entered("NOT_APPLICABLE", "p_oki", "B.agree", p.telephoned("p_shiomi"), answer="agreed")
        p.not_entered("NOT_READY", "p_oki", "B.start")
        p.enter("p_isobe", "B.check", text="12件を入れ直した")
        p.enter("p_oki", "B.start")
        for terminal in TERMINALS:
            p.ack(terminal, "B.start")
        p.enter("p_oki", "NEXT.do", follow_ups=[{"kind": "gear", "text": "衛星電話を借りる", "owner": "section_chief", "due": day(60)}])
        p.enter("p_oki", "Z.end", text="もとに戻った")
        self.assertEqual(p.head("p_oki").state, "closed")
        self.assertEqual([f.owner_name for f in p.rows("p_oki", "VIEW_FOLLOW_UPS").of("follow_up")], ["総務課長"])

    def test_a_list_is_missing(self):
        p = self.p
        p.alarm("y1", "leak", text="名簿がない")
        self.assertFalse(p.sees("y2"))
        p.ack("p_oki", "G.leak")  # who keeps the data is the chief of general affairs while nobody is named
        p.enter("p_oki", "L.look", found="窓口の名簿が一冊ない")
        p.ack("p_oki", "L.look", p.telephoned("p_shiomi"))
        p.enter("p_oki", "L.stop", stop="stop")
        for terminal in TERMINALS:
            p.ack(terminal, "L.stop")
        p.enter("p_oki", "L.meet", p.telephoned("p_shiomi"), at="2026-11-24T18:00")
        p.ack("p_oki", "L.meet", answer="present")
        p.ack("p_oki", "L.meet", p.telephoned("p_hama"), answer="present")
        p.enter("p_oki", "L.decide", p.telephoned("p_shiomi"), stop="keep", residents="防災無線で知らせる")
        p.enter("p_oki", "L.tell", calls=[{"body": b, "answered_by": "宿直", "said": "承知"} for b in ("mainland", "jlis")])
        p.enter("p_isobe", "B.check", text="欠けはない")
        p.not_entered("NOT_READY", "p_oki", "B.start")
        p.enter("p_oki", "B.agree", p.telephoned("p_shiomi"), answer="agreed")
        p.enter("p_oki", "B.start")
        for terminal in TERMINALS:
            p.ack(terminal, "B.start")
        p.enter("p_oki", "NEXT.do", follow_ups=[{"kind": "none", "text": "名簿は見つかった"}])
        p.enter("p_oki", "Z.end", text="名簿は書庫にあった")
        self.assertEqual(p.head("p_oki").state, "closed")
        p.verified("p_oki")


if __name__ == "__main__":
    unittest.main(verbosity=2)
