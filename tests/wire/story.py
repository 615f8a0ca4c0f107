"""The fault's story by one quick client: every act of server/tours/fault.sh, each under one id that is repeated until it is answered, whatever
happens to the server meanwhile. And what must be true of the log afterwards."""
import datetime
import os
import shutil
import sqlite3
import tempfile
import time

import pyclient
from pyclient import Gone, values, verify
from town import PASSWORD

TERMINALS = ("t1", "t2", "t3")
PERSONS = ("p_tanaka", "p_suzuki", "p_sato", "p_ito", "p_vice", "p_mayor", "p_nishida")
AGENDA = ("inform", "support", "organise", "residents", "publicity", "substitute")
# Records that depend on when the server started and who was there, not on what was done.
PASSING = {"started", "clock", "presence", "receipt", "repeated", "escalated"}
KINDS = {1: "started", 2: "clock", 6: "presence", 10: "opened", 14: "entered", 15: "waived", 17: "done", 20: "notified", 21: "broadcast", 22: "receipt",
         23: "acknowledged", 25: "repeated", 26: "escalated", 27: "withdrawn", 30: "confirmed", 32: "call", 35: "follow_up", 37: "closed"}


class Wrong(AssertionError):
    pass


class Story:
    """revive() is called when the server does not answer; it starts it again if it has ended."""

    def __init__(self, town, revive=lambda: None, on_accepted=lambda: None):
        self.town, self.revive, self.on_accepted = town, revive, on_accepted
        self.clients, self.tokens, self.accepted, self.sent, self.incident, self.repeats = {}, {}, [], [], 0, 0

    def close(self):
        for client in self.clients.values():
            client.close()
        self.clients = {}

    # ---- one act ----

    def client(self, who):
        """who: "terminal-t1", "person-p_ito" or "p_sato@terminal-t3", signed in there with the password."""
        if who not in self.clients:
            person, _, where = who.rpartition("@")
            client = self.town.client(where)
            client.server = self.town.server.pid
            self.clients[who] = client
            if person and who in self.tokens:
                client.resume(self.tokens[who])
            elif person:
                self.tokens[who] = client.sign_in(person, PASSWORD)
        return self.clients[who]

    def lost(self, who):
        """The connection ended; unless it was one to an earlier server, this one must be looked after."""
        client = self.clients.pop(who, None)
        if client:
            client.close()
        if not client or client.server == self.town.server.pid:
            self.revive()

    def keep_on(self, who, what):
        """what(client), again on a new connection as often as the server goes away."""
        until = time.monotonic() + 60
        while True:
            try:
                return what(self.client(who))
            except (Gone, ConnectionError) as error:
                if time.monotonic() > until:
                    raise Wrong(f"{who}: the server does not come back") from error
                self.repeats += 1
                self.lost(who)

    def give(self, who, command):
        def once(client):
            result = client.give(command)
            if result.outcome == pyclient.pb.NOT_CONFIRMED:
                raise Gone()
            return result
        result = self.keep_on(who, once)
        if result.outcome == pyclient.pb.ACCEPTED:
            person, _, where = who.rpartition("@")
            sender = "person:" + person if person and not command.HasField("alarm") else where.replace("-", ":", 1)
            self.accepted.append((sender, command.id, result.record))
            self.sent.append((who, command, result))
            self.on_accepted()
        return result

    def act(self, who, act, behalf=None, **fields):
        command = pyclient.Client.command(act, **fields)
        if behalf:
            pyclient.fill(command.behalf, behalf)
        result = self.give(who, command)
        if result.outcome != pyclient.pb.ACCEPTED:
            raise Wrong(f"{who} {act} {fields}: {result.code} {result.text_en} {list(result.missing)}")
        return result

    # ---- what people do ----

    def enter(self, who, item, calls=(), follow_ups=(), **form):
        return self.act(who, "enter", incident=self.incident, item=item, values=values(**form), calls=list(calls), follow_ups=list(follow_ups))

    def waive(self, who, item, reason):
        return self.act(who, "waive", incident=self.incident, item=item, reason=reason)

    def view(self, who="person-p_nishida"):
        return self.keep_on(who, lambda client: client.subscribe(pyclient.pb.VIEW_INCIDENT, self.incident, once=True))

    def notice(self, item, person=None):
        """The newest notice of what the item tells (to this person)."""
        found = [n.id for n in self.view().of("notice") if n.item == item and n.kind == "tell" and n.part == 0
                 and (person is None or person in [r.id for r in n.recipients]) and n.state in ("open", "acknowledged")]
        if not found:
            raise Wrong(f"no notice of {item} for {person}")
        return max(found)

    def ack(self, who, item, person=None, **more):
        return self.act(who, "acknowledge", notice=self.notice(item, person or who.partition("@")[0].removeprefix("person-")), **more)

    def by_telephone(self, who, item, person, number, **more):
        now = int(time.time() * 1000)
        return self.ack(who, item, person, behalf={"person": person, "channel": pyclient.pb.CHANNEL_TELEPHONE, "number": number, "said_at": now}, **more)

    def by_terminals(self, item):
        for t in TERMINALS:
            self.ack("terminal-" + t, item, t)

    # ---- the story ----

    def alarm(self):
        result = self.act("terminal-t1", "alarm", entry="fault", values=values(kind="hardware", text="起動しない"))
        self.incident = result.incident

    def report(self):
        operator, officer, manager, chief = "person-p_tanaka", "person-p_suzuki", "p_sato@terminal-t3", "person-p_ito"
        self.ack(operator, "A.fault")
        self.enter(operator, "F1.1b", kind="hardware", place="1階窓口 統合端末1", cause="電源装置の故障")
        self.waive(operator, "F1.1c", "原因が判明したため")
        self.enter(operator, "F1.2a", calls=[{"body": "contractor", "number": "0749-00-1000", "at": int(time.time() * 1000), "answered_by": "山本", "said": "来庁する"}])
        self.enter(operator, "F1.2b", situation="起動しない", cause="電源装置の故障", extent="窓口1か所")
        self.ack(officer, "F1.2b")
        self.enter(officer, "F1.3", remark="確認中")
        self.ack(manager, "F1.3", "p_sato")
        self.ack(chief, "F1.3")

    def decision(self):
        officer, manager, chief = "person-p_suzuki", "p_sato@terminal-t3", "person-p_ito"
        self.enter(chief, "F2.1", instruction="切り離し、バックアップを確認すること", stop="stop")
        self.ack(manager, "F2.1", "p_sato")
        self.ack(officer, "F2.1")
        self.by_terminals("F2.1")
        self.enter(chief, "F2.2a", serious="serious", ground="長時間の停止が見込まれる")
        self.enter(chief, "F2.2b", text="窓口業務が停止しています")
        self.by_telephone(manager, "F2.2b", "p_mayor", "0749-00-0005")

    def council(self):
        officer, manager, chief = "person-p_suzuki", "p_sato@terminal-t3", "person-p_ito"
        now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).strftime("%Y-%m-%dT%H:%M")
        self.enter(chief, "F3.1", at=now, place="第1会議室")
        self.ack(manager, "F3.1", "p_sato", answer="present")
        self.ack(officer, "F3.1", answer="present")
        self.by_telephone(manager, "F3.1", "p_ono", "0749-00-0010", answer="absent")
        self.ack("person-p_vice", "F3.1", answer="deputy", comment="加藤が出席")
        self.ack(chief, "F3.1", answer="present")
        self.enter(officer, "F3.2", situation="起動しない", cause="電源装置の故障", extent="窓口1か所")
        self.enter(chief, "F3.2r", approval="approved", minutes="全員一致")
        self.enter(chief, "F3.3a", equipment="stop", resume="deferred", **{a: "決めた" for a in AGENDA})
        self.by_terminals("F3.3a")
        self.enter(chief, "F3.3b", text="停止を承認し、復旧後に再開を審議します")
        self.by_telephone(manager, "F3.3b", "p_mayor", "0749-00-0005")

    def recovery(self):
        officer, chief = "person-p_suzuki", "person-p_ito"
        now = int(time.time() * 1000)
        self.enter(officer, "F4.1", result="電源装置を交換した")
        self.enter(officer, "F5.1", integrity="差異なし", calls=[{"body": b, "number": n, "at": now, "answered_by": "受付", "said": "了解した"}
                                                             for b, n in (("prefecture", "077-528-3233"), ("national", "03-5214-0908"))])
        self.enter(chief, "F5.2", approval="approve", ground="復旧と整合性を確認した")

    def resumption(self):
        officer, chief = "person-p_suzuki", "person-p_ito"
        self.waive(chief, "F5.3c", "会議を継続している")
        self.enter(officer, "F5.3r", text="復旧し、整合性を確認した")
        self.enter(chief, "F5.3", decision="resume", minutes="再開を決定")
        self.enter(officer, "F5.4", text="運用を再開した")
        self.by_terminals("F5.4")

    def closing(self):
        chief = "person-p_ito"
        due = (datetime.date.today() + datetime.timedelta(days=60)).isoformat()
        self.enter("person-p_suzuki", "F6.1", follow_ups=[{"kind": "technical", "text": "障害監視の強化", "owner": "p_tanaka", "due": due},
                                                         {"kind": "operational", "text": "予備装置の確保", "owner": "p_sato", "due": due}])
        mayor = "person-p_mayor"
        inbox = self.keep_on(mayor, lambda client: client.subscribe(pyclient.pb.VIEW_INBOX, once=True))
        for row in [r for r in inbox.of("confirm") if r.incident == self.incident]:
            self.act(mayor, "confirm", record=row.record)
        self.enter(chief, "X.close", text="終結する")

    def play(self):
        for act in (self.alarm, self.report, self.decision, self.council, self.recovery, self.resumption, self.closing):
            act()
        return self


# ---- the log ----

def read_log(path):
    """(index, prev_hash, hash, record bytes) of every entry, from the file of a server that has ended."""
    db = sqlite3.connect(path)
    try:
        return [tuple(row) for row in db.execute("SELECT idx, prev, hash, bytes FROM log ORDER BY idx")]
    finally:
        db.close()


def read_log_beside(path):
    """The same of a file that must stay as it is: read from a copy, with its WAL."""
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "log.db")
        for suffix in ("", "-wal"):
            if os.path.exists(path + suffix):
                shutil.copyfile(path + suffix, copy + suffix)
        return read_log(copy)


def decode(entries):
    records = []
    for index, _, _, data in entries:
        record = pyclient.rec.Record.FromString(data)
        records.append((index, KINDS.get(record.kind, str(record.kind)), record))
    return records


def deeds(entries):
    """What happened, without what depends on the moment: to be the same however often the server was killed."""
    return [(kind, r.incident, r.item, r.person, r.terminal, r.role, r.channel, r.answer, bool(r.command), r.chain, r.hop)
            for _, kind, r in decode(entries) if kind not in PASSING and r.incident]


def check_once(entries, accepted):
    """Everything that was answered 'accepted' is there, at the record that was named, once; and nothing is there twice."""
    verify(entries)
    seen = {}
    for index, _, record in decode(entries):
        if not record.command:
            continue
        key = (record.sender, record.command)
        if key in seen:
            raise Wrong(f"{key} is in the log twice: {seen[key]} and {index}")
        seen[key] = index
    for sender, command, record in accepted:
        if seen.get((sender, command)) != record:
            raise Wrong(f"{sender} {command} was answered 'accepted' as record {record}, but the log has {seen.get((sender, command))}")


BESIDE = {"F2.1", "F3.3a"}  # terminals acknowledge a stop beside the item (`if_ordered`): nothing waits for them, until the stop is lifted


def check_acknowledged(entries):
    """No item is done before what it tells was acknowledged: each notice of its newest entry that wanted one has one, or was withdrawn because it was answered."""
    notices, open_of = {}, {}
    for index, kind, r in decode(entries):
        key = (r.incident, r.item)
        if kind == "entered":
            open_of[key] = []
        elif kind in ("notified", "broadcast") and r.flag and r.stage == 0:
            notices[r.notice] = {"key": key, "role": r.role, "chain": r.chain, "hop": r.hop, "quorum": r.ordinal, "who": [x.id for x in r.recipients], "answers": [], "terminals": set() if kind == "broadcast" else None}
            open_of.setdefault(key, []).append(r.notice)
        elif kind == "acknowledged" and r.notice in notices:
            notices[r.notice]["answers"].append(r.answer or "yes")
            if notices[r.notice]["terminals"] is not None:
                notices[r.notice]["terminals"].add(r.terminal)
        elif kind == "done":
            missing = not_met([notices[n] for n in open_of.get(key, []) if not (notices[n]["terminals"] is not None and r.item in BESIDE)])
            if missing:
                raise Wrong(f"{r.item} is done at record {index} before {missing}")
        elif kind == "closed":
            missing = not_met([notices[n] for k, told in open_of.items() if k[0] == r.incident and k[1] in BESIDE for n in told])
            if missing:
                raise Wrong(f"{r.incident} is closed at record {index} before {missing}")


def not_met(told):
    """The chain's hops, each of which needs an answer; a council needs its quorum, all the others an acknowledgement of each notice."""
    for n in told:
        together = [m for m in told if (m["chain"], m["hop"], m["role"]) == (n["chain"], n["hop"], n["role"])]
        if n["quorum"]:
            coming = sum(1 for m in together for a in m["answers"][-1:] if a in ("present", "deputy"))
            if coming < n["quorum"]:
                return f"the quorum of {n['role']} ({coming} of {n['quorum']})"
        elif n["terminals"] is not None and len(n["terminals"]) < len(TERMINALS):
            return f"every terminal acknowledged; only {sorted(n['terminals'])} did"
        elif not n["answers"]:
            return f"{n['role']} {n['who']} acknowledged"
    return None


def closed(entries):
    return any(kind == "closed" for _, kind, _ in decode(entries))


def story_town(town_class, **more):
    return town_class(terminals=TERMINALS, persons=PERSONS, passwords=("p_sato",), **more)
