"""The table of outlets, `outlets.csv` in the operator's folder: commas or semicolons, as spreadsheets save it."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from monitor.errors import Problem
from monitor.model.link import canonical
from monitor.model.outlet import Outlet, Outlets, Region, region
from monitor.settings.files import refused
from monitor.settings.findings import Findings

FILE = "outlets.csv"
COLUMNS = ("domain", "name", "language", "country", "region")

_REGIONS = {part.value for part in Region}
_FORMS = {
    "domain": (
        re.compile(r"[^\s/.]+(\.[^\s/.]+)+(/[^\s/]+){0,2}"),
        "write a domain, such as bbc.com or bbc.com/arabic",
    ),
    "name": (
        re.compile(r"[^\s,=/()\[\]{}\"'][^,=/()\[\]{}\"'\x00-\x1f]{0,59}"),
        "leave out commas, quotes, brackets, slashes and equals signs, and keep it under 60 letters",
    ),
    "language": (re.compile(r"[a-z]{2,3}"), "write a code of two or three small letters, such as ar"),
    "country": (re.compile(r"[A-Z]{2}"), "write the ISO code of two capital letters, such as SY"),
    "region": (re.compile("|".join(sorted(_REGIONS)) + "|"), f"write {', '.join(sorted(_REGIONS))}, or nothing"),
}


def outlets(folder: Path, found: Findings) -> Outlets:
    """Return the table of a folder, empty where there is none; what is wrong with it is added to `found`."""
    path = folder / FILE
    known: dict[str, Outlet] = {}
    places: dict[str, int] = {}
    for line, row in (found.attempt(_rows, path, found) if path.exists() else None) or ():
        faults = [f"{column}: {words}" for column, (form, words) in _FORMS.items() if not form.fullmatch(row[column])]
        place = canonical(f"https://{row['domain']}")
        if place in places:
            faults.append(f"domain: {row['domain']} stands in line {places[place]} too; leave one out")
        places.setdefault(place, line)
        found.problems += [Problem(str(path), f"line {line}", fault) for fault in faults]
        if not faults:
            part = Region(row["region"]) if row["region"] else region(row["country"])
            known[place] = Outlet(place, row["name"], row["language"], row["country"], part)
    return Outlets(tuple(known.values()))


def _rows(path: Path, found: Findings) -> list[tuple[int, Mapping[str, str]]]:
    """Return every line of the table that has all columns, with its number; comments and empty lines are none."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise refused(path, f"cannot be read ({error.strerror}); check its name and its permissions") from error
    except UnicodeDecodeError as error:
        raise refused(path, "is not in UTF-8; save it as CSV UTF-8 in your spreadsheet") from error
    kept = [
        (number, line)
        for number, line in enumerate(lines, start=1)
        if line.strip(" ,;") and not line.lstrip('"').startswith("#")
    ]
    header = kept[0][1] if kept else ""
    mark = ";" if ";" in header else ","
    names = [name.strip().lower() for name in header.split(mark)]
    if set(names) != set(COLUMNS):
        raise refused(path, f"its first line must name the columns {','.join(COLUMNS)}", "line 1")
    cut = [(number, next(csv.reader([line], delimiter=mark))) for number, line in kept[1:]]
    for number, cells in cut:
        if len(cells) != len(names):
            advice = f"has {len(cells)} columns where the first line has {len(names)}"
            found.problems.append(Problem(str(path), f"line {number}", advice))
    whole = [(number, cells) for number, cells in cut if len(cells) == len(names)]
    return [(number, dict(zip(names, map(str.strip, cells), strict=True))) for number, cells in whole]
