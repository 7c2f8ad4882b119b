import numpy as np
import pandas as pd
import pytest

from monitor.model.friday import Rhythm
from monitor.trends.race import Race
from monitor.trends.rhythm import LONGEST_LAG, rhythms
from tests.trends.polls import OPENED, followed, tally

NAMES = ["كسر الحصار", "خبز وحرية", "لن نركع", "أسرى"]


def waves(chance: np.random.Generator, hours: int) -> np.ndarray:
    """How the favour of four names goes up and down, as shares of all of it."""
    favour = np.zeros((hours, len(NAMES)))
    for hour in range(1, hours):
        favour[hour] = 0.7 * favour[hour - 1] + chance.normal(0, 0.6, len(NAMES))
    shares = np.exp(favour)
    return shares / shares.sum(axis=1, keepdims=True)


def played(
    seed: int, lead: int = 0, *, alike: bool = True, hours: int = 30, posts: float = 40, votes: float = 300
) -> dict[str, Rhythm]:
    """Return the rhythms of a race in which posts are so many hours ahead of votes, or have nothing to do with them."""
    chance, edge = np.random.default_rng(seed), LONGEST_LAG
    voted = waves(chance, hours + 2 * edge)
    said = voted if alike else waves(chance, hours + 2 * edge)
    evening = 1 + 0.8 * np.sin(2 * np.pi * np.arange(hours) / 24)[:, None]
    ballots = chance.poisson(votes * evening * voted[edge : edge + hours]).cumsum(axis=0)
    written = chance.poisson(posts * evening * said[edge + lead : edge + lead + hours])
    looks = [tally(0, dict.fromkeys(NAMES, 0))]
    looks += [tally(hour + 0.99, dict(zip(NAMES, map(int, row), strict=True))) for hour, row in enumerate(ballots)]
    race = Race.of(followed(*looks))
    index = pd.date_range(OPENED, periods=hours, freq="1h")
    return rhythms(race, pd.DataFrame(written.astype(float), index=index, columns=[one.key for one in race.options]))


@pytest.mark.parametrize("lead", [-3, 0, 2])
def test_posts_that_are_ahead_of_the_votes_are_found_to_be(lead):
    clear = [found for seed in range(6) for found in played(seed, lead).values() if found.is_clear]
    assert len(clear) >= 12
    assert all(found.low <= lead <= found.high for found in clear if found.low is not None and found.high is not None)


def test_votes_and_posts_that_have_nothing_in_common_but_the_evening_are_not_clear():
    found = [one for seed in range(20) for one in played(seed, alike=False).values()]
    assert sum(one.is_clear for one in found) <= 2


@pytest.mark.parametrize("thin", [{"posts": 0.2}, {"votes": 0.5}, {"hours": 12}])
def test_thin_evidence_is_not_clear(thin):
    assert set(played(1, 1, **thin).values()) == {Rhythm()}


def test_what_lies_beyond_the_longest_lag_is_not_said():
    assert not any(found.is_clear for found in played(2, LONGEST_LAG).values() if found.hours == LONGEST_LAG)


def test_the_same_evidence_says_the_same_again():
    assert played(3, 2) == played(3, 2)


def test_one_name_alone_has_no_rhythm():
    race = Race.of([tally(0, {"a": 1}), tally(1, {"a": 2})])
    assert rhythms(race, pd.DataFrame({"a": [1.0]}, index=pd.date_range(OPENED, periods=1, freq="1h"))) == {}


def test_hours_in_which_nobody_looked_or_watched_are_not_evidence():
    race = Race.of(followed(tally(0, {"a": 0, "b": 0}), tally(29, {"a": 2000, "b": 1000})))
    index = pd.date_range(OPENED, periods=29, freq="1h")
    posts = pd.DataFrame({"a": np.full(29, 50.0), "b": np.full(29, 20.0)}, index=index)
    assert set(rhythms(race, posts).values()) == {Rhythm()}
    assert set(rhythms(race, posts * np.nan).values()) == {Rhythm()}
