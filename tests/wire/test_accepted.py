"""Accepted means kept, and once, under load: many clients send in packets, each command up to three times, on one connection and on several,
while the server is killed again and again, before a commit, after it, and at any moment. Whoever got no answer asks again with the same id.

  test_accepted.py [SEED]    a few kills
  test_accepted.py --long    many
"""
import random
import signal
import sys
import unittest

import pyclient
import story
import traced
from pyclient import Client, Gone, values
from town import Town

LONG = "--long" in sys.argv
KILLS = 60 if LONG else 8
WHO = ("terminal-t1", "terminal-t2", "terminal-t3", "person-p_tanaka", "person-p_suzuki", "person-p_sato", "person-p_ito", "person-p_nishida")
AT_ONCE = 12
seed = next((int(a) for a in sys.argv[1:] if a.isdigit()), None) or random.randrange(2 ** 32)


class Sender:
    """One certificate with what it wants done; `waiting` has no final answer yet."""

    def __init__(self, test, who):
        self.test, self.who, self.links, self.waiting, self.answers = test, who, [], {}, {}

    def want(self, command):
        self.waiting[command.id] = command

    def close(self):
        for link in self.links:
            link.close()
        self.links = []

    def send_all(self, dice):
        """Everything that waits, in an order of its own on each of one or two connections, some of it twice."""
        while len(self.links) < dice.choice((1, 1, 2)):
            self.links.append(self.test.town.client(self.who))
        for link in self.links:
            commands = list(self.waiting.values())
            dice.shuffle(commands)
            frames = [link.frame_of(c, link.next_ref()) for c in commands for _ in range(dice.choice((1, 1, 2)))]
            link.asked = {f.ref: f.command.id for f in frames}
            link.send(*frames)

    def hear_all(self):
        for link in self.links:
            while link.asked:
                ref = next(iter(link.asked))
                self.heard(link.asked[ref], link.answer(ref, 30).result)
                del link.asked[ref]

    def heard(self, wanted, result):
        assert result.id == wanted, (result.id, wanted)
        if result.outcome == pyclient.pb.NOT_CONFIRMED:
            raise Gone()
        known = self.answers.setdefault(result.id, result)
        if result.SerializeToString() != known.SerializeToString():
            raise story.Wrong(f"{self.who} {result.id}: first {known}, then {result}")
        self.waiting.pop(result.id, None)

    @property
    def principal(self):
        return self.who.replace("-", ":", 1)


class Accepted(unittest.TestCase):
    def setUp(self):
        traced.need_strace()
        self.dice = random.Random(seed)
        self.town = Town(terminals=("t1", "t2", "t3"), persons=[w.removeprefix("person-") for w in WHO if w.startswith("person")])
        self.addCleanup(self.town.__exit__, None)
        self.killer, self.kills = None, 0
        self.town.start()
        first = self.town.client("terminal-t1")
        self.incident = first.act("alarm", entry="fault", values=values(kind="hardware", text="はじめ")).incident
        first.close()
        self.town.stop()
        self.start()

    def tearDown(self):
        if self.killer:
            self.killer.close()

    def start(self):
        """Starts it with the next death arranged: at a sync, just after one, or (none arranged) from outside."""
        self.town.start()
        if self.killer:
            self.killer.close()
            self.killer = None
        how = self.dice.choice((traced.SYNCS, "write", None)) if self.kills < KILLS else None
        if how:
            self.killer = traced.Killer(self.town.server.pid, how, self.dice.randrange(1, 5))

    def killed(self):
        self.assertEqual(self.town.server.wait(60), -9, f"seed {seed}")
        self.kills += 1
        self.town.stop()
        self.start()

    def command(self, who, n):
        what = self.dice.random()
        if who.startswith("terminal"):
            return Client.command("alarm", entry="fault", values=values(kind=self.dice.choice(("hardware", "network")), text=f"{who} {n}"))
        if what < 0.1:
            return Client.command("enter", incident=self.incident, item="F5.2", values=values(approval="approve", ground="早すぎる"))
        return Client.command("comment", incident=self.incident, text=f"{who} {n}")

    def turn(self, senders):
        """True: everybody has every answer."""
        try:
            for s in senders:
                s.send_all(self.dice)
            if self.killer is None and self.kills < KILLS and self.dice.random() < 0.5:
                self.dice.choice(senders).hear_all()
                self.town.server.send_signal(signal.SIGKILL)
            for s in senders:
                s.hear_all()
            return True
        except (Gone, ConnectionError):
            for s in senders:
                s.close()
            self.killed()
            return False

    def test_accepted_is_kept_once(self):
        senders = [Sender(self, who) for who in WHO]
        turns = 0
        while self.kills < KILLS or turns < 10:
            turns += 1
            self.assertLess(turns, 100 * KILLS)
            for s in senders:
                for i in range(AT_ONCE):
                    s.want(self.command(s.who, turns * AT_ONCE + i))
            while not self.turn(senders):
                pass
            self.assertEqual([len(s.waiting) for s in senders], [0] * len(senders))
        for s in senders:
            s.close()
        self.assertEqual(self.town.stop(), 0)
        self.check(senders)

    def check(self, senders):
        entries = story.read_log(self.town.path("log.db"))
        accepted = [(s.principal, i, r.record) for s in senders for i, r in s.answers.items() if r.outcome == pyclient.pb.ACCEPTED]
        refused = {i for s in senders for i, r in s.answers.items() if r.outcome == pyclient.pb.REFUSED}
        story.check_once(entries, accepted)
        story.check_acknowledged(entries)
        records = [r for _, _, r in story.decode(entries) if r.command]
        self.assertEqual([r.command for r in records if r.command in refused], [], "what was refused is not there")
        texts = [v.value for r in records for v in r.values if v.field == "text"] + [r.text for r in records if r.kind == 33]
        self.assertEqual(len(texts), len(set(texts)), "nothing was said twice")
        print(f"seed {seed}: {len(accepted)} accepted, {len(refused)} refused, {self.kills} kills, {len(entries)} records", file=sys.stderr)


if __name__ == "__main__":
    sys.argv[1:] = [a for a in sys.argv[1:] if a != "--long" and not a.isdigit()]
    try:
        unittest.main(verbosity=2)
    finally:
        print(f"seed {seed}", file=sys.stderr)
