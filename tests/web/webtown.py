"""A town with a console: tests/wire/town.py and renraku-web before it."""
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wire"))
import program  # noqa: E402
import town  # noqa: E402
import webclient  # noqa: E402

PASSWORD = town.PASSWORD


class WebTown(program.Program):
    def __init__(self, **options):
        self.report = None
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

    def web_lines(self):
        return ["address: 127.0.0.1", "max_connections_of_address: 1000", "lang: en"] + ([f"report: {self.report}"] if self.report else [])

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
