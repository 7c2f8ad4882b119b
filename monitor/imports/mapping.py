"""A mapping: which column of a table is what; one TOML file for each kind of table, the operator's or our own."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, cached_property
from importlib import resources
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from monitor.model.table import Table
from monitor.model.zone import Zone
from monitor.sources import platforms
from monitor.sources._press import PRESS


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
    tags: Texts = Field(default=(), validate_default=True)
    author: Texts = ()
    followers: Texts = ()
    language: Texts = ()
    observed: Texts = ()
    impressions: Texts = ()
    likes: Texts = ()  # of several the sum, as of the rest
    reposts: Texts = ()
    replies: Texts = ()
    quotes: Texts = ()

    @field_validator("tags")
    @classmethod
    def _tells_hashtags(cls, told: Texts, others: ValidationInfo) -> Texts:
        if not told and others.data.get("text") == ():
            raise ValueError("is missing, as is text: name the column of one of them, or no hashtag can be found")
        return told


class Mapping(Table):
    """One kind of table."""

    name: str = Field(pattern=r"^[a-z0-9-]+$", description="use small Latin letters, digits and dashes only")
    about: str = ""
    platform: str = Field(pattern=r"^[a-z0-9]+$")
    platform_is_new: bool = False  # none that the monitor knows
    columns: Columns
    telling: Texts = ()  # columns by which the table is recognised, beside those of id and created_at
    id_pattern: str = ""  # what of the cell is the id: its first group, or its groups joined with a slash
    date_formats: Texts = ()  # as of Python's strptime; without any: ISO 8601, seconds since 1970, or X's old way
    zone: Zone = "UTC"  # of dates that are written without one
    impressions_are: Literal["measured", "potential"] = "potential"
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

    @field_validator("id_pattern")
    @classmethod
    def _is_pattern(cls, told: str) -> str:
        try:
            re.compile(told)
        except re.error as error:
            raise ValueError(f"is no pattern: {error}") from error
        return told

    @property
    def remark(self) -> str:
        """What the reader of the report must know: the note, and which column is not believed."""
        if self.impressions_are == "measured" or not self.columns.impressions:
            return self.note
        left_out = (
            f"The impressions in {', '.join(self.columns.impressions)} were left out: tools estimate them from "
            'followers. Where the platform itself counted them, the mapping says so: impressions_are = "measured".'
        )
        return f"{self.note} {left_out}".strip()

    @property
    def all_columns(self) -> Sequence[str]:
        """Every column that it names."""
        named = [name for _, names in self.columns for name in names]
        return tuple(dict.fromkeys([*named, *self.impressions_only, *self.only, *self.repost]))


@cache
def known() -> Sequence[Mapping]:
    """Return the mappings that come with the monitor."""
    files = sorted(resources.files(__package__).joinpath("tables").iterdir(), key=lambda file: file.name)
    told = [file.read_text(encoding="utf-8") for file in files if file.name.endswith(".toml")]
    return tuple(Mapping.model_validate(tomllib.loads(one)) for one in told)


@cache
def known_platforms() -> frozenset[str]:
    """Return the names under which posts are counted, live or from a file."""
    live = [getattr(kind.Source, "platform", "") for kind in platforms().values()]
    return frozenset({*live, *(one.platform for one in known())} - {PRESS, ""})
