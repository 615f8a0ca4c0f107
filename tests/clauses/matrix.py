#!/usr/bin/python3
"""The clause matrix: plays every scene, tries every mutation of the plan, and keeps docs/clauses.md.

  matrix.py                      all scenes, and docs/clauses.md is what they say
  matrix.py --mutations [K/N]    every mutation makes a scene of its clause fail (part K of N)
  matrix.py --mutations --fine   the finer changes, too small to be asked of every clause, are noticed by some scene
  matrix.py --write              writes docs/clauses.md anew
  matrix.py --only ROW …         only these clauses; with --mutations also their mutations, each with what failed
"""
import argparse
import concurrent.futures
import csv
import os
import sys
import tempfile

import yaml

import mutate
import player
import sites
import stage

MANY = 8  # a scene of more clauses stands below the table
DOC = os.path.join(stage.ROOT, "docs", "clauses.md")


def read_clauses():
    with open(os.path.join(stage.HERE, "clauses.tsv"), encoding="utf-8") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def perform(props, scene, plan=stage.PLAN):
    """None, or why it fails."""
    with stage.Stage(props, plan) as on:
        try:
            player.Player(on, scene).play()
        except player.Wrong as wrong:
            return str(wrong)
        except stage.Faulty as faulty:
            return "the plan is refused: " + str(faulty).strip().split("\n")[0]
    return None


def play_all(props, scenes, jobs):
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        failed = [(s, why) for s, why in zip(scenes, pool.map(lambda s: perform(props, s), scenes)) if why]
    for scene, why in failed:
        print(f"FAILED {' '.join(scene.rows) or '-'}: {scene.title}\n  {why}")
    print(f"{len(scenes) - len(failed)} of {len(scenes)} scenes hold")
    return not failed


# ---- mutations ----

def killed_by(props, scenes, mutation, plan):
    """(scene, why) of the first scene that fails with this plan; None: no scene notices."""
    with tempfile.NamedTemporaryFile("w", dir=props.dir, suffix=".yaml", encoding="utf-8") as f:
        sites.write(mutation.apply(plan), f.name)
        for scene in scenes:
            why = perform(props, scene, f.name)
            if why:
                return scene, why
    return None


def try_mutations(props, work, scenes, plan, spared, jobs, talk):
    """work: (rows, mutation); a scene of one of the rows must fail."""
    unnoticed = 0
    unchanged = killed_by(props, scenes[:1], mutate.Mutation("nothing", "", lambda p: None), plan)
    if unchanged:  # else everything would count as noticed
        print(f"even the plan as it is fails: {unchanged[1]}")
        return False
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        results = pool.map(lambda w: killed_by(props, [s for s in scenes if set(w[0]) & set(s.rows)], w[1], plan), work)
        for (rows, mutation), killer in zip(work, results):
            why = spared.get((rows[0], str(mutation)))
            if bool(killer) == bool(why):
                print(f"{'SPARED BUT NOTICED' if killer else 'NOT NOTICED'} {' '.join(rows)}: {mutation}")
                unnoticed += 1
            elif talk and killer:
                print(f"{' '.join(rows)}: {mutation}: {killer[1]}")
    print(f"{len(work) - unnoticed} of {len(work)} changes of the plan are noticed")
    return not unnoticed


# ---- the document ----

def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def items_of(plan, row):
    return [i["id"] for i in mutate.items(plan) if row in i.get("clause", [])] + [f"contact {c['tel']}" for c in plan["contacts"] if row in c.get("clause", [])] + \
        [f"fact {f['id']}" for f in plan["facts"] if row in f.get("clause", [])]


def attempt(line):
    return f"`{' '.join(line.words)}` → `{line.code}`" + (f" ({', '.join(line.missing)})" if line.missing else "")


def shown(scene):
    return f"{scene.title} ([{scene.file}](../tests/clauses/{scene.file}))"


def row_text(plan, clause, scenes, spared):
    row = clause["id"]
    mine = [s for s in scenes if row in s.rows]
    played = "<br>".join(shown(s) for s in mine if len(s.rows) <= MANY)
    items = items_of(plan, row)
    refused = "<br>".join(dict.fromkeys(attempt(line) for s in mine for line in s.refusals() if len(s.rows) == 1 or set(line.words[2:3]) & set(items)))
    mutations = ", ".join(f"`{m}`" for m in mutate.of_row(plan, row) if (row, str(m)) not in spared)
    return [row, clause["place"], ", ".join(items), played, refused, mutations]


HEAD = """# The clauses, each with what shows it

Made by `tests/clauses/matrix.py --write`; a test fails when it differs from what stands there. For each row of
[`clauses.tsv`](../tests/clauses/clauses.tsv): the items of [the plan](../server/plans/taga-juki-net.yaml) that carry it out, the scenes that run it through the real
programs, what somebody tries in them and is refused (with the reason code of [the protocol](protocol.md#reason-codes)), and the changes of the plan each of which makes
a scene of the row fail: `drop` takes an item away, `unack` an acknowledgement, the others what else makes the clause.

| clause | place | plan | scenes | refused | the row fails when |
|---|---|---|---|---|---|
"""


def document(plan, clauses, scenes, spared):
    text = HEAD
    for clause in clauses:
        text += "| " + " | ".join(cell(c) for c in row_text(plan, clause, scenes, spared)) + " |\n"
    for title, some in (("Scenes of many clauses", [s for s in scenes if len(s.rows) > MANY]), ("Scenes across clauses", [s for s in scenes if not s.rows])):
        text += f"\n## {title}\n\n" + "".join(f"- {shown(s)}{': ' if s.rows else ''}{' '.join(s.rows)}\n" for s in some)
    return text


def check_rows(plan, clauses, scenes, spared):
    """No row empty, no row unknown to the plan."""
    good = True
    known = {c["id"] for c in clauses}
    used = mutate.clauses_of(plan)
    for clause in clauses:
        row = row_text(plan, clause, scenes, spared)
        for name, text in zip(("id", "place", "plan", "scenes", "refused", "mutations"), row):
            if not text:
                print(f"EMPTY {clause['id']}: {name}")
                good = False
        if clause["id"] not in used:
            print(f"NOT IN THE PLAN: {clause['id']}")
            good = False
    for s in scenes:
        for row in s.rows:
            if row not in known:
                print(f"{s.file}:{s.where[1]}: there is no clause {row}")
                good = False
    return good


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mutations", nargs="?", const="1/1", metavar="K/N")
    options.add_argument("--fine", action="store_true")
    options.add_argument("--write", action="store_true")
    options.add_argument("--only", nargs="+", metavar="ROW")
    options.add_argument("--jobs", type=int, default=2)
    options = options.parse_args()
    with open(stage.PLAN, encoding="utf-8") as f:
        plan = yaml.safe_load(f)
    clauses = read_clauses()
    scenes, spared = player.read_scenes(stage.HERE)
    if options.write:
        with open(DOC, "w", encoding="utf-8") as f:
            f.write(document(plan, clauses, scenes, spared))
        return 0
    rows = [c["id"] for c in clauses if not options.only or c["id"] in options.only]
    props = stage.Props()
    try:
        if options.mutations:
            k, n = map(int, options.mutations.split("/"))
            work = list(mutate.finer_of(plan, rows)) if options.fine else [((row,), m) for row in rows for m in mutate.of_row(plan, row)]
            return 0 if try_mutations(props, work[k - 1::n], scenes, plan, spared, options.jobs, bool(options.only)) else 1
        good = play_all(props, [s for s in scenes if not options.only or set(s.rows) & set(options.only) or s.title in options.only], options.jobs)
    finally:
        props.close()
    if not options.only:
        good = check_rows(plan, clauses, scenes, spared) and good
        with open(DOC, encoding="utf-8") as f:
            if f.read() != document(plan, clauses, scenes, spared):
                print("docs/clauses.md is not what the scenes and the plan say: tests/clauses/matrix.py --write, and read the difference")
                good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
