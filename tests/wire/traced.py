"""strace on a renrakud: kills it at a chosen system call, or notes everything it writes so that a power cut can be played afterwards."""
import os
import re
import shutil
import subprocess
import sys

# LeakSanitizer does not run under strace.
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
SYNCS = "fsync,fdatasync"
WRITES = "pwrite64,write,pwritev,ftruncate,unlink,rename"


def need_strace():
    """These tests mean nothing without it, so its absence is a failure."""
    if not shutil.which("strace"):
        sys.exit("strace is missing; install it (server/install-packages test)")
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True)
    if tried.returncode:
        sys.exit("strace may not trace here; run as root, or allow ptrace (kernel.yama.ptrace_scope=0, --cap-add=SYS_PTRACE in a container): " + tried.stderr)


def killing_from_start(calls, k):
    """Words before the program: killed at the k-th of these calls of any one of its threads, before the call is made."""
    return ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + calls, "-e", f"inject={calls}:signal=KILL:when={k}"]


class Killer:
    """Kills the process at the k-th of these calls from now on, made by its main thread or by any other; the call is not made. The
    `how`: another injection of strace's than death. The
    writer's thread syncs a commit and then writes to the main thread's eventfd: so 'write' is just after a commit, before anyone knows of it."""

    def __init__(self, pid, calls, k, main=False, how="signal=KILL"):
        threads = [int(t) for t in os.listdir(f"/proc/{pid}/task") if (int(t) == pid) == main]
        words = [w for t in threads for w in ("-p", str(t))]
        self.tracer = subprocess.Popen(["strace", "-o", "/dev/null", "-e", "trace=" + calls, "-e", f"inject={calls}:{how}:when={k}", *words],
                                       stderr=subprocess.PIPE, text=True)
        for _ in threads:
            line = self.tracer.stderr.readline()
            if "attached" not in line:
                raise AssertionError(f"strace: {line}{self.tracer.stderr.read()}")

    def close(self):
        if self.tracer.poll() is None:
            self.tracer.terminate()
        self.tracer.wait(30)
        self.tracer.stderr.close()


def noting(path):
    return ["strace", "-D", "-f", "-y", "-xx", "-s", "9999999", "-o", path, "-e", f"trace={SYNCS},{WRITES}"]


def plain(text):
    """What -xx made of a string."""
    return bytes.fromhex(text.replace("\\x", ""))


class Disk:
    """What a disk holds that keeps only what was synced. Fed with the lines of noting(), a line at a time.

    A file's creation and removal count at once: the store syncs its directory after making files (tests/unit/test_store_sqlite.c)."""
    CALL = re.compile(rb"(\d+) +(?:<\.\.\. )?(\w+)(?:\((.*)| resumed>(.*))")

    def __init__(self, names, folder):
        self.folder = folder
        self.files = {}     # name -> what is on the disk
        self.pending = {}   # name -> changes not synced yet
        self.entered = {}   # thread -> (call, name) that has not returned
        self.syncs = 0
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                self.files[name] = bytearray(f.read())

    def line(self, line):
        found = self.CALL.match(line)
        if not found:
            return
        thread, call, arguments, resumed = found.group(1), found.group(2).decode(), found.group(3), found.group(4)
        if resumed is not None:
            name = self.entered.pop(thread, None)
            if name and call in SYNCS and b" = 0" in resumed:
                self.sync(name)
            return
        text = arguments.decode()
        if call in ("unlink", "rename"):
            name = os.path.basename(plain(re.match(r'"([^"]*)"', text).group(1)).decode())
            self.files.pop(name, None)
            self.pending.pop(name, None)
            return
        opened = re.match(r"\d+<([^>]*)>(.*)", text)
        if not opened:
            return
        path = opened.group(1)
        path = plain(path).decode() if path.startswith("\\x") else path
        if os.path.dirname(path) != self.folder:
            return
        self.change(thread, call, os.path.basename(path), opened.group(2))

    def change(self, thread, call, name, rest):
        if call in SYNCS:
            if "unfinished" in rest:
                self.entered[thread] = name
            elif " = 0" in rest:
                self.sync(name)
        elif call == "ftruncate":
            self.pending.setdefault(name, []).append((int(re.match(r", (\d+)", rest).group(1)), None))
        elif call == "pwrite64":
            data, offset = re.match(r', "([^"]*)", \d+, (\d+)', rest).groups()
            self.pending.setdefault(name, []).append((int(offset), plain(data)))
        elif call == "pwritev":
            raise AssertionError("a way of writing that this does not know: " + rest[:200])

    def sync(self, name):
        self.syncs += 1
        content = self.files.setdefault(name, bytearray())
        for offset, data in self.pending.pop(name, []):
            apply(content, offset, data)

    def image(self, folder, keep=lambda: False):
        """Writes what the power cut leaves. keep(): whether a change that was not synced reached the disk all the same."""
        for name in set(self.files) | set(self.pending):
            content = bytearray(self.files.get(name, b""))
            for offset, data in self.pending.get(name, []):
                if keep():
                    apply(content, offset, data)
            with open(os.path.join(folder, name), "wb") as f:
                f.write(content)


def apply(content, offset, data):
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset:offset + len(data)] = data
