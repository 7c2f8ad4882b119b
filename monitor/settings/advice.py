"""What to write instead: the words an operator reads for each way a value can be wrong."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from monitor.errors import instead
from monitor.model.advice import ADVICE, example_of
from monitor.settings.files import Place
from monitor.settings.shape import table_at

PATTERNS = {
    r"^[\w.\-]*$": "use letters, digits, dots, dashes and underscores only",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": 'use small Latin letters, digits and single dashes only, such as "save-aleppo"',
    r"^[a-z0-9]+$": "use small Latin letters and digits only",
    r"^https?://[^/\s]+$": 'write the address of a server and nothing behind it, such as "https://mastodon.social"',
    r"^https?://[^/\s?#]+$": 'write the address of a server and nothing behind it, such as "https://bsky.social"',
    r"^https?://\S+[^/\s]$": "write an address with https:// and without a slash at its end",
    r"^(https?://\S+[^/\s])?$": "write an address with https:// and without a slash at its end, or leave it out",
    r"^[a-z_]*$": "write the name as the platform does: small letters and underscores",
}
"""What a pattern asks for, in words, where the setting has no description that says it."""


def advice(table: type[BaseModel], error: Mapping[str, Any]) -> str:
    """Return what to write instead, for one error that pydantic found in `table`; never repeats a value."""
    place: Place = error["loc"]
    if error["type"] == "extra_forbidden":
        return unknown(str(place[-1]), table_at(table, place[:-1]).model_fields)
    context = dict(error.get("ctx", {}))
    if error["type"] == "string_pattern_mismatch":
        own = table_at(table, place[:-1]).model_fields.get(_key(place))
        return (own and own.description) or PATTERNS.get(context["pattern"], "is not in the right form")
    template = ADVICE.get(error["type"], "{message}")
    if "expected" in context:
        context |= {"expected": str(context["expected"]).replace("'", '"')}
    words = {"key": _key(place), "example": _example(table, place, error["type"]), "message": error["msg"], **context}
    return template.format_map(words)


def unknown(word: str, known: Iterable[str]) -> str:
    """Return the advice for a word nobody knows: the nearest one, else all there are."""
    names = sorted(known)
    listed = f"known here are {', '.join(names)}" if names else "there is none yet"
    return f"is not known; {instead(word, names, listed)}"


def _key(place: Place) -> str:
    return next((step for step in reversed(place) if isinstance(step, str)), "")


def _example(table: type[BaseModel], place: Place, wanted: str) -> str:
    """Return a value of the right type: the setting's default where it has one, else what is `wanted`."""
    settings = table_at(table, place[:-1]).model_fields
    default = settings[str(place[-1])].default if place and place[-1] in settings else None
    if isinstance(default, bool | int | float):
        return str(default).lower()
    if isinstance(default, str) and default:
        return f'"{default}"'
    return example_of(wanted)
