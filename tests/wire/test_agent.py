"""The agent before a played server that repeats itself, goes silent, talks nonsense, refuses and forgets."""
import json
import os
import random
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest
import uuid

import pyclient
from played import Played
from town import BIN, ROOT

# What the agent runs for each notice: notes it, and does as the folder says: fail so often, or hang.
SHOW = """#!/usr/bin/python3
import json, os, signal, sys
folder = os.path.dirname(os.path.abspath(__file__))
matter = json.load(sys.stdin)
env = {k[8:]: v for k, v in os.environ.items() if k.startswith("RENRAKU_")}
with open(folder + "/tried", "a") as f:
    f.write(env["KIND"] + " " + env.get("NOTICE", "") + "\\n")
if os.path.exists(folder + "/hang"):
    signal.pause()
if os.path.exists(folder + "/fail"):
    if sum(1 for _ in open(folder + "/tried")) <= int(open(folder + "/fail").read()):
        sys.exit(1)
with open(folder + "/shown", "a") as f:
    f.write(json.dumps({"env": env, "args": sys.argv[1:], "json": matter}) + "\\n")
"""


never = threading.Event()


class Agent(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="renraku-test.")
        cls.addClassCleanup(cls.folder.cleanup)
        pyclient.generate(ROOT, cls.folder.name)
        cls.ca = os.path.join(cls.folder.name, "ca")
        for args in (("ca",), ("server", "main"), ("terminal", "t1")):
            subprocess.run([os.path.join(ROOT, "certs", "make-certs"), args[0], cls.ca, *args[1:]], check=True, stdout=subprocess.DEVNULL)

    def setUp(self):
        self.dir = tempfile.mkdtemp(dir=self.folder.name)
        self.server, self.agent = Played(self.ca), None
        with open(self.path("show"), "w") as f:
            f.write(SHOW)
        os.chmod(self.path("show"), 0o755)
        self.configure()

    def tearDown(self):
        self.stop()
        self.server.close()
        with open(self.path("log")) as f:
            text = f.read()
        self.assertNotIn("Sanitizer", text)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def configure(self, *lines):
        base = [f"server: 127.0.0.1", f"port: {self.server.port}", f"ca: {self.ca}/ca.pem", f"cert: {self.ca}/terminal-t1.pem", f"key: {self.ca}/terminal-t1.key",
                "agent_socket: agent.sock", "state: state", "silence_ms: 3000", "connect_ms: 3000", "retry_min_ms: 50", "retry_max_ms: 400", "undelivered_ms: 700",
                "undelivered_repeat_ms: 1000", "grace_ms: 300", "emergency_contacts: [情報係 内線 9]", "notice_command:", "  - show", "  - 'a b; $(c)'"]
        base[base.index("  - show")] = f"  - {self.path('show')}"
        with open(self.path("client.yaml"), "w") as f:
            f.write("\n".join(base + list(lines)) + "\n")

    def start(self):
        log = open(self.path("log"), "a")
        self.agent = subprocess.Popen([os.path.join(BIN, "renraku-agent"), "--config", self.path("client.yaml")], stdout=log, stderr=log)
        log.close()

    def stop(self, how=signal.SIGTERM):
        if self.agent:
            self.agent.send_signal(how)
            code = self.agent.wait(20)
            with open(self.path("log")) as f:
                self.assertEqual(code, 0 if how == signal.SIGTERM else -how, f.read())
            self.agent = None

    def up(self, head=1000):
        session = self.server.session()
        session.hello = session.welcome(head=head)
        return session

    def lines(self, name):
        try:
            with open(self.path(name)) as f:
                return f.read().splitlines()
        except FileNotFoundError:
            return []

    def shown(self):
        return [json.loads(line) for line in self.lines("shown")]

    def wait(self, what, condition, seconds=15.0):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                with open(self.path("log")) as f:
                    self.fail(f"{what} did not happen; the agent says:\n{f.read()}")
            never.wait(0.02)

    def notice(self, id=5, revision=9, at=1000, **fields):
        return pyclient.pb.ServerFrame(notice=pyclient.pb.Notice(id=id, revision=revision, at=at, kind="tell", title="障害 $(touch x)", incident=1, **fields))

    def receipts(self, session, id, stage, seconds=10.0):
        while True:
            for r in session.until("receipts", seconds).receipts.receipts:
                if (r.notice, r.stage) == (id, stage):
                    return

    # ---- notices ----

    def test_shown_once(self):
        pb = pyclient.pb
        self.start()
        s = self.up()
        self.assertTrue(s.hello.wants_notices)
        s.send(self.notice(drill=True, wants_ack=True), self.notice(drill=True, wants_ack=True))
        self.receipts(s, 5, pb.STAGE_DISPLAYED)
        first = self.shown()[0]
        self.assertEqual(first["args"], ["a b; $(c)"])
        self.assertEqual((first["env"]["DRILL"], first["env"]["KIND"], first["env"]["TITLE"], first["env"]["WANTS_ACK"]), ("1", "tell", "障害 $(touch x)", "1"))
        self.assertEqual(first["json"]["id"], 5)
        s.send(self.notice(drill=True))  # a repeat: told again how far it came, shown no more
        self.receipts(s, 5, pb.STAGE_DISPLAYED)
        s.send(self.notice(revision=12, repeats=1))  # escalation: shown again
        self.receipts(s, 5, pb.STAGE_DISPLAYED)
        self.wait("the second showing", lambda: len(self.shown()) == 2)
        s.send(self.notice(revision=13, ended=True))
        self.wait("the end", lambda: len(self.shown()) == 3)
        self.assertEqual(self.shown()[2]["env"]["ENDED"], "1")
        s.send(self.notice(id=6, revision=14, ended=True))  # the end of something never shown is no news
        self.receipts(s, 6, pb.STAGE_DELIVERED)
        self.stop()
        self.start()
        s = self.up()
        self.assertEqual(s.hello.seen, 14)
        s.send(self.notice(revision=13, ended=True), self.notice(id=7, revision=15))
        self.receipts(s, 7, pb.STAGE_DISPLAYED)
        self.assertEqual([x["json"]["id"] for x in self.shown()], [5, 5, 5, 7])

    def test_shown_means_shown(self):
        pb = pyclient.pb
        with open(self.path("fail"), "w") as f:
            f.write("2")
        self.start()
        s = self.up()
        s.send(self.notice())
        self.receipts(s, 5, pb.STAGE_DELIVERED)
        self.receipts(s, 5, pb.STAGE_DISPLAYED)
        self.assertEqual(len(self.lines("tried")), 3)  # twice in vain

    def test_never_shown(self):
        pb = pyclient.pb
        os.unlink(self.path("show"))
        self.start()
        s = self.up()
        s.send(self.notice())
        self.receipts(s, 5, pb.STAGE_DELIVERED)
        self.wait("three attempts", lambda: "attempt 3 of 3" in "\n".join(self.lines("log")))
        s.send(self.notice(id=6, revision=10))
        while True:
            r = s.until("receipts").receipts.receipts
            self.assertNotIn(pb.STAGE_DISPLAYED, [x.stage for x in r])
            if 6 in [x.notice for x in r]:
                break
        self.assertTrue(any("障害" in line for line in self.lines("log")))  # printed at least

    def test_hanging_command(self):
        """One that hangs is ended and tried again; meanwhile the real one goes before the drills that came earlier."""
        self.configure("notice_timeout_ms: 4000", "notice_children: 1")
        open(self.path("hang"), "w").close()
        self.start()
        s = self.up()
        s.send(self.notice(id=1, drill=True))
        self.wait("the hanging one", lambda: self.lines("tried") == ["tell 1"])
        os.unlink(self.path("hang"))
        s.send(self.notice(id=2, drill=True), self.notice(id=3, drill=True), self.notice(id=4))
        self.wait("the time limit", lambda: "runs longer than 4000 ms" in "\n".join(self.lines("log")))
        self.wait("all shown", lambda: len(self.shown()) == 4, 30)
        order = [x["json"]["id"] for x in self.shown()]
        self.assertEqual((order[0], sorted(order)), (4, [1, 2, 3, 4]))

    def test_flood(self):
        pb = pyclient.pb
        self.start()
        s = self.up(head=100000)
        s.send(*(self.notice(id=i, revision=i) for i in range(1, 3001)))
        told = set()
        while len(told) < 3000:
            told.update(r.notice for r in s.until("receipts", 60).receipts.receipts)
        s.send(self.notice(id=9000, revision=9000))
        while 9000 not in told:
            told.update(r.notice for r in s.until("receipts", 60).receipts.receipts)

    def test_another_log(self):
        """A server that was set up anew counts from one again: its alarms must not be taken for old ones."""
        pb = pyclient.pb
        self.start()
        s = self.up(head=100)
        s.send(self.notice(id=5, revision=90))
        self.receipts(s, 5, pb.STAGE_DISPLAYED)
        s.close()
        self.up(head=20)
        s = self.up(head=20)
        self.assertEqual(s.hello.seen, 0)
        s.send(self.notice(id=5, revision=9, at=2000))
        self.receipts(s, 5, pb.STAGE_DISPLAYED)
        s.send(self.notice(id=5, revision=9, at=3000))  # and where only the time tells
        self.receipts(s, 5, pb.STAGE_DISPLAYED)
        self.assertEqual(len(self.shown()), 3)

    # ---- a bad line ----

    def test_nonsense(self):
        random.seed(7)
        self.start()
        for data in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\5hello", b"HTTP/1.1 400 Bad Request\r\n\r\n", random.randbytes(4000),
                     struct.pack(">I", 60000) + random.randbytes(60000)):
            s = self.up()
            s.send_bytes(data)
            while True:
                try:
                    s.next()
                except EOFError:
                    break
        s = self.up()
        s.send_bytes(struct.pack(">I", 3) + b"\xf2\x3f\x00")  # a kind of frame that a later version may know
        s.send(self.notice())
        self.receipts(s, 5, pyclient.pb.STAGE_DISPLAYED)

    def test_silence(self):
        self.start()
        s = self.up()
        self.server.mute = True
        from_then = time.monotonic()
        self.server.session()
        self.assertLess(time.monotonic() - from_then, 9)
        self.server.mute = False
        self.server.session().close()
        s = self.up()
        s.send(self.notice())
        self.receipts(s, 5, pyclient.pb.STAGE_DISPLAYED)

    def test_goodbye_and_refusal(self):
        pb = pyclient.pb
        self.start()
        s = self.server.session()
        f = s.until("hello")
        s.send(pb.ServerFrame(ref=f.ref, refusal=pb.Refusal(code="BUSY", text="混んでいます")))
        s = self.server.session()
        s.until("hello")
        s.send(pb.ServerFrame(bye=pb.Bye(code="UNKNOWN_TERMINAL", text="知らない端末です")))
        self.up()
        self.wait("the reason in the log", lambda: "UNKNOWN_TERMINAL" in "\n".join(self.lines("log")))

    def test_one_agent(self):
        self.start()
        self.up()
        second = subprocess.run([os.path.join(BIN, "renraku-agent"), "--config", self.path("client.yaml")], capture_output=True, text=True, timeout=20)
        self.assertEqual(second.returncode, 2)
        self.assertIn("agent.lock", second.stderr)

    # ---- the spool ----

    def spool(self, id=None, made_at=1234567890123):
        """As the command line does it; the format is described in client/lib/spool_file.h."""
        import hashlib
        pb = pyclient.pb
        id = id or str(uuid.uuid4())
        frame = pb.ClientFrame(command=pb.Command(id=id, made_at=made_at, alarm=pb.Alarm(entry="fault", values=[pb.Value(field="kind", value="hardware")])))
        body = frame.SerializeToString()
        rest = struct.pack(">I", 6) + b"tester" + struct.pack(">I", len(body)) + body
        folder = self.path("state", "spool")
        os.makedirs(folder, exist_ok=True)
        temp = os.path.join(folder, id + ".tmp-1")
        with open(temp, "wb") as f:
            f.write(b"RNSP1\n" + hashlib.sha256(rest).digest() + rest)
        os.rename(temp, os.path.join(folder, f"{made_at:013}-{id}.cmd"))
        return id

    def answer(self, session, frame, outcome, code="", **fields):
        session.send(pyclient.pb.ServerFrame(ref=frame.ref, result=pyclient.pb.Result(id=frame.command.id, outcome=outcome, code=code, **fields)))

    def kinds(self):
        return [x["env"]["KIND"] for x in self.shown()]

    def test_delivery(self):
        """In order, the same bytes until answered for good, and the clerk is told each time."""
        pb = pyclient.pb
        second = self.spool(made_at=2000)
        first = self.spool(made_at=1000)
        self.start()
        s = self.up()
        f = s.until("command")
        self.assertEqual((f.command.id, f.command.made_at), (first, 1000))
        self.answer(s, f, pb.REFUSED, "CANNOT_RECORD", text="記録できません")
        again = s.until("command")
        self.assertEqual(again.command, f.command)
        self.answer(s, again, pb.NOT_CONFIRMED, "SLOW")
        again = s.until("command")
        self.assertEqual(again.command, f.command)
        self.wait("the clerk is told", lambda: {first, second} <= {x["json"]["id"] for x in self.shown() if x["env"]["KIND"] == "undelivered"})
        self.assertEqual(self.shown()[0]["env"]["TELEPHONE"], "情報係 内線 9")
        s.close()  # the answer is lost
        s = self.up()
        again = s.until("command")
        self.assertEqual(again.command, f.command)
        self.answer(s, again, pb.ACCEPTED, incident=3)
        f = s.until("command")
        self.assertEqual(f.command.id, second)
        self.answer(s, f, pb.REFUSED, "INCOMPLETE", text="種別がありません", telephone=["担当 1"])
        self.wait("both are answered", lambda: {"delivered", "refused"} <= set(self.kinds()))
        refused = [x for x in self.shown() if x["env"]["KIND"] == "refused"][0]
        self.assertIn("種別がありません", refused["env"]["TEXT"])
        self.assertEqual(refused["env"]["TELEPHONE"], "担当 1")
        names = sorted(n.split("-", 1)[0] + n[n.rindex("."):] for n in os.listdir(self.path("state", "spool")))
        self.assertEqual(names, ["0000000001000.done", "0000000001000.result", "0000000002000.done", "0000000002000.result"])

    def test_killed_while_delivering(self):
        """The agent dies after sending: the next one sends the same again, and no other."""
        pb = pyclient.pb
        id = self.spool()
        self.start()
        f = self.up().until("command")
        self.stop(signal.SIGKILL)
        self.start()
        s = self.up()
        again = s.until("command")
        self.assertEqual(again.command, f.command)
        self.answer(s, again, pb.ACCEPTED, incident=1)
        self.wait("the clerk is told", lambda: "delivered" in self.kinds())
        self.spool(made_at=1234567890124)
        self.assertNotEqual(s.until("command").command.id, id)

    def test_wrong_result(self):
        """A result for another command, or none that was asked for, settles nothing."""
        pb = pyclient.pb
        id = self.spool()
        self.start()
        s = self.up()
        f = s.until("command")
        s.send(pb.ServerFrame(result=pb.Result(id=str(uuid.uuid4()), outcome=pb.ACCEPTED)))
        self.wait("it is told to be undelivered", lambda: "undelivered" in self.kinds())
        self.assertEqual(len([n for n in os.listdir(self.path("state", "spool")) if n.endswith(".cmd")]), 1)
        self.answer(s, f, pb.ACCEPTED)
        self.wait("it is delivered", lambda: "delivered" in self.kinds())

    def test_damaged(self):
        """What cannot be read holds up nobody, and the clerk is told."""
        pb = pyclient.pb
        broken = self.spool(made_at=1000)
        name = self.path("state", "spool", f"{1000:013}-{broken}.cmd")
        with open(name, "r+b") as f:
            f.seek(60)
            f.write(b"????")
        whole = self.spool(made_at=2000)
        self.start()
        s = self.up()
        f = s.until("command")
        self.assertEqual(f.command.id, whole)
        self.answer(s, f, pb.ACCEPTED)
        self.wait("the clerk is told", lambda: {"undelivered", "delivered"} == set(self.kinds()))
        self.assertTrue(os.path.exists(name[:-4] + ".bad"))

    def test_nobody_there(self):
        """No server at all: the clerk is told, and again."""
        self.server.close()
        self.spool()
        self.start()
        self.wait("told twice", lambda: self.kinds().count("undelivered") >= 2)
        self.assertEqual(set(self.kinds()), {"undelivered"})

    # ---- the relay ----

    def test_relay(self):
        pb = pyclient.pb
        self.start()
        self.up()
        self.wait("the socket", lambda: os.path.exists(self.path("agent.sock")))
        self.assertEqual(os.stat(self.path("agent.sock")).st_mode & 0o777, 0o660)
        c = socket.socket(socket.AF_UNIX)
        c.connect(self.path("agent.sock"))
        frame = pb.ClientFrame(ref=1, hello=pb.Hello(version=1, program="x")).SerializeToString()
        c.sendall(struct.pack(">I", len(frame)) + frame)
        s = self.server.session()
        self.assertEqual(s.until("hello").hello.program, "x")
        # Much more than fits anywhere, to a client that does not read: the agent must not take it all in.
        s.sock.settimeout(2)
        big = struct.pack(">I", 60000) + b"\0" * 60000
        sent = 0
        try:
            for _ in range(1000):
                s.sock.sendall(big)
                sent += len(big)
        except (TimeoutError, OSError):
            pass
        self.assertLess(sent, 20 << 20)
        c.close()
        s.close()

    def test_relay_without_server(self):
        self.server.close()
        self.start()
        self.wait("the socket", lambda: os.path.exists(self.path("agent.sock")))
        c = socket.socket(socket.AF_UNIX)
        c.settimeout(10)
        c.connect(self.path("agent.sock"))
        data = b""
        while True:
            part = c.recv(4096)
            if not part:
                break
            data += part
        c.close()
        bye = pyclient.pb.ServerFrame.FromString(data[4:]).bye
        self.assertEqual(bye.code, "SERVER_UNREACHABLE")
        self.assertTrue(bye.text and bye.text_en)

    def test_many_clients(self):
        self.start()
        self.up()
        self.wait("the socket", lambda: os.path.exists(self.path("agent.sock")))
        clients = []
        for _ in range(60):
            c = socket.socket(socket.AF_UNIX)
            c.settimeout(10)
            c.connect(self.path("agent.sock"))
            clients.append(c)
        self.wait("some are turned away", lambda: "turned away" in "\n".join(self.lines("log")))
        for c in clients:
            c.close()

    # ---- mistakes in the configuration ----

    def test_bad_configuration(self):
        def run(*lines):
            self.configure(*lines)
            done = subprocess.run([os.path.join(BIN, "renraku-agent"), "--config", self.path("client.yaml"), "--lang", "en"], capture_output=True, text=True, timeout=20)
            return done.returncode, done.stderr

        code, text = run("sever: x")
        self.assertEqual(code, 1)
        self.assertRegex(text, r"client\.yaml:\d+: unknown key: sever")
        code, text = run("crl: nowhere.pem")
        self.assertEqual(code, 1)
        self.assertIn("nowhere.pem", text)
        os.rename(self.path("client.yaml"), self.path("gone.yaml"))
        done = subprocess.run([os.path.join(BIN, "renraku-agent"), "--config", self.path("client.yaml")], capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 1)
        self.assertIn("client.yaml", done.stderr)
        open(self.path("log"), "a").close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
