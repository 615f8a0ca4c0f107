#!/usr/bin/env python3
"""Sessions of browsers, with the real programs: signing in and out, cookies, streams that go on, tabs, what another sees; and renraku-web and renrakud killed
amid commands: nothing is lost, nothing is doubled."""
import json
import os
import re
import signal
import sys
import time

from webclient import Connection, Cut, Refused
from webtown import PASSWORD, WebTown

PEOPLE = ("p_tanaka", "p_suzuki", "p_mayor")
FAULT = {"entry": "fault", "values": [{"field": "kind", "value": "hardware"}, {"field": "place", "value": "t1"}]}


def refused(code, what, *args, status=None, **options):
    try:
        what(*args, **options)
    except Refused as error:
        assert error.code == code, error
        assert status in (None, error.status), error
        return error
    raise AssertionError(f"{code} was not said")


def alarm(page, text="does not start"):
    result = page.act("alarm", entry=FAULT["entry"], values=FAULT["values"] + [{"field": "text", "value": text}])
    assert result["outcome"] == "ACCEPTED", result
    return result


# ---- who one is ----

def test_sign_in(t):
    page = t.page()
    nobody = page.hello()
    assert "person" not in nobody and nobody["link"] == "up" and nobody["telephone"] == ["operator 0749-00-0001"], nobody
    refused("WRONG_PASSWORD", page.sign_in, "p_tanaka", "wrong", status=403)
    refused("WRONG_PASSWORD", page.sign_in, "nobody_like_this", PASSWORD, status=403)
    assert not page.jar
    refused("CSRF", page.post, "/api/sign-in", {"person": "p_tanaka", "password": PASSWORD}, csrf=False, status=403)
    session = page.sign_in("p_tanaka", PASSWORD)
    assert session["person"] == "p_tanaka" and session["person_name"] and session["csrf"] != nobody["csrf"], session
    attributes = page.jar_attributes["__Host-renraku"]
    for wanted in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert wanted in attributes, attributes
    assert any(re.fullmatch(r"Max-Age=\d{5,8}", a) for a in attributes), attributes
    assert page.hello()["csrf"] == session["csrf"], "the value follows from the cookies"
    # The value of before is worth nothing now.
    page.csrf = nobody["csrf"]
    refused("CSRF", page.act, "test", status=403)
    page.hello()
    page.post("/api/sign-out", {})
    assert not page.jar
    refused("NOT_SIGNED_IN", page.get, "/api/log?incident=1", status=401)
    page.close()


def test_forged_cookie(t):
    page = t.page()
    page.jar["__Host-renraku"] = "rt-" + "0123456789abcdef" * 4
    session = page.hello()
    assert "person" not in session and not page.jar, "a token that nobody made is cleared"
    page.jar["__Host-renraku"] = "'; drop table"
    assert "person" not in page.hello()
    page.jar["__Host-renraku"] = "rt-" + "fedcba9876543210" * 4
    refused("NOT_SIGNED_IN", page.get, "/api/log?incident=1", status=401)
    # Signing in with the cookie of a sign-in that is over, as a page does that stood open overnight.
    old = t.signed_in("p_tanaka", watch=None)
    jar, value = dict(old.jar), old.csrf
    old.post("/api/sign-out", {})
    old.jar.update(jar)
    old.csrf = value
    session = old.take_session(old.post("/api/sign-in", {"person": "p_tanaka", "password": PASSWORD}))
    assert session["person"] == "p_tanaka" and old.jar != jar and old.act("absence", back=True)
    old.close()
    page.jar["__Host-renraku"] = "rt-" + "0" * 64
    page.open("inbox")
    assert page.pump(lambda: page.bye)["code"] == "SIGNED_OUT"
    page.close()


def test_everywhere(t):
    one, two = t.signed_in("p_suzuki"), t.signed_in("p_suzuki")
    one.post("/api/sign-out", {"everywhere": True})
    assert two.pump(lambda: two.bye)["code"] == "SIGNED_OUT"
    assert "person" not in two.hello() and not two.jar
    one.close()
    two.close()


def test_password(t):
    page = t.signed_in("p_suzuki", watch=None)
    refused("WEAK_PASSWORD", page.post, "/api/password", {"person": "p_suzuki", "old_password": PASSWORD, "new_password": "x"}, status=403)
    refused("NOT_ENTITLED", page.post, "/api/password", {"person": "p_tanaka", "new_password": "another password"}, status=403)
    assert page.post("/api/password", {"person": "p_suzuki", "old_password": PASSWORD, "new_password": "another password"}) == {}
    assert page.hello()["person"] == "p_suzuki", "who changed the own stays"
    assert page.post("/api/password", {"person": "p_suzuki", "old_password": "another password", "new_password": PASSWORD}) == {}
    page.close()


# ---- bodies ----

def test_bodies(t):
    page = t.signed_in("p_tanaka", watch=None)
    for body, word in (({"id": 1}, "id"), ({"id": "x" * 20, "nonsense": 1}, "nonsense"), ({"alarm": {"values": {}}}, "alarm.values"), ({"alarm": {"values": [{"field": 3}]}}, "alarm.values[0].field"),
                       ({"behalf": {"channel": "BY_PIGEON"}}, "behalf.channel"), ({"made_at": 1.5}, "made_at"), ({"made_at": -1}, "made_at"), ({"made_at": 2 ** 53}, "made_at"), ({"alarm": {}, "test": {}}, "test"),
                       ({"comment": {"text": "a\x01b"}}, "comment.text"), ([], "object"), ("x", "JSON")):
        error = refused("MALFORMED", page.post, "/api/command", body, status=400)
        assert word in error.body["text_en"], (body, error)
    refused("NOT_FOUND", page.get, "/api/nothing", status=404)
    refused("METHOD", page.get, "/api/command", status=405)
    refused("MALFORMED", page.post, "/api/watch", {"view": "VIEW_INCIDENT"}, status=400)
    refused("UNKNOWN_INCIDENT", page.post, "/api/watch", {"view": "VIEW_INCIDENT", "incident": 999}, status=403)
    refused("MALFORMED", page.open, "inbox,nonsense", status=400)
    page.close()


# ---- the stream ----

def test_story(t):
    clerk, operator = t.signed_in("p_suzuki"), t.signed_in("p_tanaka")
    assert clerk.await_view("VIEW_BOARD") and operator.await_view("VIEW_INBOX")
    script = "<script>alert('x')</script>\u2028\"'&\\"
    raised = alarm(clerk, script)
    incident = operator.await_row("VIEW_BOARD", "incident", lambda r: r["id"] == raised["incident"])
    assert any(v.get("shown") == script for v in incident["values"]), incident
    notice = operator.pump(lambda: next((n for n in operator.notices.values() if n.get("wants_ack") and not n.get("ended")), None))
    assert notice, operator.notices
    operator.post("/api/receipts", {"receipts": [{"notice": notice["id"], "stage": "STAGE_DISPLAYED"}]})
    clerk.watch("VIEW_INCIDENT", raised["incident"])

    def recipient(stage):
        return lambda r: r["id"] == notice["id"] and any(x.get("stage") == stage for x in r.get("recipients", []))
    assert clerk.await_row("VIEW_INCIDENT", "notice", recipient("STAGE_DISPLAYED"), raised["incident"]), "how far it came is on the other's screen"
    command = operator.command("acknowledge", notice=notice["id"])
    first = operator.give(command)
    assert first["outcome"] == "ACCEPTED" and operator.give(command) == first, "the same command is answered as the first time"
    assert operator.give(command | {"made_at": command["made_at"] + 1})["code"] == "ID_REUSED"
    assert clerk.await_row("VIEW_INCIDENT", "notice", lambda r: r["id"] == notice["id"] and r.get("state") == "acknowledged", raised["incident"])
    page = clerk.get(f"/api/log?incident={raised['incident']}")
    assert page["entries"][0]["fields"]["kind"] == 10 and page["entries"][0]["record"], page["entries"][0]
    refused("NOT_ENTITLED", clerk.get, "/api/log", status=403)
    refused("MALFORMED", clerk.get, "/api/log?from=x", status=400)
    clerk.post("/api/unwatch", {"view": "VIEW_INCIDENT", "incident": raised["incident"]})
    assert operator.act("comment", incident=raised["incident"], text="one more")["outcome"] == "ACCEPTED"
    clerk.close()
    operator.close()


def test_goes_on(t):
    """With the id of the last event what was missed comes, and only that; with one that is not held, or of the middle of a beginning, all of it."""
    page = t.signed_in("p_tanaka")
    page.await_view("VIEW_BOARD")
    page.await_view("VIEW_INBOX")
    result = alarm(page, "before")
    page.await_row("VIEW_BOARD", "incident", lambda r: r["id"] == result["incident"])
    last, epoch = page.last_id, page.session["epoch"]
    page.close_stream()
    assert page.act("absence", until=int(time.time() * 1000) + 3600000, reason="while nobody listened")["outcome"] == "ACCEPTED"
    before = len(page.events)
    page.view("VIEW_BOARD").snapshots = 0
    page.open(None, last=last)
    assert page.session["epoch"] == epoch
    assert page.pump(lambda: any(name == "view" and int(number.split("-")[1]) > int(last.split("-")[1]) for name, number in page.events[before:] if number))
    assert page.await_row("VIEW_BOARD", "absence", lambda r: r["person"] == "p_tanaka")
    assert page.view("VIEW_BOARD").snapshots == 0, "no more than what was missed"
    assert page.act("absence", back=True)["outcome"] == "ACCEPTED"
    for unheld in (f"{epoch}-0", f"{epoch}-999999", "0123456789abcdef-5", "nonsense", f"{epoch}-", f"{epoch}-5x"):
        page.views.clear()
        page.open(None, last=unheld)
        board = page.await_view("VIEW_BOARD")
        assert board and any(True for _ in board.of("alarm_form")), unheld
        assert page.pump(lambda: page.last_id and int(page.last_id.split("-")[1]) > 0)
    page.close()


def test_tabs(t):
    """Two tabs: one browser, its views shared; six streams at most, the oldest gives way."""
    one = t.signed_in("p_tanaka", "board")
    one.await_view("VIEW_BOARD")
    two = t.page(one)
    two.open(None)
    assert two.await_view("VIEW_BOARD") and two.session["epoch"] == one.session["epoch"]
    two.post("/api/watch", {"view": "VIEW_CONTACTS"})
    assert one.await_view("VIEW_CONTACTS") and two.await_view("VIEW_CONTACTS")
    assert one.view("VIEW_CONTACTS").rows == two.view("VIEW_CONTACTS").rows
    more = [t.page(one) for _ in range(5)]
    for page in more:
        page.open(None)
    try:
        one.pump(lambda: False, 10)
        raise AssertionError("the seventh stream closes the first")
    except Cut:
        pass
    for page in [two, *more]:
        page.close()
    one.close()


def test_another_person(t):
    """Who signs in after another on the same browser sees own things only."""
    page = t.signed_in("p_tanaka")
    page.await_view("VIEW_INBOX")
    result = alarm(page)
    assert page.pump(lambda: any(n["incident"] == result["incident"] for n in page.notices.values()))
    old = dict(page.jar)
    page.sign_in("p_mayor", PASSWORD)
    assert page.pump(lambda: page.session["person"] == "p_mayor") and page.jar != old
    fresh = t.page(page)
    fresh.open(None)
    assert fresh.await_view("VIEW_INBOX")
    assert not any(n.get("role") == "operator" for n in fresh.notices.values()), fresh.notices
    page.close()
    fresh.close()


# ---- terminals ----

def test_enrol(t):
    admin = t.signed_in(t.admin, watch="inbox,board")
    assert admin.session.get("administrator"), admin.session
    refused("UNKNOWN_TERMINAL", admin.post, "/api/enrol", {"terminal": "t99"}, status=403)
    refused("MALFORMED", admin.post, "/api/enrol", {}, status=400)
    other = t.signed_in("p_suzuki", watch=None)
    refused("NOT_ENTITLED", other.post, "/api/enrol", {"terminal": "t2"}, status=403)
    session = admin.take_session(admin.post("/api/enrol", {"terminal": "t2"}))
    assert session["terminal"] == "t2" and session["person"] == t.admin, session
    assert "HttpOnly" in admin.jar_attributes["__Host-renraku-terminal"]
    admin.post("/api/sign-out", {})
    assert set(admin.jar) == {"__Host-renraku-terminal"}, admin.jar
    terminal = admin
    session = terminal.hello()
    assert session["terminal"] == "t2" and "person" not in session, session
    assert terminal.pump(lambda: terminal.session.get("terminal") == "t2" and "person" not in terminal.session), "the stream lives on and says so"
    # It raises an alarm with nobody signed in, and hears broadcasts.
    raised = alarm(terminal, "at the counter")
    assert terminal.pump(lambda: any(n["incident"] == raised["incident"] for n in terminal.notices.values()))
    # After renraku-web was killed, it comes back by its cookie alone.
    t.stop_web(signal.SIGKILL)
    t.start_web()
    terminal.close()
    assert terminal.hello()["terminal"] == "t2"
    # A person signs in at it, and out.
    session = terminal.sign_in("p_tanaka", PASSWORD)
    assert session["terminal"] == "t2" and session["person"] == "p_tanaka", session
    terminal.open()
    terminal.post("/api/sign-out", {"everywhere": True})
    assert terminal.hello()["terminal"] == "t2"
    # It leaves by itself.
    assert terminal.post("/api/leave-terminal") == {} and not terminal.jar
    assert "terminal" not in terminal.hello()
    # Enrolled again, an administrator ends all browsers of it.
    admin2 = t.signed_in(t.admin, watch=None)
    admin2.take_session(admin2.post("/api/enrol", {"terminal": "t3"}))
    admin2.post("/api/sign-out", {})
    admin2.hello()
    admin2.open("inbox")
    assert admin2.session["terminal"] == "t3"
    chief = t.signed_in(t.admin, watch=None)
    assert chief.post("/api/enrol", {"terminal": "t3", "end": True}) == {}
    assert admin2.pump(lambda: admin2.bye)["code"] == "REMOVED"
    assert "terminal" not in admin2.hello() and not admin2.jar
    for page in (admin2, chief, other, terminal):
        page.close()


def enrolled(t, terminal="t2"):
    """A browser that is a terminal, and nobody signed in at it."""
    page = t.signed_in(t.admin, watch=None)
    page.take_session(page.post("/api/enrol", {"terminal": terminal}))
    page.post("/api/sign-out", {})
    page.hello()
    return page


def test_terminal_cookie(t):
    """Each use moves the end of an enrolment on, and that of its cookie with it; a person's is good for as long as it was made for."""
    page = enrolled(t)
    assert any(re.fullmatch(r"Max-Age=34[0-9]{6}", a) for a in page.jar_attributes["__Host-renraku-terminal"]), page.jar_attributes
    page.jar_attributes.clear()
    page.open("inbox")
    assert any(re.fullmatch(r"Max-Age=34[0-9]{6}", a) for a in page.jar_attributes["__Host-renraku-terminal"]), page.jar_attributes
    page.sign_in("p_tanaka", PASSWORD)
    page.jar_attributes.clear()
    page.hello()
    assert set(page.jar_attributes) == {"__Host-renraku-terminal"}, page.jar_attributes
    page.post("/api/sign-out", {})
    page.hello()
    page.post("/api/leave-terminal")
    page.jar_attributes.clear()
    page.hello()
    assert not page.jar_attributes and not page.jar
    page.close()


def test_sign_out_of_terminal(t):
    """Signed out of a terminal, whether renrakud hears of it or not: what the person saw is not there for the next, nor by an id of then."""
    page = enrolled(t)
    for away in (False, True):
        page.sign_in("p_tanaka", PASSWORD)
        page.open()
        assert page.await_view("VIEW_INBOX") and page.session["person"] == "p_tanaka"
        alarm(page, f"seen by the operator {away}")
        assert page.pump(lambda: any(n.get("role") == "operator" for n in page.notices.values()))
        first = f"{page.session['epoch']}-1"
        if away:
            t.stop(signal.SIGKILL)
            page.pump(lambda: not page.link.get("up"))
        page.post("/api/sign-out", {})
        session = page.hello()
        assert "person" not in session and session["terminal"] == "t2", session
        next_one = t.page(page)
        next_one.open(None, last=first)
        assert next_one.session.get("person") is None and not next_one.session["epoch"] == first[:-2], next_one.session
        if away:
            assert next_one.pump(lambda: next_one.link) and not next_one.views, "rows of the one before"
            t.start()
        assert next_one.pump(lambda: next_one.link and next_one.link.get("up") and next_one.session.get("link") == "up", 20)
        inbox = next_one.await_view("VIEW_INBOX")
        assert inbox and not any(n.get("role") == "operator" for n in next_one.notices.values()), next_one.notices
        next_one.close()
    page.post("/api/leave-terminal")
    page.close()


def test_sign_in_left(t):
    """Whoever leaves while the password is looked at is not signed in, at a terminal neither."""
    page = enrolled(t)
    page.open()
    for _ in range(5):
        raw = Connection(page.port, page.context)
        data = json.dumps({"person": "p_tanaka", "password": PASSWORD}).encode()
        raw.send("POST", "/api/sign-in", page.cookies() | {"Content-Type": "application/json", "Content-Length": str(len(data)), "Origin": f"https://127.0.0.1:{page.port}", "X-Renraku-CSRF": page.csrf}, data)
        page.hello()  # it has been taken by now
        raw.close()
    assert page.act("alarm", **FAULT)["outcome"] == "ACCEPTED"
    assert not page.pump(lambda: page.session.get("person"), 3), page.session
    assert "person" not in page.hello()
    page.post("/api/leave-terminal")
    page.close()


# ---- paper ----

def test_print(t):
    page = t.signed_in("p_tanaka", watch=None)
    incident = alarm(page)["incident"]
    for query, kind, begin in ((f"report?incident={incident}&format=html&lang=en", "text/html; charset=utf-8", b"<!DOCTYPE html>"), (f"report?incident={incident}&format=json", "application/json", b"{"),
                               (f"report?incident={incident}", "application/pdf", b"%PDF"), ("contacts?format=html&lang=ja", "text/html; charset=utf-8", b"<!DOCTYPE html>")):
        status, headers, body = page.request("GET", "/api/print/" + query, seconds=70)
        headers = dict(headers)
        assert status == 200 and headers["content-type"] == kind and body.startswith(begin), (query, status, headers, body[:200])
        if kind.startswith("text/html"):
            assert "sandbox" in headers["content-security-policy"] and "script" not in headers["content-security-policy"]
            assert b"<script" not in body
    refused("REFUSED", page.get, "/api/print/report?incident=999&format=json", status=403)
    refused("MALFORMED", page.get, "/api/print/report", status=400)
    refused("MALFORMED", page.get, "/api/print/sheets?format=exe", status=400)
    nobody = t.page()
    refused("NOT_SIGNED_IN", nobody.get, "/api/print/contacts", status=401)
    for p in (page, nobody):
        p.close()


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_print_bounds(t):
    """A printing program that never ends: two run, others wait, one browser has four; when the browsers leave, all of it is gone, its directory too."""
    t.stop_web()
    t.report = t.path("slow-report")
    with open(t.report, "w") as out:
        out.write(f"#!/bin/sh\necho $$ >>{t.path('slow.pids')}\ndirname \"$3\" >>{t.path('slow.dirs')}\nexec sleep 1000\n")
    os.chmod(t.report, 0o755)
    t.start_web()
    page = t.signed_in("p_tanaka", watch=None)
    waiting = []
    for _ in range(4):
        raw = Connection(page.port, page.context)
        raw.send("GET", "/api/print/contacts", page.cookies())
        waiting.append(raw)
    deadline = time.monotonic() + 20
    while True:  # the fourth has been taken when a fifth is turned away
        raw = Connection(page.port, page.context)
        raw.send("GET", "/api/print/contacts", page.cookies())
        raw.sock.settimeout(0.5)
        try:
            status, headers = raw.head()
            assert status == 429 and dict(headers)["retry-after"], status
            raw.close()
            break
        except Cut:
            raw.close()
        assert time.monotonic() < deadline
    while not os.path.exists(t.path("slow.dirs")) or len(open(t.path("slow.dirs")).read().split()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    pids, folders = ([line for line in open(t.path(f"slow.{what}")).read().split()] for what in ("pids", "dirs"))
    running = [pid for pid in pids if alive(pid)]
    assert len(running) == 2, pids
    assert all(os.stat(f).st_mode & 0o77 == 0 for f in folders if os.path.exists(f))
    for raw in waiting:
        raw.close()
    while any(alive(pid) for pid in open(t.path("slow.pids")).read().split()) or any(os.path.exists(f) for f in open(t.path("slow.dirs")).read().split()):
        assert time.monotonic() < deadline, "it goes on for nobody"
        time.sleep(0.02)
    page.close()
    t.stop_web()
    t.report = None
    t.start_web()


# ---- when something dies ----

def come_back(page, seconds=20):
    """What a page does when its stream is cut: again and again, with the last id."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            page.open("inbox,board", last=page.last_id)
            return
        except (Cut, Refused):
            if time.monotonic() > deadline:
                raise
            page.close()
            time.sleep(0.1)  # the pace of trying again; what is waited for is the console


def give_until_final(page, command, seconds=30):
    deadline = time.monotonic() + seconds
    while True:
        try:
            result = page.give(command)
            if result["outcome"] != "NOT_CONFIRMED":
                return result
        except (Cut, Refused) as error:
            if isinstance(error, Refused) and error.status not in (503, 504, 429):
                raise
            page.close_stream()
            if page.kept:
                page.kept.close()
                page.kept = None
        assert time.monotonic() < deadline, "no final answer"
        time.sleep(0.05)


def test_killed(t):
    """kill -9 of renraku-web and of renrakud amid commands: each is on record once."""
    page = t.signed_in("p_tanaka")
    incident = alarm(page)["incident"]
    texts = []
    for i in range(24):
        command = page.command("comment", incident=incident, text=f"number {i}")
        texts.append(f"number {i}")
        if i % 6 == 2:
            # Sent, and the console is killed before it can answer.
            sender = t.page(page)
            raw = send_only(sender, command)
            t.stop_web(signal.SIGKILL)
            raw.close()
            t.start_web()
        elif i % 6 == 5:
            sender = t.page(page)
            raw = send_only(sender, command)
            t.stop(signal.SIGKILL)
            t.start()
            raw.close()
        result = give_until_final(page, command)
        assert result["outcome"] == "ACCEPTED", result
    entries, at = [], 1
    while True:
        got = page.get(f"/api/log?incident={incident}&from={at}")
        entries += got.get("entries", [])
        at = entries[-1]["index"] + 1
        if got.get("last"):
            break
    said = [e["fields"]["text"] for e in entries if e.get("fields", {}).get("kind") == 33 and e["fields"]["text"].startswith("number ")]
    assert said == texts, (said, texts)
    come_back(page)
    assert page.await_view("VIEW_BOARD") and page.session["person"] == "p_tanaka"
    page.close()


def send_only(page, command):
    raw = Connection(page.port, page.context)
    data = json.dumps(command).encode()
    raw.send("POST", "/api/command", page.cookies() | {"Content-Type": "application/json", "Content-Length": str(len(data)), "Origin": f"https://127.0.0.1:{page.port}", "X-Renraku-CSRF": page.csrf}, data)
    return raw


def test_server_away(t):
    """renrakud is gone: pages hear so, rows stand, what is sent is turned away at once, who has cookies is not taken for nobody; then all comes back."""
    page = t.signed_in("p_tanaka")
    assert page.await_view("VIEW_BOARD") and page.await_view("VIEW_INBOX")
    t.stop(signal.SIGKILL)
    assert page.pump(lambda: page.link and not page.link.get("up")), "the stream says that the server is away"
    assert page.link["text"] and page.link["text_en"]
    refused("NO_SERVER", page.act, "test", status=503)
    other = t.page(page)
    other.open(None)
    assert other.await_view("VIEW_BOARD"), "a new tab gets the rows that stood"
    assert other.session["link"] == "down" and other.session["person"] == "p_tanaka"
    t.stop_web(signal.SIGKILL)
    t.start_web()
    page.close()
    session = page.hello()
    assert session["link"] == "down" and session.get("unknown") and page.jar, session
    nobody = t.page()
    deadline = time.monotonic() + 10
    while nobody.hello()["link"] != "down":
        assert time.monotonic() < deadline, "it is said to be there"
    refused("NO_SERVER", nobody.sign_in, "p_tanaka", PASSWORD, status=503)
    page.open("inbox,board")
    t.start()
    assert page.pump(lambda: page.link and page.link.get("up") and page.session.get("person") == "p_tanaka", 20)
    assert page.await_view("VIEW_BOARD")
    assert page.act("absence", reason="x", until=int(time.time() * 1000) + 3600000)["outcome"] == "ACCEPTED"
    assert page.act("absence", back=True)["outcome"] == "ACCEPTED"
    # Signing out while it is away clears the cookie all the same.
    t.stop(signal.SIGKILL)
    page.pump(lambda: not page.link.get("up"))
    page.post("/api/sign-out", {})
    assert not page.jar
    t.start()
    for p in (page, other, nobody):
        p.close()


def test_full_disk(t):
    """A server that cannot record keeps no sign-ins: one can sign in all the same and see whom to call, as long as that session lasts."""
    t.stop(signal.SIGKILL)
    t.start(wrap=["prlimit", "--fsize=1024"])
    page = t.page()
    deadline = time.monotonic() + 20
    while True:
        try:
            page.sign_in("p_tanaka", PASSWORD)
            break
        except Refused as error:
            assert error.code == "NO_SERVER" and time.monotonic() < deadline, error
            time.sleep(0.05)
    assert page.session["cannot_record"] and page.jar
    page.open()
    assert page.await_view("VIEW_BOARD") and page.view("VIEW_BOARD").of("town")[0]["cannot_record"]
    result = page.act("absence", back=True)
    assert result["outcome"] == "REFUSED" and result["code"] == "CANNOT_RECORD" and result["telephone"], result
    second = t.page(page)
    second.open(None)
    assert second.await_view("VIEW_BOARD")
    t.stop(signal.SIGKILL)
    t.start()
    assert page.pump(lambda: page.bye)["code"] == "SIGNED_OUT"
    assert "person" not in page.hello() and not page.jar
    page.close()
    second.close()


def main():
    wanted = sys.argv[1:]
    tests = [(n, f) for n, f in globals().items() if n.startswith("test_") and (not wanted or n in wanted)]
    site = open(os.path.join(os.environ.get("RENRAKU_SOURCE", "."), "server/plans/taga-demo-site.yaml")).read()
    admin = re.search(r"id: (\w+)[^}]*administrator: true", site) or re.search(r"administrators: \[(\w+)", site)
    with WebTown(passwords=(*PEOPLE, admin.group(1))) as t:
        t.admin = admin.group(1)
        t.start()
        t.start_web()
        for name, test in tests:
            begun = time.monotonic()
            test(t)
            print(f"{name}: {time.monotonic() - begun:.1f} s", flush=True)
        status = t.stop_web()
        assert status == 0, open(t.path("web.err")).read()[-6000:]
        with open(t.path("web.err")) as errors:
            log = errors.read()
        said = [line for line in log.split("\n") if re.search(r"\br[te]-[0-9a-f]{8}", line) or PASSWORD in line]
        assert not said, f"a token or password in the log: {said}"


if __name__ == "__main__":
    main()
