# Chapter 2, not serious, nothing stopped: no mayor, no council.
t1 alarm A.fault kind=hardware place="1階窓口 統合端末1" text="起動しない"
p_tanaka ack A.fault
p_tanaka enter F1.1b kind=hardware place="1階窓口 統合端末1" cause="電源装置の故障"
p_tanaka waive F1.1c reason="原因が判明したため"
p_tanaka waive F1.2a reason="庁内で対応できるため"
p_tanaka enter F1.2b situation="起動しない" cause="電源装置の故障" extent="窓口1か所"
p_suzuki ack F1.2b
p_suzuki enter F1.3 remark="確認中"
p_sato ack F1.3
p_ito ack F1.3
p_ito enter F2.1 instruction="データを保護すること" stop=no_stop
p_sato ack F2.1
p_suzuki ack F2.1
p_ito enter F2.2a serious=not_serious ground="窓口1か所に限られる"
p_suzuki enter F4.1 result="電源装置を交換した"
p_suzuki enter F5.1 integrity="差異なし" call=prefecture:中村:了解した call=national:受付:了解した
p_ito enter F5.2 approval=approve ground="復旧と整合性を確認した"
p_suzuki enter F5.4 text="運用を再開した"
t1 ack F5.4
t2 ack F5.4
t3 ack F5.4
p_suzuki enter F6.1 follow="technical|障害監視の強化|p_tanaka|@later"
p_ito enter X.close text="終結する"
