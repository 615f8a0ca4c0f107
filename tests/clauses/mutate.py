"""Changes of a plan, each of which takes away something that makes a clause. A plan is what its YAML says, as lists and dicts."""
import copy


def items(plan):
    return [i for p in plan["procedures"] for s in p["steps"] for i in s["items"]]


def item(plan, name):
    return next(i for i in items(plan) if i["id"] == name)


def clauses_of(plan):
    """Every clause that the plan names anywhere."""
    found = set()

    def walk(x):
        if isinstance(x, dict):
            found.update(x.get("clause", []))
            for v in x.values():
                walk(v)
        elif isinstance(x, list):
            for v in x:
                walk(v)
    walk(plan)
    return found


class Mutation:
    def __init__(self, kind, target, change):
        self.kind, self.target, self.change = kind, target, change

    def __str__(self):
        return f"{self.kind} {self.target}"

    def apply(self, plan):
        changed = copy.deepcopy(plan)
        self.change(changed)
        return changed


def drop_item(name):
    def change(plan):
        """What came after it comes after what it came after."""
        gone = item(plan, name)
        before = gone.get("after", []) + gone.get("rests_on", [])
        for p in plan["procedures"]:
            for s in p["steps"]:
                s["items"] = [i for i in s["items"] if i["id"] != name]
                for i in s["items"]:
                    for key in ("after", "rests_on"):
                        if name in i.get(key, []):
                            i[key] = list(dict.fromkeys([x for x in i[key] if x != name] + [b for b in before if b != i["id"]]))
                            if not i[key]:
                                del i[key]
                    forget_reopens(i, name)
            emptied = [s["id"] for s in p["steps"] if not s["items"]]
            p["steps"] = [s for s in p["steps"] if s["items"]]
            for i in items(plan):
                for key in ("after", "rests_on"):
                    if set(i.get(key, [])) & set(emptied):
                        i[key] = [x for x in i[key] if x not in emptied] + before
    return Mutation("drop", name, change)


def forget_reopens(it, name):
    for f in it.get("form", []):
        for o in f.get("options", []):
            if name in o.get("reopens", []):
                o["reopens"] = [x for x in o["reopens"] if x != name]
                if not o["reopens"]:
                    del o["reopens"]


def on_item(kind, name, detail, change):
    return Mutation(kind, f"{name}{detail}", lambda plan: change(item(plan, name)))


def of_tell(it):
    name = it["id"]
    many = len(it.get("tell", [])) > 1
    for k, chain in enumerate(it.get("tell", [])):
        which = f" to {'+'.join(chain['to'])}" if many else ""
        if chain.get("ack", "none") != "none":
            def no_ack(i, k=k):
                i["tell"][k]["ack"] = "none"
            yield on_item("unack", name, which, no_ack)
        else:
            def silent(i, k=k):
                del i["tell"][k]
                if not i["tell"]:
                    del i["tell"]
            yield on_item("untell", name, which, silent)
        if chain.get("if_ordered"):
            def ever(i, k=k):
                del i["tell"][k]["if_ordered"]
            yield on_item("unif", name, which, ever)
        if chain.get("via"):
            def direct(i, k=k):
                i["tell"][k].pop("via")
            yield on_item("unvia", name, which, direct)


def of_form(it):
    name = it["id"]
    for f in it.get("form", []):
        if f.get("optional"):
            continue

        def less(i, field=f["id"]):
            i["form"] = [x for x in i["form"] if x["id"] != field]
            if not i["form"]:
                del i["form"]
        yield on_item("unfield", name, "." + f["id"], less)
    for a in it.get("agenda", []):
        def shorter(i, agenda=a["id"]):
            i["agenda"] = [x for x in i["agenda"] if x["id"] != agenda]
        yield on_item("unagenda", name, "." + a["id"], shorter)


def of_rest(it):
    name = it["id"]
    if it.get("calls"):
        for body in it["calls"].get("bodies", []) if it["calls"].get("need") == "all" else []:
            def fewer(i, body=body):
                i["calls"]["bodies"] = [b for b in i["calls"]["bodies"] if b != body]
                if not i["calls"]["bodies"]:
                    del i["calls"]
            yield on_item("uncall", name, "." + body, fewer)

        def none(i):
            del i["calls"]
        yield on_item("uncalls", name, "", none)
    if it.get("followups"):
        def forgotten(i):
            del i["followups"]
        yield on_item("unfollow", name, "", forgotten)
    if it.get("when"):
        def always(i):
            del i["when"]
        yield on_item("unwhen", name, "", always)


def of_item(it):
    yield drop_item(it["id"])
    yield from of_tell(it)
    yield from of_form(it)
    yield from of_rest(it)


# ---- the finer changes: what makes an item this item ----

def without(kind, it, key, where=lambda i: i, detail=""):
    def change(i):
        del where(i)[key]
    return on_item(kind, it["id"], detail, change)


def finer_order(it):
    """Order and validity: what it comes after, what it rests on."""
    for key, kind in (("after", "unafter"), ("rests_on", "unrest")):
        for name in it.get(key, []):
            def change(i, key=key, name=name):
                i[key] = [x for x in i[key] if x != name]
                if not i[key]:
                    del i[key]
            yield on_item(kind, it["id"], "." + name, change)
    if it.get("rests_on"):
        def loosen(i):
            i["after"] = i.get("after", []) + i.pop("rests_on")
        yield on_item("loosen", it["id"], "", loosen)


def finer_who(it):
    """Who does it, and whether it must be done."""
    if it["by"] != ["anyone"]:
        def anyone(i):
            i["by"] = ["anyone"]
        yield on_item("widen", it["id"], "", anyone)
    if it.get("optional"):
        yield without("require", it, "optional")
    elif not any(it.get(k) for k in ("entry", "standing", "closes", "lifts")):
        def optional(i):
            i["optional"] = True
        yield on_item("excuse", it["id"], "", optional)
    if it.get("standing"):
        yield without("unstanding", it, "standing")


def finer_options(it):
    for f in it.get("form", []) + it.get("agenda", []):
        def at(i, field=f["id"]):
            return next(x for x in i.get("form", []) + i.get("agenda", []) if x["id"] == field)
        if f.get("unknown"):
            yield without("known", it, "unknown", at, "." + f["id"])
        for o in f.get("options", []):
            def option(i, at=at, name=o["id"]):
                return next(x for x in at(i)["options"] if x["id"] == name)
            where = f".{f['id']}.{o['id']}"
            for key in ("orders", "ratifies", "reopens", "checks", "when"):
                if key in o:
                    yield without("un" + key, it, key, option, where)
            if len(f["options"]) > 1:
                def fewer(i, at=at, name=o["id"]):
                    at(i)["options"] = [x for x in at(i)["options"] if x["id"] != name]
                yield on_item("unoption", it["id"], where, fewer)
    for a in it.get("agenda", []):
        def empty(i, agenda=a["id"]):
            del next(x for x in i["agenda"] if x["id"] == agenda)["contents"]
        yield on_item("uncontents", it["id"], "." + a["id"], empty)


def finer_rest(it):
    calls = it.get("calls", {})
    if calls.get("extend"):
        yield without("unextend", it, "extend", lambda i: i["calls"])
    if calls.get("form"):
        yield without("unform", it, "form", lambda i: i["calls"])
    if calls.get("need") == "all" and len(calls.get("bodies", [])) > 1:
        def any_one(i):
            i["calls"]["need"] = "any"
        yield on_item("anyone", it["id"], "", any_one)
    for k in range(len(it.get("tell", []))):
        def silent(i, k=k):
            del i["tell"][k]
            if not i["tell"]:
                del i["tell"]
        if it["tell"][k].get("ack", "none") != "none":
            yield on_item("untell", it["id"], f" to {'+'.join(it['tell'][k]['to'])}", silent)
        if it["tell"][k].get("ack") == "all" and len(it["tell"][k]["to"]) > 1:
            def any_one(i, k=k):
                i["tell"][k]["ack"] = "any"
            yield on_item("ackany", it["id"], f" to {'+'.join(it['tell'][k]['to'])}", any_one)
    for key in ("lifts", "within", "followups", "joins"):
        if key in it:
            yield without("un" + key, it, key)
    for f in it.get("followups", []) if len(it.get("followups", [])) > 1 else []:
        def fewer(i, name=f["id"]):
            i["followups"] = [x for x in i["followups"] if x["id"] != name]
        yield on_item("unkind", it["id"], "." + f["id"], fewer)


def finer(it):
    yield from finer_order(it)
    yield from finer_who(it)
    yield from finer_options(it)
    yield from finer_rest(it)


def drop_contact(contact):
    def change(plan):
        plan["contacts"] = [c for c in plan["contacts"] if c["tel"] != contact["tel"]]
    return Mutation("drop", "contact " + contact["tel"], change)


def of_fact(fact):
    """The examples beside the values."""
    def change(plan):
        for f in plan["facts"]:
            if f["id"] == fact["id"]:
                for v in f["values"]:
                    v.pop("guide", None)
    if any(v.get("guide") for v in fact["values"]):
        yield Mutation("unguide", fact["id"], change)


def of_row(plan, row):
    """What makes this clause, taken away one by one."""
    for it in items(plan):
        if row in it.get("clause", []):
            yield from of_item(it)
    for c in plan.get("contacts", []):
        if row in c.get("clause", []):
            yield drop_contact(c)
    for f in plan.get("facts", []):
        if row in f.get("clause", []):
            yield from of_fact(f)


def finer_of(plan, rows):
    """(the item's rows, mutation): what makes each item just this item. A scene of any of its rows may tell."""
    for it in items(plan):
        if set(it.get("clause", [])) & set(rows):
            for mutation in finer(it):
                yield tuple(it["clause"]), mutation
