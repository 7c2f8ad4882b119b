"""Tables of the operator's files as our values: checked, with their secrets filled in, every problem with its cure."""

import json
import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from monitor.errors import SettingsError
from monitor.model.poll_source import PollSettings
from monitor.model.source import SourceSettings
from monitor.settings.address import address_fault
from monitor.settings.advice import advice, unknown
from monitor.settings.files import File, Place, leaves
from monitor.settings.findings import Findings
from monitor.settings.secret import Variables, with_secrets
from monitor.settings.shape import kinds_at, required_secrets, secrets

Rows = TypeVar("Rows", bound=BaseModel)
Asked = TypeVar("Asked", bound=SourceSettings | PollSettings)

OTHER_NAMES = {
    "twitter": ("x", "it is x here"),
    "facebook": ("own_pages", "write own_pages for your own pages; of those of others nobody tells"),
    "rss": ("feeds", "it is feeds here"),
}
"""What people call a platform, by what it is called here."""

_TEXTS = {Path: "path_type", SecretStr: "string_type", str: "string_type"}


def chosen(rows: Mapping[str, Any], kinds: Mapping[str, object], file: File, at: Place) -> str:
    """Return the platform that a table names, or raise that there is none such."""
    kind = rows.get("platform")
    if isinstance(kind, str) and kind in kinds:
        return kind
    if isinstance(kind, str):
        platform, words = OTHER_NAMES.get(kind.lower(), ("", ""))
        meant = f"is not known; {words}" if platform in kinds else unknown(kind, kinds)
        raise SettingsError([file.problem((*at, "platform"), f'"{kind}" {meant}')])
    names = ", ".join(f'"{name}"' for name in kinds)
    said = "is missing" if kind is None else "is not text"
    raise SettingsError([file.problem((*at, "platform"), f"{said}; write one of {names}")])


def place(
    file: File,
    at: Place,
    table: type[Asked],
    *,
    env: Variables,
    called: Callable[[Asked], Place],
    found: Findings,
    named: bool = False,
) -> Asked | None:
    """Return the table at a place of a file with its secrets, None when it cannot be read; `found` gets what is wrong.

    `called` says what its secrets' variables begin with; with `named`, the last of it becomes its `name`. A secret that
    is missing has a stand-in: what is off needs none, and what is on is told of.
    """
    rows = reduce(operator.getitem, at, file.content)  # type: ignore[arg-type]
    needed = required_secrets(table)
    stand_ins = dict.fromkeys(needed, "given later")
    hidden = {key for inner, key in secrets(table) if not inner}
    faults = Findings()
    first = faults.attempt(checked, table, stand_ins | {k: v for k, v in rows.items() if k not in hidden}, file, at)
    for key, value in first or ():
        faults.add(file, (*at, key), address_fault(value) if isinstance(value, str) and "://" in value else None)
    found.problems += faults.problems
    if first is None or faults.problems:
        with_secrets(table, file, env, found, at=at, named=None)
        return None
    names = called(first)
    filled = with_secrets(table, file, env, found, at=at, named=names, needed=needed, off=first.off is not None)
    return found.attempt(checked, table, stand_ins | filled | ({"name": names[-1]} if named else {}), file, at)


def checked(table: type[Rows], rows: Mapping[str, Any], file: File, at: Place = ()) -> Rows:
    """Return `rows` as a table, or raise all that is wrong with them; `at` is where in the file they stand."""
    try:
        read = table.model_validate_json(json.dumps(rows, default=str))  # JSON: strict, yet a list may be a tuple
        faults: list[dict[str, Any]] = []
    except ValidationError as error:
        read = None
        faults = [dict(fault) for fault in error.errors(include_input=False, include_url=False)]
    faults += _dates(table, rows, {fault["loc"] for fault in faults})
    if read is None or faults:
        raise SettingsError([file.problem((*at, *_place(fault)), advice(table, fault)) for fault in faults])
    return read


def _dates(table: type[BaseModel], rows: Mapping[str, Any], known: set[Place]) -> Iterator[dict[str, Any]]:
    """Yield a fault for every date where text is wanted, as JSON made text of it; `known` places are faulty already."""
    for place, value in leaves(rows):
        kinds = kinds_at(table, place)
        if isinstance(value, date | time) and date not in kinds and place not in known:
            wanted = next((wanted for kind, wanted in _TEXTS.items() if kind in kinds), None)
            yield from [{"type": wanted, "loc": place, "msg": ""}] if wanted else []


def _place(fault: Mapping[str, Any]) -> Place:
    return [step for step in fault["loc"] if step != "[key]"]  # a wrong key of a dict is pointed at like its value
