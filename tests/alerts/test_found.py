"""What rules find in polls and in the press."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.finding import Kind
from monitor.alerts.found import findings
from monitor.alerts.reading import FRESH, Seen, seen, subject_of
from monitor.alerts.rules import FirstOutlet, Poll
from monitor.model.metric import WHOLE
from monitor.model.outlet import Outlet, Outlets, Region
from monitor.model.race import Cycle
from monitor.model.sighting import Batch, Sighting
from monitor.store import ingest
from monitor.store.store import Store
from tests.alerts.cases import HOUR
from tests.digest import races
from tests.people import ALEPPO, NOON

POLL = Poll(on="poll")
TITLE = '{{"title": "Aleppo", "outlet": "{outlet}", "at": "{at}"}}'
ROWS = (
    Outlet("bbc.example", "BBC", "en", "GB", Region.WESTERN),
    Outlet("aj.example", "Jazeera", "ar", "QA", Region.ARAB),
)


def told(cycle: Cycle, rule: Poll = POLL, hours: float = 0) -> list[str]:
    """Return the topics that a poll is worth so long after its last look."""
    assert cycle.looked_at is not None
    now = cycle.looked_at + timedelta(hours=hours)
    return [str(one.topic) for one in findings(Seen(ALEPPO, now, (), cycles=[cycle]), [rule])]


def test_a_change_of_the_lead_is_told_while_it_is_fresh():
    cycle = races.week(races.looked(20))
    assert "lead-change" in told(cycle)
    assert "lead-change" not in told(cycle, hours=FRESH / HOUR + 6)


def test_only_the_topics_that_were_asked_for_are_told():
    cycle = races.week(races.looked(20))
    assert set(told(cycle, Poll(on="poll", topics=("closing",)))) <= {"closing"}


def test_a_race_that_is_closer_than_the_margin_is_told():
    cycle = races.week(races.looked(8))
    assert "close-race" not in told(cycle, Poll(on="poll", margin_points=0.0))
    assert "close-race" in told(cycle, Poll(on="poll", margin_points=100.0))


def test_a_change_of_the_lead_tells_how_close_it_is_too():
    cycle = races.week(races.looked(20))
    found = list(findings(Seen(ALEPPO, cycle.looked_at, (), cycles=[cycle]), [Poll(on="poll", margin_points=100.0)]))
    changes = {one.key for one in found if one.topic == "lead-change"}
    assert {key for one in found if one.topic == "close-race" for key in one.part_of} == changes != set()


def test_the_same_event_has_the_same_key_at_every_look():
    cycle = races.week(races.looked(20))
    rows = [Seen(ALEPPO, cycle.looked_at + moment, (), cycles=[cycle]) for moment in (timedelta(0), HOUR)]
    first, second = ({one.key for one in findings(row, [POLL])} for row in rows)
    assert first >= second != set()


async def printed(store: Store, *articles: tuple[str, float]) -> None:
    """Store articles, each of an outlet so many hours before noon."""
    rows = [
        Sighting(
            f"{outlet} {hours}",
            int((NOON - hours * HOUR).timestamp()),
            (WHOLE,),
            headline=TITLE.format(outlet=outlet, at=(NOON - hours * HOUR).isoformat()),
        )
        for outlet, hours in articles
    ]
    at = int(NOON.timestamp())
    await ingest.write(store, Batch(ALEPPO.slug, ALEPPO.zone, "feeds", "feeds", "articles", at, at, rows))


async def first(store: Store, region: str) -> list[str]:
    rules = [FirstOutlet(on="first-outlet", region=region)]
    read = await seen(store, replace(ALEPPO, outlets=Outlets(ROWS)), rules, NOON)
    found = list(findings(read, rules))
    assert all(one.kind is Kind.FIRST_OUTLET for one in found)
    return [one.name for one in found]


@pytest.mark.parametrize(("articles", "region", "names"), [
    ((), "any", []),
    ((("BBC", 1),), "any", ["BBC"]),
    ((("BBC", 1), ("Jazeera", 2)), "any", ["Jazeera"]),
    ((("BBC", 1), ("Jazeera", 2)), "western", ["BBC"]),
    ((("BBC", 1), ("Jazeera", 20)), "any", []),
    ((("BBC", 1), ("Jazeera", 20)), "western", ["BBC"]),
    ((("BBC", 1), ("BBC", 20)), "western", []),
    ((("Nobody", 1),), "arab", []),
])  # fmt: skip
async def test_the_first_article_of_a_part_of_the_world_is_told(store: Store, articles, region: str, names: list[str]):
    await printed(store, *articles)
    assert await first(store, region) == names


@pytest.mark.parametrize(("hashtag", "subject"), [
    (None, "*"), ("SaveAleppo", "tag/savealeppo"), ("#savealeppo", "tag/savealeppo"), ("trams", None),
])  # fmt: skip
def test_a_hashtag_is_a_subject_of_the_campaign(hashtag: str | None, subject: str | None):
    assert subject_of(ALEPPO, hashtag) == subject


def test_the_manual_names_every_kind_of_rule_and_topic():
    page = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    topics = {"lead-change", "close-race", "closing", "closed", "decided", "changed", "flag"}
    assert [one for one in topics if f"`{one}`" not in page] == []
