# Chapter 3, after the analysis: report, instruction, coordination. What applies at a likely level 3 only is in the scenes.
p_tanaka enter M1.4 text="状況の報告"
p_suzuki ack M1.4
p_sato ack M1.4
p_ito ack M1.4
p_ito enter M2.0a text="第一報"
p_mayor ack M2.0a
p_ito enter M2.0b instruction="データを保護すること"
p_sato ack M2.0b
p_suzuki ack M2.0b
p_tanaka ack M2.0b
p_tanaka enter M2.1 call=national:受付:協力を要請 call=prefecture:中村:協力を要請 call=planning:小野:協力を要請 call=contractor:山本:協力を要請
