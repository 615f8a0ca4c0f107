# Chapter 3, step 4 and what follows, with a council; a stop ordered by it with system=stop.
default system=keep approval=approved
p_ito enter M4.1 at=@now
p_sato ack M4.1 answer=present
p_suzuki ack M4.1 answer=present
p_ito ack M4.1 answer=present
p_suzuki enter M4.2 situation="外部からの操作" cause="調査中" extent="統合端末2"
p_ito enter M4.2r approval=$approval minutes="協議した"
p_ito enter M4.3a system=$system inform="県と全国センターに" support="保守業者に" organise="役割を決めた" residents="窓口で説明" publicity="ホームページ" substitute="手書き" review="追加措置なし" resume=deferred
if-told t1 M4.3a
if-told t2 M4.3a
if-told t3 M4.3a
p_ito enter M4.3b text="決定の報告"
p_mayor ack M4.3b
