"""A server that is played: TLS as the protocol asks for it, but what is said is up to the test. For what a good server never does."""
import os
import queue
import socket
import ssl
import struct
import threading

import pyclient


class Session:
    """One connection. Frames that come are put into `inbox`; pings go out by themselves unless the server is `mute`."""

    def __init__(self, server, sock):
        self.server, self.sock = server, sock
        self.inbox, self.lock, self.gone = queue.Queue(), threading.Lock(), threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._beat, daemon=True).start()

    def _exactly(self, n):
        data = b""
        while len(data) < n:
            part = self.sock.recv(n - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def _read(self):
        try:
            while True:
                frame = pyclient.pb.ClientFrame.FromString(self._exactly(struct.unpack(">I", self._exactly(4))[0]))
                if frame.WhichOneof("body") != "pong":
                    self.inbox.put(frame)
        except (OSError, EOFError):
            self.gone.set()
            self.inbox.put(None)

    def _beat(self):
        while not self.gone.wait(0.3):
            if not self.server.mute:
                self.send(pyclient.pb.ServerFrame(ping=pyclient.pb.Ping(nonce=1)))

    def send_bytes(self, data):
        try:
            with self.lock:
                self.sock.sendall(data)
        except OSError:
            self.gone.set()

    def send(self, *frames):
        self.send_bytes(b"".join(struct.pack(">I", f.ByteSize()) + f.SerializeToString() for f in frames))

    def next(self, seconds=10.0):
        frame = self.inbox.get(timeout=seconds)
        if frame is None:
            raise EOFError
        return frame

    def until(self, body, seconds=10.0):
        """The next frame of that kind; others are dropped."""
        while True:
            frame = self.next(seconds)
            if frame.WhichOneof("body") == body:
                return frame

    def welcome(self, frame=None, head=1000):
        frame = frame or self.until("hello")
        w = pyclient.pb.Welcome(version=1, server="played", principal="terminal:t1", heartbeat_ms=300, head=head)
        self.send(pyclient.pb.ServerFrame(ref=frame.ref, welcome=w))
        return frame.hello

    def close(self):
        self.gone.set()
        with self.lock:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            self.sock.close()


class Played:
    def __init__(self, ca):
        self.mute, self.sessions = False, queue.Queue()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.load_cert_chain(os.path.join(ca, "server-main.pem"), os.path.join(ca, "server-main.key"))
        self.context.load_verify_locations(os.path.join(ca, "ca.pem"))
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.context.set_alpn_protocols(["renraku/1"])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._open, args=(sock,), daemon=True).start()

    def _open(self, sock):
        try:
            self.sessions.put(Session(self, self.context.wrap_socket(sock, server_side=True)))
        except (OSError, ssl.SSLError):
            sock.close()

    def session(self, seconds=10.0):
        return self.sessions.get(timeout=seconds)

    def close(self):
        self.listener.close()
        while not self.sessions.empty():
            self.sessions.get().close()
