"""Browsers that mean harm, against the console of a real town. After each attack: a fresh browser is served at once, one that was there all the time still hears what
happens, the command line knows nothing of it, and renraku-web has not grown without bound."""
import json
import resource
import socket
import ssl
import threading
import time
import unittest
import uuid

from browser import rss, sanitized
from console import Console, Person
from pyclient import values
import pyclient

AT_ONCE = 8  # seconds, on a machine that runs other tests beside this one
GROWTH = 160 << 10  # KiB that renraku-web may gain by all of this: 2,000 connections in their handshake take some 45 each
SCRIPT = "<script>alert(1)</script>\u2028</p>\"'&--><img src=x onerror=alert(2)>"


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = Console(persons=("p_tanaka", "p_suzuki"))
        cls.addClassCleanup(cls.town.__exit__, None)
        cls.addClassCleanup(cls.ends_in_order)
        cls.raise_alarm("the first")
        cls.witness = Person(cls.town)
        cls.addClassCleanup(cls.witness.close)
        assert cls.witness.sign_in("p_tanaka").status == 200
        cls.stream, status = cls.witness.stream("inbox,board,incident:1")
        assert status == 200
        cls.addClassCleanup(cls.stream.close)
        while cls.stream.event()[0] != "view":
            pass
        cls.fresh()
        cls.before = rss(cls.town.web.pid)
        cls.open = []

    @classmethod
    def ends_in_order(cls):
        """Also: nothing was lost on the way, which a build with AddressSanitizer would say by its exit status."""
        status = cls.town.stop_web()
        with open(cls.town.path("web.err")) as said:
            assert status == 0, f"renraku-web ended with {status}: {said.read()[-4000:]}"

    def setUp(self):
        self.held = []
        self.began = time.monotonic()

    def tearDown(self):
        for b in self.held:
            b.close()
        self.all_well()

    @classmethod
    def fresh(cls):
        """A browser that never was here gets the page and signs in; the seconds it took."""
        began = time.monotonic()
        newcomer = Person(cls.town, source="127.0.0.77")
        assert newcomer.get("/").status == 200
        assert newcomer.sign_in("p_suzuki").status == 200
        assert newcomer.session()["person"] == "p_suzuki"
        newcomer.post("/api/sign-out", {})
        newcomer.close()
        return time.monotonic() - began

    @classmethod
    def raise_alarm(cls, text):
        """At a terminal, by the protocol: all of them join one incident."""
        clerk = cls.town.client("terminal-t1")
        result = clerk.act("alarm", entry="fault", values=values(kind="hardware", text=text))
        clerk.close()
        assert result.outcome == pyclient.pb.ACCEPTED and result.incident == 1, result

    def told(self):
        """Something happens at a terminal; the witness, whose stream has been open all the time, sees it. The seconds it took."""
        word = "witness " + uuid.uuid4().hex
        began = time.monotonic()
        self.raise_alarm(word)
        while word not in (self.stream.event()[2] or ""):
            pass
        return time.monotonic() - began

    def all_well(self):
        self.assertIsNone(self.town.web.poll(), "renraku-web has ended")
        status, said, seconds = self.town.command_line("person-p_tanaka", "status")
        self.assertEqual(status, 0, said)
        fresh, told = self.fresh(), self.told()
        now = rss(self.town.web.pid)
        print(f"{self._testMethodName[5:]}: {time.monotonic() - self.began:.1f} s; then: a fresh browser signed in within {fresh * 1000:.0f} ms, the witness told "
              f"within {told * 1000:.0f} ms, the command line {seconds * 1000:.0f} ms; renraku-web {self.before} -> {now} KiB")
        self.assertLess(fresh, AT_ONCE)
        self.assertLess(told, AT_ONCE)
        if not sanitized():
            self.assertLess(now - self.before, GROWTH)

    def connect(self, i, wrap=True, small=False):
        sock = socket.socket()
        if small:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(30)
        sock.bind((f"127.0.{2 + i // 200}.{1 + i % 200}", 0))
        sock.connect(("127.0.0.1", self.town.web_port))
        if wrap:
            sock = self.town.tls.wrap_socket(sock, server_hostname="127.0.0.1")
        self.held.append(sock)
        return sock

    def request(self, path, cookies=""):
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.town.web_port}\r\n{cookies}\r\n".encode()

    # ---- connections ----

    def test_thousand_streams_of_nobody(self):
        """Nobody is signed in: whatever the answer, it costs little and keeps nobody out."""
        answers = {}
        for i in range(1000):
            sock = self.connect(i)
            sock.sendall(self.request("/api/stream?watch=board"))
        for sock in self.held:
            try:
                status = sock.recv(12)[9:].decode()
            except OSError:
                status = "closed"
            answers[status] = answers.get(status, 0) + 1
        print("1,000 streams of nobody were answered:", answers)

    def test_thousand_streams_of_one(self):
        """One signed-in browser: six streams stay, the others give way."""
        person = Person(self.town)
        self.held.append(person)
        self.assertEqual(person.sign_in("p_suzuki").status, 200)
        cookie = "Cookie: " + person.headers()["Cookie"] + "\r\n"
        for i in range(1000):
            sock = self.connect(i)
            sock.sendall(self.request("/api/stream?watch=board,inbox,contacts", cookie))
        over = 0
        for sock in self.held[1:-6]:
            try:
                while sock.recv(65536):
                    pass
            except OSError:
                pass
            over += 1
        for sock in self.held[-6:]:
            self.assertIn(b"200", sock.recv(12))
        print(f"1,000 streams of one browser: {over} gave way")

    def test_stops_reading(self):
        """Streams whose browser takes nothing, while much happens."""
        person = Person(self.town)
        self.held.append(person)
        self.assertEqual(person.sign_in("p_suzuki").status, 200)
        cookie = "Cookie: " + person.headers()["Cookie"] + "\r\n"
        for i in range(6):
            self.connect(i, small=True).sendall(self.request("/api/stream?watch=inbox,board,incident:1,contacts,plan,tests,drills,follow_ups", cookie))
        for i in range(60):
            self.raise_alarm(f"{i} " + "長い文" * 100)

    def test_slow(self):
        """Two hundred that say one byte at a time: of the handshake, of the header, of a body. Each has one deadline."""
        began = time.monotonic()
        head = f"POST /api/sign-in HTTP/1.1\r\nHost: 127.0.0.1:{self.town.web_port}\r\nOrigin: https://127.0.0.1:{self.town.web_port}\r\nContent-Type: application/json\r\n"
        hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500)  # a client's first words, as far as they go
        kinds = {"handshake": hello[:1], "header": b"GET / HTTP/1.1\r\nX: ", "body": (head + "Content-Length: 1000\r\n\r\n{").encode()}
        socks = []
        for i in range(201):
            kind = list(kinds)[i % 3]
            sock = self.connect(i, wrap=kind != "handshake")
            sock.sendall(kinds[kind])
            socks.append((kind, sock))
        ended = {}

        def dribble(kind, sock):
            sock.settimeout(0.5)
            said = 1
            while True:
                try:
                    if not sock.recv(4096):
                        break
                    continue
                except (TimeoutError, ssl.SSLWantReadError):
                    pass
                except OSError:
                    break
                try:
                    sock.send(hello[said:said + 1] if kind == "handshake" else b"a")
                    said += 1
                except OSError:
                    break
            ended.setdefault(kind, []).append(time.monotonic() - began)

        threads = [threading.Thread(target=dribble, args=one) for one in socks]
        for t in threads:
            t.start()
        self.assertLess(self.fresh(), AT_ONCE, "meanwhile")
        for t in threads:
            t.join(60)
            self.assertFalse(t.is_alive(), "a slow connection is never ended")
        print("slow connections ended after:", {kind: f"{min(all_):.1f}..{max(all_):.1f} s" for kind, all_ in ended.items()})
        self.assertLess(max(ended["handshake"]), 20)
        self.assertLess(max(ended["header"]), 20)
        self.assertLess(max(ended["body"]), 32)

    def test_silent_crowd(self):
        """2,300 connections that say nothing: more than there may be."""
        for i in range(2300):
            self.connect(i, wrap=False)
        self.assertLess(self.fresh(), AT_ONCE, "meanwhile")
        served = Person(self.town)
        self.assertEqual(served.get("/").status, 200)
        served.close()

    def test_two_hundred_of_one_address(self):
        for _ in range(400):
            sock = socket.create_connection(("127.0.0.1", self.town.web_port), source_address=("127.0.0.66", 0))
            self.held.append(sock)
        with self.town.browser(source="127.0.0.66") as b:
            self.assertEqual(b.get("/").status, 200)

    def test_opened_and_dropped(self):
        """Requests whose sender is gone before the answer."""
        person = Person(self.town)
        self.held.append(person)
        person.sign_in("p_suzuki")
        cookie = "Cookie: " + person.headers()["Cookie"] + "\r\n"
        for i in range(300):
            sock = self.connect(i)
            sock.sendall(self.request("/api/log?from=1&count=100" if i % 2 else "/api/stream?watch=board", cookie))
            sock.close()

    # ---- who one is ----

    def test_forged_cookies(self):
        someone = Person(self.town)
        self.held.append(someone)
        someone.sign_in("p_suzuki")
        real = someone.cookies["__Host-renraku"]
        other = Person(self.town)
        self.held.append(other)
        for forged in ("a", "0" * 64, real[:-1], real + "0", real[:-1] + ("0" if real[-1] != "0" else "1"), real.swapcase() if real.swapcase() != real else "x" + real,
                       "p_tanaka", "' OR 1=1 --", "../../etc/passwd", "%00", real + "%00", "A" * 256, "A" * 5000):
            with self.subTest(forged[:40]):
                cookie = f"__Host-renraku={forged}"
                session = other.get("/api/session", Cookie=cookie).json()
                self.assertNotIn("person", session)
                answer = other.post("/api/command", {"id": str(uuid.uuid4()), "made_at": int(time.time() * 1000), "alarm": {"entry": "fault", "values": [{"field": "kind", "value": "hardware"}]}},
                                    Cookie=cookie, X_Renraku_CSRF=session["csrf"])
                self.assertIn(answer.status, (401, 403), answer.body)
        for forged in ("a", "0" * 64, real):
            session = other.get("/api/session", Cookie=f"__Host-renraku-terminal={forged}").json()
            self.assertNotIn("terminal", session)
        self.assertEqual(someone.session()["person"], "p_suzuki", "the real one is still good")

    def test_signed_out_is_out(self):
        person = Person(self.town)
        self.held.append(person)
        person.sign_in("p_suzuki")
        kept = dict(person.cookies)
        self.assertEqual(person.post("/api/sign-out", {}).status, 200)
        self.assertNotIn("__Host-renraku", person.cookies)
        person.cookies = kept
        self.assertNotIn("person", person.session())

    def test_passwords_are_not_guessed(self):
        person = Person(self.town, source="127.0.0.88")
        self.held.append(person)
        person.session()
        began, seen = time.monotonic(), {}
        for i in range(5):
            answer = person.post("/api/sign-in", {"person": "p_nobody" if i % 2 else "p_maruyama", "password": f"wrong {i}"})
            self.assertIn(answer.status, (403, 429), answer.body)
            seen[answer.json()["code"]] = seen.get(answer.json()["code"], 0) + 1
            if time.monotonic() - began > 20:
                break
        print(f"wrong passwords: {seen} in {time.monotonic() - began:.1f} s")

    # ---- from elsewhere ----

    def test_cross_site(self):
        person = Person(self.town)
        self.held.append(person)
        person.sign_in("p_suzuki")
        body = {"id": str(uuid.uuid4()), "made_at": int(time.time() * 1000), "alarm": {"entry": "fault", "values": [{"field": "kind", "value": "hardware"}]}}
        nobody = Person(self.town)
        self.held.append(nobody)
        nobody.session()
        here = f"https://127.0.0.1:{self.town.web_port}"
        for headers, status in (({"Origin": "https://evil.example"}, 403), ({"Origin": "null"}, 403), ({"Origin": None}, 403), ({"Origin": here + ".evil.example"}, 403),
                                ({"Origin": None, "Sec_Fetch_Site": "cross-site"}, 403), ({"Origin": here, "Sec_Fetch_Site": "same-site"}, 403),
                                ({"Content_Type": "text/plain"}, 415), ({"Content_Type": "application/x-www-form-urlencoded"}, 415), ({"Content_Type": "multipart/form-data"}, 415),
                                ({"X_Renraku_CSRF": None}, 403), ({"X_Renraku_CSRF": ""}, 403), ({"X_Renraku_CSRF": "0" * 64}, 403), ({"X_Renraku_CSRF": nobody.csrf}, 403),
                                ({"Host": f"evil.example:{self.town.web_port}", "Origin": f"https://evil.example:{self.town.web_port}"}, 421)):
            with self.subTest(headers):
                sender = Person(self.town)
                sender.cookies, sender.csrf = person.cookies, person.csrf
                answer = sender.post("/api/command", body, **headers)
                self.assertEqual(answer.status, status, answer.body)
                self.assertNotIn(b"Access-Control", str(answer.headers).encode())
                sender.close()
        self.assertEqual(person.get("/api/session", Sec_Fetch_Site="cross-site").status, 403)

    # ---- what is sent ----

    def test_malformed_bodies(self):
        person = Person(self.town)
        self.held.append(person)
        person.sign_in("p_suzuki")
        deep = b"[" * 5000 + b"]" * 5000
        bodies = [b"", b"{", b"[]", b"null", b"1", b'"a"', b"{}x", b"{'id': 1}", deep, b'{"id":' + deep + b"}", b'{"id":1}', b'{"id":{}}', b'{"no_such_field":1}', b'{"id":"a","id":"b"}',
                  b'{"id":"\\u0000"}', b'{"id":"a\\u0007"}', b'{"id":"\xff\xfe"}', b'{"id":"\\ud800"}', b'{"made_at":1e400}', b'{"made_at":"x"}', b'{"made_at":-99999999999999999999}',
                  b'{"alarm":{"entry":[]}}', b'{"alarm":{},"enter":{}}', b'{"alarm":{"values":[' + b",".join([b"{}"] * 20000) + b"]}}", b"\x00" * 100, b'{"behalf":{"channel":"NO_SUCH"}}',
                  b'{"a":"' + b"x" * 65000 + b'"}']
        for body in bodies:
            for path in ("/api/command", "/api/watch", "/api/receipts", "/api/enrol"):
                with self.subTest(path=path, body=body[:60]):
                    answer = person.post(path, body)
                    if body in (b"{}",):
                        continue
                    self.assertIn(answer.status, (400, 413, 403, 204, 200), answer.body)
                    if path == "/api/command":
                        self.assertIn(answer.status, (400, 413), answer.body)
                        self.assertTrue(answer.json()["text"] and answer.json()["text_en"])
        for query in ("from=-1", "from=x", "count=99999999999999999999", "from=1&count=1000000000", "incident=-1", "offset=x", ""):
            self.assertIn(person.get(f"/api/log?{query}").status, (200, 400, 403), query)
        for watch in ("nothing", "incident", "incident:x", "incident:99999999999999999999", "board," * 400, "incident:-1", ",,,"):
            b, status = person.stream(watch)
            b.close()
            self.assertIn(status, (200, 400, 403, 404), watch)
        for path in ("/api", "/api/", "/api/nothing", "/api/session/x", "/api/print/", "/api/print/report", "/api/print/report?incident=../../etc/passwd&format=pdf",
                     "/api/print/report?incident=1;id&format=pdf", "/api/print/report?incident=1&format=--help", "/api/print/sheets?format=pdf&lang=--config"):
            self.assertIn(person.get(path).status, (400, 401, 403, 404, 405), path)

    def test_script_in_text(self):
        """It goes in as text, and comes out as text that no page takes for markup."""
        person = Person(self.town)
        self.held.append(person)
        self.assertEqual(person.sign_in("p_tanaka").status, 200)
        word = uuid.uuid4().hex
        text = SCRIPT.replace("\u2028", "") + word
        result = person.post("/api/command", {"id": str(uuid.uuid4()), "made_at": int(time.time() * 1000),
                                              "alarm": {"entry": "fault", "values": [{"field": "kind", "value": "hardware"}, {"field": "place", "value": "t1"}, {"field": "text", "value": text}]}})
        self.assertEqual((result.status, result.json().get("outcome")), (200, "ACCEPTED"), result.body)
        b, _ = person.stream("inbox,board,incident:" + str(result.json().get("incident", 1)))
        self.held.append(b)
        while True:
            _, _, data = b.event()
            self.assertNotIn("<", data)
            if word in data:
                break
        self.assertIn(text, json.dumps(json.loads(data), ensure_ascii=False).replace('\\"', '"'))


# Thousands of connections are ours at once.
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

if __name__ == "__main__":
    unittest.main(verbosity=1)
