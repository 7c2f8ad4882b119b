"""The shape of the tables: which table stands at a place, and where the secrets are."""

from collections.abc import Iterator
from typing import get_args, get_origin

from pydantic import BaseModel, SecretStr

from monitor.settings.files import Place

Rows = type[BaseModel]


def table_at(table: Rows, place: Place) -> Rows:
    """Return the table that stands at `place` inside `table`; the nearest one around it where none does."""
    for step in place:
        if isinstance(step, str) and step in table.model_fields:
            table = next(tables(table.model_fields[step].annotation), table)
    return table


def kinds_at(table: Rows, place: Place) -> tuple[object, ...]:
    """Return the type of the setting at or around `place` and all types inside it; none if it is not known."""
    kinds: tuple[object, ...] = ()
    within: Rows | None = table
    for step in place:
        if isinstance(step, str) and within is not None:
            if step not in within.model_fields:
                return ()
            annotation = within.model_fields[step].annotation
            kinds, within = tuple(inside(annotation)), next(tables(annotation), None)
    return kinds


def secrets(table: Rows) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the tables to go through and the key, for every secret in `table`; those in lists are read apart."""
    for key, setting in table.model_fields.items():
        if get_origin(setting.annotation) is tuple:
            continue
        if SecretStr in inside(setting.annotation):
            yield (), key
        for inner in tables(setting.annotation):
            yield from (((key, *steps), secret) for steps, secret in secrets(inner))


def required_secrets(table: Rows) -> set[str]:
    """Return the keys of the secrets that `table` itself can not do without."""
    return {key for inner, key in secrets(table) if not inner and table.model_fields[key].is_required()}


def tables(annotation: object) -> Iterator[Rows]:
    """Yield the tables a setting may hold."""
    yield from (kind for kind in inside(annotation) if isinstance(kind, type) and issubclass(kind, BaseModel))


def inside(annotation: object) -> Iterator[object]:
    """Yield a type and everything inside it: all of `tuple[Recipient, ...] | None`."""
    yield annotation
    for part in get_args(annotation):
        yield from inside(part)
