"""Secrets: from a variable, or from a file that a variable or a `*_file` key names; never from the settings.

Every setting of the type SecretStr is one. The password of `[mail]` is looked for in MONITOR_MAIL_PASSWORD, in the file
that MONITOR_MAIL_PASSWORD_FILE names, and in the file that the key `password_file` names, in this order.
"""

import operator
import re
from collections.abc import Iterator, Mapping
from functools import reduce
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from monitor.errors import SettingsError
from monitor.settings.files import File, Place, refused
from monitor.settings.findings import Findings
from monitor.settings.shape import required_secrets, secrets

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


def with_secrets(
    table: type[BaseModel], file: File, env: Mapping[str, str], found: Findings, *, at: Place = (), named: Place = ()
) -> dict[str, Any]:
    """Return what stands at `at` in the file with every secret of `table` filled in; `named` begins the variables."""
    content = reduce(operator.getitem, at, file.content)  # type: ignore[arg-type]
    filled = {key: dict(value) if isinstance(value, dict) else value for key, value in content.items()}
    for inner, key in secrets(table):
        rows = reduce(lambda rows, step: rows.setdefault(step, {}), inner, filled)
        if isinstance(rows, dict):
            found.attempt(_refuse_written, rows.get(key), variable(*named, *inner, key), file, (*at, *inner, key))
            secret = found.attempt(_secret, rows, (*named, *inner, key), env)
            rows |= {key: secret} if secret else {}
    return filled


def missing(table: type[BaseModel], rows: Mapping[str, Any], named: Place) -> Iterator[tuple[str, str]]:
    """Yield the key of every secret that `table` can not do without and nobody gave, and what to do."""
    for key in sorted(required_secrets(table) - rows.keys()):
        yield key, f"is missing; set {variable(*named, key)}, or name a file that holds it in {key}_file"


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


def _secret(rows: Mapping[str, Any], place: Place, env: Mapping[str, str]) -> str | None:
    if value := env.get(variable(*place)):
        return value
    named = env.get(variable(*place, "file")) or rows.get(f"{place[-1]}_file")
    return read_secret(Path(named)) if isinstance(named, str) else None


def _refuse_written(written: object, name: str, file: File, place: Place) -> None:
    """Raise if a secret stands in the settings; an address without a login in it is none."""
    if isinstance(written, str) and not (place[-1] == "url" and "@" not in written):
        advice = f"a secret may not stand in this file; set {name}, or name a file that holds it in {place[-1]}_file"
        raise SettingsError([file.problem(place, advice)])
