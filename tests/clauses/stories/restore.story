# Chapter 3, steps 5 and 6, without a council's stop.
p_ito enter M5.1 cause="設定の誤り" restoration="設定を改めた" unknown.evidence="記録装置の保存期間を過ぎていた"
p_suzuki enter M6.1 integrity="差異なし"
p_ito enter M6.1a approval=approve ground="復旧を確認した"
p_suzuki enter M6.1e text="運用を再開した"
t1 ack M6.1e
t2 ack M6.1e
t3 ack M6.1e
p_suzuki enter M6.2 text="権限を見直した"
p_ito enter M6.3 text="再開の報告"
p_mayor ack M6.3
p_tanaka enter M6.4 call=prefecture:中村:再開を連絡 call=national:受付:再開を連絡
