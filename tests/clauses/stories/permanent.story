# Chapter 3, 2, and closing.
p_ito enter M7.1 at=@now
p_sato ack M7.1 answer=present
p_suzuki ack M7.1 answer=present
p_ito ack M7.1 answer=present
p_ito enter M7.2 follow="permanent|認証の強化|p_sato|@later"
p_ito enter X.close text="終結する"
