# M1.3c: at a likely level 2 or 3.
p_tanaka enter M1.3c call=prefecture:中村:状況を照会 call=national:受付:状況を照会 asked="被害状況の把握"
