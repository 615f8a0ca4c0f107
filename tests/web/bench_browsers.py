#!/usr/bin/env python3
"""Many browsers at one console: how long from an act's being on record until every screen has been told. Prints figures; decides nothing.

  tests/web/bench_browsers.py [BROWSERS] [ACTS]      with $RENRAKU_BIN, the folder of the programs
"""
import os
import resource
import selectors
import ssl
import sys
import time

from webclient import Connection
from webtown import WebTown

PERSONS = ["p_tanaka", "p_mori", "p_suzuki", "p_kato", "p_sato", "p_nishida", "p_ito", "p_mayor", "p_vice", "p_ono", "p_hirata"]


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))]


def line(name, values):
    print(f"{name:<44}" + "  ".join(f"{label} {quantile(values, q):7.1f} ms" for label, q in (("p50", .5), ("p90", .9), ("p99", .99))) + f"  max {max(values):7.1f} ms", flush=True)


def process(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    with open(f"/proc/{pid}/status") as status:
        rss = next(int(row.split()[1]) for row in status if row.startswith("VmRSS"))
    return rss / 1024, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Stream:
    """A stream whose bytes are only looked through, so that what is measured is the console and not this program."""

    def __init__(self, page):
        self.connection = Connection(page.port, page.context)
        self.connection.send("GET", "/api/stream?watch=inbox,board", page.cookies())
        assert self.connection.head()[0] == 200
        self.connection.sock.setblocking(False)
        self.tail, self.size = self.connection.rest, len(self.connection.rest)

    def read(self, mark):
        """True: the mark has come since the last call that said so."""
        while True:
            try:
                data = self.connection.sock.recv(262144)
            except (ssl.SSLWantReadError, BlockingIOError):
                break
            assert data, "a stream ended"
            self.tail += data
            self.size += len(data)
        found = mark in self.tail
        self.tail = b"" if found else self.tail[-len(mark):]
        return found


def await_all(selector, streams, mark, begun, seconds=20):
    """When each was told, in ms since `begun`."""
    told = {}
    while len(told) < len(streams):
        ready = selector.select(seconds)
        assert ready, f"{len(streams) - len(told)} streams were not told of {mark}"
        for key, _ in ready:
            if key.data.read(mark) and key.data not in told:
                told[key.data] = (time.monotonic() - begun) * 1000
    return list(told.values())


def main():
    n, acts = int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 20
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, max(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    with WebTown(passwords=PERSONS) as t:
        t.start()
        t.start_web()
        begun, signing, pages = time.monotonic(), [], []
        for i in range(n):
            at = time.monotonic()
            pages.append(t.signed_in(PERSONS[i % len(PERSONS)], watch=None))
            signing.append((time.monotonic() - at) * 1000)
        line(f"{n} sign-ins, one after the other", signing)
        selector = selectors.DefaultSelector()
        begun, streams = time.monotonic(), []
        for page in pages:
            stream = Stream(page)
            selector.register(stream.connection.sock, selectors.EVENT_READ, stream)
            streams.append(stream)
        await_all(selector, streams, b'"alarm_form"', begun)
        print(f"{n} streams opened, all with their snapshots: {time.monotonic() - begun:.2f} s", flush=True)
        actor, from_act, from_commit = pages[0], [], []
        raised = actor.act("alarm", entry="fault", values=[{"field": "kind", "value": "hardware"}, {"field": "place", "value": "t1"}, {"field": "text", "value": "x"}])
        assert raised["outcome"] == "ACCEPTED", raised
        cpu = process(t.web.pid)[1]
        for i in range(acts):
            # An absence stands on everybody's board. The answer comes when it is on disk.
            word = f"reason-{i}-{os.getpid()}"
            at = time.monotonic()
            if i % 2 == 0:
                result = actor.act("absence", until=int(time.time() * 1000) + 3600000 + i, reason=word)
                mark = b'"absence":{'
            else:
                result = actor.act("absence", back=True)
                mark = b'"removed":["absence'
            committed = time.monotonic()
            assert result["outcome"] == "ACCEPTED", result
            times = await_all(selector, streams, mark, at)
            from_act += times
            from_commit += [ms - (committed - at) * 1000 for ms in times]
        line(f"{acts} acts: from the click to {n} screens", from_act)
        line(f"{acts} acts: from the answer to {n} screens", from_commit)
        rss, after = process(t.web.pid)
        print(f"renraku-web: {rss:.0f} MiB, {1000 * (after - cpu) / acts:.1f} ms of processor for each act; renrakud: {process(t.server.pid)[0]:.0f} MiB", flush=True)
        print(f"each stream took {sum(s.size for s in streams) / n / 1024:.0f} KiB", flush=True)


if __name__ == "__main__":
    main()
