"""One key is one purse, however many campaigns reach into it."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.model.source import SourceSettings
from monitor.settings.caps import uneven
from monitor.settings.schema import Monitor, Settings, Watched
from monitor.sources.mastodon import Settings as Mastodon
from monitor.sources.x import Settings as X
from tests.people import ALEPPO


def x(name: str, key: str = "k3y", **caps: float) -> X:
    return X(name=name, token=SecretStr(key), accept_terms=True, **caps)


def said(*sources: SourceSettings) -> list[str]:
    watched = [Watched(ALEPPO, (source,), Path("aleppo.toml")) for source in sources]
    return [f"{problem.place} {problem.advice}" for problem in uneven(Settings(Monitor(), tuple(watched)))]


def test_other_caps_with_the_same_key_are_noted() -> None:
    (note,) = said(x("one", dollars_per_day=5.0), x("two", dollars_per_day=50.0))
    assert note.startswith("two spends from the same key as aleppo/one, but has another dollars_per_day")
    assert "k3y" not in note


@pytest.mark.parametrize(
    "sources",
    [
        (x("one"), x("two")),
        (x("one", dollars_per_day=5.0), x("two", "other-key", dollars_per_day=50.0)),
        (x("one", every_minutes=15.0), x("two", every_minutes=60.0)),
        (x("one", dollars_per_day=5.0), x("two", dollars_per_day=50.0, enabled=False)),
        (Mastodon(server="https://a.example"), Mastodon(server="https://a.example", name="b", refresh_budget=1)),
    ],
)
def test_what_is_even_or_apart_is_not(sources: tuple[SourceSettings, ...]) -> None:
    assert said(*sources) == []
