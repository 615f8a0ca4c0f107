"""A broadcast to 3,000 terminals of which all but one are away: the report stays short, says how many, names some by place; the CSV has every
record."""
import csv
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "wire"))
import town as towns  # noqa: E402

TERMINALS = 3000


def site():
    with open(os.path.join(towns.ROOT, "server", "plans", "taga-demo-site.yaml"), encoding="utf-8") as f:
        text = f.read()
    more = "".join(f"  - {{id: x{n:04}, place: 第{n // 100 + 1}庁舎 窓口{n:04}, section: branch}}\n" for n in range(TERMINALS - 3))
    return text.replace("\nplaces:", "\n" + more + "\nplaces:", 1)


def renraku(town, who, *args, code=0):
    name = town.path("ca", who)
    config = town.path(who + ".yaml")
    with open(config, "w", encoding="utf-8") as f:
        f.write(f"server: 127.0.0.1\nport: {town.port}\nca: {town.path('ca', 'ca.pem')}\ncert: {name}.pem\nkey: {name}.key\nstate: {town.path('state-' + who)}\ntoken: {town.path('token-' + who)}\n")
    done = subprocess.run([os.path.join(towns.BIN, "renraku"), "--config", config, *args], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != code:
        sys.exit(f"renraku {' '.join(args)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


with towns.Town(persons=("p_tanaka",)) as town:
    with open(town.path("site.yaml"), "w", encoding="utf-8") as f:
        f.write(site())
    town.run("--load-site", town.path("site.yaml"))
    town.start()
    renraku(town, "terminal-t1", "alarm", "fault", "--kind", "hardware", "--text", "起動しない")
    began = time.monotonic()
    renraku(town, "person-p_tanaka", "report", "1", "--out", town.path("1.pdf"))
    renraku(town, "person-p_tanaka", "report", "1", "--out", town.path("2.pdf"))
    took = time.monotonic() - began
    with open(town.path("1.pdf"), "rb") as a, open(town.path("2.pdf"), "rb") as b:
        assert a.read() == b.read(), "made twice it differs"
    text = subprocess.run(["pdftotext", "-layout", town.path("1.pdf"), "-"], check=True, capture_output=True, text=True).stdout
    assert re.search(r"端末 3000台", text), "how many terminals were told"
    pages = text.count("\f")
    assert pages < 40, f"{pages} pages"
    flat = "".join(text.split())
    assert "ほか2800台" in flat and "第10庁舎窓口0900" in flat, "some by place, the rest by number"
    lines = list(csv.reader(renraku(town, "person-p_tanaka", "report", "1", "--format", "csv").lstrip("\ufeff").splitlines()))
    log = renraku(town, "person-p_tanaka", "log", "1", "--json").splitlines()
    assert len(lines) == 1 + len(log), f"{len(lines)} lines of {len(log)} records"
    print(f"ok: {pages} pages, {took / 2:.1f} s each")
