"""One TOML file, and where in it everything stands, so that a problem can name the line."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.errors import Problem, SettingsError

Place = Sequence[str | int]
"""The way to a setting, such as `("sources", 1, "server")`."""

LARGEST = 2**63 - 1
"""What TOML promises to hold, and JSON behind it."""

_HEADER = re.compile(r"^\s*(\[\[|\[)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=""")
_WHERE = re.compile(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class File:
    """What a file says, the name to show for it, and the lines of its places."""

    path: Path
    content: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def problem(self, place: Place, advice: str) -> Problem:
        """Return a problem at `place`, with the line it or the table around it begins on."""
        said = spelled_out(place)
        known = (self.lines.get(spelled_out(place[:end])) for end in range(len(place), 0, -1))
        line = next((line for line in known if line), None)
        return Problem(str(self.path), f"{said} (line {line})" if line else said, advice)


def read(path: Path) -> File:
    """Return the file, or raise the one problem that keeps it from being read."""
    try:
        return parsed(path, path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise refused(path, f"cannot be read ({error.strerror}); check its name and its permissions") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise refused(path, "is not in UTF-8; save it as UTF-8 in your editor", f"line {line}") from error


def parsed(path: Path, text: str) -> File:
    """Return the file that `text` is or will be, or raise what keeps it from being TOML that can be used."""
    try:
        file = File(path, tomllib.loads(text), dict(_lines(text)))
        unfit = [file.problem(place, advice) for place, value in leaves(file.content) if (advice := _unfit(value))]
    except tomllib.TOMLDecodeError as error:
        raise refused(path, *_broken(str(error))) from error
    except ValueError as error:
        raise refused(path, "holds a number of thousands of digits; write a smaller one") from error
    except RecursionError as error:
        raise refused(path, "has brackets within brackets without end; close them") from error
    if unfit:
        raise SettingsError(unfit)
    return file


def leaves(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[Place, object]]:
    """Yield every value that is no table and no list, with its place."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*place, index))
    else:
        yield place, value


def _unfit(value: object) -> str | None:
    """Return why a value is of no use to anybody, although it is TOML."""
    if isinstance(value, str) and "\0" in value:
        return "holds a character that no text has (U+0000); leave it out"
    return "is too large a number; write a smaller one" if isinstance(value, int) and abs(value) > LARGEST else None


def refused(path: Path, advice: str, place: str = "") -> SettingsError:
    """Return the error of a single problem with a whole file."""
    return SettingsError([Problem(str(path), place, advice)])


def spelled_out(place: Place) -> str:
    """Return a place as an operator reads it: `sources[1].server`."""
    text = ""
    for step in place:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if re.fullmatch(r"[A-Za-z0-9_-]+", step) else f'."{step}"'
    return text.removeprefix(".")


def _broken(message: str) -> tuple[str, str]:
    where = _WHERE.match(message)
    reason, line, column = where.groups() if where else (message, None, None)
    hint = "text stands in quotes, lists in [ ], and every key once"
    return f"is not TOML: {reason[:1].lower()}{reason[1:]}; {hint}", f"line {line}, column {column}" if line else ""


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield the places of all tables and keys; good enough to point at a line, not a parser."""
    table, seen = "", Counter[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _within(header[2], seen)
            if header[1] == "[[":
                seen[table] += 1
                table = f"{table}[{seen[table] - 1}]"
            yield table, number
        elif key := _KEY.match(line):
            yield f"{table}.{_bare(key[1])}".removeprefix("."), number


def _within(header: str, seen: Mapping[str, int]) -> str:
    """Return the table's place: a table inside a list belongs to the list's last table."""
    parts = [part.strip() for part in header.split(".")]
    for end in range(1, len(parts)):
        if count := seen.get(".".join(parts[:end])):
            parts[end - 1] += f"[{count - 1}]"
    return ".".join(parts)


def _bare(key: str) -> str:
    bare = key.strip("\"'")
    return bare if re.fullmatch(r"[A-Za-z0-9_.-]+", bare) else f'"{bare}"'
