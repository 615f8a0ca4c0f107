"""What the JSON, HTML and CSV forms of one report hold, and what the forms on paper ask for.
   check_forms.py JSON HTML CSV | check_forms.py --sheets PLAN PDF"""
import csv
import io
import json
import subprocess
import sys
import xml.etree.ElementTree

EVIL = '<script>alert(1)</script> & "q"'


def need(true, what):
    if not true:
        sys.exit(f"check_forms: {what}")


def check_json(path):
    with open(path, encoding="utf-8") as f:
        d = json.load(f)
    need(d["format"] == 1 and d["incident"] == 2 and not d["drill"] and d["state"] == "open", "what it is")
    need(d["plan"]["sha256"] and d["plan"]["edition"] and d["site"]["sha256"], "plan and site")
    need(d["log"]["verified"] and d["log"]["hash"] == d["timeline"][-1]["hash"] and d["log"]["head"] == d["timeline"][-1]["record"], "the head of the log")
    clauses = {c["clause"]: c for c in d["clauses"]}
    for clause in ("G1", "F0", "F1.1a", "F1.1b", "F1.2a", "F1.2b", "F1.3", "F2.2a", "C1", "C2", "C3"):
        need(clauses[clause]["applicable"] and clauses[clause]["evidence"], f"{clause} has no evidence")
    need(clauses["F1.1b"]["state"] == "met" and clauses["F1.1c"]["state"] == "waived", "F1.1b, F1.1c")
    need(clauses["M2.0"]["state"] == "not_applicable" and clauses["M2.0"]["reason"], "why M2.0 does not apply")
    # Every applicable clause has evidence or a gap that can be seen.
    for c in d["clauses"]:
        need(not c["applicable"] or c["evidence"] or [g for g in c["gaps"] if g["open"]], f"{c['clause']} has neither evidence nor gap")
        need(c["applicable"] or c["reason"], f"{c['clause']}: no reason")
        need(c["state"] != "open" or [g for g in c["gaps"] if g["open"]], f"{c['clause']} is open without a gap")
    need([g for g in clauses["F2.1"]["gaps"] if g["kind"] == "no_acknowledgement" and "佐藤" in g["text"]], "the acknowledgement that is missing")
    need([g for g in clauses["F1.2b"]["gaps"] if g["kind"] == "unconfirmed"], "what is not confirmed")
    said = [e for e in clauses["F1.2b"]["evidence"] if e["kind"] == "acknowledged"]
    need(len(said) == 1 and said[0]["person"] == "p_suzuki" and said[0]["channel"] == "telephone" and said[0]["number"] == "0749-00-0002" and
         said[0]["entered_by"] == "田中 健一" and said[0]["word"] == "unconfirmed" and said[0]["capacity"] == "self" and said[0]["said_at"] and said[0]["record"],
         f"who said it, and how: {said}")
    decided = [e for e in next(i for i in d["items"] if i["id"] == "F2.2a")["evidence"] if e["kind"] == "entered"]
    need(len(decided) == 2 and decided[0]["superseded"] and not decided[1]["superseded"] and "窓口一つ" in decided[0]["text"], "both versions of a decision")
    need([f["shown"] for f in d["facts"] if f["fact"] == "serious"] == ["重大でない", "重大（町長報告・会議招集）"], f"the course of a fact: {d['facts']}")
    need([c for c in d["calls"] if c["no_answer"] and c["again_at"] and c["number"] == "077-563-3750"], "the call nobody answered")
    need([c for c in d["calls"] if c["said"] == EVIL], "what was said, unchanged")
    need([m for m in d["measures"] if m["state"] == "in_force" and m["authorities"]], "the measure")
    need([f for f in d["follow_ups"] if f["text"] == EVIL and f["due"] == "2027-01-31"], "the follow-up")
    need(any(n["item"] == "A.fault" and n["displayed"] and n["addressed"] == 3 for n in d["notices"]), "how far the broadcast came")
    need(all(limit["state"] in ("kept", "missed", "running") for limit in d["limits"]) and d["limits"], "limits")
    records = [line["record"] for line in d["timeline"]]
    need(records == sorted(set(records)), "the timeline's order")
    need(all(len(line["hash"]) == 64 for line in d["timeline"]), "hashes")
    return d


def check_html(path, d):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    need("<script" not in text.lower() and "http://" not in text.replace("http://x", "") and " src=" not in text and "href=" not in text, "nothing runs, nothing is asked for")
    need("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot;" in text, "what people wrote is escaped")
    tree = xml.etree.ElementTree.fromstring(text.replace("<!DOCTYPE html>", "", 1))
    need(len(tree.findall(".//h2")) == 11, "its parts")
    shown = "".join(tree.itertext())
    # Something may have come on record since it was made: its head is among what the later one has.
    need([line for line in d["timeline"] if line["hash"] in shown] and d["plan"]["sha256"] in shown, "hashes")
    need(shown.count(EVIL) >= 6, "every hostile text as text")


def check_csv(path, d):
    with open(path, "rb") as f:
        raw = f.read()
    need(raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\r\n"), "byte order mark, line ends")
    rows = list(csv.reader(io.StringIO(raw[3:].decode("utf-8"), newline="")))
    line = d["timeline"][:len(rows) - 1]
    need(len(rows) > 50 and {len(r) for r in rows} == {19}, "one line for each record")
    need([int(r[2]) for r in rows[1:]] == [one["record"] for one in line], "the same records")
    need([r[-1] for r in rows[1:]] == [one["hash"] for one in line], "the same hashes")
    need([r for r in rows if "HYPERLINK" in r[17] and r[17].startswith("'=")], "a formula is disarmed")
    need(not [c for r in rows for c in r if c[:1] in "=+-@\t\r" and c], "no cell begins like a formula")


def check_sheets(plan, pdf):
    import yaml
    with open(plan, encoding="utf-8") as f:
        plan = yaml.safe_load(f)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    flat = "".join(text.split()).replace("　", "")
    steps = [s for p in plan["procedures"] for s in p["steps"]]
    for step in steps:
        for item in step["items"]:
            need(f"□{item['id']}" in flat, f"{item['id']} is on no sheet")
            for field in item.get("form", []):
                need("".join(field["title"].split()).replace("　", "")[:6] in flat, f"{item['id']}: {field['id']}")
    pages = text.count("\f")
    need(pages > len(steps), f"{pages} pages for {len(steps)} steps")


def check_withheld(path):
    """A record with a private number is left out, yet what it proves is not: the view says who acknowledged."""
    with open(path, encoding="utf-8") as f:
        d = json.load(f)
    need(d["log"]["withheld"] == 1 and d["log"]["verified"], f"{d['log']}")
    clause = next(c for c in d["clauses"] if c["clause"] == "F1.3")
    need([e for e in clause["evidence"] if e["person"] == "p_sato" and e["channel"] == "telephone" and not e["number"]], f"who acknowledged: {clause['evidence']}")


if sys.argv[1] == "--withheld":
    check_withheld(sys.argv[2])
elif sys.argv[1] == "--sheets":
    check_sheets(*sys.argv[2:])
else:
    made = check_json(sys.argv[1])
    check_html(sys.argv[2], made)
    check_csv(sys.argv[3], made)
