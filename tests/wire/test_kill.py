"""renrakud killed at each k-th sync of the fault's story, before and after the commit, and started again: the story goes on to its end, and
everything that was answered 'accepted' is in the log once. And what a power cut leaves, at each moment of the story: with synchronous=OFF the
same check must fail.

  test_kill.py          a spread of moments
  test_kill.py --long   every one
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import story
import traced
from town import BIN, ROOT, Town
from traced import Killer

LONG = "--long" in sys.argv
SPREAD = 12  # of each kind


def setUpModule():
    traced.need_strace()


class Killed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = story.story_town(Town)
        cls.addClassCleanup(cls.town.__exit__, None)
        cls.log = cls.town.path("log.db")
        cls.fresh = cls.town.path("fresh.db")
        cls.new_file(cls.log, cls.fresh)
        cls.undisturbed, cls.commits = cls.play_undisturbed()

    @staticmethod
    def new_file(source, target):
        """As if nothing had ever run: no lock, no WAL of another story beside it."""
        for suffix in ("", "-wal", "-shm", "-lock", "-ballast"):
            if os.path.exists(target + suffix):
                os.unlink(target + suffix)
        shutil.copyfile(source, target)

    @classmethod
    def play_undisturbed(cls):
        cls.town.start()
        one = story.Story(cls.town).play()
        one.close()
        cls.town.stop()
        entries = story.read_log(cls.log)
        story.check_once(entries, one.accepted)
        with open(cls.town.path("server.err")) as f:
            commits = int(re.findall(r"written: \d+ records in (\d+) commits", f.read())[-1])
        assert commits >= len(one.accepted), "each act waits for a commit of its own"
        return story.deeds(entries), len(one.accepted)

    def moments(self):
        """Which commits of the story to kill at: all, or a spread that changes from run to run, with the first and the last."""
        if LONG:
            return list(range(1, self.commits + 1))
        step = (self.commits - 1) / (SPREAD - 1)
        inner = [round(1 + step * i + random.uniform(-step / 3, step / 3)) for i in range(1, SPREAD - 1)]
        return sorted({1, *inner, self.commits})

    def revive(self):
        """The client lost the server: it must have been killed, and comes back."""
        self.assertEqual(self.town.server.wait(30), -9)
        self.kills += 1
        self.town.stop()
        self.town.start()

    def story_killed_at(self, calls, k, main=False):
        self.town.stop(9)  # of a story that went wrong
        self.new_file(self.fresh, self.log)
        self.kills = 0
        self.town.start()
        killer = Killer(self.town.server.pid, calls, k, main)
        one = story.Story(self.town, self.revive)
        try:
            one.play()
        finally:
            one.close()
            killer.close()
        self.verify_with_the_program()
        status = self.town.stop()
        # The last commit may be the one that follows on everything the client did: then it is killed unseen.
        self.assertIn(status, (0, -9))
        self.assertEqual(self.kills + (status == -9), 1, "it was killed once")
        self.check_log(one)
        return one

    def check_log(self, one):
        entries = story.read_log(self.log)
        story.check_once(entries, one.accepted)
        story.check_acknowledged(entries)
        self.assertTrue(story.closed(entries))
        self.assertEqual(story.deeds(entries), self.undisturbed, "the same things happened, in the same order")

    def verify_with_the_program(self):
        if self.town.server.poll() is not None:
            return
        ca, home = self.town.path("ca"), self.town.path("home")
        shutil.rmtree(home, ignore_errors=True)
        os.mkdir(home)
        with open(self.town.path("home", "client.yaml"), "w") as f:
            f.write(f"server: 127.0.0.1\nport: {self.town.port}\nca: {ca}/ca.pem\ncert: {ca}/person-p_nishida.pem\nkey: {ca}/person-p_nishida.key\nspool: {home}\n")
        done = subprocess.run([os.path.join(BIN, "renraku"), "log", "verify", "--lang", "en", "--config", f.name], capture_output=True, text=True, env={**os.environ, "HOME": home})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_before_each_commit(self):
        for k in self.moments():
            with self.subTest(sync=k):
                self.story_killed_at(traced.SYNCS, k)

    def test_after_each_commit(self):
        """Synced, but nobody was told: the client repeats, and gets its first answer."""
        for k in self.moments():
            with self.subTest(commit=k):
                self.story_killed_at("write", k)

    def test_while_a_sign_in_is_kept(self):
        self.story_killed_at(traced.SYNCS, 1, main=True)

    def test_while_it_starts(self):
        """Killed at each sync of its start, over and over, on a log whose newest entries are in the WAL only."""
        self.new_file(self.fresh, self.log)
        self.kills = 0
        self.town.start()
        one = story.Story(self.town)
        one.alarm()
        one.report()
        one.close()
        self.assertEqual(self.town.stop(9), -9)
        before = story.read_log_beside(self.log)
        starts = 0
        while not self.starts_alive(starts + 1):
            starts += 1
            self.assertLess(starts, 50)
            self.assertEqual(story.read_log_beside(self.log)[:len(before)], before, f"killed at sync {starts} of its start")
        self.assertGreater(starts, 2)
        one.revive = self.revive
        for act in (one.decision, one.council, one.recovery, one.resumption, one.closing):
            act()
        one.close()
        self.assertEqual(self.town.stop(), 0)
        self.check_log(one)

    def starts_alive(self, k):
        """False: it was killed at the k-th sync. With that many not reached it runs on, and is replaced by one without a tracer."""
        with open(self.town.path("server.err"), "a") as errors:
            server = subprocess.Popen([*traced.killing_from_start(traced.SYNCS, k), os.path.join(BIN, "renrakud"), *self.town.options], stdout=subprocess.PIPE, stderr=errors, text=True)
        line = server.stdout.readline()
        if line:
            server.terminate()
        status = server.wait(60)
        server.stdout.close()
        if not line:
            self.assertEqual(status, -9)
            return False
        self.assertIn("listening on", line)
        self.town.start()
        return True


class PowerCut(unittest.TestCase):
    """The file's bytes as they were synced, at every moment at which the client had been told 'accepted'. (The memory store's variant, with
    crashes and lying disks from a seed, is tests/sim.)"""

    @classmethod
    def setUpClass(cls):
        cls.town = story.story_town(Town)
        cls.addClassCleanup(cls.town.__exit__, None)
        cls.log, cls.fresh, cls.trace = cls.town.path("log.db"), cls.town.path("fresh.db"), cls.town.path("trace")
        shutil.copyfile(cls.log, cls.fresh)

    def play_noting(self, store):
        """The story; its accepted commands, each with how long the trace was when the answer was there."""
        self.addCleanup(self.town.stop, 9)
        Killed.new_file(self.fresh, self.log)
        self.town.options[self.town.options.index("--store") + 1] = store
        disk = traced.Disk([os.path.basename(self.log)], self.town.dir)
        self.town.start(traced.noting(self.trace))
        marks = []
        one = story.Story(self.town, on_accepted=lambda: marks.append(os.path.getsize(self.trace)))
        one.play()
        one.close()
        self.assertEqual(self.town.stop(), 0)
        self.assertEqual(len(marks), len(one.accepted))
        return one, marks, disk

    def cut_power_at_each(self, one, marks, disk, keep):
        """How many of the moments lose something that was accepted."""
        lost = 0
        with open(self.trace, "rb") as f:
            for told, mark in enumerate(marks, 1):
                while f.tell() < mark:
                    disk.line(f.readline())
                with tempfile.TemporaryDirectory(dir=self.town.dir) as folder:
                    disk.image(folder, keep)
                    try:
                        story.check_once(story.read_log_beside(os.path.join(folder, "log.db")), one.accepted[:told])
                    except (story.Wrong, ValueError, story.sqlite3.DatabaseError) as wrong:
                        lost += 1
                        self.last = wrong
        return lost

    def test_power_cut_loses_nothing(self):
        one, marks, disk = self.play_noting(self.log)
        self.assertEqual(self.cut_power_at_each(one, marks, disk, lambda: False), 0, getattr(self, "last", ""))
        self.assertGreaterEqual(disk.syncs, len(marks))

    def test_power_cut_that_keeps_some_of_the_rest(self):
        """Writes that were not synced may have reached the disk, in any selection."""
        seed = random.randrange(2 ** 32)
        dice = random.Random(seed)
        one, marks, disk = self.play_noting(self.log)
        self.assertEqual(self.cut_power_at_each(one, marks, disk, lambda: dice.random() < 0.5), 0, f"seed {seed}: {getattr(self, 'last', '')}")

    def test_without_syncing_the_check_fails(self):
        one, marks, disk = self.play_noting(self.log + "?sync=off")
        self.assertEqual(self.cut_power_at_each(one, marks, disk, lambda: False), len(marks), "a store that does not sync loses what it promised")


if __name__ == "__main__":
    if LONG:
        sys.argv.remove("--long")
    unittest.main(verbosity=2)
