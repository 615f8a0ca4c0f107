"""What a scene may say of the state after an act. Each takes the player and the line; Wrong when it does not hold."""
import hashlib
import os
import re
import shlex

import pyclient
from player import KINDS, Wrong


def pb():
    return pyclient.pb


def need(holds, what):
    if not holds:
        raise Wrong(what)


# ---- items ----

def state(player, line):
    """state ITEM LIFE …: one of these."""
    is_now = player.item(line.words[1]).state
    need(is_now in line.words[2:], f"it is {is_now}")


def settled(player, line):
    """settled ITEM …: done, or not needed."""
    rows = {r.id: r.state for r in player.view().of("item")}
    open_yet = [i for i in line.words[1:] if rows.get(i) not in ("done", "waived")]
    need(not open_yet, ", ".join(f"{i} is {rows.get(i)}" for i in open_yet))


def by(player, line):
    """by ITEM ROLE …: these and no others."""
    need(sorted(player.item(line.words[1]).by) == sorted(line.words[2:]), f"by {list(player.item(line.words[1]).by)}")


def mine(player, line):
    """mine WHO ITEM: it stands in the inbox as theirs to do now."""
    need(player.item(line.words[2], line.words[1]).mine, "it is not theirs to do")


def field_of(rows, item, field):
    for f in rows:
        if f.id == field:
            return f
    raise Wrong(f"{item} has no field {field}")


def check_options(options, wanted):
    ids = [o.id for o in options]
    need(all(w in ids for w in wanted), f"the choices are {ids}")


def choices(player, line):
    """choices WHO ITEM FIELD OPTION …: what is offered where it is chosen."""
    _, who, item, field, *wanted = line.words
    check_options(field_of(player.item(item, who).form, item, field).options, wanted)


def guide(player, line):
    """guide WHO ITEM FIELD OPTION TEXT …: these examples or checks are shown beside the choice."""
    _, who, item, field, option, *wanted = line.words
    for o in field_of(player.item(item, who).form, item, field).options:
        if o.id == option:
            shown = list(o.guide) + list(o.checks)
            lacking = [w for w in wanted if not any(w in s for s in shown)]
            need(not lacking, f"{lacking} is not among {shown}")
            return
    raise Wrong("there is no such choice")


def alarm_form(player, line):
    """alarm-form WHO ITEM FIELD OPTION …: of an entry item, as the board shows it; FIELD text: free words may stand beside."""
    _, who, item, field, *wanted = line.words
    for row in player.view(who, pb().VIEW_BOARD).of("alarm_form"):
        if row.entry == item:
            found = field_of(row.form, item, field)
            check_options(found.options, wanted)
            texts = [o.title for o in found.options]
            need(all(any(t in x for x in texts) for t in [v for k, v in line.pairs if k == "title"]), f"the choices read {texts}")
            return
    raise Wrong("there is no such alarm")


def agenda(player, line):
    """agenda WHO ITEM AGENDA …: exactly these, each with contents."""
    _, who, item, *wanted = line.words
    row = player.item(item, who)
    need([a.id for a in row.agenda] == wanted, f"the agenda is {[a.id for a in row.agenda]}")
    for a in row.agenda:
        need(len(a.contents) > 0, f"{a.id} has no contents")


def kinds(player, line):
    """kinds WHO ITEM KIND TEXT …: a kind of measure that goes on after closing, with these examples."""
    _, who, item, kind, *wanted = line.words
    for k in player.item(item, who).follow_ups:
        if k.id == kind:
            lacking = [w for w in wanted if not any(w in c for c in k.contents)]
            need(not lacking, f"{lacking} is not among {list(k.contents)}")
            return
    raise Wrong("there is no such kind")


def number(player, line):
    """number WHO ITEM BODY TEL: offered where the body is to be called."""
    _, who, item, body, tel = line.words
    offered = {c.body: c.number for c in player.item(item, who).calls}
    need(offered.get(body) == tel, f"offered are {offered}")


# ---- the incident ----

def fact(player, line):
    """fact NAME VALUE, or none."""
    found = {f.field: f.value for f in player.view().of("incident")[0].facts}
    is_now = found.get(line.words[1], "")
    need((is_now or "none") == line.words[2], f"it is {is_now or 'none'}")


def incident(player, line):
    row = [r for r in player.view(incident=int(line.get("in", player.incident))).of("incident")][0]
    for key, value in line.pairs:
        if key != "in":
            need(str(getattr(row, key)).lower() == value.lower(), f"{key} is {getattr(row, key)}")


def measure(player, line):
    """measure N STATE [AUTHORITY …]: titles or English titles of those whose authority stands behind it."""
    rows = {str(m.id): m for m in player.view().of("measure")}
    m = rows.get(line.words[1])
    need(m is not None, f"there are {len(rows)} measures")
    need(m.state == line.words[2], f"it is {m.state}")
    need(all(a in list(m.authorities) + list(m.authorities_en) for a in line.words[3:]), f"its authorities are {list(m.authorities)}")
    need(line.get("only") is None or len(m.authorities) == int(line.get("only")), f"its authorities are {list(m.authorities)}")


def no_measure(player, line):
    need(not player.view().of("measure"), "there is one")


def meeting(player, line):
    """meeting WHO ITEM present=N …: how many have answered so, as WHO sees it."""
    for row in player.view(line.words[1]).of("meeting"):
        if row.item == line.words[2]:
            for key, value in line.pairs:
                need(getattr(row, key) == int(value), f"{key} is {getattr(row, key)}")
            return
    raise Wrong("there is no such meeting")


def promised(player, line):
    """promised N state=… owner=…: a follow-up."""
    rows = {str(f.id): f for f in player.view().of("follow_up")}
    row = rows.get(line.words[1])
    need(row is not None, f"there are {len(rows)} follow-ups")
    for key, value in line.pairs:
        need(getattr(row, key) == player.value(value, {}), f"{key} is {getattr(row, key)}")


def sees(player, line):
    """sees WHO …"""
    for who in line.words[1:]:
        need(player.view(who).of("incident"), f"{who} does not see it")


def sees_nothing(player, line):
    """sees-nothing WHO …: neither the incident nor that there is one."""
    for who in line.words[1:]:
        try:
            player.view(who)
        except pyclient.Refused as refused:
            need(refused.code == "NOT_SEEN", refused.code)
        else:
            raise Wrong(f"{who} sees it")
        board = player.view(who, pb().VIEW_BOARD)
        need(not [r for r in board.of("incident") if r.id == player.incident], f"the board shows it to {who}")
        need(not [r for r in board.of("notice") if r.incident == player.incident], f"the board shows its notices to {who}")


# ---- notices ----

def addressed(player, who, item, line):
    kind = line.get("kind")
    return [n for n in player.notices(item) if n.state != "withdrawn" and n.kind != "cancelled" and (kind is None or n.kind == kind) and any(r.id == who for r in n.recipients)]


def told(player, line):
    """told WHO ITEM [kind=…] [ack=true]: the notice has reached this device, and is open there."""
    who, item = line.words[1:3]
    client = player.stage.client(who)
    if line.get("kind") != "cancelled":
        found = addressed(player, who, item, line)
        need(found, "nobody told them")
        need(line.get("ack") is None or any(n.wants_ack == (line.get("ack") == "true") for n in found), "it wants an acknowledgement, or does not, otherwise than said")
    wanted = {"incident": player.incident, "item": item, **({"kind": line.get("kind")} if line.get("kind") else {})}
    need(client.await_notice(**wanted), "the notice did not reach the device")


def if_told(player, line):
    """if-told WHO ITEM: acknowledges, where the plan wants it."""
    who, item = line.words[1:3]
    for n in addressed(player, who, item, line):
        if n.wants_ack and n.state == "open" and not any(r.acknowledged for r in n.recipients if r.id == who):
            need(player.stage.client(who).act("acknowledge", notice=n.id).outcome == pb().ACCEPTED, "not accepted")


def untold(player, line):
    """untold WHO ITEM …[kind=…]: there is no notice for them."""
    who = line.words[1]
    for item in line.words[2:]:
        need(not addressed(player, who, item, line), f"{who} was told of {item}")


def recipient(player, who, item):
    rows = [r for n in player.notices(item) if n.state != "withdrawn" and n.kind == "tell" for r in n.recipients if r.id == who]
    need(rows, "they were not told")
    return rows[-1]


def acked(player, line):
    """acked WHO ITEM [capacity=…] [channel=…] [answer=…] [entered_by=…]"""
    row = recipient(player, *line.words[1:3])
    need(row.acknowledged, "they have not acknowledged")
    for key, value in line.pairs:
        need(getattr(row, key) == value, f"{key} is {getattr(row, key)}")


def unacked(player, line):
    need(not recipient(player, *line.words[1:3]).acknowledged, "they have acknowledged")


def repeats(player, line):
    """repeats WHO ITEM MINUTES: their open notice is told again after so long."""
    who, item, minutes = line.words[1:4]
    found = [n for n in addressed(player, who, item, line) if n.state == "open" and n.wants_ack]
    need(found, "there is none that is open")
    first = max(found, key=lambda n: n.id)
    need(first.due - first.at == int(minutes) * 60000, f"it is after {(first.due - first.at) / 60000} minutes")


def withdrawn(player, line):
    """withdrawn WHO ITEM: their notice has ended."""
    who, item = line.words[1:3]
    open_now = [n for n in addressed(player, who, item, line) if n.state == "open"]
    need(not open_now, "it is still open")


# ---- the record ----

def matches(record, line):
    for key, value in line.pairs:
        if key.startswith("v."):
            if not any(v.field == key[2:] and v.value == value for v in record.values):
                return False
        elif key.startswith("u."):
            if not any(v.field == key[2:] and v.unknown == value for v in record.values):
                return False
        elif key.startswith("check."):
            if not any(v.field == key[6:] and value in v.checks for v in record.values):
                return False
        elif not key.startswith(("call.", "follow.")) and str(getattr(record, key)) != value:
            return False
    return some(record.calls, "call.", line) and some(record.follow_ups, "follow.", line)


def some(rows, prefix, line):
    pairs = [(k[len(prefix):], v) for k, v in line.pairs if k.startswith(prefix)]
    return not pairs or any(all(str(getattr(row, k)) == v for k, v in pairs) for row in rows)


def record(player, line):
    """record KIND item=… person=… v.FIELD=… u.FIELD=… call.body=… follow.kind=…: there is such a record of this incident."""
    kind = KINDS[line.words[1]]
    need(any(r.kind == kind and matches(r, line) for _, r in player.log()), "there is no such record")


def hashed(player, line):
    """hashed ITEM FIELD FILE: its value on record names that file of the scene by its SHA-256."""
    item, field, name = line.words[1:4]
    values = [v.value for _, r in player.log() if r.kind == KINDS["entered"] and r.item == item for v in r.values if v.field == field]
    with open(player.stage.path(name), "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    need(values and name in values[-1] and digest in values[-1], f"the record has {values}, and not {digest}")


def make_file(player, line):
    """file NAME: a file of evidence, which FILE then stands for."""
    player.file = player.stage.path(line.words[1])
    with open(player.file, "w", encoding="utf-8") as f:
        f.write("2026-11-20 03:14 login failed\n" * 20)


# ---- numbers, the command line, the server's end ----

def contact(player, line):
    """contact WHO BODY TEL now=true|false"""
    _, who, body, tel = line.words
    rows = player.view(who, pb().VIEW_CONTACTS).of("contact")
    found = [r for r in rows if r.id == body and r.number == tel]
    need(found, f"the numbers are {[(r.id, r.number) for r in rows]}")
    need(line.get("now") is None or any(r.now == (line.get("now") == "true") for r in found), "it is offered at the wrong hour")
    need(line.get("alias") is None or any(line.get("alias") in r.aliases for r in found), f"its aliases are {list(found[0].aliases)}")


def run(player, line):
    """run WHO WORD … [=> EXIT]: the command line, on a person's device or at a terminal (with its agent)."""
    words = shlex.split(line.text)[1:]
    wanted = 0
    if "=>" in words:
        wanted = int(words[words.index("=>") + 1])
        words = words[:words.index("=>")]
    words = [player.value(w, {}).replace("@incident", str(player.incident)).replace("FOLDER", player.stage.dir).replace("FILE", player.file) for w in words]
    code, player.output = player.stage.run(words[0], words[1:])
    need(code == wanted, f"exit status {code}: {player.output}")


def has(player, line):
    """has TEXT …: what the command line printed."""
    for text in shlex.split(line.text)[1:]:
        need(text in player.output, f"'{text}' is not in: {player.output}")


def near(player, line):
    """near TEXT TEXT …: all of them in one line of what was printed."""
    texts = shlex.split(line.text)[1:]
    need(any(all(t in printed for t in texts) for printed in player.output.splitlines()), f"no line has {texts}: {player.output}")


def sheet(player, line):
    """sheet NAME: this file of the scene is a PDF of one page."""
    with open(player.stage.path(line.words[1]), "rb") as f:
        matter = f.read()
    pages = len(re.findall(rb"/Type\s*/Page\b", matter))
    need(matter.startswith(b"%PDF-") and pages == 1, f"{len(matter)} bytes, {pages} pages")


def stop(player, line):
    """The server ends; the agents and the command line are on their own."""
    for client in player.stage.clients.values():
        client.close()
    player.stage.clients = {}
    player.stage.stop()


def agent(player, line):
    player.stage.agent(line.words[1])


def keeps(player, line):
    """keeps TERMINAL: its agent has put the contact network by."""
    player.stage.wait(lambda: os.path.exists(player.stage.path(line.words[1], "state", "contacts.cache")), "the contacts")


def incident_is(player, line):
    """this N: from here on, the N-th incident is meant."""
    player.incident = int(line.words[1])


CHECKS = {
    "state": state, "settled": settled, "by": by, "mine": mine, "choices": choices, "guide": guide, "alarm-form": alarm_form, "agenda": agenda, "number": number, "kinds": kinds,
    "fact": fact, "incident": incident, "measure": measure, "no-measure": no_measure, "meeting": meeting, "promised": promised, "sees": sees, "sees-nothing": sees_nothing,
    "told": told, "if-told": if_told, "untold": untold, "acked": acked, "unacked": unacked, "withdrawn": withdrawn, "repeats": repeats, "record": record, "hashed": hashed, "file": make_file, "contact": contact,
    "run": run, "sheet": sheet, "has": has, "near": near, "stop": stop, "agent": agent, "keeps": keeps, "this": incident_is,
}
