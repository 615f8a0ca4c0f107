"""client/web/http by itself (renraku-echo): what is accepted, what is refused and how, deadlines, counts, streams nobody reads."""
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest
import warnings

from browser import Browser, context, cpu, rss, sanitized

BIN = os.environ.get("RENRAKU_BIN", "build/bin")
ROOT = os.environ.get("RENRAKU_SOURCE", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
HEADER, BODY, IDLE = 700, 900, 1500  # ms

GOOD = "GET /api/show HTTP/1.1\r\nHost: {host}\r\n"
POST = "POST /api/echo HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\nContent-Type: application/json\r\n"

# What is sent, and the status it gets. Every one of them closes the connection.
REFUSED = [
    # the first line
    ("GET / HTTP/1.1\n\n", 400),
    ("GET / HTTP/1.1\nHost: {host}\n\n", 400),
    ("GET / HTTP/1.1\rHost: {host}\r\r", 400),
    ("\r\nGET / HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    (" GET / HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET  / HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /\r\nHost: {host}\r\n\r\n", 400),
    ("GET / HTTP/1.1 x\r\nHost: {host}\r\n\r\n", 505),
    ("GET / http/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET / HTTP/2.0\r\nHost: {host}\r\n\r\n", 505),
    ("GET / HTTP/1.10\r\nHost: {host}\r\n\r\n", 505),
    ("GET / HTTP/0.9\r\nHost: {host}\r\n\r\n", 505),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ("get / HTTP/1.1\r\nHost: {host}\r\n\r\n", 405),
    ("PUT /api/echo HTTP/1.1\r\nHost: {host}\r\n\r\n", 405),
    ("DELETE / HTTP/1.1\r\nHost: {host}\r\n\r\n", 405),
    ("OPTIONS * HTTP/1.1\r\nHost: {host}\r\n\r\n", 405),
    ("TRACE / HTTP/1.1\r\nHost: {host}\r\n\r\n", 405),
    ("CONNECT a.example:443 HTTP/1.1\r\nHost: {host}\r\n\r\n", 405),
    ("HEAD /api/show HTTP/1.1\r\nHost: {host}\r\n\r\n", 405),
    ("G<T / HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    # addresses
    ("GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET https://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET //{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET * HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET index.html HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /js//a.js HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /../etc/passwd HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /js/../../etc/passwd HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /.git/config HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /js/./a.js HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /%2e%2e/etc/passwd HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /js%2fa.js HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /%00 HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /a\\b HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /a;b HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /<script> HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /#a HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    (b"GET /\xe9\x80\xa3 HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?text=%zz HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?text=% HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?text=%4 HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?text=%00 HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?text=%0d%0aSet-Cookie:a=b HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?text=%ff%fe HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?text=%c0%af HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?text=a&text=b HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?text=a&TEXT=b HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?other&text=a HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?=a HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?te%78t=a HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /api/show?" + "&".join(f"p{i}=1" for i in range(17)) + " HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    ("GET /" + "a" * 4096 + " HTTP/1.1\r\nHost: {host}\r\n\r\n", 414),
    # hosts
    ("GET / HTTP/1.1\r\n\r\n", 400),
    ("GET / HTTP/1.0\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: {host}, evil.example\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: a@{host}\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    ("GET / HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n", 421),
    ("GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example:{port}\r\n\r\n", 421),
    ("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 421),
    ("GET / HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", 421),
    ("GET / HTTP/1.1\r\nHost: localhost.:{port}\r\n\r\n", 421),
    ("GET / HTTP/1.1\r\nHost: [::1]:{port}\r\n\r\n", 421),
    # fields
    (GOOD + "A : b\r\n\r\n", 400),
    (GOOD + " folded: b\r\n\r\n", 400),
    (GOOD + "A: b\r\n folded\r\n\r\n", 400),
    (GOOD + ": b\r\n\r\n", 400),
    (GOOD + "no colon\r\n\r\n", 400),
    (GOOD + "A: b\x00c\r\n\r\n", 400),
    (GOOD + "A: b\x07c\r\n\r\n", 400),
    (GOOD + "A: b\x7fc\r\n\r\n", 400),
    (GOOD + "A:\tb\r\n\r\n", 400),
    (GOOD + "Connection:\tclose\r\n\r\n", 400),
    (GOOD.replace("1.1", "1.0") + "Connection: keep-alive\r\n\r\n", 400),
    (GOOD + "A: b\rc\r\n\r\n", 400),
    (GOOD + "A: b\nSet-Cookie: c\r\n\r\n", 400),
    (GOOD + "A(b): c\r\n\r\n", 400),
    (GOOD + "Cookie: a=b\r\nCookie: c=d\r\n\r\n", 400),
    (GOOD + "Expect: 100-continue\r\n\r\n", 417),
    (GOOD + "".join(f"F{i}: x\r\n" for i in range(70)) + "\r\n", 431),
    (GOOD + "A: " + "b" * 17000 + "\r\n\r\n", 431),
    (GOOD + "A: " + "b" * 100000, 431),
    # bodies, and requests hidden in them
    (GOOD + "Content-Length: 3\r\n\r\nabc", 400),
    (POST + "\r\n{{}}", 411),
    (POST + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{{}}", 400),
    (POST + "Content-Length: 2\r\nContent-Length: 44\r\n\r\n{{}}GET / HTTP/1.1", 400),
    (POST + "Content-Length: 2, 2\r\n\r\n{{}}", 400),
    (POST + "Content-Length: +2\r\n\r\n{{}}", 400),
    (POST + "Content-Length: -2\r\n\r\n{{}}", 400),
    (POST + "Content-Length: 0x2\r\n\r\n{{}}", 400),
    (POST + "Content-Length: 2 2\r\n\r\n{{}}", 400),
    (POST + "Content-Length: \r\n\r\n{{}}", 400),
    (POST + "Content-Length: 65537\r\n\r\n{{}}", 413),
    (POST + "Content-Length: 4294967298\r\n\r\n{{}}", 413),
    (POST + "Content-Length: 18446744073709551618\r\n\r\n{{}}", 413),
    (POST + "Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n", 400),
    (POST + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\nGET /api/figures HTTP/1.1\r\nHost: {host}\r\n\r\n", 400),
    (POST + "Content-Length: 2\r\nTransfer-Encoding: identity\r\n\r\n{{}}", 400),
    (POST + "Content-Length: 2\r\nTransfer-Encoding: xchunked\r\n\r\n{{}}", 400),
    (POST + "Content-Length: 2\r\nTransfer-encoding:\tchunked\r\n\r\n{{}}", 400),
    (GOOD + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (POST.replace("/api/echo", "/") + "Content-Length: 2\r\n\r\n{{}}", 405),
    # where it comes from
    ("POST /api/echo HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}", 403),
    ("POST /api/echo HTTP/1.1\r\nHost: {host}\r\nOrigin: null\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}", 403),
    ("POST /api/echo HTTP/1.1\r\nHost: {host}\r\nOrigin: https://evil.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}", 403),
    ("POST /api/echo HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}", 403),
    ("POST /api/echo HTTP/1.1\r\nHost: {host}\r\nOrigin: https://localhost:{port}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}", 403),
    ("POST /api/echo HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}.evil.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}", 403),
    ("POST /api/echo HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}/\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}", 403),
    ("POST /api/echo HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: cross-site\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}", 403),
    (POST + "Sec-Fetch-Site: same-site\r\nContent-Length: 2\r\n\r\n{{}}", 403),
    (GOOD + "Sec-Fetch-Site: cross-site\r\n\r\n", 403),
    (POST.replace("application/json", "text/plain") + "Content-Length: 2\r\n\r\n{{}}", 415),
    (POST.replace("application/json", "application/x-www-form-urlencoded") + "Content-Length: 2\r\n\r\n{{}}", 415),
    (POST.replace("application/json", "application/jsonx") + "Content-Length: 2\r\n\r\n{{}}", 415),
    (POST.replace("Content-Type: application/json\r\n", "") + "Content-Length: 2\r\n\r\n{{}}", 415),
]

# The security headers stand on every answer, whatever it is.
STANDING = ["content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "cross-origin-resource-policy",
            "permissions-policy", "x-frame-options", "strict-transport-security", "cache-control"]


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="renraku-test.")
        cls.addClassCleanup(cls.folder.cleanup)
        d = cls.folder.name
        make = [os.path.join(ROOT, "certs", "make-certs"), "--lang", "en"]
        subprocess.run([*make, "ca", d], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*make, "web", d, "console.example"], check=True, stdout=subprocess.DEVNULL)
        cls.tls = context(os.path.join(d, "ca.pem"))
        os.makedirs(os.path.join(d, "page", "js"))
        cls.script = "// " + "a page\n" * 2000
        for name, text in (("index.html", "<!doctype html><title>x</title>"), ("js/a.js", cls.script), (".secret", "x"), ("notes.c", "x")):
            with open(os.path.join(d, "page", name), "w") as f:
                f.write(text)

    def setUp(self):
        self.start(60, 40)

    def start(self, most, of_address, *deadlines):
        d = self.folder.name
        words = [str(n) for n in (most, of_address, *(deadlines or (HEADER, BODY, IDLE)))]
        self.server = subprocess.Popen([os.path.join(BIN, "renraku-echo"), os.path.join(d, "web-console.example.pem"), os.path.join(d, "web-console.example.key"),
                                        os.path.join(d, "page"), *words], stdout=subprocess.PIPE, text=True)
        self.port = int(self.server.stdout.readline().split()[-1])
        self.addCleanup(self.stop, self.server)

    def stop(self, server):
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(20), 0, "it ends in order, with nothing left behind")
        server.stdout.close()

    def browser(self, **options):
        made = Browser(self.port, self.tls, **options)
        self.addCleanup(made.close)
        return made

    def figures(self):
        with Browser(self.port, self.tls, source="127.0.0.9") as fresh:
            return fresh.get("/api/figures").json()

    def until(self, what):
        """Asks again until it is so; the test's own time limit ends what never comes."""
        while True:
            found = self.figures()
            if what(found):
                return found

    def well(self):
        with Browser(self.port, self.tls, source="127.0.0.9") as fresh:
            self.assertEqual(fresh.get("/").status, 200)

    # ---- what is asked in order ----

    def test_page(self):
        b = self.browser()
        first = b.get("/")
        self.assertEqual((first.status, first.header("content-type"), first.body), (200, "text/html; charset=utf-8", b"<!doctype html><title>x</title>"))
        self.assertEqual(first.header("cache-control"), "no-cache")
        self.assertEqual(b.get("/", If_None_Match=first.header("etag")).status, 304)
        self.assertEqual(b.get("/", If_None_Match='W/"0"').status, 200)
        script = b.get("/js/a.js")
        self.assertEqual((script.header("content-type"), script.body.decode(), script.header("content-encoding")), ("text/javascript; charset=utf-8", self.script, None))
        packed = b.get("/js/a.js", Accept_Encoding="deflate, gzip;q=1.0")
        self.assertEqual((packed.header("content-encoding"), packed.header("vary")), ("gzip", "Accept-Encoding"))
        import gzip
        self.assertEqual(gzip.decompress(packed.body).decode(), self.script)
        self.assertIsNone(b.get("/js/a.js", Accept_Encoding="gzip;q=0").header("content-encoding"))
        head = b.request("HEAD", "/js/a.js")
        self.assertEqual((head.status, int(head.header("content-length"))), (200, len(self.script)))
        for path in ("/nothing", "/js", "/js/", "/notes.c", "/index.html/x"):
            self.assertEqual(b.get(path).status, 404, path)
        self.assertEqual(b.get("/index.html").status, 200)

    def test_headers_on_every_answer(self):
        for send in (GOOD + "\r\n", "GET /nothing HTTP/1.1\r\nHost: {host}\r\n\r\n", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "x\n",
                     "GET /api/stream HTTP/1.1\r\nHost: {host}\r\n\r\n"):
            with Browser(self.port, self.tls) as b:
                b.send(send.format(host=f"127.0.0.1:{self.port}"))
                _, headers = b.head()
                for name in STANDING:
                    self.assertEqual([n for n, _ in headers].count(name), 1, f"{name} in the answer to {send!r}")

    def test_requests(self):
        b = self.browser()
        self.assertEqual(b.get("/api/show?text=%E9%80%A3%E7%B5%A1+a%2Bb%3Cc").json()["text"], "連絡 a+b<c")
        self.assertEqual(b.get("/api/show?other=&text=").json()["text"], "")
        self.assertEqual(b.post("/api/echo", {"a": "連絡"}).json(), {"a": "連絡"})
        self.assertEqual(b.post("/api/echo", b"x" * 65536).body, b"x" * 65536)
        self.assertEqual(b.post("/api/echo", b"").body, b"")
        self.assertEqual(b.post("/api/echo", {}, Content_Type="Application/JSON ; charset=utf-8").status, 200)
        self.assertEqual(b.post("/api/echo", {}, Origin=None, Sec_Fetch_Site="same-origin").status, 200)
        for host in (f"localhost:{self.port}", f"LOCALHOST:{self.port}", f"console.example:{self.port}"):
            self.assertEqual(b.get("/", Host=host).status, 200 if not host.startswith("c") else 421, host)

    def test_host_refused_ends_the_connection(self):
        b = self.browser()
        self.assertEqual(b.get("/", Host="evil.example").header("connection"), "close")
        self.assertTrue(b.ended())

    def test_cookies(self):
        b = self.browser()
        for cookie, seen in (("__Host-renraku=abc", "abc"), ("a=1; __Host-renraku=a.b-c_d~e+f/g=; z", "a.b-c_d~e+f/g="), ("__Host-renraku=a; __Host-renraku=b", ""),
                             ("__Host-renraku=" + "a" * 257, ""), ("__Host-renraku=" + "a" * 256, "a" * 256), ("__Host-renraku=<script>", ""), ("__Host-renraku=", ""),
                             ('__Host-renraku="a"', ""), ("x__Host-renraku=a", ""), ("__Host-renrakux=a", ""), ("=;;;=", ""), ("__Host-renraku", "")):
            self.assertEqual(b.get("/api/show", Cookie=cookie).json()["cookie"], seen, cookie)

    def test_one_after_the_other(self):
        """Requests sent together are answered in order, each whole."""
        b = self.browser()
        b.send("".join((f"GET /api/show?text={i} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n" if i % 3 else f"GET /api/late HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n") for i in range(9)))
        self.assertEqual([b.answer().json().get("text") for _ in range(9)], [str(i) if i % 3 else None for i in range(9)])

    def test_in_single_bytes(self):
        b = self.browser()
        for byte in (GOOD + "\r\n").format(host=f"127.0.0.1:{self.port}").encode():
            b.send(bytes([byte]))
        self.assertEqual(b.answer().status, 200)

    def test_old_and_close(self):
        b = self.browser()
        b.send(f"GET / HTTP/1.0\r\nHost: 127.0.0.1:{self.port}\r\n\r\n")
        self.assertEqual(b.answer().status, 200)
        self.assertTrue(b.ended())
        b = self.browser()
        self.assertEqual(b.get("/", Connection="keep-alive, Close").status, 200)
        self.assertTrue(b.ended())
        b = self.browser()
        more = f"GET /js/a.js HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
        b.send(more + "Connection: close\r\n\r\n" + (more + "\r\n") * 500)
        self.assertEqual(b.answer().body.decode(), self.script, "whole, whatever is sent behind it")
        self.assertTrue(b.ended())
        b = self.browser()
        b.send(f"GET /api/stream HTTP/1.0\r\nHost: 127.0.0.1:{self.port}\r\n\r\n")
        self.assertIsNone(dict(b.head()[1]).get("transfer-encoding"))
        self.assertEqual(b.event()[0], "beat")

    def test_resumption(self):
        b = self.browser()
        b.get("/")
        for version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
            tls = context(os.path.join(self.folder.name, "ca.pem"))
            tls.minimum_version = tls.maximum_version = version
            with Browser(self.port, tls) as first:
                first.get("/")
                session = first.sock.session
                self.assertEqual(first.sock.selected_alpn_protocol(), "http/1.1")
            again = tls.wrap_socket(socket.create_connection(("127.0.0.1", self.port)), server_hostname="127.0.0.1", session=session)
            self.assertTrue(again.session_reused, version)
            again.close()

    # ---- what is not ----

    def test_refused(self):
        host = f"127.0.0.1:{self.port}"
        for send, status in REFUSED:
            if isinstance(send, bytes):
                raw = send.replace(b"{host}", host.encode())
            else:
                raw = send.format(host=host, port=self.port).encode("latin-1")
            with self.subTest(raw[:120]), Browser(self.port, self.tls) as b:
                b.send(raw)
                answer = b.answer()
                self.assertEqual(answer.status, status, answer.body)
                self.assertEqual(answer.header("content-type"), "application/json")
                self.assertTrue(answer.json()["code"] and answer.json()["text"] and answer.json()["text_en"])
                self.assertNotIn(b"<", answer.body, "nothing of what was sent comes back")
                self.assertTrue(b.ended(), "a second answer would be the hidden request's")
        self.well()

    def test_other_protocols(self):
        plain = self.browser(wrap=False)
        plain.send(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n")
        plain.ended()
        for options in ({"alpn": ["h2"]},):
            with self.assertRaises(OSError):
                Browser(self.port, context(os.path.join(self.folder.name, "ca.pem"), **options))
        old = context(os.path.join(self.folder.name, "ca.pem"))
        old.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises(OSError):
            Browser(self.port, old)
        self.well()

    # ---- time ----

    def test_slow_handshake(self):
        raw = self.browser(wrap=False)
        raw.send(b"\x16\x03\x01")
        self.assertTrue(raw.ended())
        self.well()

    def dripped(self, b):
        """A byte again and again until the deadline is over, which ends the connection."""
        b.sock.settimeout(0.05)
        status = None
        while status is None:
            try:
                b.send(b"y")
                status = b.answer().status
            except TimeoutError:
                pass
        self.assertEqual(status, 408)
        b.sock.settimeout(15)
        self.assertTrue(b.ended())

    def test_slow_header(self):
        """One byte again and again, for ever: the whole header has one deadline."""
        b = self.browser()
        b.send(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nX: ")
        self.dripped(b)

    def test_slow_body(self):
        b = self.browser()
        b.send(POST.format(host=f"127.0.0.1:{self.port}") + "Content-Length: 60000\r\n\r\n{")
        self.dripped(b)

    def test_idle(self):
        fresh, used = self.browser(), self.browser()
        used.get("/")
        self.assertTrue(fresh.ended())
        self.assertTrue(used.ended())

    # ---- numbers ----

    def test_many_idle_give_way(self):
        """200 that say nothing do not keep one out that does."""
        held = [self.browser(wrap=False) for _ in range(200)]
        with Browser(self.port, self.tls) as b:
            self.assertEqual(b.get("/").status, 200)
        self.assertLessEqual(self.figures()["connections"], 60)
        for b in held:
            b.close()

    def test_streams_do_not_give_way(self):
        streams = []
        for _ in range(40):
            b = self.browser()
            b.send(f"GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n")
            b.head()
            streams.append(b)
        with self.assertRaises((OSError, EOFError)):
            Browser(self.port, self.tls).get("/")
        self.well()  # from another address there is room
        for b in streams:
            self.assertEqual(b.event()[0], "beat")
            b.close()
        self.until(lambda f: f["streams"] == 0)
        with Browser(self.port, self.tls) as b:
            self.assertEqual(b.get("/").status, 200)

    def test_gone_before_the_answer(self):
        for _ in range(20):
            b = self.browser()
            b.send(f"GET /api/late HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n")
            b.close()
        self.until(lambda f: f["connections"] <= 2)
        self.well()

    # ---- readers that do not read ----

    def stalled(self, path, n):
        made = []
        for i in range(n):
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.bind((f"127.0.1.{i // 30 + 1}", 0))
            sock.connect(("127.0.0.1", self.port))
            sock = self.tls.wrap_socket(sock, server_hostname="127.0.0.1")
            self.addCleanup(sock.close)
            sock.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
            made.append(sock)
        return made

    def test_stalled_streams(self):
        before = rss(self.server.pid)
        self.stalled("/api/stream?flood=64", 40)
        found = self.until(lambda f: f["ended"] == 40)
        print(f"40 streams of 64 KiB events nobody read: all closed, renraku-echo {before} -> {rss(self.server.pid)} KiB")
        self.assertEqual(found["streams"], 0)
        self.well()

    def test_stalled_answers(self):
        """Requests one after the other, whose answers nobody reads: one answer waits, no more are made."""
        before, full = rss(self.server.pid), 0
        many = f"GET /js/a.js HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode() * 200
        for sock in self.stalled("/api/show", 20):
            sock.setblocking(False)
            try:
                for _ in range(2000):
                    sock.send(many)
            except (BlockingIOError, ssl.SSLWantWriteError):
                full += 1
        self.assertEqual(full, 20, "what is sent is not taken any more")
        # And nothing turns in circles meanwhile: as long as it takes an idle connection to be ended.
        self.well()
        used, idle = cpu(self.server.pid), self.browser()
        self.assertTrue(idle.ended())
        self.assertLess(cpu(self.server.pid) - used, IDLE / 1000 / 4, "seconds of CPU")
        self.well()
        after = rss(self.server.pid)
        print(f"20 readers of nothing with requests queued: renraku-echo {before} -> {after} KiB")
        if not sanitized():
            self.assertLess(after - before, 8 << 10)


if __name__ == "__main__":
    unittest.main(verbosity=1)
