"""A town for whole-process tests in one temporary folder: certificates, a plan and site (the sample ones, unless others are named), renrakud on a free port of
loopback. Everything ends with it. The programs are in $RENRAKU_BIN, the tree in $RENRAKU_SOURCE."""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import pyclient

BIN = os.environ.get("RENRAKU_BIN", "build/bin")
ROOT = os.environ.get("RENRAKU_SOURCE", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PASSWORD = "a password for tests"


class Town:
    def __init__(self, terminals=("t1", "t2", "t3"), persons=(), passwords=(), settings=(), plan="server/plans/taga-juki-net.yaml", site="server/plans/taga-demo-site.yaml"):
        self.dir = tempfile.mkdtemp(prefix="renraku-test.")
        self.plan, self.site = os.path.join(ROOT, plan), os.path.join(ROOT, site)
        self.settings, self.server, self.port = list(settings), None, 0
        try:
            self._make(terminals, persons, passwords)
        except BaseException:
            shutil.rmtree(self.dir)
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.stop()
        if kind and os.environ.get("RENRAKU_KEEP"):
            print("kept:", self.dir)
        else:
            shutil.rmtree(self.dir)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def certificates(self, *args):
        subprocess.run([os.path.join(ROOT, "certs", "make-certs"), "--lang", "en", *args], check=True, stdout=subprocess.DEVNULL)

    def _make(self, terminals, persons, passwords):
        pyclient.generate(ROOT, self.dir)
        self.certificates("ca", self.path("ca"))
        self.certificates("server", self.path("ca"), "main")
        for t in terminals:
            self.certificates("terminal", self.path("ca"), t)
        for p in persons:
            self.certificates("person", self.path("ca"), p)
        self.options = ["--port", "0", "--ca", self.path("ca", "ca.pem"), "--cert", self.path("ca", "server-main.pem"), "--key", self.path("ca", "server-main.key"),
                        "--crl", self.path("ca", "crl.pem"), "--store", self.path("log.db"), *self.settings]
        self.run("--load-plan", self.plan)
        self.run("--load-site", self.site)
        for p in passwords:
            self.run("--set-password", p, stdin=PASSWORD + "\n")

    def run(self, *args, stdin=""):
        done = subprocess.run([os.path.join(BIN, "renrakud"), *self.options, *args], input=stdin, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"renrakud {' '.join(args)}: {done.stderr or done.stdout}")

    def start(self, wrap=()):
        """wrap: words before the program, such as strace and its options; it must leave renrakud to be our child."""
        with open(self.path("server.err"), "a") as errors:
            self.server = subprocess.Popen([*wrap, os.path.join(BIN, "renrakud"), *self.options], stdout=subprocess.PIPE, stderr=errors, text=True)
        line = self.server.stdout.readline()
        found = re.search(r"listening on .*:(\d+)", line)
        if not found:
            self.server.wait()
            with open(self.path("server.err")) as errors:
                sys.exit(f"renrakud does not start: {line}{errors.read()}")
        self.port = int(found.group(1))

    def stop(self, how=signal.SIGTERM):
        if not self.server:
            return None
        if self.server.poll() is None:
            self.server.send_signal(how)
        status = self.server.wait(30)
        self.server.stdout.close()
        self.server = None
        return status

    def client(self, who, **options):
        """who: "terminal-t1", "person-p_tanaka" …"""
        name = self.path("ca", who)
        return pyclient.Client(("127.0.0.1", self.port), self.path("ca", "ca.pem"), name + ".pem", name + ".key", **options)
