"""renrakud where its surroundings are wrong: configuration, files, port, log, a disk that is full, read-only or fails. Each gets an
error that says what, where and what to do; what was accepted stays."""
import os
import shutil
import signal
import socket
import subprocess
import unittest

import pyclient
from pyclient import Gone, values
from town import BIN, PASSWORD, ROOT, Town

RENRAKUD = os.path.join(BIN, "renrakud")


def alarm(client, text="起動しない"):
    return client.act("alarm", entry="fault", values=values(kind="hardware", place="1階 書庫", text=text))


class Case(unittest.TestCase):
    def client(self, town, who, **options):
        client = town.client(who, **options)
        self.addCleanup(client.close)
        return client


class Start(Case):
    @classmethod
    def setUpClass(cls):
        cls.town = Town(terminals=("t1",), passwords=("p_tanaka",))
        cls.addClassCleanup(cls.town.__exit__, None)

    def refused(self, status, *args, options=None, stdin=""):
        options = self.town.options if options is None else options
        done = subprocess.run([RENRAKUD, *options, *args], input=stdin, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def write(self, name, text):
        with open(self.town.path(name), "w") as file:
            file.write(text)
        return self.town.path(name)

    def test_every_mistake_of_the_configuration_in_one_run(self):
        path = self.write("bad.yaml", 'port: 70000\nadress: 127.0.0.1\nca: "ca.pem\n\n# fine\nkey: k\nkey: z\nidle: 5 parsecs\nfoo\nload_plan: x\n')
        told = self.refused(1, "--config", path, "--nope", options=[])
        for line, word in ((1, "port"), (2, "adress"), (3, "ca"), (7, "key"), (8, "idle"), (9, "foo"), (10, "load_plan")):
            self.assertIn(f"{path}:{line}: {word}", told)
        self.assertIn("--nope", told)
        self.assertNotIn(f"{path}:5", told)

    def test_what_is_missing(self):
        told = self.refused(1, options=[])
        for name in ("ca", "cert", "key", "store"):
            self.assertIn(f"--{name}", told)
        self.assertIn("none.yaml", self.refused(1, "--config", self.town.path("none.yaml"), options=[]))
        self.assertIn("heartbeat", self.refused(1, "--heartbeat", "9s", "--silence", "3s"))

    def test_missing_and_wrong_keys(self):
        self.assertIn("none.key", self.refused(2, "--key", self.town.path("none.key")))
        junk = self.write("junk.key", "not a key\n")
        self.assertIn("junk.key", self.refused(2, "--key", junk))
        self.assertIn("none.pem", self.refused(2, "--ca", self.town.path("none.pem")))

    def test_port_in_use(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = str(other.getsockname()[1])
            self.assertIn(port, self.refused(2, "--port", port))

    def test_two_servers_on_one_log(self):
        self.town.start()
        self.addCleanup(self.town.stop)
        self.assertIn("log.db", self.refused(2))
        plan = os.path.join(ROOT, "server", "plans", "taga-juki-net.yaml")
        self.assertIn("renraku plan load", self.refused(2, "--load-plan", plan))
        self.assertEqual(alarm(self.client(self.town, "terminal-t1")).outcome, pyclient.pb.ACCEPTED)

    def test_something_else_in_place_of_the_log(self):
        for name, text in (("text.db", "this is no log\n" * 100), ("dir.db", None)):
            path = self.town.path(name)
            os.mkdir(path) if text is None else self.write(name, text)
            self.assertIn(name, self.refused(2, "--store", path))
        self.assertIn("nowhere", self.refused(2, "--store", self.town.path("nowhere", "log.db")))

    def test_a_damaged_log_is_not_served(self):
        copy = self.town.path("damaged.db")
        shutil.copy(self.town.path("log.db"), copy)
        with open(copy, "r+b") as file:
            data = file.read()
            at = data.index("住基ネット".encode())
            file.seek(at)
            file.write("壊基ネット".encode())
        self.assertIn("damaged.db", self.refused(2, "--store", copy))

    def test_faulty_plan_and_site(self):
        with open(os.path.join(ROOT, "server", "plans", "taga-demo-site.yaml")) as file:
            site = file.read()
        path = self.write("bad-site.yaml", site.replace("persons: [p_tanaka]", "persons: [p_tanuki]", 1))
        told = self.refused(4, "--load-site", path)
        self.assertRegex(told, r"bad-site\.yaml:\d+:\d+: ")
        self.assertIn("p_tanuki", told)
        self.assertIn("none.yaml", self.refused(4, "--load-plan", self.town.path("none.yaml")))

    def test_passwords(self):
        self.assertIn("8", self.refused(4, "--set-password", "p_tanaka", stdin="short\n"))
        self.assertIn("p_nobody", self.refused(4, "--set-password", "p_nobody", stdin=PASSWORD + "\n"))


class Running(Case):
    def test_it_stops_when_told_and_goes_on_where_it_was(self):
        with Town(terminals=("t1",)) as town:
            town.start()
            client = self.client(town, "terminal-t1")
            command = client.command("alarm", entry="fault", values=values(kind="hardware", place="1階 書庫"))
            first = client.give(command)
            self.assertEqual(first.outcome, pyclient.pb.ACCEPTED)
            self.assertEqual(town.stop(), 0)
            with self.assertRaises(Gone) as caught:
                client.pump(lambda: False, 5)
            self.assertEqual(caught.exception.bye.code, "STOPPING")
            town.start()
            again = self.client(town, "terminal-t1").give(command)
            self.assertEqual((again.outcome, again.record, again.incident), (first.outcome, first.record, first.incident))

    def test_a_revoked_terminal_leaves_at_once(self):
        with Town(terminals=("t1", "t2")) as town:
            town.start()
            one, two = self.client(town, "terminal-t1"), self.client(town, "terminal-t2")
            town.certificates("revoke", town.path("ca"), town.path("ca", "terminal-t2.pem"))
            town.server.send_signal(signal.SIGHUP)
            with self.assertRaises(Gone):
                two.pump(lambda: False, 10)
            with self.assertRaises(Exception):
                self.client(town, "terminal-t2")
            self.assertEqual(alarm(one).outcome, pyclient.pb.ACCEPTED)


class Disk(Case):
    """On a small disk of its own; only where one may be mounted."""

    def setUp(self):
        self.town = Town(terminals=("t1", "t2"), passwords=("p_tanaka",), settings=("--retry", "100ms"))
        self.addCleanup(self.town.__exit__, None)
        self.disk = self.town.path("disk")
        os.mkdir(self.disk)
        if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", self.disk], capture_output=True).returncode:
            self.skipTest("no disk can be mounted here")
        self.addCleanup(subprocess.run, ["umount", self.disk], check=True)
        self.addCleanup(self.town.stop, signal.SIGKILL)
        shutil.copy(self.town.path("log.db"), self.disk)
        self.store = os.path.join(self.disk, "log.db")
        self.town.options[self.town.options.index("--store") + 1] = self.store

    def remount(self, how):
        subprocess.run(["mount", "-o", "remount," + how, self.disk], check=True)

    def fill(self):
        """All but nothing of the disk."""
        self.filler = os.path.join(self.disk, "filler")
        with open(self.filler, "wb", buffering=0) as file:
            for size in (1 << 16, 1 << 12):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    pass

    def accepted_again(self, client, command):
        """The same command until it is taken, as an agent does; the limit is that of give()."""
        for _ in range(600):
            result = client.give(command)
            if result.outcome == pyclient.pb.ACCEPTED:
                return result
            self.assertEqual(result.code, "CANNOT_RECORD")
            self.assertTrue(result.telephone)
            try:
                client.pump(lambda: False, 0.1)
            except TimeoutError:
                pass
        self.fail("never accepted")

    def test_read_only_and_back(self):
        self.town.start()
        before = alarm(self.client(self.town, "terminal-t1"))
        self.assertEqual(before.outcome, pyclient.pb.ACCEPTED)
        self.town.stop()
        self.remount("ro")
        self.town.start()
        client = self.client(self.town, "terminal-t1", notices=True)
        self.assertTrue(client.welcome.cannot_record)
        self.assertTrue(client.subscribe(pyclient.pb.VIEW_CONTACTS, once=True).of("contact"))
        self.assertTrue(client.subscribe(pyclient.pb.VIEW_BOARD, once=True).of("incident"))
        refused = alarm(client)
        self.assertEqual((refused.outcome, refused.code), (pyclient.pb.REFUSED, "CANNOT_RECORD"))
        self.assertTrue(any("0749-" in line for line in refused.telephone), refused.telephone)
        self.remount("rw")
        self.accepted_again(client, client.command("alarm", entry="fault", values=values(kind="software", place="1階 書庫")))

    def test_full_and_back(self):
        self.town.start()
        one, two = self.client(self.town, "terminal-t1"), self.client(self.town, "terminal-t2")
        two.sign_in("p_tanaka", PASSWORD)
        incident = alarm(one).incident
        self.fill()
        # An alarm is taken as long as anything is; a comment waits for room.
        self.assertEqual(alarm(one).outcome, pyclient.pb.ACCEPTED)
        self.assertEqual(two.act("comment", incident=incident, text="x").code, "LOW_SPACE")
        accepted, command = 0, None
        for _ in range(5000):
            command = one.command("alarm", entry="fault", values=values(kind="hardware", place="1階 書庫", text="x" * 3900))
            result = one.give(command)
            if result.outcome != pyclient.pb.ACCEPTED:
                break
            accepted += 1
        self.assertEqual(result.outcome, pyclient.pb.NOT_CONFIRMED, "never refused: the record may exist")
        self.assertTrue(result.telephone)
        self.assertEqual(self.town.server.wait(30), 3)
        self.town.stop()
        self.town.start()
        one = self.client(self.town, "terminal-t1")
        self.assertTrue(one.welcome.cannot_record)
        os.remove(self.filler)
        self.accepted_again(one, command)


if __name__ == "__main__":
    unittest.main()
