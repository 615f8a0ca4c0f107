"""renraku-web before a town, as a process: what both kinds of town with a console (console.py, webtown.py) have in common."""
import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wire"))
import town  # noqa: E402


class Program(town.Town):
    """`web_lines()`: further lines of web.yaml. On the same port again when it is started anew."""

    web, web_port = None, 0

    def web_lines(self):
        return []

    def start_web(self):
        with open(self.path("client.yaml"), "w") as out:
            out.write(f"server: 127.0.0.1\nport: {self.port}\nca: ca/ca.pem\ncert: ca/gateway-web.pem\nkey: ca/gateway-web.key\ncrl: ca/crl.pem\nlang: en\n")
        with open(self.path("web.yaml"), "w") as out:
            lines = [f"port: {self.web_port}", "cert: ca/web-console.pem", "key: ca/web-console.key", "client: client.yaml", "telephone:", "  - operator 0749-00-0001",
                     *self.web_lines()]
            out.write("".join(line + "\n" for line in lines))
        with open(self.path("web.err"), "a") as errors:
            self.web = subprocess.Popen([os.path.join(town.BIN, "renraku-web"), "--config", self.path("web.yaml"), "--lang", "en"],
                                        stdout=subprocess.PIPE, stderr=errors, text=True)
        line = self.web.stdout.readline()
        found = re.search(r"listening on https://.*:(\d+)", line)
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
