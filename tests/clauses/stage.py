"""One stage for one scene: a fresh renrakud over a plan and a site, and sessions of people and terminals over TLS that stay open. The agent
and the command line are the real programs, too. Everything is on loopback and ends with the stage."""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "wire"))
import pyclient  # noqa: E402
from town import BIN, ROOT  # noqa: E402

PLAN = os.path.join(ROOT, "server", "plans", "taga-juki-net.yaml")
SITE = os.path.join(ROOT, "server", "plans", "taga-demo-site.yaml")
TERMINALS = ("t1", "t2", "t3")
PERSONS = ("p_tanaka", "p_mori", "p_suzuki", "p_kato", "p_sato", "p_nishida", "p_ito", "p_mayor", "p_vice", "p_ono", "p_hirata")
WATCHER = "p_nishida"  # administrator, and deputy of a role that sees everything
never = threading.Event()


class Faulty(Exception):
    """The server does not take this plan or site."""


class Props:
    """Certificates and message classes, made once for all stages."""

    def __init__(self):
        # No disk is tested here, and a thousand syncs take their time.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.dir = tempfile.mkdtemp(prefix="renraku-clauses.", dir=memory)
        pyclient.generate(ROOT, self.dir)
        self.ca = os.path.join(self.dir, "ca")
        for args in (["ca", self.ca], ["server", self.ca, "main"], *(["terminal", self.ca, t] for t in TERMINALS), *(["person", self.ca, p] for p in PERSONS)):
            subprocess.run([os.path.join(ROOT, "certs", "make-certs"), "--lang", "en", *args], check=True, stdout=subprocess.DEVNULL)

    def close(self):
        shutil.rmtree(self.dir)


class Stage:
    def __init__(self, props, plan=PLAN, site=SITE):
        self.props, self.plan, self.site = props, plan, site
        self.dir = tempfile.mkdtemp(prefix="stage.", dir=props.dir)
        self.server, self.port, self.clients, self.agents = None, 0, {}, {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for client in self.clients.values():
            client.close()
        for agent in self.agents.values():
            agent.send_signal(signal.SIGTERM)
            self.ended_well(agent, "agent.err")
        self.stop()
        shutil.rmtree(self.dir)

    def ended_well(self, process, log):
        """A sanitizer speaks by the exit status."""
        status = process.wait(30)
        if status:
            with open(self.path(log)) as f:
                raise RuntimeError(f"ended with {status}: {f.read()[-4000:]}")

    def path(self, *names):
        return os.path.join(self.dir, *names)

    # ---- the server ----

    def options(self):
        ca = self.props.ca
        return ["--port", str(self.port), "--ca", ca + "/ca.pem", "--cert", ca + "/server-main.pem", "--key", ca + "/server-main.key", "--crl", ca + "/crl.pem",
                "--store", self.path("log.db"), "--presence-grace", "10min"]

    def start(self):
        """Raises Faulty when the plan or the site is refused."""
        done = subprocess.run([os.path.join(BIN, "renrakud"), *self.options(), "--load-plan", self.plan, "--load-site", self.site], capture_output=True, text=True)
        if done.returncode:
            raise Faulty(done.stderr or done.stdout)
        self.again()

    def again(self):
        with open(self.path("server.err"), "a") as errors:
            self.server = subprocess.Popen([os.path.join(BIN, "renrakud"), *self.options()], stdout=subprocess.PIPE, stderr=errors, text=True)
        found = re.search(r"listening on .*:(\d+)", self.server.stdout.readline())
        if not found:
            with open(self.path("server.err")) as errors:
                raise Faulty(errors.read())
        self.port = int(found.group(1))

    def stop(self):
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            self.ended_well(self.server, "server.err")
            self.server.stdout.close()
            self.server = None

    # ---- those who talk to it ----

    def client(self, who):
        """Whose device: a terminal's id or a person's. The watcher only looks; the others receive notices."""
        if who not in self.clients:
            name = os.path.join(self.props.ca, ("terminal-" if who in TERMINALS else "person-") + who)
            self.clients[who] = pyclient.Client(("127.0.0.1", self.port), os.path.join(self.props.ca, "ca.pem"), name + ".pem", name + ".key", notices=who != WATCHER)
        return self.clients[who]

    def configuration(self, who):
        kind = "terminal" if who in TERMINALS else "person"
        folder, ca = self.path(who), self.props.ca
        if not os.path.isdir(folder):
            os.mkdir(folder)
        lines = ["server: 127.0.0.1", f"port: {self.port}", f"ca: {ca}/ca.pem", f"cert: {ca}/{kind}-{who}.pem", f"key: {ca}/{kind}-{who}.key", "state: state", "token: token"]
        if kind == "terminal":
            lines += ["agent_socket: agent.sock", "emergency_contacts: [情報係 内線 9]", "retry_min_ms: 50", "retry_max_ms: 400"]
        with open(os.path.join(folder, "client.yaml"), "w") as f:
            f.write("\n".join(lines) + "\n")
        return os.path.join(folder, "client.yaml")

    def agent(self, terminal):
        """The terminal's agent, running; its session is the terminal's only one."""
        if terminal not in self.agents:
            with open(self.path("agent.err"), "a") as errors:
                self.agents[terminal] = subprocess.Popen([os.path.join(BIN, "renraku-agent"), "--config", self.configuration(terminal)], stdout=errors, stderr=errors)
            self.wait(lambda: os.path.exists(self.path(terminal, "agent.sock")), f"the agent of {terminal}")

    def run(self, who, words):
        """The command line at a terminal or on a person's device: (exit code, what it printed)."""
        if who in TERMINALS:
            self.agent(who)
        config = self.path(who, "client.yaml")
        if not os.path.exists(config):
            self.configuration(who)
        done = subprocess.run([os.path.join(BIN, "renraku"), "--config", config, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
        return done.returncode, done.stdout + done.stderr

    @staticmethod
    def wait(thing, what, seconds=20.0):
        """Waits for the thing itself."""
        end = time.monotonic() + seconds
        while not thing():
            if time.monotonic() > end:
                raise AssertionError(f"{what} did not come")
            never.wait(0.02)
