"""renraku-web's configuration: what is wrong is said, with its line and what to do; what is renewed is taken over while it runs."""
import os
import re
import shutil
import signal
import socket
import subprocess
import unittest

from browser import Browser
from console import Console
from town import BIN


class Config(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = Console(persons=())
        cls.addClassCleanup(cls.town.__exit__, None)
        with open(cls.town.path("web.yaml")) as f:
            cls.good = f.read()

    def run_with(self, text, *words, file="try.yaml"):
        with open(self.town.path(file), "w") as f:
            f.write(text)
        return subprocess.run([os.path.join(BIN, "renraku-web"), "--config", self.town.path(file), "--lang", "en", *words], capture_output=True, text=True, timeout=20)

    def refused(self, text, *said, status=1):
        done = self.run_with(text, "--check")
        self.assertEqual(done.returncode, status, done.stderr)
        for words in said:
            self.assertIn(words, done.stderr)

    def without(self, key):
        return "".join(line + "\n" for line in self.good.split("\n") if not line.startswith(key + ":"))

    def test_good(self):
        done = self.run_with(self.good, "--check")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_mistakes(self):
        self.refused(self.good + "prot: 1\n", "try.yaml:7: unknown key: prot")
        self.refused(self.good + "port: 1\n", "stands on line 1 too")
        self.refused(self.without("port") + "port: 70000\n", "port must be a number from 0 to 65535")
        self.refused(self.without("cert"), "cert and key")
        self.refused(self.without("client"), "`client`", "missing")
        self.refused(self.without("client") + "client: nowhere.yaml\n", "nowhere.yaml")
        self.refused(self.good + "max_connections: 1\n", "max_connections must be a number from 16")
        self.refused(self.good + "prot: 1\nhosts: 2\n", ":7: unknown key: prot", ":8: unknown key: hosts")
        with open(self.town.path("bare.yaml"), "w") as f:
            f.write("server: 127.0.0.1\nagent_socket: x\n")
        self.refused(self.without("client") + "client: bare.yaml\n", "bare.yaml needs all of server, ca, cert, key")
        missing = subprocess.run([os.path.join(BIN, "renraku-web"), "--config", self.town.path("none.yaml")], capture_output=True, text=True, timeout=20)
        self.assertEqual(missing.returncode, 1)
        self.assertIn("none.yaml", missing.stderr)

    def test_files(self):
        self.refused(self.without("cert") + "cert: nowhere.pem\n", "nowhere.pem", "No such file", status=2)
        self.refused(self.without("cert") + "cert: web.yaml\n", "the certificate", "web.yaml", status=2)
        self.refused(self.without("key") + "key: ca/gateway-web.key\n", "does not belong to the certificate", status=2)
        self.refused(self.good + "page: ca\n", "no index.html", status=2)
        self.refused(self.good + "page: nowhere\n", "cannot open the page's folder", status=2)

    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            done = self.run_with(self.without("port") + f"port: {other.getsockname()[1]}\n")
        self.assertEqual(done.returncode, 2)
        self.assertIn("in use", done.stderr)

    def test_no_address(self):
        done = self.run_with(self.good + "address: town hall\n")
        self.assertEqual(done.returncode, 2)
        self.assertIn("town hall", done.stderr)
        done = self.run_with(self.good + "names: a b\n")
        self.assertEqual(done.returncode, 2)
        self.assertIn("a b", done.stderr)

    def test_names(self):
        """Called by a name of the certificate, with our port; and by no other."""
        with self.town.browser() as b:
            for host, status in ((f"console:{self.town.web_port}", 200), (f"localhost:{self.town.web_port}", 200), ("console", 421), ("console:1", 421)):
                with self.subTest(host), self.town.browser() as b:
                    self.assertEqual(b.get("/", Host=host).status, status)

    def test_renewed(self):
        """SIGHUP: a new certificate and a new page for connections that come, while one that stands goes on."""
        page = self.town.path("page")
        shutil.copytree(os.path.join(BIN, "..", "share", "renraku", "web"), page)
        self.town.stop_web()
        self.town.web_settings = [f"page: {page}"]
        self.town.start_web()
        stands = self.town.browser()
        self.addCleanup(stands.close)
        before = stands.sock.getpeercert(True)
        self.town.certificates("web", self.town.path("ca"), "console", "--again")
        with open(os.path.join(page, "index.html"), "w") as f:
            f.write("<!doctype html><title>another</title>")
        self.town.web.send_signal(signal.SIGHUP)
        while True:  # the test's time limit ends it
            with self.town.browser() as b:
                if b.sock.getpeercert(True) != before and b"another" in b.get("/").body:
                    break
        self.assertEqual(stands.get("/").status, 200)
        # What cannot be read leaves all as it is.
        os.unlink(os.path.join(page, "index.html"))
        with open(self.town.path("ca", "web-console.pem"), "w") as f:
            f.write("broken")
        self.town.web.send_signal(signal.SIGHUP)
        with open(self.town.path("web.err")) as said:
            while "cannot be used" not in said.read():
                said.seek(0)
        with self.town.browser() as b:
            self.assertIn(b"another", b.get("/").body)

    def test_page(self):
        """What index.html asks for is there, with its type; nothing of it comes from elsewhere."""
        with self.town.browser() as b:
            index = b.get("/").body.decode()
            found = re.findall(r'(?:src|href)="([^"]+)"', index)
            self.assertTrue(found)
            for path in found:
                self.assertFalse(re.match(r"[a-z]+:|//", path), path)
                if not path.startswith("#"):
                    self.assertEqual(b.get("/" + path.lstrip("./")).status, 200, path)
            self.assertNotRegex(index, r"<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=")
            self.assertIn("--color-", b.get("/css/tokens.css").body.decode())
            self.assertIn("css", dict(b.get("/css/tokens.css").headers)["content-type"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
