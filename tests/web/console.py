"""A town with its console: renrakud and renraku-web, real processes, and people at their browsers."""
import os
import subprocess
import sys
import time

ROOT = os.environ.get("RENRAKU_SOURCE", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "tests", "wire"))
from town import BIN, PASSWORD  # noqa: E402

from program import Program  # noqa: E402
from browser import Browser, context  # noqa: E402


class Console(Program):
    """Town with renraku-web. `web_settings`: further lines of web.yaml."""

    def __init__(self, persons=("p_tanaka",), web_settings=(), **options):
        super().__init__(persons=persons, passwords=persons, **options)
        self.certificates("gateway", self.path("ca"), "web")
        self.certificates("web", self.path("ca"), "console")
        self.web_settings = list(web_settings)
        self.tls = context(self.path("ca", "ca.pem"))
        self.start()
        self.start_web()

    def web_lines(self):
        return self.web_settings

    def __exit__(self, *why):
        self.stop_web()
        super().__exit__(*why)

    def browser(self, **options):
        return Browser(self.web_port, self.tls, **options)

    def client_file(self, who):
        """A configuration of the command line for that certificate."""
        path = self.path(who + ".yaml")
        with open(path, "w") as f:
            f.write(f"server: 127.0.0.1\nport: {self.port}\nca: ca/ca.pem\ncert: ca/{who}.pem\nkey: ca/{who}.key\nstate: state-{who}\ntoken: token-{who}\nlang: en\n")
        return path

    def command_line(self, who, *words):
        """Runs `renraku`; gives its exit status, what it said and the seconds it took."""
        began = time.monotonic()
        done = subprocess.run([os.path.join(BIN, "renraku"), "--config", self.client_file(who), *words], capture_output=True, text=True, timeout=30)
        return done.returncode, done.stdout + done.stderr, time.monotonic() - began


class Person:
    """Somebody at a browser: the cookies it keeps, the CSRF value it was given."""

    def __init__(self, console, **options):
        self.console, self.options, self.cookies, self.csrf = console, options, {}, None
        self.connection = console.browser(**options)

    def close(self):
        self.connection.close()

    def headers(self, **more):
        made = dict(more)
        if self.cookies:
            made.setdefault("Cookie", "; ".join(f"{n}={v}" for n, v in self.cookies.items()))
        return made

    def _keep(self, answer):
        for name, value in answer.headers:
            if name == "set-cookie":
                pair, *attributes = value.split("; ")
                cookie, _, content = pair.partition("=")
                assert {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"} <= set(attributes), value
                if content:
                    self.cookies[cookie] = content
                else:
                    self.cookies.pop(cookie, None)
        return answer

    def get(self, path, **more):
        return self._keep(self.connection.get(path, **self.headers(**more)))

    def post(self, path, body, **more):
        if self.csrf and "X_Renraku_CSRF" not in more:
            more["X_Renraku_CSRF"] = self.csrf
        return self._keep(self.connection.post(path, body, **self.headers(**more)))

    def session(self):
        found = self.get("/api/session").json()
        self.csrf = found["csrf"]
        return found

    def sign_in(self, person, password=PASSWORD):
        self.session()
        answer = self.post("/api/sign-in", {"person": person, "password": password})
        if answer.status == 200:
            self.csrf = answer.json()["csrf"]
        return answer

    def stream(self, watch="inbox", **more):
        """Another connection, with the stream begun."""
        b = self.console.browser(**self.options)
        lines = {"Host": f"127.0.0.1:{self.console.web_port}", **self.headers(**more)}
        b.send(f"GET /api/stream?watch={watch} HTTP/1.1\r\n" + "".join(f"{n.replace('_', '-')}: {v}\r\n" for n, v in lines.items()) + "\r\n")
        status, headers = b.head()
        return b, status
