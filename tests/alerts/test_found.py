"""What rules find in polls."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.found import findings
from monitor.alerts.press import FRESH
from monitor.alerts.reading import Seen, subject_of
from monitor.alerts.rules import Poll
from monitor.model.race import Cycle
from tests.alerts.cases import HOUR
from tests.digest import races
from tests.people import ALEPPO

POLL = Poll(on="poll")


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


@pytest.mark.parametrize(("hashtag", "subject"), [
    (None, "*"), ("SaveAleppo", "tag/savealeppo"), ("#savealeppo", "tag/savealeppo"), ("trams", None),
])  # fmt: skip
def test_a_hashtag_is_a_subject_of_the_campaign(hashtag: str | None, subject: str | None):
    assert subject_of(ALEPPO, hashtag) == subject


def test_the_manual_names_every_kind_of_rule_and_topic():
    page = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    topics = {"lead-change", "close-race", "closing", "closed", "decided", "changed", "flag"}
    assert [one for one in topics if f"`{one}`" not in page] == []
