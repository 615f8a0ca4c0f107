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
