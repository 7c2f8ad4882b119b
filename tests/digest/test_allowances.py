"""What a key has used of an allowance, in one line."""

import pytest

from monitor.digest.allowances import sentence
from monitor.model.account import Allowance
from monitor.words.voice import voice
from tests.model.test_spending import DOLLARS, SEARCHES, spent
from tests.people import NOON

ENGLISH, ARABIC = voice("en", "Asia/Damascus"), voice("ar", "Asia/Damascus")


@pytest.mark.parametrize(
    ("used", "hours", "said"),
    [
        (30, 6, "searches: 30 of 100 calls today; about 90 calls by the end of the day at this pace"),
        (60, 6, "searches: 60 of 100 calls today; runs out at 19:00 at this pace"),
        (100, 6, "searches: 100 of 100 calls today; used up, renewed on Sat 30 Apr 03:00"),
        (60, 0.5, "searches: 60 of 100 calls today"),
        (0, 6, "searches: 0 of 100 calls today"),
    ],
)
def test_it_is_said_in_one_line(used: float, hours: float, said: str) -> None:
    assert sentence(spent(SEARCHES, used, hours=hours), ENGLISH, NOON) == said


def test_money_is_told_as_money() -> None:
    said = sentence(spent(DOLLARS, 12.4, hours=24 * 15), ENGLISH, NOON)
    assert said == "dollars a month: $12.40 of $50 this month; about $13.64 by the end of the month at this pace"


def test_large_amounts_are_legible() -> None:
    assert "1,200 of 3,000 posts" in sentence(spent(Allowance("posts", 3000, "posts"), 1200), ENGLISH, NOON)


def test_an_allowance_of_a_platform_that_is_not_known_keeps_its_names() -> None:
    said = sentence(spent(Allowance("tokens", 100, "tokens"), 60), ENGLISH, NOON)
    assert said.startswith("tokens: 60 of 100 tokens today;")


def test_it_is_said_in_arabic() -> None:
    said = sentence(spent(SEARCHES, 60), ARABIC, NOON)
    assert "60" in said
    assert not [word for word in ("searches", "calls", "today", "pace") if word in said]
