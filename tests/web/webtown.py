"""A town with a console: tests/wire/town.py and renraku-web before it."""
import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wire"))
import town  # noqa: E402
import webclient  # noqa: E402

PASSWORD = town.PASSWORD


class WebTown(town.Town):
    def __init__(self, **options):
        self.web, self.web_port, self.report = None, 0, None
        super().__init__(**options)

    def _make(self, terminals, persons, passwords):
        super()._make(terminals, persons, passwords)
        self.certificates("gateway", self.path("ca"), "web")
        self.certificates("web", self.path("ca"), "console")
        self.tls = webclient.tls(self.path("ca", "ca.pem"))

    def start(self, *args, **options):
        """On the same port each time, so that those who were connected come back."""
        super().start(*args, **options)
        self.options[self.options.index("--port") + 1] = str(self.port)

    def start_web(self):
        with open(self.path("client.yaml"), "w") as out:
            out.write(f"server: 127.0.0.1\nport: {self.port}\nca: ca/ca.pem\ncert: ca/gateway-web.pem\nkey: ca/gateway-web.key\ncrl: ca/crl.pem\nlang: en\n")
        with open(self.path("web.yaml"), "w") as out:
            out.write(f"address: 127.0.0.1\nport: {self.web_port}\ncert: ca/web-console.pem\nkey: ca/web-console.key\nclient: client.yaml\n"
                      "max_connections_of_address: 1000\nlang: en\ntelephone:\n  - operator 0749-00-0001\n" + (f"report: {self.report}\n" if self.report else ""))
        with open(self.path("web.err"), "a") as errors:
            self.web = subprocess.Popen([os.path.join(town.BIN, "renraku-web"), "--config", self.path("web.yaml")], stdout=subprocess.PIPE, stderr=errors, text=True)
        line = self.web.stdout.readline()
        found = re.search(r"listening on .*:(\d+)", line)
        if not found:
            self.web.wait()
            with open(self.path("web.err")) as errors:
                sys.exit(f"renraku-web does not start: {line}{errors.read()}")
        self.web_port = int(found.group(1))

    def stop_web(self, how=signal.SIGTERM):
        if not self.web:
            return None
        if self.web.poll() is None:
            self.web.send_signal(how)
        status = self.web.wait(30)
        self.web.stdout.close()
        self.web = None
        return status

    def stop(self, how=signal.SIGTERM):
        if how == signal.SIGTERM:
            self.stop_web()
        return super().stop(how)

    def page(self, browser=None):
        return webclient.Page(self.web_port, self.tls, browser)

    def signed_in(self, person, watch="inbox,board"):
        page = self.page()
        page.sign_in(person, PASSWORD)
        if watch:
            page.open(watch)
        return page
