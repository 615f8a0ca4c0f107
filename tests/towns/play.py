"""People of a town at work on a real renrakud over TLS: each act by its own certificate, accepted or refused with its code."""
import datetime
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "wire"))
import pyclient  # noqa: E402
from pyclient import values  # noqa: E402
from town import Town  # noqa: E402


def day(offset):
    """YYYY-MM-DD in Japan, so many days from today."""
    japan = datetime.timezone(datetime.timedelta(hours=9))
    return (datetime.datetime.now(japan) + datetime.timedelta(days=offset)).strftime("%Y-%m-%d")


class Play:
    def __init__(self, folder, terminals, persons):
        """folder: of tests/plans; None: the town of server/plans."""
        files = {k: os.path.join("tests", "plans", folder, k + ".yaml") for k in ("plan", "site")} if folder else {}
        self.town = Town(terminals=terminals, persons=persons, **files)
        self.clients, self.incident = {}, 1
        self.terminals = set(terminals)
        self.town.start()

    def close(self):
        for client in self.clients.values():
            client.close()
        self.clients = {}
        self.town.__exit__(None, None, None)

    def restart(self):
        for client in self.clients.values():
            client.close()
        self.clients = {}
        self.town.stop()
        self.town.start()

    def client(self, who):
        if who not in self.clients:
            self.clients[who] = self.town.client(("terminal-" if who in self.terminals else "person-") + who)
        return self.clients[who]

    # ---- acts ----

    def ask(self, who, act, behalf=None, **fields):
        command = pyclient.Client.command(act, **fields)
        if behalf:
            pyclient.fill(command.behalf, behalf)
        return self.client(who).give(command)

    def act(self, who, act, behalf=None, **fields):
        result = self.ask(who, act, behalf, **fields)
        if result.outcome != pyclient.pb.ACCEPTED:
            raise AssertionError(f"{who} {act} {fields}: {result.code} {result.text_en} {list(result.missing)}")
        return result

    def refused(self, code, who, act, behalf=None, **fields):
        result = self.ask(who, act, behalf, **fields)
        if result.outcome != pyclient.pb.REFUSED or result.code != code:
            raise AssertionError(f"{who} {act} {fields}: wanted {code}, got {result.code or 'ACCEPTED'} {result.text_en} {list(result.missing)}")
        if not result.text or not result.text_en:
            raise AssertionError(f"{code}: refused without a sentence")
        return result

    def alarm(self, who, entry, **form):
        result = self.act(who, "alarm", entry=entry, values=values(**form))
        self.incident = result.incident
        return result

    def entry(self, item, calls=(), follow_ups=(), unknown=None, **form):
        given = values(**form) + [{"field": k, "unknown": v} for k, v in (unknown or {}).items()]
        return {"incident": self.incident, "item": item, "values": given, "calls": list(calls), "follow_ups": list(follow_ups)}

    def enter(self, who, item, behalf=None, **more):
        return self.act(who, "enter", behalf, **self.entry(item, **more))

    def not_entered(self, code, who, item, behalf=None, **more):
        return self.refused(code, who, "enter", behalf, **self.entry(item, **more))

    def ack(self, who, item, behalf=None, **more):
        """Every open notice of the item that this person or terminal (or the one spoken for) is to acknowledge."""
        person = behalf["person"] if behalf else who
        found = [n.id for n in self.notices(who if not behalf else who, item) if any(r.id == person and not r.acknowledged for r in n.recipients)]
        if not found:
            raise AssertionError(f"{person} has no open notice of {item}")
        for notice in found:
            self.act(who, "acknowledge", behalf, notice=notice, **more)

    def telephoned(self, person, number="0000-00-0000"):
        return {"person": person, "channel": pyclient.pb.CHANNEL_TELEPHONE, "number": number, "said_at": int(time.time() * 1000)}

    # ---- what they see ----

    def rows(self, who, view="VIEW_INCIDENT", incident=None):
        number = (self.incident if incident is None else incident) if view == "VIEW_INCIDENT" else 0
        return self.client(who).subscribe(getattr(pyclient.pb, view), number, once=True)

    def notices(self, who, item):
        view = "VIEW_INBOX" if who in self.terminals else "VIEW_INCIDENT"
        return [n for n in self.rows(who, view).of("notice")
                if n.item == item and n.incident == self.incident and n.state == "open" and n.wants_ack and n.part == 0]

    def sees(self, who, incident=None):
        try:
            self.rows(who, incident=incident)
            return True
        except pyclient.Refused as no:
            if no.code != "NOT_SEEN":
                raise
            return False

    def item(self, who, item):
        return next(i for i in self.rows(who).of("item") if i.id == item)

    def states(self, who):
        return {i.id: i.state for i in self.rows(who).of("item")}

    def head(self, who):
        return self.rows(who).of("incident")[0]

    def verified(self, administrator):
        return pyclient.verify(self.client(administrator).log())
