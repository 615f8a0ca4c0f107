# Level 3.
default council=convene
from asked
p_suzuki enter M3.0 level=level3 ground="通過した" call=national:受付:協議
p_ito enter M3.4 council=$council ground="漏えいのおそれ"
p_suzuki enter M3.2 cause="設定の誤り" counter="監視を強める"
p_sato ack M3.2
p_ito ack M3.2
p_ito enter M3.4m text="続報"
p_mayor ack M3.4m
