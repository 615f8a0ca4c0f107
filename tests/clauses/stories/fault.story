# Chapter 2, serious: the chief orders a stop, the council takes it over, recovery, resumption, measures, closing.
default serious=serious stop=stop approval=approved
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
p_ito enter F2.1 instruction="切り離し、データを保護すること" stop=$stop
p_sato ack F2.1
p_suzuki ack F2.1
if-told t1 F2.1
if-told t2 F2.1
if-told t3 F2.1
p_ito enter F2.2a serious=$serious ground="長時間の停止が見込まれる"
p_ito enter F2.2b text="窓口業務が停止しています"
p_mayor ack F2.2b
p_ito enter F3.1 at=@now place="第1会議室"
p_sato ack F3.1 answer=present
p_suzuki ack F3.1 answer=present
p_ito ack F3.1 answer=present
p_suzuki enter F3.2 situation="起動しない" cause="電源装置の故障" extent="窓口1か所"
p_ito enter F3.2r approval=$approval minutes="協議した"
p_ito enter F3.3a equipment=keep inform="県と全国センターに" support="保守業者に" organise="役割を決めた" residents="手書きで" publicity="ホームページ" substitute="他の端末で" resume=deferred
if-told t1 F3.3a
if-told t2 F3.3a
if-told t3 F3.3a
p_ito enter F3.3b text="会議の結果"
p_mayor ack F3.3b
p_suzuki enter F4.1 result="電源装置を交換した"
p_suzuki enter F5.1 integrity="差異なし" call=prefecture:中村:了解した call=national:受付:了解した
p_ito enter F5.2 approval=approve ground="復旧と整合性を確認した"
p_ito waive F5.3c reason="会議を継続している"
p_suzuki enter F5.3r text="復旧し、整合性を確認した"
p_ito enter F5.3 decision=resume minutes="再開を決定"
p_suzuki enter F5.4 text="運用を再開した"
t1 ack F5.4
t2 ack F5.4
t3 ack F5.4
p_suzuki enter F6.1 follow="technical|障害監視の強化|p_tanaka|@later" follow="operational|予備装置の確保|p_sato|@later"
p_ito enter X.close text="終結する"
