"""Secrets: from a variable, or from a file that a variable or a `*_file` key names; never from the settings.

Every setting of the type SecretStr is one. The password of `[mail]` is looked for in MONITOR_MAIL_PASSWORD, in the file
that MONITOR_MAIL_PASSWORD_FILE names, and in the file that the key `password_file` names, in this order.
"""

import operator
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from monitor.errors import SettingsError
from monitor.settings.files import File, Place, refused
from monitor.settings.findings import Findings
from monitor.settings.shape import secrets

LONGEST = 16_384  # bytes; a larger file was named by mistake


def variable(*place: str | int) -> str:
    """Return the name of the variable for a secret: MONITOR_MAIL_PASSWORD for mail.password."""
    words = (re.sub(r"[^A-Z0-9]+", "_", str(step).upper()) for step in place)
    return "_".join(("MONITOR", *words))


def variables(table: type[BaseModel], place: Place = ()) -> Iterator[str]:
    """Yield every variable that a table listens to."""
    for inner, key in secrets(table):
        yield variable(*place, *inner, key)
        yield variable(*place, *inner, key, "file")


@dataclass
class Variables:
    """The environment, and who listens to it.

    `known`: the variables of all tables that were read. `unread`: how those of the others begin, which nobody knows.
    """

    given: Mapping[str, str]
    known: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)


def with_secrets(
    table: type[BaseModel],
    file: File,
    env: Variables,
    found: Findings,
    *,
    at: Place = (),
    named: Place | None = (),
    needed: Collection[str] = (),
    off: bool = False,
) -> dict[str, Any]:
    """Return what stands at `at` in the file with every secret of `table` filled in that there is.

    `named` begins the variables; None when nobody knows. Those that are `needed` are told of when nobody gave them,
    but what is `off` needs none, and none is read.
    """
    content = reduce(operator.getitem, at, file.content)  # type: ignore[arg-type]
    filled = {key: dict(value) if isinstance(value, dict) else value for key, value in content.items()}
    env.known |= set(variables(table, named)) if named is not None else set()
    for inner, key in secrets(table):
        rows = reduce(lambda rows, step: rows.setdefault(step, {}), inner, filled)
        if isinstance(rows, dict):
            name = variable(*named, *inner, key) if named is not None else None
            place, before = (*at, *inner, key), len(found.problems)
            told = found.attempt(_told, rows.pop(key, None), name, file, place)
            asked = (rows.get(f"{key}_file"), name, env.given, file, place)
            secret = None if off else found.attempt(_secret, *asked)
            rows |= {key: secret or told} if secret or told else {}
            if key in needed and not (off or key in rows or len(found.problems) > before):
                found.add(file, place, f"is missing; {cure(name, key)}")
    return filled


def read_secret(path: Path) -> str:
    """Return what a file holds on its one line; whatever is wrong is said without repeating it."""
    try:
        text = path.read_bytes()[: LONGEST + 1].decode().strip()
    except OSError as error:
        raise refused(path, f"this file of a secret cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise refused(path, "this file of a secret is not text in UTF-8") from error
    except ValueError as error:  # a NUL in it
        shown = Path(str(path).replace("\0", "\\0"))
        raise refused(shown, "this file of a secret has a name that no file can have") from error
    if not text or "\n" in text or len(text) > LONGEST:
        raise refused(path, "this file of a secret must hold one line, the secret")
    return text


def cure(name: str | None, key: str) -> str:
    """Return where a secret belongs."""
    return f"{f'set {name}, or ' if name else ''}name a file that holds it in {key}_file"


def _secret(in_file: object, name: str | None, env: Mapping[str, str], file: File, place: Place) -> str | None:
    """Return the secret from the first place that has it; a file that cannot be read is told with who named it."""
    if name and (value := env.get(name)):
        return value
    by_variable = env.get(f"{name}_FILE") if name else None
    named = by_variable or in_file
    try:
        return read_secret(Path(named)) if isinstance(named, str) else None
    except SettingsError as error:
        at = file.problem((*place[:-1], f"{place[-1]}_file"), str(error))
        raise SettingsError([replace(at, place=f"{name}_FILE") if by_variable else at]) from error


def _told(written: object, name: str | None, file: File, place: Place) -> object:
    """Return an address without a login in it; any other secret that stands in the settings is refused."""
    if written is None or (place[-1] == "url" and "@" not in str(written)):
        return written
    raise SettingsError([file.problem(place, f"a secret may not stand in this file; {cure(name, str(place[-1]))}")])
