"""How a campaign becomes walks: the names people vote on come and go, the others stay as they are."""

from dataclasses import replace

import pytest

from monitor.fetch.client import Client
from monitor.model.campaign import Campaign
from monitor.model.source import grouped, is_of_name, walks
from monitor.sources import platforms
from tests.collect.test_names import BREAD, CLOSES, HOUR, OPENED, SIEGE, at, closed, week
from tests.people import ALEPPO

VOTING = at(OPENED, week(SIEGE, BREAD))
WON = at(CLOSES + HOUR, closed(SIEGE, BREAD))
OWN = [walk.name for walk in walks(ALEPPO, 4)]


def named(campaign: Campaign, *, compared: bool = True) -> list[str]:
    return [walk.name for walk in walks(campaign, 4, compared=compared) if is_of_name(walk.name)]


@pytest.mark.parametrize("campaign", [VOTING, WON])
@pytest.mark.parametrize("together", [1, 2, 4])
def test_names_come_after_the_campaigns_own_walks_and_leave_them_alone(campaign, together):
    own = walks(ALEPPO, together)
    assert walks(campaign, together, compared=True)[: len(own)] == own
    assert not any(is_of_name(walk.name) for walk in own)


def test_each_name_has_walks_of_its_own():
    for walk in walks(VOTING, 4, compared=True)[len(OWN) :]:
        assert sum(set(walk.spellings) <= set(name.spellings) for name in VOTING.compared) == 1
        assert walk.since == OPENED


def test_where_every_spelling_costs_only_the_winner_is_asked_for():
    assert named(VOTING, compared=False) == []
    assert len(named(WON, compared=False)) == 1
    assert len(named(WON)) == 2


def test_who_wins_is_read_anew_from_the_closing_on():
    before = {walk.name for walk in walks(VOTING, 4, compared=True)}
    (won,) = [walk for walk in walks(WON, 4) if is_of_name(walk.name)]
    assert won.name not in before
    assert won.since == CLOSES


def test_who_loses_is_read_on():
    assert set(named(WON)) & set(named(VOTING))


@pytest.mark.parametrize(("together", "sizes"), [(1, [1, 1, 1]), (2, [2, 1]), (4, [3])])
def test_spellings_are_asked_for_so_many_at_a_time(together, sizes):
    assert [len(group) for group in grouped(("a", "b", "c"), together)] == sizes


SETTINGS = {
    "x": {"token": "secret", "counts": True, "vocabulary": "tweet"},
    "mastodon": {"server": "https://social.example"},
}


@pytest.mark.parametrize("platform", ["x", "mastodon"])
def test_a_platform_keeps_its_walks_when_names_come(platform):
    kind = platforms()[platform]
    settings = kind.Settings.model_validate(SETTINGS[platform], strict=False)
    source = kind.Source(settings, _nobody())
    many = replace(ALEPPO, families=tuple(replace(one, tag=f"{one.tag}{n}") for n, one in enumerate(ALEPPO.families)))
    before = [walk.name for walk in source.walks(many)]
    after = [walk.name for walk in source.walks(replace(many, families=(*many.families, *WON.named)))]
    assert set(before) <= set(after)
    assert len(after) > len(before)


def _nobody() -> Client:
    """A client that nobody asks anything with."""
    return object.__new__(Client)
