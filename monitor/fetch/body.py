"""What a POST carries, and what of it no message may repeat."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes that are sent, their content type, and every text in them: one may be a password."""

    content: bytes = field(repr=False)
    kind: str
    texts: tuple[str, ...] = field(repr=False)


def packed(written: Any, form: Mapping[str, str] | None) -> Body:
    """Return JSON, or the fields of a form where there are some, or nothing at all."""
    if form is not None:
        return Body(urlencode(form).encode(), "application/x-www-form-urlencoded", tuple(form.values()))
    if written is None:  # some doors refuse a body where they expect none
        return Body(b"", "application/json", ())
    return Body(json.dumps(written).encode(), "application/json", tuple(_texts(written)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(part)
