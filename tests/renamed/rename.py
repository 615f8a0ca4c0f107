#!/usr/bin/env python3
"""rename.py PLAN SITE FOLDER [SEED]: writes FOLDER/plan.yaml and FOLDER/site.yaml with every id of both replaced by a random word, wherever it stands
(definitions, references, conditions), and FOLDER/ids with lines "OLD NEW". What people read stays: titles, words, notes, names, numbers, clauses.
The text is changed in place, so comments, order and layout stay too. The seed is printed; without one it is random."""
import os
import random
import re
import sys

import yaml

# Words of the language itself: docs/plan-language.md, 'Rules of the file'; `default` is a limit of every site.
RESERVED = {"none", "in_force", "ended", "unset", "entry", "measures", "anyone", "reporter", "every_terminal", "chair", "deferred", "default",
            "and", "or", "not", "in", "yes", "no", "on", "off", "true", "false", "null", "y", "n"}
# Keys whose values are not ids: what people read, and the language's own choices.
FREE = {"title", "title_en", "words", "note", "edition", "aliases", "guide", "checks", "contents", "clause", "name", "name_en", "label", "number", "tel",
        "hours", "verified", "organisation", "place", "places", "type", "need", "ack", "per", "may", "business", "days", "closed", "holidays", "language"}
WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]*")


def scalars(node, key=None, beside=frozenset()):
    """Every scalar value with the key it stands under and that key's neighbours."""
    if isinstance(node, yaml.MappingNode):
        keys = frozenset(k.value for k, _ in node.value)
        for k, value in node.value:
            yield from scalars(value, k.value, keys)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from scalars(value, key, beside)
    else:
        yield node, key, beside


def free(node, key, beside):
    if key == "via" and node.value in ("login", "tel") and not beside & {"to"}:
        return True
    if key == "holders":
        return node.value in ("any", "all")
    return key in FREE


def ids_of(tree):
    return {node.value for node, key, beside in scalars(tree) if key in ("id", "alarm", "plan", "site")} - RESERVED


def words_of(folder):
    """Words of the protocol: an id that is one of them could not be told from it in what the programs print."""
    found = set()
    for name in os.listdir(folder):
        if name.endswith(".proto"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                found |= set(WORD.findall(file.read()))
    return found


def invent(dice, taken):
    """A word that could be an id, of the various shapes that are allowed."""
    while True:
        syllables = "".join(dice.choice("bdfghjkmprstvwz") + dice.choice("aeiou") for _ in range(dice.randint(3, 6)))
        word = dice.choice([syllables, syllables.capitalize(), syllables + str(dice.randint(2, 99)), syllables[:3] + "_" + syllables[3:],
                            syllables[:2] + "." + syllables[2:], syllables[:4] + "-" + syllables[4:] + "q", dice.choice("0123456789") + "z" + syllables])
        if word not in taken and word.lower() not in RESERVED:
            taken.add(word)
            return word


def renamed(text, tree, new):
    changes = []
    for node, key, beside in scalars(tree):
        if not free(node, key, beside):
            start, end = node.start_mark.index, node.end_mark.index
            changes.append((start, end, WORD.sub(lambda m: new.get(m.group(), m.group()), text[start:end])))
    for start, end, word in sorted(changes, reverse=True):
        text = text[:start] + word + text[end:]
    return text


def main():
    plan, site, folder = sys.argv[1:4]
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(1 << 32)
    print("seed", seed)
    dice = random.Random(seed)
    texts = {}
    for name, path in (("plan.yaml", plan), ("site.yaml", site)):
        with open(path, encoding="utf-8") as file:
            texts[name] = file.read()
    trees = {name: yaml.compose(text) for name, text in texts.items()}
    old = sorted(set().union(*(ids_of(tree) for tree in trees.values())))
    taken = set(old) | words_of(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "proto"))
    new = {word: invent(dice, taken) for word in old}
    os.makedirs(folder, exist_ok=True)
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(renamed(text, trees[name], new))
    with open(os.path.join(folder, "ids"), "w", encoding="utf-8") as file:
        file.writelines(f"{a} {b}\n" for a, b in new.items())
    print(len(new), "ids renamed")


if __name__ == "__main__":
    main()
