# Level 2, with the calls of M1.3c still to be made before anything ends.
default council=pass
from asked
p_suzuki enter M3.0 level=level2 ground="通過していない" call=national:受付:協議
p_suzuki enter M3.2 cause="設定の誤り" counter="監視を強める"
p_sato ack M3.2
p_ito ack M3.2
p_ito enter M3.3 council=$council ground="協議した"
