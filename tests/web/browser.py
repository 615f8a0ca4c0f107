"""What a browser does, byte by byte: TLS, one request after the other, answers read whole. And what no browser would do: any bytes at all."""
import json
import os
import re
import socket
import ssl


def context(ca, **options):
    made = ssl.create_default_context(cafile=ca)
    made.set_alpn_protocols(options.get("alpn", ["http/1.1"]))
    return made


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def header(self, name):
        return dict(self.headers).get(name.lower())


class Browser:
    """One connection. `source`: the address it comes from, 127.0.0.1 unless told."""

    def __init__(self, port, tls, source="127.0.0.1", seconds=15, wrap=True):
        self.port, self.rest = port, b""
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=seconds, source_address=(source, 0))
        if wrap:
            self.sock = tls.wrap_socket(self.sock, server_hostname="127.0.0.1")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data if isinstance(data, bytes) else data.encode())

    def recv(self):
        data = self.sock.recv(65536)
        self.rest += data
        return bool(data)

    def _until(self, mark):
        while mark not in self.rest:
            if not self.recv():
                raise EOFError(self.rest[:200])
        at = self.rest.index(mark) + len(mark)
        got, self.rest = self.rest[:at], self.rest[at:]
        return got

    def head(self):
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(re.fullmatch(r"HTTP/1\.[01] (\d{3}) [ -~]+", lines[0]).group(1))
        return status, [(name.lower(), value.strip()) for name, value in (line.split(":", 1) for line in lines[1:] if line)]

    def answer(self, to="GET"):
        status, headers = self.head()
        length = 0 if to == "HEAD" else int(dict(headers).get("content-length", 0))
        while len(self.rest) < length:
            if not self.recv():
                raise EOFError(self.rest[:200])
        body, self.rest = self.rest[:length], self.rest[length:]
        return Answer(status, headers, body)

    def ended(self):
        """Waits for the other side's end; nothing else may come before it."""
        try:
            while self.recv():
                pass
        except (ConnectionResetError, BrokenPipeError, ssl.SSLError):
            pass
        left, self.rest = self.rest, b""
        return left == b""

    def request(self, method, path, body=None, **headers):
        lines = {"Host": f"127.0.0.1:{self.port}"}
        if body is not None:
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
            lines |= {"Content-Type": "application/json", "Content-Length": str(len(body)), "Origin": f"https://127.0.0.1:{self.port}"}
        lines |= {name.replace("_", "-"): value for name, value in headers.items()}
        text = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in lines.items() if v is not None) + "\r\n"
        self.send(text.encode() + (body or b""))
        return self.answer(method)

    def get(self, path, **headers):
        return self.request("GET", path, **headers)

    def post(self, path, body, **headers):
        return self.request("POST", path, body, **headers)

    def event(self):
        """The next event of a stream: (event, id, data)."""
        while True:
            while b"\n\n" not in self.rest:
                if not self.recv():
                    raise EOFError
            at = self.rest.index(b"\n\n") + 2
            raw, self.rest = self.rest[:at], self.rest[at:]
            # Chunk sizes stand on lines of their own between the events.
            fields = dict(line.split(": ", 1) for line in raw.decode().split("\n") if ": " in line)
            if "event" in fields:
                return fields["event"], fields.get("id"), fields.get("data")


def rss(pid):
    """Memory of a process, in KiB."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


def cpu(pid):
    """Seconds of CPU that a process has used."""
    with open(f"/proc/{pid}/stat") as stat:
        return sum(int(n) for n in stat.read().rsplit(")", 1)[1].split()[11:13]) / os.sysconf("SC_CLK_TCK")


def sanitized():
    """Built with AddressSanitizer? Then memory says little."""
    build = os.environ.get("RENRAKU_BUILD", "build")
    try:
        with open(os.path.join(build, "CMakeCache.txt")) as cache:
            return "RENRAKU_SANITIZE:BOOL=ON" in cache.read()
    except OSError:
        return False
