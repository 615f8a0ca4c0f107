"""A browser at the console, written from docs/web.md only: if something could not be written from that, it is what must be mended.

One thread; a Page keeps its cookies, sends requests on connections of their own, and reads its stream whenever it waits for something.
"""
import json
import select
import socket
import ssl
import time
import uuid


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status} {body}")
        self.status, self.body = status, body
        self.code = body.get("code") if isinstance(body, dict) else None


class Cut(Exception):
    """The connection ended, or could not be made."""


def tls(ca):
    context = ssl.create_default_context(cafile=ca)
    context.set_alpn_protocols(["http/1.1"])
    return context


class Connection:
    """One HTTPS connection; answers are read whole."""

    def __init__(self, port, context, seconds=20):
        self.port, self.rest, self.chunked = port, b"", False
        try:
            raw = socket.create_connection(("127.0.0.1", port), timeout=seconds)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sock = context.wrap_socket(raw, server_hostname="127.0.0.1")
        except (OSError, ssl.SSLError) as error:
            raise Cut(str(error)) from error

    def close(self):
        self.sock.close()

    def ended(self):
        """Nothing is to come now: readable means that it has ended."""
        return bool(select.select([self.sock], [], [], 0)[0])

    def more(self):
        try:
            data = self.sock.recv(262144)
        except (OSError, ssl.SSLError) as error:
            raise Cut(str(error)) from error
        if not data:
            raise Cut("ended")
        self.rest += data

    def send(self, method, path, headers, body=b""):
        text = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n" + "".join(f"{n}: {v}\r\n" for n, v in headers.items()) + "\r\n"
        try:
            self.sock.sendall(text.encode() + body)
        except (OSError, ssl.SSLError) as error:
            raise Cut(str(error)) from error

    def head(self):
        while b"\r\n\r\n" not in self.rest:
            self.more()
        text, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = text.decode("latin-1").split("\r\n")
        headers = [(n.lower(), v.strip()) for n, v in (line.split(":", 1) for line in lines[1:])]
        self.chunked = dict(headers).get("transfer-encoding") == "chunked"
        return int(lines[0].split()[1]), headers

    def chunk(self):
        """The next chunk if it is here whole, else None."""
        if b"\r\n" not in self.rest:
            return None
        size, rest = self.rest.split(b"\r\n", 1)
        n = int(size, 16)
        if len(rest) < n + 2:
            return None
        self.rest = rest[n + 2:]
        return rest[:n]

    def body(self, headers):
        if self.chunked:
            data = b""
            while (part := self.chunk()) != b"":
                if part is None:
                    self.more()
                else:
                    data += part
            return data
        length = int(dict(headers).get("content-length", 0))
        while len(self.rest) < length:
            self.more()
        data, self.rest = self.rest[:length], self.rest[length:]
        return data


class View:
    """Rows of one (view, incident), kept by the merge rules."""

    def __init__(self):
        self.rows, self.revision, self.complete, self.snapshots = {}, 0, False, 0

    def merge(self, u):
        if u.get("snapshot"):
            self.rows = {}
            self.snapshots += 1
        for row in u.get("rows", []):
            self.rows[row["key"]] = row
        for key in u.get("removed", []):
            self.rows.pop(key, None)
        self.complete = u.get("complete", False)
        if self.complete:
            self.revision = u.get("revision", 0)

    def of(self, kind):
        rows = sorted(self.rows.values(), key=lambda r: (r.get("order", ""), r["key"]))
        return [r[kind] for r in rows if kind in r]


class Page:
    """A browser with one tab, or a further tab of another's browser (cookies shared)."""

    def __init__(self, port, context, browser=None):
        self.port, self.context = port, context
        self.jar = browser.jar if browser else {}
        self.jar_attributes = browser.jar_attributes if browser else {}
        self.csrf = browser.csrf if browser else None
        self.stream, self.partial, self.last_id = None, b"", None
        self.session, self.link, self.views, self.notices, self.probes, self.bye = None, None, {}, {}, [], None
        self.events = []  # (name, id) of all
        self.kept = None

    # ---- requests ----

    def cookies(self):
        return {"Cookie": "; ".join(f"{n}={v}" for n, v in self.jar.items())} if self.jar else {}

    def take_cookies(self, headers):
        for name, value in headers:
            if name != "set-cookie":
                continue
            first, *attributes = [part.strip() for part in value.split(";")]
            n, v = first.split("=", 1)
            self.jar_attributes[n] = attributes
            if not v or "Max-Age=0" in attributes:
                self.jar.pop(n, None)
            else:
                self.jar[n] = v

    def request(self, method, path, body=None, csrf=True, seconds=20):
        """(status, headers, body bytes). A kept connection that has ended meanwhile is replaced once."""
        headers, data = self.cookies(), b""
        if method == "POST":
            data = json.dumps({} if body is None else body).encode()
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(data)), "Origin": f"https://127.0.0.1:{self.port}"}
            if csrf:
                headers["X-Renraku-CSRF"] = self.csrf or ""
        if self.kept and self.kept.ended():
            self.kept.close()
            self.kept = None
        fresh = self.kept is None
        connection, self.kept = self.kept or Connection(self.port, self.context, seconds), None
        try:
            connection.send(method, path, headers, data)
            status, got = connection.head()
            content = connection.body(got)
        except Cut:
            connection.close()
            if fresh or method == "POST":
                raise
            return self.request(method, path, body, csrf, seconds)
        self.take_cookies(got)
        if dict(got).get("connection") == "close":
            connection.close()
        else:
            self.kept = connection
        return status, got, content

    def ask(self, method, path, body=None, **options):
        status, headers, content = self.request(method, path, body, **options)
        value = json.loads(content) if content else None
        if status >= 400:
            raise Refused(status, value)
        return value

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body=None, **options):
        return self.ask("POST", path, body, **options)

    # ---- who one is ----

    def take_session(self, session):
        self.session, self.csrf = session, session["csrf"]
        return session

    def hello(self):
        return self.take_session(self.get("/api/session"))

    def sign_in(self, person, password):
        if self.csrf is None:
            self.hello()
        return self.take_session(self.post("/api/sign-in", {"person": person, "password": password}, seconds=60))

    # ---- acts ----

    @staticmethod
    def command(act, **fields):
        return {"id": str(uuid.uuid4()), "made_at": int(time.time() * 1000), act: fields}

    def give(self, command):
        return self.post("/api/command", command)

    def act(self, act, **fields):
        return self.give(self.command(act, **fields))

    def watch(self, view, incident=0):
        self.post("/api/watch", {"view": view} | ({"incident": incident} if incident else {}))
        return self.await_view(view, incident)

    # ---- the stream ----

    def open(self, watch="inbox,board", last=None):
        self.close_stream()
        connection = Connection(self.port, self.context)
        headers = self.cookies() | {"Accept": "text/event-stream"}
        if last:
            headers["Last-Event-ID"] = last
        connection.send("GET", "/api/stream" + (f"?watch={watch}" if watch else ""), headers)
        status, got = connection.head()
        if status != 200:
            content = connection.body(got)
            connection.close()
            raise Refused(status, json.loads(content))
        self.take_cookies(got)
        self.stream, self.partial = connection, b""
        self.pump(lambda: self.session)

    def close_stream(self):
        if self.stream:
            self.stream.close()
        self.stream = None

    def close(self):
        self.close_stream()
        if self.kept:
            self.kept.close()
        self.kept = None

    def _events(self):
        ended = False
        if self.stream.chunked:
            while not ended and (part := self.stream.chunk()) is not None:
                self.partial, ended = self.partial + part, part == b""
        else:
            self.partial, self.stream.rest = self.partial + self.stream.rest, b""
        while b"\n\n" in self.partial:
            raw, self.partial = self.partial.split(b"\n\n", 1)
            fields = dict(line.split(": ", 1) for line in raw.decode().split("\n") if ": " in line)
            if "data" in fields:
                yield fields.get("event", "message"), fields.get("id"), json.loads(fields["data"])
        if ended:
            raise Cut("the stream ended")

    def handle(self, name, number, data):
        self.events.append((name, number))
        if number:
            self.last_id = number
        if name == "session":
            self.take_session(data)
        elif name == "view":
            self.views.setdefault((data["view"], data.get("incident", 0)), View()).merge(data)
        elif name == "notice":
            self.notices[data["id"]] = data
        elif name == "link":
            self.link = data
        elif name == "probe":
            self.probes.append(data)
        elif name == "bye":
            self.bye = data

    def pump(self, until, seconds=15.0):
        """Reads the stream until until() is true; its value, or None when the time is over."""
        deadline = time.monotonic() + seconds
        while not (value := until()):
            left = deadline - time.monotonic()
            if left < 0:
                return None
            if not self.stream.sock.pending() and not select.select([self.stream.sock], [], [], left)[0]:
                return None
            try:
                self.stream.more()
                for event in self._events():
                    self.handle(*event)
            except Cut:
                if until():
                    break
                raise
        return until()

    def view(self, view, incident=0):
        return self.views.setdefault((view, incident), View())

    def await_view(self, view, incident=0, seconds=15.0):
        return self.pump(lambda: self.view(view, incident).complete and self.view(view, incident), seconds)

    def await_row(self, view, kind, test, incident=0, seconds=15.0):
        """The first row of that kind for which test() holds, of a view that stands."""
        def found():
            v = self.view(view, incident)
            return v.complete and next((r for r in v.of(kind) if test(r)), None)
        return self.pump(found, seconds)
