#!/usr/bin/env python3
"""The engine against the paper prototype on random walks: a second opinion on what is ready, done, held, refused, closable.

    walk.py PLAY PROTOTYPE PLAN SITE [--walks N] [--seed S] [--steps N] [--entry ITEM]

Both are fed the same acts by the same people, possible and impossible ones; after each act the life of every item, whether the
incident may close, what is in force and whether the act was accepted must agree. `Compared` mends, in the prototype, the places
where it says less than the semantics; each is explained in docs/plan-language.md, 'Differences from the prototype'.
"""
import argparse, random, subprocess, sys

ap = argparse.ArgumentParser()
ap.add_argument("play"), ap.add_argument("prototype"), ap.add_argument("plan"), ap.add_argument("site")
ap.add_argument("--walks", type=int, default=200), ap.add_argument("--seed", type=int, default=1), ap.add_argument("--steps", type=int, default=90)
ap.add_argument("--entry", default="A.fault"), ap.add_argument("--keep-going", action="store_true")
arg = ap.parse_args()
sys.path.insert(0, arg.prototype)
import yaml
import core, people
from core import DONE, OPEN, T, WAIVED
from people import Incident, No, Site

DOC, TOWN = yaml.safe_load(open(arg.plan)), yaml.safe_load(open(arg.site))
PLAN = core.Plan(DOC)
ITEMS = [i["id"] for i in PLAN.items]
NAMES = ["undetermined", "not_applicable", "waiting", "ready", "told", "done", "waived", "held", "kept", "standing"]


TYPED = {"time": "2026-11-25T09:00", "number": "1", "files": "log.txt sha256:" + 64 * "0"}


class Compared(Incident):
    """The prototype with its known gaps closed."""

    def chains_live(s, i):
        return s.p.items[i]["id"] and i in s.entry_rec and "chains" in s.entry_rec[i]

    def forget(s, i):  # what was reopened or lapsed is told anew: a late acknowledgement must not finish it (difference 1)
        if s.chains_live(i):
            del s.entry_rec[i]["chains"]
        for n in s.n:
            if n["item"] == i:
                n["gone"] = True

    def guarded(s, f, *a, **k):
        before = list(s.c.st)
        told = {i for i in range(len(before)) if before[i] == OPEN and s.chains_live(i) and not s.p.items[i].get("standing")}
        own = s.p.ix[a[1]]
        stamp = {i: id(s.entry_rec.get(i)) for i in range(len(before))}
        f(*a, **k)
        under = set()

        def rest(i):
            for r in s.p.resters[i]:
                if r not in under:
                    under.add(r), rest(r)

        rest(own)
        ordered = any(o.get("orders") for d in s.p.dims[own] for o in d[2])
        for i in range(len(before)):
            if i == own and stamp[i] != id(s.entry_rec.get(i)):
                continue
            lapsed = before[i] != OPEN and s.c.st[i] == OPEN
            dropped = i in told and s.c.st[i] == OPEN and (i in under or (ordered and s.in_new_measure and i in s.p.under_lift) or i in s.sent_back)
            if lapsed or dropped:
                s.forget(i)

    def hop(s, i, ch, sender=None):
        """The prototype knows no `if_ordered`: such a chain is through at once where the entry put nothing in force."""
        k = next((k for k, c in enumerate(s.entry_rec[i]["chains"]) if c is ch), None)
        if ch["at"] == 0 and s.p.items[i]["tell"][k].get("if_ordered") and not s.in_new_measure:
            ch["at"] = len(ch["hops"])
            return
        before = len(s.n)
        super().hop(i, ch, sender)
        for n in s.n[before:]:
            if n["role"] == "every_terminal" and n["need"] and s.in_new_measure:
                n["ordered"] = True
                n["beside"] = s.p.items[i]["tell"][k].get("if_ordered")

    def advance(s, i):
        """Nor does an item wait for one that runs."""
        rec = s.entry_rec[i]
        waited, tells = rec["chains"], s.p.items[i].get("tell", [])
        rec["chains"] = [c for c, t in zip(waited, tells) if not t.get("if_ordered")]
        super().advance(i)
        rec["chains"] = waited

    def carry_on(s):  # acting acknowledges one's own notices, and what that completes goes on (difference 2)
        for i in list(s.entry_rec):
            if s.chains_live(i) and s.c.applies(i) is T:
                s.advance(i)

    def settle_notice(s, n, who, cap, how, *a, **k):
        super().settle_notice(n, who, cap, how, *a, **k)
        if how == "acted":
            s.acted.append(n["item"])

    def apply(s, i, pick):
        for k in s.acted:  # before the act itself, which may turn the condition of what it completes (difference 2)
            if k != i and s.chains_live(k) and s.c.applies(k) is T:
                s.advance(k)
        s.acted = []
        n = len(s.c.led)
        s.in_new_measure = any(o.get("orders") for o in pick.values())
        s.sent_back = {s.p.ix[b] for o in pick.values() for b in o.get("reopens", [])}
        return super().apply(i, pick)

    def act(s, who, iid, *a, **k):
        s.in_new_measure, s.sent_back = False, set()
        i = s.p.ix[iid]
        if s.p.items[i].get("closes") and s.c.st[i] == DONE:
            raise No("closed")
        if a[1:2] and not s.p.items[i].get("standing") and (s.c.st[i] == DONE or s.chains_live(i)):  # amending keeps the calls (difference 9)
            kept = [c for c in s.entry_rec.get(i, {}).get("calls", []) if c[0] not in {b for b, _ in a[1]}]
            a = (a[0], list(a[1]) + kept, *a[2:])
        held = [n for n in s.n if n["role"] in s.site.groups and not n["ack"] and not n["gone"] and n["item"] != i]
        for n in held:  # a member of a group answers: acting alone is no answer (difference 3)
            n["gone"] = True
        try:
            s.guarded(super().act, who, iid, *a, **k)
        finally:
            for n in held:
                n["gone"] = not any(n["ch"] is c for c in s.entry_rec.get(n["item"], {}).get("chains", []))
        s.withdraw(), s.carry_on()

    def reopen(s, who, iid, reason):
        i = s.p.ix[iid]
        it = s.p.items[i]
        if it.get("entry") or it.get("standing") or it.get("closes") or s.life(i) in ("ready", "waiting", "undetermined", "not_applicable", "kept"):
            raise No("nothing to reopen")  # (difference 4)
        if s.c.closed:
            raise No("closed")
        s.in_new_measure, s.sent_back = False, set()
        super().reopen(who, iid, reason)
        s.forget(i)

    def waive(s, who, iid, reason):
        i = s.p.ix[iid]
        if s.life(i) != "ready":
            raise No("not ready")
        s.in_new_measure, s.sent_back = False, set()
        s.guarded(super().waive, who, iid, reason)

    def withdraw(s):  # what was cancelled and holds again is told again, where it had got to (difference 6)
        revived = [n for n in s.n if n.get("told_off") and s.c.applies(n["item"]) is T]
        ordered = [n for n in s.n if not n["gone"] and not n.get("told_off") and n.get("ordered") and s.c.in_force()]
        super().withdraw()
        for n in ordered:  # what was ordered stays ordered: no terminal hears that it was cancelled (difference 8)
            n["gone"] = n["told_off"] = False
        for n in s.n:  # what was ordered beside its item is over with the measure
            if n.get("beside") and not n["ack"] and not s.c.in_force():
                n["gone"] = True
        for n in revived:
            here = s.chains_live(n["item"]) and s.c.st[n["item"]] == OPEN and any(n["ch"] is c and n["at"] == c["at"] for c in s.entry_rec[n["item"]]["chains"])
            n["gone"] = not here
            if here:
                n["ack"] = n["answer"] = None

    def recipients(s, roles):
        for r in roles:
            if r == "entry":
                yield from super().recipients([x for t in s.p.items[s.c.entry].get("tell", []) for x in t["to"]])
            elif r != "reporter":
                yield from super().recipients([r])

    def life(s, i):
        v = s.c.view(i)
        it = s.p.items[i]
        if v in ("ready", "waiting") and not it.get("standing") and s.c.st[i] == OPEN and s.chains_live(i):
            return "told"
        if v == "not applicable" and not it.get("standing") and s.chains_live(i):
            return "kept"  # told, and its condition turned false: the record stays (difference 5)
        if it.get("standing") and v == "ready":
            return "standing"
        return {"not applicable": "not_applicable", "not needed": "waived"}.get(v, v)


class Engine:
    def __init__(s):
        s.p = subprocess.Popen([arg.play, arg.plan, arg.site], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        s.p.stdout.readline(), s.p.stdout.readline()
        s.tell("quiet")
        s.p.stdout.readline()
        s.log = []

    def tell(s, line):
        s.p.stdin.write(line + "\n")

    def act(s, line):
        s.log.append(line)
        s.tell(line)
        return s.p.stdout.readline().strip()

    def state(s):
        s.tell("show-all")
        head = s.p.stdout.readline().split()
        return head[1], "may-close" in head, "in-force" in head, dict(x.rsplit(":", 1) for x in head if ":" in x)

    def end(s):
        s.p.stdin.close()
        s.p.wait()


def choices(i):
    out = {}
    for n, (did, fact, opts) in enumerate(PLAN.dims[i]):
        if not PLAN.items[i].get("sets") or any(f["id"] == did for f in PLAN.items[i].get("form", [])):
            out[did] = [o["id"] for o in opts]
    return out


def fill(rnd, i):
    it = PLAN.items[i]
    form, agenda, opts = {}, {}, choices(i)
    for f in it.get("form", []):
        form[f["id"]] = rnd.choice(opts[f["id"]]) if f.get("type") == "choice" and f["id"] in opts else TYPED.get(f.get("type"), "x")
    for a in it.get("agenda", []):
        agenda[a["id"]] = rnd.choice(opts.get(a["id"], ["decided"]) + ["deferred"])
    calls = [(b, "answered") for b in it["calls"].get("bodies") or ["contractor"]] if it.get("calls") else []
    follow = [(f["id"], "x", "p_suzuki", "2027-03-31") for f in it.get("followups", [])]
    if rnd.random() < 0.04 and form:
        form.pop(rnd.choice(list(form)))
    if rnd.random() < 0.04 and calls:
        calls.pop()
    if rnd.random() < 0.04 and follow:
        follow = []
    for f in (it.get("calls") or {}).get("form", []):  # the prototype does not ask for them
        form[f["id"]] = TYPED.get(f.get("type"), "x")
    return form, calls, agenda, follow


def people_of(it):
    out = []
    for r in it["by"]:
        if r in ("anyone", "reporter"):
            out += [p["id"] for p in TOWN["persons"]]
        for h in TOWN["holders"]:
            if h["role"] == r or h["role"] == next((x.get("held_as") for x in DOC["roles"] if x["id"] == r), None):
                out += h["persons"]
    return out


def one_walk(seed):
    rnd = random.Random(seed)
    site = Site(TOWN)
    ref, eng = Compared(PLAN, site), Engine()
    ref.in_new_measure, ref.sent_back, ref.acted = False, set(), []
    persons = [p["id"] for p in TOWN["persons"]]
    eng.act("present " + " ".join(persons)), eng.act("start"), eng.act("present " + " ".join(persons))
    opener = "p_mori" if "anyone" in PLAN.items[PLAN.ix[arg.entry]]["by"] else people_of(PLAN.items[PLAN.ix[arg.entry]])[0]

    def both(f, line, what):
        try:
            f()
            mine = "accepted"
        except No as e:
            mine = "refused " + str(e)
        theirs = eng.act(line)
        st, may, force, life = eng.state()
        want = {x: ref.life(PLAN.ix[x]) for x in ITEMS}
        diff = {x: (want[x], life[x]) for x in ITEMS if want[x] != life[x]}
        bad = []
        repeated = theirs == "= repeated"  # acknowledged before: no error for ever, and nothing may have changed (difference 7)
        if not repeated and mine.split()[0] != theirs.split()[1].rstrip(":"):
            bad.append(f"prototype {mine!r}, engine {theirs!r}")
        if diff:
            bad.append("prototype, engine: " + ", ".join(f"{k} {v[0]} / {v[1]}" for k, v in diff.items()))
        if not ref.c.closed and may != ref.c.may_close():
            bad.append(f"may close: prototype {ref.c.may_close()}, engine {may}")
        if force != ref.c.in_force():
            bad.append(f"in force: prototype {ref.c.in_force()}, engine {force}")
        if ref.c.closed != (st == "closed"):
            bad.append(f"closed: prototype {ref.c.closed}, engine {st}")
        return bad, mine.startswith("accepted")

    i = PLAN.ix[arg.entry]
    form, calls, agenda, follow = fill(rnd, i)
    form = {f["id"]: form.get(f["id"], "x") for f in PLAN.items[i]["form"]} | {k: rnd.choice(v) for k, v in choices(i).items()}
    bad, ok = both(lambda: ref.act(opener, arg.entry, form), f"{opener} alarm {arg.entry} " + " ".join(f"{k}={v}" for k, v in form.items()), "alarm")
    for step in range(arg.steps):
        if bad or ref.c.closed:
            break
        open_notices = [n for n in ref.n if not n["ack"] and not n["gone"] and n["need"]]
        dice = rnd.random()
        if open_notices and dice < 0.45:
            n = rnd.choice(open_notices)
            who = rnd.choice(n["to"]) if rnd.random() < 0.9 else rnd.choice(persons)
            iid = ITEMS[n["item"]]
            if n["role"] == "every_terminal":
                t = n["to"][0]
                bad, ok = both(lambda: ref.ack(t, iid), f"terminal:{t} ack {iid} terminal={t}", "ack")
            else:
                group = n["role"] in site.groups
                answer = rnd.choice(["present", "present", "deputy", "absent"]) if group else None
                known = any(m["item"] == n["item"] and not m["gone"] and who in m["to"] and m["ack"] for m in ref.n)
                if group and (known or who not in n["to"]):
                    continue
                bad, ok = both(lambda: ref.ack(who, iid, answer=answer), f"{who} ack {iid}" + (f" answer={answer} comment=x" if group else ""), "ack")
        elif dice < 0.475:
            iid = rnd.choice([x for x in ITEMS if ref.c.st[PLAN.ix[x]] != OPEN] or ITEMS)
            who = rnd.choice(persons)
            bad, ok = both(lambda: ref.reopen(who, iid, "x"), f"{who} reopen {iid} reason=x", "reopen")
        elif dice < 0.52:
            iid = rnd.choice([x for x in ITEMS if PLAN.items[PLAN.ix[x]].get("optional")])
            who = rnd.choice(people_of(PLAN.items[PLAN.ix[iid]]) or persons)
            bad, ok = both(lambda: ref.waive(who, iid, "x"), f"{who} waive {iid} reason=x", "waive")
        else:
            todo = [x for x in ITEMS if ref.life(PLAN.ix[x]) == "ready"]
            pool = todo if todo and rnd.random() < 0.8 else [x for x in ITEMS if not PLAN.items[PLAN.ix[x]].get("entry")]
            iid = rnd.choice(pool)
            i = PLAN.ix[iid]
            if PLAN.items[i].get("standing") and rnd.random() < 0.85:
                continue
            who = rnd.choice(people_of(PLAN.items[i]) or persons) if rnd.random() < 0.93 else rnd.choice(persons)
            form, calls, agenda, follow = fill(rnd, i)
            line = f"{who} enter {iid} " + " ".join([f'{k}="{v}"' for k, v in {**form, **agenda}.items()] + [f"call={b}:a:x" for b, _ in calls] + [f"follow={k}|{t}|{o}|{d}" for k, t, o, d in follow])
            bad, ok = both(lambda: ref.act(who, iid, form, calls, agenda, follow), line, "act")
    eng.end()
    if bad:
        print(f"walk {seed}: they differ after these acts:")
        print("\n".join("  " + x for x in eng.log))
        print("\n".join("  ! " + x for x in bad))
    return not bad, ref.c.closed


failed = closed = 0
for w in range(arg.walks):
    good, c = one_walk(arg.seed + w)
    failed += not good
    closed += c
    if failed and not arg.keep_going:
        break
print(f"{w + 1} walks over {arg.entry}, {closed} of them to the close; {failed} differ")
sys.exit(1 if failed or not closed else 0)
