"""A city (tests/plans/morino): one intake before sorting, alarms by a machine, grades for faults, two who must both acknowledge, an officer
for each section, two of three acknowledgements. From the alarm to the close, on both branches, with what must be refused."""
import unittest

from play import Play, day

TERMINALS = ("c1", "c2", "e1", "m1")
PERSONS = ("p_aoki", "p_bessho", "p_chida", "p_date", "p_endo", "p_fujii", "p_goto", "p_hara", "p_ishii", "p_jinbo", "p_maeda")


def call(body, **more):
    return {"body": body, "answered_by": "担当", "said": "了解", **more}


class Morino(unittest.TestCase):
    def setUp(self):
        self.p = Play("morino", TERMINALS, PERSONS)
        self.addCleanup(self.p.close)

    def sorted_as(self, kind, by="p_aoki"):
        self.p.enter(by, "RC.sort", kind=kind, ground="現場で確かめた")
        self.p.ack("p_fujii", "RC.sort")
        self.assertEqual(self.p.states("p_goto")["RC.sort"], "told")  # one of the two is not enough
        self.p.ack("p_goto", "RC.sort")

    def test_a_fault_of_grade_a(self):
        p = self.p
        p.alarm("e1", "report", text="画面が出ない")
        self.assertEqual(p.head("p_aoki").category, "")  # nobody has said yet what it is
        p.refused("INCOMPLETE", "c1", "alarm", entry="report")
        p.refused("UNKNOWN_ITEM", "c1", "alarm", entry="fault")  # this town knows no such word
        self.assertEqual(p.states("p_aoki")["FD.1"], "undetermined")
        p.not_entered("NOT_READY", "p_aoki", "RC.sort", kind="fault", ground="x")
        p.ack("p_bessho", "RC.report")  # either of the two on duty
        # the officer of the section that raised it sorts, not those of other sections
        p.not_entered("NOT_ENTITLED", "p_chida", "RC.sort", kind="fault", ground="x")
        p.not_entered("NO_SUCH_CHOICE", "p_date", "RC.sort", kind="disaster", ground="x")
        p.not_entered("NOT_READY", "p_aoki", "RC.resort", kind="misuse", ground="x")
        self.sorted_as("fault", by="p_date")
        self.assertEqual(p.head("p_aoki").category, "fault")

        p.not_entered("INCOMPLETE", "p_aoki", "FD.1", part="server", cause="電源", ground="全窓口")
        p.enter("p_aoki", "FD.1", part="server", cause="電源", grade="grade_a", ground="全窓口が止まった")
        p.ack("p_date", "FD.1")  # by way of the section's officer
        p.ack("p_goto", "FD.1")
        p.not_entered("NOT_READY", "p_fujii", "FS.1", stop="stop", extent="全業務")
        p.ack("p_fujii", "FD.1")
        p.enter("p_aoki", "FD.2", text="証明書は発行できません")
        p.act("p_aoki", "waive", incident=p.incident, item="FD.3", reason="業者は来ている")
        p.refused("NOT_OPTIONAL", "p_aoki", "waive", incident=p.incident, item="FD.2", reason="x")
        p.enter("p_fujii", "FS.1", stop="stop", extent="証明書発行")
        for terminal in TERMINALS:
            p.ack(terminal, "FS.1")
        p.ack("p_hara", "FS.1")
        p.refused("NOT_APPLICABLE", "e1", "withdraw", incident=p.incident, ground="間違い")  # a stop is in force
        p.not_entered("INCOMPLETE", "p_aoki", "FS.2")
        p.enter("p_aoki", "FS.2", calls=[call("pref")])
        p.enter("p_hara", "FS.3", text="窓口を止めています")
        p.ack("p_ishii", "FS.3")
        p.not_entered("NOT_READY", "p_aoki", "FR.1", text="直った")
        # the mayor never signs in: the deputy mayor says that the mayor was told by telephone
        p.refused("TELEPHONE_INCOMPLETE", "p_ishii", "acknowledge", {**p.telephoned("p_kanda"), "number": ""},
                  notice=p.notices("p_ishii", "FS.3")[0].id)
        p.ack("p_ishii", "FS.3", p.telephoned("p_kanda"))
        p.enter("p_aoki", "FR.1", text="全窓口で動いた")
        p.enter("p_hara", "FR.2", approval="again")
        p.not_entered("NOT_READY", "p_fujii", "FR.3")
        p.enter("p_aoki", "FR.1", text="東支所でも動いた")
        p.enter("p_hara", "FR.2", approval="approve")
        p.not_entered("NOT_ENTITLED", "p_aoki", "FR.3")
        p.enter("p_goto", "FR.3")
        p.not_entered("ITEMS_OPEN", "p_hara", "RX.close", text="終わり")
        for terminal in TERMINALS:
            p.ack(terminal, "FR.3")
        p.not_entered("BAD_DUE", "p_hara", "PV.1", follow_ups=[{"kind": "gear", "text": "電源を二重に", "owner": "sys_lead", "due": day(-1)}])
        p.enter("p_hara", "PV.1", follow_ups=[{"kind": "gear", "text": "電源を二重に", "owner": "sys_lead", "due": day(90)}])
        p.not_entered("NOT_ENTITLED", "p_aoki", "RX.close", text="終わり")
        p.enter("p_hara", "RX.close", text="復旧した")
        self.assertEqual(p.head("p_aoki").state, "closed")
        self.follow_up()
        self.assertGreater(p.verified("p_goto")[0], 80)

    def follow_up(self):
        """What was left to two of whom each may do it goes on after the close, and over a restart."""
        p = self.p
        p.restart()
        mine = [f for f in p.rows("p_fujii", "VIEW_INBOX").of("follow_up")]
        self.assertEqual([(f.text, f.owner, f.owner_name, f.when) for f in mine], [("電源を二重に", "sys_lead", "システム管理責任者", "")])
        self.assertEqual(list(p.rows("p_chida", "VIEW_INBOX").of("follow_up")), [])
        change = {"incident": p.incident, "follow_up": 1}
        p.refused("NO_REASON_GIVEN", "p_fujii", "follow_up", **change, change={"owner": "p_maeda", "due": day(3)})
        p.refused("NOT_ENTITLED", "p_maeda", "follow_up", **change, state="done", text="済")
        p.act("p_fujii", "follow_up", **change, text="監査で見つけたため前倒し", change={"owner": "p_maeda", "due": day(3)})
        titles = [n.title for n in p.rows("p_maeda", "VIEW_INBOX").of("notice") if n.kind == "reminder"]
        self.assertTrue(len(titles) == 1 and "電源を二重に" in titles[0], titles)  # the day is near: told at once
        p.act("p_maeda", "follow_up", **change, state="done", text="工事が済んだ")
        done = p.rows("p_aoki", "VIEW_FOLLOW_UPS").of("follow_up")
        self.assertEqual([(f.state, f.remark, f.owner) for f in done], [("done", "工事が済んだ", "p_maeda")])
        self.assertFalse([n for n in p.rows("p_maeda", "VIEW_INBOX").of("notice") if n.kind == "reminder"])

    def test_a_machine_says_it_and_it_is_misuse(self):
        p = self.p
        p.refused("INCOMPLETE", "m1", "alarm", entry="monitor")
        p.alarm("m1", "monitor", device="CS1", code="42", message="不明な接続")
        joined = p.act("m1", "alarm", entry="monitor", values=[{"field": "device", "value": "CS1"}])
        self.assertTrue(joined.joined)
        # a machine has no colleague beside it: nobody signed in there, and the notice goes to people
        self.assertFalse(p.sees("c1"))
        p.ack("p_endo", "RC.machine")
        self.sorted_as("misuse", by="p_endo")
        # from now on only those of the plan see it; the terminal that raised it keeps its own alarm, and nothing of what follows
        self.assertFalse(p.sees("c1"))
        own = p.rows("m1", "VIEW_INBOX").of("incident")
        self.assertEqual([(i.entry, i.category, len(i.facts), i.items_open) for i in own], [("RC.machine", "", 0, 0)])
        self.assertEqual([r.id for r in p.rows("c1", "VIEW_BOARD").of("incident")], [])
        p.enter("p_hara", "MJ.1", grade="grade_b", ground="外からの接続")
        p.ack("p_aoki", "MJ.1")
        self.assertEqual(p.item("p_aoki", "MJ.1").state, "told")
        p.ack("p_fujii", "MJ.1")
        p.ack("p_goto", "MJ.1")  # with the duty both managers make two of three
        self.assertEqual(p.item("p_aoki", "MJ.1").state, "done")
        p.enter("p_fujii", "MJ.2", text="ログを保全した", unknown={"files": "複製中"})
        p.ack("p_hara", "MJ.2")
        p.enter("p_hara", "MJ.3", cut="cut", extent="CS1")
        for terminal in ("c1", "c2", "e1"):
            p.ack(terminal, "MJ.3")
        p.not_entered("NOT_READY", "p_hara", "MH.1", at="2026-11-24T10:00")
        p.act("p_goto", "acknowledge", notice=p.notices("p_goto", "MJ.3")[0].id, terminal="m1")  # looked at on the spot
        p.enter("p_hara", "MH.1", at="2026-11-24T10:00")
        p.ack("p_fujii", "MH.1", answer="present")
        p.ack("p_jinbo", "MH.1", answer="absent")
        p.not_entered("NOT_READY", "p_hara", "MH.2", measure="take_over", notice="しない", work="続ける")
        p.ack("p_hara", "MH.1", answer="present")
        p.ack("p_ishii", "MH.1", answer="deputy", comment="秘書課長")
        p.not_entered("INCOMPLETE", "p_hara", "MH.2", measure="take_over")
        p.enter("p_hara", "MH.2", measure="take_over", notice="deferred", work="証明書は本庁のみ")
        p.enter("p_hara", "MH.3", text="切り離した")
        p.ack("p_ishii", "MH.3")
        p.ack("p_ishii", "MH.3", p.telephoned("p_kanda"))
        p.not_entered("INCOMPLETE", "p_goto", "MH.4", calls=[call("jlis")])
        p.enter("p_goto", "MH.4", calls=[call("jlis"), call("pref"), {"body": "police", "reason": "被害が確かめられてから届け出る"}])
        # the headquarters took the cut over: without its decision nothing is connected again
        p.enter("p_fujii", "MR.1", text="改ざんなし")
        p.not_entered("NOT_READY", "p_fujii", "MR.3")
        p.enter("p_hara", "MR.2", decision="wait")
        p.not_entered("NOT_READY", "p_hara", "MR.2", decision="resume")
        p.enter("p_fujii", "MR.1", text="再確認した")
        p.enter("p_hara", "MR.2", decision="resume")
        p.enter("p_fujii", "MR.3")
        for terminal in TERMINALS:
            p.ack(terminal, "MR.3")
        p.enter("p_hara", "PV.1", follow_ups=[{"kind": "none", "text": "要領どおりで足りた"}])
        p.enter("p_hara", "RX.close", text="終わり")
        self.assertGreater(p.verified("p_goto")[0], 80)

    def test_sorted_wrongly_and_again(self):
        p = self.p
        p.alarm("c1", "report", text="遅い")
        p.ack("p_aoki", "RC.report")
        self.sorted_as("fault")
        p.enter("p_aoki", "FD.1", part="line", grade="grade_c", ground="一部", unknown={"cause": "調査中"})
        self.assertFalse(p.sees("c2"))  # this town broadcasts no report; other terminals see what they are told of
        p.ack("p_chida", "FD.1")
        p.ack("p_fujii", "FD.1")
        p.ack("p_goto", "FD.1")
        p.enter("p_aoki", "FD.2", text="表示が遅れています")
        self.assertTrue(p.sees("c2"))
        p.enter("p_hara", "RC.resort", kind="misuse", ground="ログに不審な操作")
        self.assertFalse(p.sees("c2"))
        self.assertEqual(p.states("p_aoki")["FD.1"], "kept")
        self.assertIn("grade_c", [v.value for v in p.item("p_aoki", "FD.1").values])  # what was recorded stays
        p.ack("p_aoki", "RC.resort")
        p.ack("p_fujii", "RC.resort")
        p.ack("p_goto", "RC.resort")
        p.enter("p_fujii", "RC.resort", kind="fault", ground="委託業者の作業だった")
        self.assertEqual(p.head("p_aoki").category, "fault")
        self.assertFalse(p.sees("c2"))  # whom it was taken from it is not given back: what was suspected stays with those who know
        p.not_entered("NOT_APPLICABLE", "p_hara", "MJ.1", grade="grade_a", ground="x")
        p.refused("NOT_SEEN", "c2", "withdraw", incident=p.incident, ground="x")  # once it was misuse
        p.act("c1", "withdraw", incident=p.incident, ground="見間違い")
        p.ack("p_aoki", "RC.cancel")
        for who in ("p_aoki", "p_goto"):  # p_fujii said it himself
            p.ack(who, "RC.resort")
        p.enter("p_hara", "RX.close", text="誤報")
        self.assertEqual(p.head("p_aoki").category, "mistaken")


if __name__ == "__main__":
    unittest.main(verbosity=2)
