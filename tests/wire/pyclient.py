"""A client of renrakud in Python, written from docs/protocol.md and the two .proto files only: if something could not be written
from those, they are what must be mended.

Needs python3-protobuf and protoc; pyclient.generate(folder) makes the message classes. One thread; a Client answers heartbeats and
collects notices and views whenever it reads.
"""
import hashlib
import os
import select
import socket
import ssl
import struct
import subprocess
import sys
import time
import uuid

HEADER = struct.Struct(">I")
FRAME_MAX = 65536
SILENCE = 9.0
pb = rec = None  # renraku_pb2, record_pb2


def generate(root, folder):
    """Makes the classes of both .proto files in `folder` and loads them."""
    global pb, rec
    subprocess.run(["protoc", "--python_out=" + folder, "-I", os.path.join(root, "proto"), "renraku.proto", "record.proto"], check=True)
    sys.path.insert(0, folder)
    import record_pb2
    import renraku_pb2
    pb, rec = renraku_pb2, record_pb2


class Gone(Exception):
    """The connection ended; bye is the server's reason, or None when it vanished."""

    def __init__(self, bye=None):
        super().__init__(f"{bye.code}: {bye.text_en}" if bye else "the server vanished")
        self.bye = bye


class Refused(Exception):
    def __init__(self, refusal):
        super().__init__(f"{refusal.code}: {refusal.text_en}")
        self.code, self.refusal = refusal.code, refusal


class View:
    """The rows of one (view, incident), kept by the merge rules."""

    def __init__(self):
        self.rows, self.revision, self.complete = {}, 0, False

    def merge(self, update):
        if update.snapshot:
            self.rows = {}
        for row in update.rows:
            self.rows[row.key] = row
        for key in update.removed:
            self.rows.pop(key, None)
        self.complete = update.complete
        if update.complete:
            self.revision = update.revision

    def sorted(self):
        return sorted(self.rows.values(), key=lambda r: (r.order, r.key))

    def of(self, kind):
        return [getattr(r, kind) for r in self.sorted() if r.WhichOneof("body") == kind]


class Client:
    def __init__(self, address, ca, cert, key, program="pyclient 1", notices=False, seen=0, hello=True, answer_pings=True, behalf=""):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(ca)
        context.load_cert_chain(cert, key)
        context.set_alpn_protocols(["renraku/1"])
        raw = socket.create_connection(address, timeout=10)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.sock = context.wrap_socket(raw, server_hostname=address[0])
        except (ssl.SSLError, ConnectionError) as error:
            raw.close()
            raise Gone() from error
        self.buffer, self.answers, self.refs = b"", {}, 0
        self.views, self.notices, self.seen, self.pings, self.heard = {}, {}, seen, 0, time.monotonic()
        self.answer_pings, self.welcome, self.token = answer_pings, None, None
        self.probes, self.answer_probes = [], True
        if hello:
            try:
                self.hello(program, notices, behalf=behalf)
            except (Gone, Refused):
                self.close()
                raise

    def hello(self, program="pyclient 1", notices=False, version=1, behalf=""):
        frame = pb.ClientFrame()
        frame.hello.version, frame.hello.program, frame.hello.wants_notices, frame.hello.seen = version, program, notices, self.seen
        frame.hello.on_behalf_address = behalf
        self.welcome = self.ask(frame).welcome
        return self.welcome

    # ---- frames ----

    def send(self, *frames):
        """Several frames in one write, so that they arrive together."""
        data = b""
        for frame in frames:
            body = frame.SerializeToString()
            data += HEADER.pack(len(body)) + body
        self.send_bytes(data)

    def send_bytes(self, data):
        try:
            self.sock.sendall(data)
        except (ssl.SSLError, ConnectionError) as error:
            raise Gone() from error

    def _receive(self, deadline):
        """Reads what is there, waiting until the deadline for the first byte. False: nothing came."""
        if not self.sock.pending():
            left = deadline - time.monotonic()
            if left < 0 or not select.select([self.sock], [], [], left)[0]:
                return False
        try:
            data = self.sock.recv(65536)
        except (ssl.SSLError, ConnectionError, socket.timeout) as error:
            raise Gone() from error
        if not data:
            raise Gone()
        self.buffer += data
        return True

    def _frames(self):
        while len(self.buffer) >= 4:
            size = HEADER.unpack_from(self.buffer)[0]
            if size == 0 or size > FRAME_MAX:
                raise Gone()
            if len(self.buffer) < 4 + size:
                return
            frame = pb.ServerFrame.FromString(self.buffer[4:4 + size])
            self.buffer = self.buffer[4 + size:]
            yield frame

    def pump(self, until, seconds=10.0):
        """Reads and handles frames until until() is true; its value, or None when the time is over."""
        deadline = time.monotonic() + seconds
        while not (value := until()):
            if not self._receive(deadline):
                return None
            for frame in self._frames():
                self.handle(frame)
        return value

    def handle(self, frame):
        self.heard = time.monotonic()
        body = frame.WhichOneof("body")
        if body == "ping":
            self.pings += 1
            if self.answer_pings:
                pong = pb.ClientFrame()
                pong.pong.nonce = frame.ping.nonce
                self.send(pong)
        elif body == "probe":
            self.probes.append(frame.probe)
            if self.answer_probes:
                self.answer_probe(frame.probe.test)
        elif body == "bye":
            raise Gone(frame.bye)
        elif body == "view":
            self.views.setdefault((frame.view.view, frame.view.incident), View()).merge(frame.view)
        elif body == "notice":
            self.take_notice(frame.notice)
        elif body == "token":
            self.token = frame.token.token
        if frame.ref:
            self.answers.setdefault(frame.ref, []).append(frame)

    def take_notice(self, notice):
        known = self.notices.get(notice.id)
        if not known or known.revision < notice.revision:
            self.notices[notice.id] = notice
        self.seen = max(self.seen, notice.revision)

    def next_ref(self):
        self.refs += 1
        return self.refs

    def ask(self, frame, seconds=10.0):
        frame.ref = self.next_ref()
        self.send(frame)
        return self.answer(frame.ref, seconds)

    def answer(self, ref, seconds=10.0):
        frames = self.pump(lambda: self.answers.get(ref), seconds)
        if not frames:
            raise Gone()
        frame = frames.pop(0)
        if frame.WhichOneof("body") == "refusal":
            raise Refused(frame.refusal)
        return frame

    # ---- signing in ----

    def sign_in(self, person, password):
        self.token = None
        frame = pb.ClientFrame()
        frame.sign_in.person, frame.sign_in.password = person, password
        self.welcome = self.ask(frame).welcome
        self.pump(lambda: self.token)
        return self.token

    def resume(self, token):
        frame = pb.ClientFrame()
        frame.resume.token = token
        self.welcome = self.ask(frame).welcome

    def sign_out(self, everywhere=False):
        frame = pb.ClientFrame()
        frame.sign_out.everywhere = everywhere
        self.welcome = self.ask(frame).welcome

    # ---- browsers ----

    def enrol(self, terminal):
        """By an administrator signed in through a gateway; the token that stands for the terminal from now on."""
        frame = pb.ClientFrame()
        frame.enrol.terminal = terminal
        return self.ask(frame).token.token

    def end_enrolment(self, terminal=""):
        """Of all browsers of a terminal; of this one."""
        frame = pb.ClientFrame()
        frame.enrol.terminal, frame.enrol.end = terminal, True
        self.welcome = self.ask(frame).welcome

    # ---- commands ----

    @staticmethod
    def command(act, **fields):
        """A Command with a new id; lists of dicts become repeated messages."""
        message = pb.Command(id=str(uuid.uuid4()), made_at=int(time.time() * 1000))
        getattr(message, act).SetInParent()
        fill(getattr(message, act), fields)
        return message

    @staticmethod
    def frame_of(command, ref=0):
        frame = pb.ClientFrame(ref=ref)
        frame.command.CopyFrom(command)
        return frame

    def give(self, command, seconds=10.0):
        """Sends a Command; its final Result. NOT_CONFIRMED is final for this ref only if nothing better follows."""
        result = self.ask(self.frame_of(command), seconds).result
        assert result.id == command.id
        return result

    def act(self, act, **fields):
        return self.give(self.command(act, **fields))

    # ---- notices ----

    def receipts(self, *notices, stage=None):
        frame = pb.ClientFrame()
        for notice in notices:
            frame.receipts.receipts.add(notice=notice.id, stage=pb.STAGE_DISPLAYED if stage is None else stage)
        self.send(frame)

    def open_notices(self, **wanted):
        return [n for n in sorted(self.notices.values(), key=lambda n: n.id) if not n.ended and all(getattr(n, k) == v for k, v in wanted.items())]

    def await_notice(self, seconds=10.0, **wanted):
        found = self.pump(lambda: self.open_notices(**wanted), seconds)
        return found[0] if found else None

    def answer_probe(self, test, stage=None):
        """A connection test: this device hears, and has shown a line."""
        frame = pb.ClientFrame()
        frame.probe_answer.test, frame.probe_answer.stage = test, pb.STAGE_DISPLAYED if stage is None else stage
        self.send(frame)

    # ---- views ----

    def subscribe(self, view, incident=0, once=False):
        """The view, whole; it goes on changing with every pump unless once."""
        key = (view, incident)
        frame = pb.ClientFrame(ref=self.next_ref())
        frame.subscribe.view, frame.subscribe.incident, frame.subscribe.once = view, incident, once
        self.views.pop(key, None)
        self.send(frame)
        self.answer(frame.ref)
        self.pump(lambda: key in self.views and self.views[key].complete)
        return self.views[key]

    # ---- plans, the log ----

    def upload(self, data, part=60000):
        digest = hashlib.sha256(data).digest()
        for offset in range(0, len(data), part):
            frame = pb.ClientFrame()
            frame.upload.sha256, frame.upload.offset, frame.upload.total = digest, offset, len(data)
            frame.upload.part = data[offset:offset + part]
            state = self.ask(frame).upload
            assert state.received == min(offset + part, len(data))
        return digest

    def log_page(self, start, incident=0, offset=0, count=0):
        frame = pb.ClientFrame()
        frame.log_request.SetInParent()
        frame.log_request.incident, frame.log_request.offset, frame.log_request.count = incident, offset, count
        setattr(frame.log_request, "from", start)
        return self.ask(frame).log_page

    def log(self, incident=0, count=0):
        """All entries as (index, prev_hash, hash, record bytes), whole."""
        at, offset, parts = 1, 0, b""
        while True:
            page = self.log_page(at, incident, offset, count)
            for entry in page.entries:
                parts += entry.record
                offset = len(parts) if entry.total and len(parts) < entry.total else 0
                at = entry.index if offset else entry.index + 1
                if not offset:
                    yield entry.index, entry.prev_hash, entry.hash, parts
                    parts = b""
            if page.last:
                return

    def close(self):
        self.sock.close()


def fill(message, fields):
    for name, value in fields.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                fill(getattr(message, name).add(), item)
        elif isinstance(value, list):
            getattr(message, name).extend(value)
        elif isinstance(value, dict):
            fill(getattr(message, name), value)
        else:
            setattr(message, name, value)


def values(**fields):
    return [{"field": k, "value": v} for k, v in fields.items()]


def chain_hash(index, previous, record):
    return hashlib.sha256(b"renraku-log-1" + struct.pack(">Q", index) + previous + record).digest()


def verify(entries):
    """The head (index, hash) of a whole log; ValueError says the first thing wrong."""
    expected, previous = 1, bytes(32)
    for index, prev_hash, digest, record in entries:
        if index != expected:
            raise ValueError(f"entry {expected} is missing")
        if prev_hash != previous:
            raise ValueError(f"entry {index} does not follow on entry {index - 1}")
        if chain_hash(index, previous, record) != digest:
            raise ValueError(f"entry {index} was changed")
        expected, previous = index + 1, digest
    return expected - 1, previous
