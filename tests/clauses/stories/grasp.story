# Chapter 3, steps 1 and 2, up to the determination: found inside, at a terminal.
default provisional=level2 at_bodies=not_found
t2 alarm A.misuse kind=access place="1階窓口 統合端末2" text="見知らぬ操作の跡"
p_suzuki ack A.misuse
p_tanaka enter M1.2 times="9時頃" device="統合端末2" damage="閲覧の疑い" first_aid="なし"
p_suzuki ack M1.2
p_tanaka enter M1.3a text="集約した"
p_tanaka enter M1.3b text="調べた" provisional=$provisional at_bodies=$at_bodies ground="記録による"
