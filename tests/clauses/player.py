"""Plays scenes against real programs. A scene is a text; README.md explains its language. Acts are written as in tests/scenarios; what must
hold after them is written beside them, and `!CODE` behind an act means that it must be refused with that reason."""
import calendar
import copy
import glob
import hashlib
import os
import re
import time

import yaml

import sites
import stage
import pyclient  # noqa: E402  (found by stage)
from pyclient import Gone, Refused, fill

WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')
RESERVED = {"for", "via", "number", "said", "in", "reason", "answer", "comment", "terminal", "into", "owner", "due", "state", "reporter", "calls_at", "again", "kind_of"}
CHANNELS = {"telephone": 1, "in_person": 2, "paper": 3}
KINDS = {"opened": 10, "alarm_joined": 11, "split": 12, "joined": 13, "entered": 14, "waived": 15, "reopened": 16, "done": 17, "notified": 20, "broadcast": 21,
         "acknowledged": 23, "excused": 24, "withdrawn": 27, "confirmed": 30, "denied": 31, "call": 32, "comment": 33, "handed_over": 34, "follow_up": 35,
         "follow_up_changed": 36, "closed": 37}


class Wrong(AssertionError):
    """What a scene says does not hold."""


class Line:
    def __init__(self, text, where):
        self.text, self.where, self.code, self.missing = text.strip(), where, None, []
        self.words, self.pairs = [], []
        for token in WORD.findall(text):
            if token.startswith("#"):
                break
            token = token.replace('"', "")
            key, eq, value = token.partition("=")
            if token.startswith("!"):
                self.code = token[1:]
            elif self.code:
                self.missing.append(token)
            elif eq:
                self.pairs.append((key, value))
            else:
                self.words.append(token)

    def get(self, key, default=None):
        return dict(self.pairs).get(key, default)

    def __str__(self):
        return f"{os.path.basename(self.where[0])}:{self.where[1]}: {self.text}"


class Scene:
    def __init__(self, rows, title, where):
        self.rows, self.title, self.where, self.lines = rows, title, where, []

    @property
    def file(self):
        return os.path.basename(self.where[0])

    def refusals(self):
        """The acts that must be refused, and with which reason."""
        return [line for line in self.lines if line.code]


def read_lines(path):
    with open(path, encoding="utf-8") as f:
        for number, text in enumerate(f, 1):
            if text.strip() and not text.strip().startswith("#"):
                yield text.rstrip("\n"), (path, number)


def read_scenes(folder):
    """All scenes of *.scene, and the lines `spare ROW MUTATION: why`."""
    scenes, spared = [], {}
    for path in sorted(glob.glob(os.path.join(folder, "*.scene"))):
        for text, where in read_lines(path):
            if text.startswith("scene"):
                rows, _, title = text[5:].partition(":")
                scenes.append(Scene(rows.split(), title.strip(), where))
            elif text.startswith("spare "):
                what, _, why = text[6:].partition(": ")
                spared[tuple(what.split(None, 1))] = why.strip()
            else:
                scenes[-1].lines.append(Line(text, where))
    return scenes, spared


def read_story(name):
    return [Line(text, where) for text, where in read_lines(os.path.join(stage.HERE, "stories", name + ".story"))]


def is_act_of(line, item):
    return len(line.words) == 3 and line.words[1] in ("enter", "waive", "alarm") and line.words[2] == item


class Player:
    def __init__(self, on, scene):
        self.stage, self.scene, self.incident, self.site, self.output, self.file = on, scene, 0, {}, "", ""

    def play(self):
        """Wrong, or stage.Faulty when the server does not even take the plan."""
        lines = list(self.scene.lines)
        tweaks = []
        while lines and lines[0].words[0] == "site":
            tweaks += [(w, "") for w in lines[0].words[1:]] + lines[0].pairs
            lines.pop(0)
        with open(stage.SITE, encoding="utf-8") as f:
            self.site = sites.tweak(yaml.safe_load(f), tweaks)
        self.stage.site = sites.write(self.site, self.stage.path("site.yaml"))
        self.stage.start()
        for line in lines:
            self.line(line, {})

    def line(self, line, names):
        try:
            word = line.words[0]
            if word == "from":
                self.story(line)
            elif word in CHECKS:
                CHECKS[word](self, line)
            else:
                self.act(line, names)
        except Wrong as wrong:
            raise Wrong(f"{line}: {wrong}") from None
        except (Gone, Refused, AssertionError) as error:
            if isinstance(error, Wrong):
                raise
            raise Wrong(f"{line}: {error}") from error

    def story(self, line):
        """from STORY [at ITEM] [to ITEM]: its lines from the first act on the one item up to, and without, the first act on the other; [past ITEM]:
        up to the act that follows that item's."""
        names, bounds = dict(line.pairs), dict(zip(line.words[2::2], line.words[3::2]))
        on, past = "at" not in bounds, False
        for told in read_story(line.words[1]):
            if told.words[0] == "default":
                for key, value in told.pairs:
                    names.setdefault(key, value)
                continue
            on = on or is_act_of(told, bounds.get("at"))
            if not on:
                continue
            if is_act_of(told, bounds.get("to")) or (past and told.words[1] in ("enter", "waive")):
                return
            past = past or is_act_of(told, bounds.get("past"))
            self.line(told, names if told.words[0] != "from" else {})
        if not on or "to" in bounds:
            raise Wrong(f"the story has no act on {bounds}")

    # ---- acts ----

    def value(self, text, names):
        for name, value in names.items():
            text = text.replace("$" + name, value)
        now = time.time()
        return text.replace("@now", time.strftime("%Y-%m-%dT%H:%M", time.gmtime(now + 9 * 3600))).replace("@later", time.strftime("%Y-%m-%d", time.gmtime(now + 60 * 86400)))

    def act(self, line, names):
        who, verb = line.words[0], line.words[1]
        what = line.words[2] if len(line.words) > 2 else ""
        pairs = [(k, self.value(v, names)) for k, v in line.pairs]
        known = dict(pairs)
        client = self.stage.client(who)
        incident = int(known.get("in", self.incident))
        fields = ACTS[verb](self, who, what, pairs, known, incident)
        command = client.command(fields.pop("act"), **fields)
        if "for" in known:
            said = {"person": known["for"], "channel": CHANNELS[known.get("via", "telephone")]}
            if "number" in known:
                said["number"] = known["number"]
            if "said" not in known:
                said["said_at"] = int(time.time() * 1000)
            fill(command.behalf, said)
        self.judge(line, client.give(command))

    def judge(self, line, result):
        accepted = result.outcome == pyclient.pb.ACCEPTED
        if accepted and line.code:
            raise Wrong(f"accepted, and should have been refused with {line.code}")
        if not accepted and not line.code:
            raise Wrong(f"refused: {result.code} {result.text_en} {list(result.missing)}")
        if not accepted:
            if result.code != line.code:
                raise Wrong(f"refused with {result.code} ({result.text_en} {list(result.missing)}) and not with {line.code}")
            lacking = [m for m in line.missing if m not in list(result.missing)]
            if lacking:
                raise Wrong(f"the refusal does not name {lacking}, but {list(result.missing)}")
        elif line.words[1] in ("alarm", "drill", "split"):
            self.incident = result.incident

    # ---- looking ----

    def watcher(self):
        return self.stage.client(stage.WATCHER)

    def view(self, who=None, kind=None, incident=None):
        client = self.stage.client(who) if who else self.watcher()
        kind = pyclient.pb.VIEW_INCIDENT if kind is None else kind
        return client.subscribe(kind, (incident or self.incident) if kind == pyclient.pb.VIEW_INCIDENT else 0, once=True)

    def item(self, item, who=None):
        kind = pyclient.pb.VIEW_INBOX if who else None
        for row in self.view(who, kind).of("item"):
            if row.id == item and row.incident == self.incident:
                return row
        raise Wrong(f"there is no item {item} here")

    def notices(self, item=None):
        return [n for n in self.view().of("notice") if item is None or n.item == item]

    def notice_for(self, who, item):
        """The id of the newest notice of the item with this recipient; those that wait for an acknowledgement first."""
        mine = [n for n in self.notices(item) if any(r.id == who for r in n.recipients) and n.kind != "cancelled"]
        waiting = [n for n in mine if n.state == "open" and n.wants_ack]
        told = [n for n in waiting if n.kind == "tell"]
        chosen = told or waiting or mine
        return max(n.id for n in chosen) if chosen else 0

    def any_notice(self, item):
        """Where there is none for whoever asks: of somebody else, so that the refusal says what it says."""
        return max((n.id for n in self.notices(item)), default=999999)

    def log(self):
        for index, _, _, data in self.watcher().log():
            record = pyclient.rec.Record.FromString(data)
            if record.incident == self.incident:
                yield index, record


# ---- what an act sends ----

def values_of(pairs):
    values, checks = [], {}
    for key, value in pairs:
        if key.startswith("unknown."):
            values.append({"field": key[8:], "unknown": value})
        elif key.startswith("check."):
            checks.setdefault(key[6:], []).append(value)
        elif key not in RESERVED and key not in ("call", "follow"):
            values.append({"field": key, "value": value})
    for v in values:
        if v["field"] in checks:
            v["checks"] = checks[v["field"]]
    return values


def milliseconds(text):
    return (calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M")) - 9 * 3600) * 1000


def call_of(spec, known):
    """BODY[@NUMBER]:who answered:what was said; BODY:-:… no answer; BODY:?:why nobody was called; BODY alone says neither."""
    body, answered, said = (spec.split(":") + ["", ""])[:3]
    body, _, number = body.partition("@")
    call = {"body": body}
    if number:
        call["number"] = number
    if answered == "-":
        call["no_answer"] = True
        if known.get("again"):
            call["again_at"] = milliseconds(known["again"])
    elif answered == "?":
        call["reason"] = said
    elif answered:
        call.update(answered_by=answered, said=said)
    if known.get("calls_at"):
        call["at"] = milliseconds(known["calls_at"])
    return call


def follow_of(spec):
    kind, text, owner, due = (spec.split("|") + ["", "", ""])[:4]
    return {"kind": kind, "text": text, "owner": owner, "due": due}


def alarm(player, who, what, pairs, known, incident):
    return {"act": "alarm", "entry": what, "values": values_of(pairs), "reporter": known.get("reporter", "")}


def load_site(player, who, what, pairs, known, incident):
    """load-site TWEAK=…: the scene's site with something else about it."""
    path = sites.write(sites.tweak(copy.deepcopy(player.site), pairs), player.stage.path("other-site.yaml"))
    with open(path, "rb") as f:
        matter = f.read()
    digest = hashlib.sha256(matter).digest() if who != stage.WATCHER else player.stage.client(who).upload(matter)
    return {"act": "load_site", "sha256": digest, "name": "other-site.yaml"}


def enter(player, who, what, pairs, known, incident):
    return {"act": "enter", "incident": incident, "item": what, "values": values_of(pairs), "calls": [call_of(v, known) for k, v in pairs if k == "call"],
            "follow_ups": [follow_of(v) for k, v in pairs if k == "follow"]}


def ack(player, who, what, pairs, known, incident):
    said = {k: known[k] for k in ("answer", "comment", "terminal") if k in known}
    return {"act": "acknowledge", "notice": player.notice_for(known.get("for", known.get("terminal", who)), what) or player.any_notice(what), **said}


def with_reason(act):
    return lambda player, who, what, pairs, known, incident: {"act": act, "incident": incident, "item": what, "reason": known.get("reason", "")}


def excuse(player, who, what, pairs, known, incident):
    return {"act": "excuse", "notice": player.notice_for(known["terminal"], what), "terminal": known["terminal"], "reason": known.get("reason", "")}


def log_call(player, who, what, pairs, known, incident):
    return {"act": "log_call", "incident": incident, "item": what, "call": call_of(known["call"], known)}


def hand_over(player, who, what, pairs, known, incident):
    return {"act": "hand_over", "incident": incident, "measure": int(what), **{k: known.get(k, "") for k in ("owner", "due", "reason")}}


def follow_up(player, who, what, pairs, known, incident):
    fields = {"act": "follow_up", "incident": incident, "follow_up": int(what), "state": known.get("state", ""), "text": known.get("reason", "")}
    if "owner" in known or "due" in known:
        fields["change"] = {k: known.get(k, "") for k in ("owner", "due")}
        fields["change"].update(kind=known.get("kind_of", ""), text=known.get("reason", ""))
    return fields


def confirm(denied):
    def fields(player, who, what, pairs, known, incident):
        rows = player.view(who, pyclient.pb.VIEW_INBOX).of("confirm")
        return {"act": "confirm", "record": max((r.record for r in rows if r.item == what), default=999999), "denied": denied, "comment": known.get("reason", "")}
    return fields


def split(player, who, what, pairs, known, incident):
    alarms = [r.record for r in player.view(incident=incident).of("alarm")]
    return {"act": "split", "incident": incident, "alarm": max(alarms, default=0), "reason": known.get("reason", "")}


ACTS = {
    "alarm": alarm, "load-site": load_site, "enter": enter, "ack": ack, "waive": with_reason("waive"), "reopen": with_reason("reopen"), "excuse": excuse, "call": log_call, "hand-over": hand_over,
    "follow-up": follow_up, "confirm": confirm(False), "deny": confirm(True), "split": split,
    "withdraw": lambda player, who, what, pairs, known, incident: {"act": "withdraw", "incident": incident, "ground": known.get("reason", "")},
    "join": lambda player, who, what, pairs, known, incident: {"act": "join", "incident": incident, "into": int(known["into"]), "reason": known.get("reason", "")},
    "comment": lambda player, who, what, pairs, known, incident: {"act": "comment", "incident": incident, "item": what, "text": known.get("reason", "")},
}

import checks  # noqa: E402  (its table speaks of the Player above)
CHECKS = checks.CHECKS
