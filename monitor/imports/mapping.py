"""A mapping: which column of a table is what; one TOML file for each kind of table, the operator's or our own."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from monitor.errors import Problem, SettingsError
from monitor.model.table import Table


def _tuple(told: Any) -> Any:
    """Take one text for a list of one, as people write it."""
    return (told,) if isinstance(told, str) else tuple(told) if isinstance(told, list) else told


def _tuples(told: Any) -> Any:
    return {key: _tuple(value) for key, value in told.items()} if isinstance(told, dict) else told


Texts = Annotated[tuple[str, ...], BeforeValidator(_tuple)]
Choice = Annotated[dict[str, Texts], BeforeValidator(_tuples)]
"""A column, and the values of it that are meant."""


class Columns(Table):
    """The table [columns]: for each thing the column that tells it; of several the first that is filled."""

    id: Texts
    id_prefix: Texts = ()  # what stands before the id, with an underscore between
    created_at: Texts
    text: Texts = ()
    tags: Texts = ()
    author: Texts = ()
    followers: Texts = ()
    language: Texts = ()
    observed: Texts = ()
    impressions: Texts = ()
    likes: Texts = ()  # of several the sum, as of the rest
    reposts: Texts = ()
    replies: Texts = ()
    quotes: Texts = ()


class Mapping(Table):
    """One kind of table."""

    name: str = Field(min_length=1, pattern=r"^[a-z0-9-]+$")
    about: str = ""
    platform: str = Field(pattern=r"^[a-z0-9]+$")
    columns: Columns
    telling: Texts = ()  # columns by which the table is recognised, beside those of id and created_at
    id_pattern: str = ""  # what of the cell is the id: its first group, or its groups joined with a slash
    date_formats: Texts = ()  # as of Python's strptime; without any: ISO 8601, seconds since 1970, or X's old way
    zone: str = "UTC"  # of dates that are written without one
    impressions_are: str = Field(default="potential", pattern="^(measured|potential)$")
    impressions_only: Choice = {}  # rows whose impressions mean something
    only: Choice = {}  # rows that are read
    repost: Choice = {}  # rows that repeat a post, whose counters are the other's; no value: any
    zeros_are_missing: bool = False
    complete: bool = True  # whether a search made it: then a silence in it is one
    note: str = ""  # what the reader of the report must know

    @cached_property
    def needed(self) -> frozenset[str]:
        """The columns by which a table of this kind is known."""
        return frozenset(self.telling or (*self.columns.id, *self.columns.created_at))

    @cached_property
    def pattern(self) -> "re.Pattern[str] | None":
        return re.compile(self.id_pattern) if self.id_pattern else None

    @cached_property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @model_validator(mode="after")
    def _fits_together(self) -> "Mapping":
        if not (self.columns.text or self.columns.tags):
            raise ValueError("columns: name the column of the text or of the tags, or no hashtag can be found")
        try:
            re.compile(self.id_pattern)
            ZoneInfo(self.zone)
        except re.error as error:
            raise ValueError(f"id_pattern is no pattern: {error}") from error
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"zone: {self.zone} is no time zone; write for example Asia/Damascus") from error
        return self

    @property
    def all_columns(self) -> Sequence[str]:
        """Every column that it names."""
        named = [name for _, names in self.columns for name in names]
        return tuple(dict.fromkeys([*named, *self.impressions_only, *self.only, *self.repost]))


def load(path: Path) -> Mapping:
    """Read a mapping of the operator; raises SettingsError with all that is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([Problem(str(path), "", f"cannot be read: {error}")]) from error
    return _read(path.name, text)


@cache
def known() -> Sequence[Mapping]:
    """Return the mappings that come with the monitor."""
    files = sorted(resources.files(__package__).joinpath("tables").iterdir(), key=lambda file: file.name)
    return tuple(_read(file.name, file.read_text(encoding="utf-8")) for file in files if file.name.endswith(".toml"))


def _read(name: str, text: str) -> Mapping:
    try:
        return Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([Problem(name, "", f"is no TOML: {error}")]) from error
    except ValidationError as error:
        problems = [Problem(name, ".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
        raise SettingsError(problems) from error
