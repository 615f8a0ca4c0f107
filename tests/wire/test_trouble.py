"""Trouble with the machine: the disk full, read-only, slow, failing; a file missing or damaged; the port taken; a peer that is not of this
town. Each gets a sentence that says what, where and what to do; what can be served is served, and nothing recorded is lost.

Runs in a mount namespace of its own, for the small disk: as root, or where users may make namespaces.
"""
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import unittest

import pyclient
import story
import traced
from pyclient import Gone, values
from town import BIN, Town

pb = None
SMALL = 14 << 20
RESERVE = 4 << 20


def into_a_namespace():
    # In a bare root made by chroot, / is no mount whose propagation could be changed; there what is mounted is taken away again all the same.
    for words in (["unshare", "--mount", "--propagation", "private"], ["unshare", "--mount", "--propagation", "private", "--map-root-user"],
                  ["unshare", "--mount", "--propagation", "unchanged"]):
        if subprocess.run([*words, "true"], capture_output=True).returncode == 0:
            os.environ["RENRAKU_ALONE"] = "1"
            os.execvp(words[0], [*words, sys.executable, "-B", *sys.argv])
    sys.exit("no mount namespace can be made here; run this as root, or allow unprivileged user namespaces")


class Trouble(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        global pb
        cls.town = Town(terminals=("t1", "t2"), persons=("p_tanaka", "p_suzuki", "p_nishida"), passwords=("p_sato",), settings=("--retry", "100ms"))
        cls.addClassCleanup(cls.town.__exit__, None)
        pb = pyclient.pb
        cls.fresh = cls.town.path("fresh.db")
        shutil.copyfile(cls.town.path("log.db"), cls.fresh)

    def setUp(self):
        self.addCleanup(self.town.stop, 9)
        self.accepted = []
        self.options(log=self.town.path("log.db"))
        for suffix in ("", "-wal", "-shm", "-lock", "-ballast"):
            if os.path.exists(self.log + suffix):
                os.unlink(self.log + suffix)
        shutil.copyfile(self.fresh, self.log)

    def options(self, log, **changes):
        """The log's file, and what its name says to the store."""
        self.log = log
        self.town.options[self.town.options.index("--store") + 1] = log + changes.get("store", "")

    def client(self, who, **more):
        one = self.town.client(who, **more)
        self.addCleanup(one.close)
        return one

    def alarm(self, client, text="起動しない", place=None):
        return client.command("alarm", entry="fault", values=values(kind="hardware", text=text, **({"place": place} if place else {})))

    def give(self, client, command, sender):
        result = client.give(command)
        if result.outcome == pb.ACCEPTED:
            self.accepted.append((sender, command.id, result.record))
        return result

    def lines(self):
        with open(self.town.path("server.err"), errors="replace") as f:
            return f.read()

    def server_says(self, client, words):
        """The server's own lines have it, at the latest when it has answered a ping of this client."""
        frame = pb.ClientFrame()
        frame.ping.nonce = 1
        client.ask(frame)
        self.assertRegex(self.lines(), words)

    def check_log(self):
        entries = story.read_log_beside(self.log)
        story.check_once(entries, self.accepted)
        return entries

    def gone(self, client, *codes):
        with self.assertRaises(Gone) as caught:
            client.pump(lambda: False, 30)
            self.fail("the connection stands")
        if codes:
            self.assertIn(caught.exception.bye and caught.exception.bye.code, codes)


class Disk(Trouble):
    def setUp(self):
        super().setUp()
        self.disk = self.town.path("disk")
        os.makedirs(self.disk, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "none", self.disk], check=True)
        self.addCleanup(lambda: subprocess.run(["umount", "--lazy", self.disk], check=True))
        self.addCleanup(self.town.stop, 9)
        self.options(os.path.join(self.disk, "log.db"), store=f"?reserve={RESERVE}")
        shutil.copyfile(self.fresh, self.log)

    def free(self):
        s = os.statvfs(self.disk)
        return s.f_bavail * s.f_frsize

    def fill_until(self, left):
        with open(os.path.join(self.disk, "filler"), "ab") as f:
            while self.free() > left:
                f.write(bytes(min(65536, max(4096, self.free() - left))))
                f.flush()

    def make_room(self):
        os.unlink(os.path.join(self.disk, "filler"))

    def telephone_is_told(self, result):
        self.assertTrue(result.text and result.text_en)
        self.assertTrue([t for t in result.telephone if re.search(r"\d{2,}-\d+", t)], f"{result.code}: whom to call: {list(result.telephone)}")

    def test_full(self):
        self.town.start()
        clerk, officer = self.client("terminal-t1"), self.client("person-p_suzuki")
        first = self.give(clerk, self.alarm(clerk), "terminal:t1")
        self.assertEqual(self.give(officer, officer.command("comment", incident=first.incident, text="まだ余裕がある"), "person:p_suzuki").outcome, pb.ACCEPTED)
        # little space: the ballast is given up, and only what is urgent is taken
        self.fill_until(RESERVE // 2)
        refused = officer.act("comment", incident=first.incident, text="急がない")
        self.assertEqual((refused.outcome, refused.code), (pb.REFUSED, "LOW_SPACE"), refused.text_en)
        self.telephone_is_told(refused)
        operator = self.client("person-p_tanaka", notices=True)
        notice = operator.await_notice(incident=first.incident, wants_ack=True, kind="tell")
        self.assertEqual(self.give(operator, operator.command("acknowledge", notice=notice.id), "person:p_tanaka").outcome, pb.ACCEPTED)
        self.assertEqual(self.give(operator, operator.command("enter", incident=first.incident, item="F1.1b", **entry()), "person:p_tanaka").outcome, pb.ACCEPTED)
        called = self.give(operator, operator.command("log_call", incident=first.incident, call={"body": "national", "number": "03-5214-0908", "answered_by": "受付", "said": "了解した"}), "person:p_tanaka")
        self.assertEqual(called.outcome, pb.ACCEPTED, f"{called.code} {called.text_en}")
        pending = self.until_full(clerk)
        # no more: it stops, to be restarted
        self.gone(officer, "FAILED", "STOPPING")
        self.assertEqual(self.town.server.wait(30), 3)
        self.assertIn("make room on this disk", self.lines())
        self.check_log()
        self.cannot_record(first.incident)
        self.room_again(pending)

    def until_full(self, clerk):
        for i in range(2000):
            self.fill_until(0)
            command = self.alarm(clerk, text="あ" * 1300, place=f"部屋 {i}")
            result = self.give(clerk, command, "terminal:t1")
            if result.outcome != pb.ACCEPTED:
                self.assertEqual((result.outcome, result.code), (pb.NOT_CONFIRMED, "NOT_CONFIRMED"), result.text_en)
                self.telephone_is_told(result)
                return command
        self.fail("the disk does not get full")

    def cannot_record(self, incident):
        """Started on the full disk: what is known is shown, with whom to call."""
        self.town.stop()
        self.town.start()
        clerk, officer = self.client("terminal-t1"), self.client("person-p_suzuki")
        self.assertTrue(clerk.welcome.cannot_record and officer.welcome.cannot_record)
        refused = clerk.give(self.alarm(clerk))
        self.assertEqual((refused.outcome, refused.code), (pb.REFUSED, "CANNOT_RECORD"), refused.text_en)
        self.telephone_is_told(refused)
        self.assertIn(incident, [i.id for i in officer.subscribe(pb.VIEW_BOARD, once=True).of("incident")])
        self.assertTrue(officer.subscribe(pb.VIEW_INCIDENT, incident, once=True).of("item"))
        self.assertTrue(clerk.subscribe(pb.VIEW_CONTACTS, once=True).of("contact"))
        self.assertTrue(all(t.cannot_record for t in officer.subscribe(pb.VIEW_BOARD, once=True).of("town")))
        self.waiting = clerk
        self.board = clerk.subscribe(pb.VIEW_BOARD)

    def room_again(self, pending):
        self.make_room()
        again = self.waiting  # sessions stay, and see in the view when it is over
        self.assertTrue(again.pump(lambda: self.board.complete and not any(t.cannot_record for t in self.board.of("town")), 30))
        self.assertFalse(self.client("terminal-t2").welcome.cannot_record)
        result = self.give(again, pending, "terminal:t1")
        self.assertEqual(result.outcome, pb.ACCEPTED, result.text_en)
        same = again.give(pending)
        self.assertEqual((same.outcome, same.record), (pb.ACCEPTED, result.record))
        self.assertEqual(self.town.stop(), 0)
        self.check_log()

    def test_read_only(self):
        self.town.start()
        clerk = self.client("terminal-t1")
        first = self.give(clerk, self.alarm(clerk), "terminal:t1")
        self.assertEqual(self.town.stop(9), -9)
        subprocess.run(["mount", "-o", "remount,ro", self.disk], check=True)
        self.cannot_record(first.incident)
        self.assertRegex(self.lines(), r"(?i)read-only file system|readonly")
        subprocess.run(["mount", "-o", "remount,rw", self.disk], check=True)
        open(os.path.join(self.disk, "filler"), "w").close()
        self.room_again(self.alarm(clerk, text="書けるようになってから"))


def entry():
    return {"values": values(kind="hardware", place="窓口", cause="電源")}


class FailingDisk(Trouble):
    def test_a_sync_that_fails_is_never_success(self):
        """Not confirmed, and the server goes to be restarted; the same id afterwards gets an answer, and is there once."""
        traced.need_strace()
        self.town.start()
        clerk = self.client("terminal-t1")
        self.give(clerk, self.alarm(clerk), "terminal:t1")
        killer = traced.Killer(self.town.server.pid, traced.SYNCS, 1, how="error=EIO")
        self.addCleanup(killer.close)
        command = self.alarm(clerk, text="同期の失敗", place="2階 電算室")
        result = clerk.give(command)
        self.assertEqual((result.outcome, result.code), (pb.NOT_CONFIRMED, "NOT_CONFIRMED"))
        self.assertTrue(result.telephone)
        self.gone(clerk, "FAILED")
        self.assertEqual(self.town.server.wait(30), 3)
        self.assertRegex(self.lines(), "disk I/O error|Input/output error")
        self.check_log()
        self.town.stop()
        self.town.start()
        again = self.client("terminal-t1")
        self.assertEqual(self.give(again, command, "terminal:t1").outcome, pb.ACCEPTED)
        self.assertEqual(self.town.stop(), 0)
        self.check_log()

    def test_a_slow_disk_is_told(self):
        """Not confirmed after the time; accepted under the same ref when it is on the disk after all."""
        traced.need_strace()
        self.town.options += ["--slow-commit", "300ms"]
        self.addCleanup(lambda: self.town.options.__delitem__(slice(-2, None)))
        self.town.start()
        clerk, other = self.client("terminal-t1"), self.client("terminal-t2")
        killer = traced.Killer(self.town.server.pid, traced.SYNCS, 1, how="delay_enter=2000000")
        self.addCleanup(killer.close)
        command = self.alarm(clerk, text="遅いディスク")
        frame = clerk.frame_of(command, 77)
        clerk.send(frame)
        first = clerk.answer(77).result
        self.assertEqual(first.outcome, pb.NOT_CONFIRMED)
        self.assertTrue(first.telephone)
        self.assertTrue(other.subscribe(pb.VIEW_CONTACTS, once=True).of("contact"), "others are served meanwhile")
        second = clerk.answer(77).result
        self.assertEqual((second.outcome, second.id), (pb.ACCEPTED, command.id))
        self.assertEqual(clerk.give(command).record, second.record)
        killer.close()
        self.assertEqual(self.town.stop(), 0)
        self.accepted.append(("terminal:t1", command.id, second.record))
        self.check_log()

    def test_a_limit_on_the_size_of_files(self):
        """RLIMIT_FSIZE, as a service manager may set it: like a full disk, and no death by SIGXFSZ."""
        self.town.start(["prlimit", f"--fsize={os.path.getsize(self.log) + (1 << 20)}"])
        clerk = self.client("terminal-t1")
        for i in range(2000):
            command = self.alarm(clerk, text="あ" * 1300, place=f"部屋 {i}")
            result = self.give(clerk, command, "terminal:t1")
            if result.outcome != pb.ACCEPTED:
                break
        self.assertEqual(result.outcome, pb.NOT_CONFIRMED)
        self.gone(clerk, "FAILED")
        self.assertEqual(self.town.server.wait(30), 3)
        self.town.stop()
        self.town.start()
        again = self.client("terminal-t1")
        self.assertEqual(self.give(again, command, "terminal:t1").outcome, pb.ACCEPTED)
        self.assertEqual(self.town.stop(), 0)
        self.check_log()


class Start(Trouble):
    """What keeps it from starting: exit 2 (or 1), and a sentence with the name of the file or the port."""

    def fails(self, *words, status=(2,), **changes):
        options = list(self.town.options)
        for key, value in changes.items():
            key = "--" + key.replace("_", "-")
            if key in options:
                options[options.index(key) + 1] = value
            else:
                options += [key, value]
        before = story.read_log_beside(self.log) if os.path.isfile(self.log) else None
        done = subprocess.run([os.path.join(BIN, "renrakud"), *options], capture_output=True, text=True, timeout=60)
        self.assertIn(done.returncode, status, done.stdout + done.stderr)
        self.assertNotIn("Sanitizer", done.stderr)
        self.assertNotIn("listening", done.stdout)
        for word in words:
            self.assertRegex(done.stderr, word)
        if before is not None:
            self.assertEqual(story.read_log_beside(self.log), before, "a start that fails leaves no record")
        return done.stderr

    def test_certificates_and_keys(self):
        ca = self.town.path("ca")
        gone = self.town.path("gone.pem")
        for key in ("ca", "cert", "key", "crl"):
            self.fails(re.escape(gone), "No such file", **{key: gone})
        self.fails(re.escape(ca), key=os.path.join(ca, "terminal-t1.key"))  # of another certificate
        rubbish = self.town.path("rubbish.pem")
        with open(rubbish, "w") as f:
            f.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        for key in ("ca", "cert", "key", "crl"):
            self.fails(re.escape(rubbish), **{key: rubbish})
        open(rubbish, "w").close()
        for key in ("ca", "cert", "key"):
            self.fails(re.escape(rubbish), **{key: rubbish})

    def test_port(self):
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        port = str(taken.getsockname()[1])
        self.fails(port, "in use|使われて", port=port)
        self.fails("address|アドレス|192.0.2.77", address="192.0.2.77")
        for wrong in ("http", "-1", "65536", ""):
            self.fails("port", status=(1,), port=wrong)

    def test_log(self):
        folder = self.town.path("nowhere", "log.db")
        self.fails(re.escape(self.town.path("nowhere")), store=folder)
        self.fails(re.escape(self.town.path("ca")), store=self.town.path("ca"))
        text = self.town.path("text.db")
        with open(text, "w") as f:
            f.write("not a log " * 1000)
        self.fails(re.escape(text), store=text)
        with open(text) as f:
            self.assertTrue(f.read().startswith("not a log"), "somebody's file is left alone")

    def test_a_damaged_log(self):
        """Cut off or changed in the middle: it does not start as if nothing were."""
        with open(self.fresh, "rb") as f:
            whole = f.read()
        records = story.read_log(self.fresh)
        at = whole.find(records[-1][3][:200])  # the site's record
        for data in (whole[:len(whole) // 2], whole[:at + 60] + b"\0\xff\0" + whole[at + 63:] if at > 0 else whole[:4096]):
            with open(self.log, "wb") as f:
                f.write(data)
            options = list(self.town.options)
            done = subprocess.run([os.path.join(BIN, "renrakud"), *options], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(self.log, done.stderr)
            self.assertNotIn("Sanitizer", done.stderr)

    def test_a_second_server(self):
        self.town.start()
        options = list(self.town.options)
        done = subprocess.run([os.path.join(BIN, "renrakud"), *options], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertRegex(done.stderr, "another process has it open")
        clerk = self.client("terminal-t1")
        self.assertEqual(self.give(clerk, self.alarm(clerk), "terminal:t1").outcome, pb.ACCEPTED, "the first is not disturbed")

    def test_configuration(self):
        for text, word in (("prot: 7443\n", "prot"), ("port 7443\n", ":1"), ("heartbeat: soon\n", "heartbeat"), ("\n\nport: x\n", ":3")):
            path = self.town.path("bad.yaml")
            with open(path, "w") as f:
                f.write(text)
            done = subprocess.run([os.path.join(BIN, "renrakud"), "--config", path], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(path, done.stderr)
            self.assertIn(word, done.stderr)

    def test_a_town_without_a_plan(self):
        """It starts, since a plan can be loaded later, and says so to whoever comes."""
        self.options(self.town.path("empty.db"))
        self.town.start()
        try:
            self.client("terminal-t1")
            self.fail("it was let in")
        except Gone as gone:
            self.assertEqual(gone.bye and gone.bye.code, "NO_SITE")


class Peers(Trouble):
    """Those who are not of this town, or no longer: turned away with a line in the server's journal, the others served."""

    def stranger(self, ca=None, cert=None, protocols=("renraku/1",), version=ssl.TLSVersion.TLSv1_3):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.maximum_version = version
        if protocols:
            context.set_alpn_protocols(list(protocols))
        if cert:
            context.load_cert_chain(cert + ".pem", cert + ".key")
        raw = socket.create_connection(("127.0.0.1", self.town.port), timeout=10)
        self.addCleanup(raw.close)
        try:
            with context.wrap_socket(raw, server_hostname="127.0.0.1") as one:
                while one.recv(4096):
                    pass
        except (ssl.SSLError, ConnectionError):
            pass

    def test_strangers(self):
        self.town.start()
        witness = self.client("terminal-t1")
        other = self.town.path("other")
        self.town.certificates("ca", other)
        self.town.certificates("terminal", other, "t1")
        mine = self.town.path("ca", "terminal-t2")
        for what in ({"cert": os.path.join(other, "terminal-t1")}, {}, {"cert": mine, "protocols": ()}, {"cert": mine, "protocols": ("h2",)}, {"cert": mine, "version": ssl.TLSVersion.TLSv1_2}):
            before = len(self.lines())
            self.stranger(**what)
            frame = pb.ClientFrame()
            frame.ping.nonce = 1
            witness.ask(frame)
            self.assertRegex(self.lines()[before:], r"127\.0\.0\.1", f"a line says that {what} was turned away")
        for data in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\0" * 1000, b"\x80" * 4096):
            with socket.create_connection(("127.0.0.1", self.town.port), timeout=10) as raw:
                try:
                    raw.sendall(data)
                    while raw.recv(4096):
                        pass
                except (ConnectionError, socket.timeout):
                    pass
        self.assertEqual(self.give(witness, self.alarm(witness), "terminal:t1").outcome, pb.ACCEPTED)
        self.assertEqual(self.town.stop(), 0)
        self.check_log()


del Trouble  # has no tests of its own

if __name__ == "__main__":
    if not os.environ.get("RENRAKU_ALONE"):
        into_a_namespace()
    unittest.main(verbosity=2)
