"""The words for each way a value can be wrong."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, SecretStr

from monitor.errors import SettingsError
from monitor.model.table import Table
from monitor.settings.advice import PATTERNS, unknown
from monitor.settings.files import File
from monitor.settings.findings import Findings
from monitor.settings.place import checked
from monitor.settings.polls import PollFile
from monitor.settings.schema import CampaignFile, Monitor
from monitor.settings.shape import secrets, table_at
from monitor.sources import platforms
from monitor.sources.polls import places


class Door(Table):
    width: float = 0.9
    colour: Literal["red", "green"] = "red"


class House(Table):
    """A table with one setting of every kind."""

    floors: int = Field(default=2, ge=1, le=9)
    height: float = Field(default=7.5, gt=0, lt=100)
    lit: bool = True
    name: str = Field(default="home", min_length=2, max_length=9)
    owner: str | None = None
    plan: Path = Path("plan.pdf")
    built: date | None = None
    key: SecretStr | None = None
    doors: tuple[Door, ...] = Field(default=(), max_length=2)
    front: Door = Door()
    rooms: dict[str, int] = {}


FILE = File(Path("house.toml"))


def said(**rows) -> str:  # noqa: ANN003 - any value at all
    with pytest.raises(SettingsError) as caught:
        checked(House, rows, FILE)
    return "; ".join(str(problem).removeprefix("house.toml: ") for problem in caught.value.problems)


@pytest.mark.parametrize(("rows", "words"), [
    ({"floors": "2"}, "floors: write a whole number, such as 2"),
    ({"floors": 2.5}, "floors: write a whole number, such as 2"),
    ({"floors": True}, "floors: write a whole number, such as 2"),
    ({"floors": 0}, "floors: write 1 or more"),
    ({"floors": 10**30}, "floors: write 9 or less"),
    ({"height": "tall"}, "height: write a number, such as 7.5"),
    ({"height": 0}, "height: write more than 0.0"),
    ({"height": float("inf")}, "height: write less than 100.0"),
    ({"lit": "yes"}, "lit: write true or false, without quotes"),
    ({"lit": 1}, "lit: write true or false, without quotes"),
    ({"name": 5}, 'name: write text in quotes, such as "home"'),
    ({"name": "x"}, "name: is too short; write at least 2 characters"),
    ({"name": "x" * 10}, "name: is too long; write at most 9 characters"),
    ({"owner": ["me"]}, 'owner: write text in quotes, such as "…"'),
    ({"plan": 5}, 'plan: write text in quotes, such as "…"'),
    ({"built": "once"}, "built: write a date, such as 2016-04-29"),
    ({"built": 5}, "built: write a date, such as 2016-04-29"),
    ({"name": time(7)}, 'name: write text in quotes, such as "home"'),
    ({"owner": time(7)}, 'owner: write text in quotes, such as "…"'),
    ({"plan": date(2016, 4, 29)}, 'plan: write a path in quotes, such as "…"'),
    ({"floors": date(2016, 4, 29)}, "floors: write a whole number, such as 2"),
    ({"built": datetime(2016, 4, 29, 12, tzinfo=UTC)}, "built: write a date, such as 2016-04-29"),
    ({"doors": [{"colour": time(7)}]}, 'doors[0].colour: write one of "red" or "green"'),
    ({"door": {"since": time(7)}}, "door: is not known; did you mean doors?"),
    ({"key": 5}, 'key: write text in quotes, such as "…"'),
    ({"doors": {"width": 1.0}}, 'doors: write a list, such as ["…"]'),
    ({"doors": ["big"]}, "doors[0]: write a table, that is [doors] and its keys below it"),
    ({"doors": [{}, {}, {}]}, "doors: is too long; write at most 2"),
    ({"doors": [{"width": "big"}]}, "doors[0].width: write a number, such as 0.9"),
    ({"doors": [{"widht": 1.0}]}, "doors[0].widht: is not known; did you mean width?"),
    ({"front": 5}, "front: write a table, that is [front] and its keys below it"),
    ({"front": {"colour": "blue"}}, 'front.colour: write one of "red" or "green"'),
    ({"rooms": 5}, "rooms: write a table, that is [rooms] and its keys below it"),
    ({"rooms": {"bath": "one"}}, "rooms.bath: write a whole number, such as 5"),
    ({"floor": 1, "lit": 2}, "lit: write true or false, without quotes; floor: is not known; did you mean floors?"),
])  # fmt: skip
def test_every_kind_of_mistake_is_answered_in_words(rows, words):
    assert said(**rows) == words


def test_a_list_may_be_a_tuple_and_a_date_a_date():
    house = checked(House, {"doors": [{}], "built": date(2016, 4, 29)}, FILE)
    assert (house.doors, house.built) == ((Door(),), date(2016, 4, 29))


def test_a_missing_setting_says_how_to_write_it():
    with pytest.raises(SettingsError, match=r'title: is missing; write title = "…"'):
        checked(CampaignFile, {}, FILE)


def test_nothing_near_lists_all_there_is():
    assert unknown("xyz", ["b", "a"]) == "is not known; known here are a, b"


def test_where_nothing_is_known_that_is_said():
    assert unknown("xyz", []) == "is not known; there is none yet"


def test_secrets_are_found_in_every_depth():
    known = {(("redis",), "url"), (("privacy",), "key"), (("mail",), "password"), (("alerts",), "heartbeat_url")}
    assert set(secrets(Monitor)) == known
    assert table_at(House, ("doors", 1, "width")) is Door


TABLES = [Monitor, CampaignFile, PollFile, *(p.Settings for kinds in (platforms(), places()) for p in kinds.values())]


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_pattern_has_words(table):
    fields = [setting for setting in table.model_fields.values() if not setting.description]
    patterns = {getattr(rule, "pattern", None) for setting in fields for rule in setting.metadata}
    assert patterns - {None, *PATTERNS} == set()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*CampaignFile.model_fields, "else"]), VALUES, max_size=5))
def test_no_value_ends_in_anything_but_a_table_or_words(rows):
    found = Findings()
    read = found.attempt(checked, CampaignFile, rows, FILE)
    assert bool(read) != bool(found.problems)
    assert all(problem.advice for problem in found.problems)
