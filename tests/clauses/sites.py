"""The demonstration site with something else about it, so that a scene depends neither on the hour at which it is played nor on what the site has
in place of the plan's own."""
import datetime
import json

JAPAN = datetime.timezone(datetime.timedelta(hours=9))
ALL_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]


def today(days=0):
    return datetime.datetime.now(JAPAN).date() + datetime.timedelta(days=days)


def hours(site, which):
    """Makes the present moment business | night | weekend | holiday | year_end. The day after counts as well: midnight may be near."""
    now = datetime.datetime.now(JAPAN)
    calendar = {"business": "00:00-23:59", "days": list(ALL_DAYS), "closed": [], "holidays": []}
    near = [today(), today(1)]
    if which == "night":
        opens = (now.hour + 11) % 23
        calendar["business"] = f"{opens:02}:00-{opens + 1:02}:00"
    elif which == "weekend":
        calendar["days"] = [d for i, d in enumerate(ALL_DAYS) if i not in {(day.weekday() + 1) % 7 for day in near}]
    elif which == "holiday":
        calendar["holidays"] = [day.isoformat() for day in near]
    elif which == "year_end":
        calendar["closed"] = [day.strftime("%m-%d") for day in near]
    site["calendar"] = calendar


def printed(site, bodies):
    """Without numbers of its own for these bodies, so that the plan's printed ones are offered."""
    site["contacts"] = [c for c in site["contacts"] if c["body"] not in bodies.split(",")]


def number(site, value):
    """BODY:NUMBER, at all hours."""
    body, tel = value.split(":")
    printed(site, body)
    site["contacts"].append({"body": body, "tel": tel, "hours": "always", "verified": "2026-04-01"})


def holder(site, value):
    """ROLE:PERSON, nobody beside."""
    role, person = value.split(":")
    site["holders"] = [h for h in site["holders"] if h["role"] != role] + [{"role": role, "persons": [person]}]


TWEAKS = {"hours": hours, "printed": printed, "number": number, "holder": holder}


def plain(value):
    """YAML reads days as dates."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def tweak(site, tweaks):
    site = plain(site)
    for key, value in tweaks:
        TWEAKS[key](site, value)
    return site


def write(matter, path):
    """JSON is YAML, too, and leaves no doubt what is a text."""
    with open(path, "w", encoding="utf-8") as f:
        json.dump(matter, f, ensure_ascii=False, indent=1)
        f.write("\n")
    return path
