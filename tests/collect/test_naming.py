"""The way of a name: people vote on it, post it, it wins or loses, is overturned, and is forgotten."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from monitor.clock import Simulated
from monitor.collect.activity import activity
from monitor.collect.collector import collect
from monitor.collect.cycle import decided
from monitor.collect.names import Voted
from monitor.collect.naming import named, weeks
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.metric import WHOLE, Metric, family_subject
from monitor.model.option import option_key
from monitor.model.race import Cycle, Stage
from monitor.model.source import Ask, Page, Walk, is_of_name, walks
from monitor.model.spelling import fold
from monitor.model.window import Resolution, Window
from monitor.store import polls, runs, series
from tests.collect.test_names import BREAD, CLOSES, DAY, HOUR, OPENED, POLL, SIEGE, closed, week
from tests.people import ALEPPO, post

SIEGE_TAG, BREAD_TAG, LISTED = "جمعة_كسر_الحصار", "جمعة_خبز_وحرية", "SaveAleppo"
WOMEN = replace(POLL, name="women")


@dataclass
class Square:
    """Plays a platform: it shows what was posted under the spellings of a walk, the newest last."""

    posts: list[Post] = field(default_factory=list)
    asked: list[Ask] = field(default_factory=list)
    platform: str = "mastodon"
    name: str = "square"
    again_at_once: int = 20
    asked_again: list[str] = field(default_factory=list)

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        return walks(campaign, 4, compared=True)

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        self.asked.append(ask)
        since = datetime.fromisoformat(ask.cursor["until"]) if ask.cursor else ask.since
        tags = set(map(fold, ask.walk.spellings))
        fitting = [one for one in self.posts if tags & set(map(fold, one.tags)) and since <= one.created_at <= ask.now]
        yield Page(fitting, {"until": ask.now.isoformat()}, Window(since, ask.now))

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        self.asked_again += marks
        return [one for one in self.posts if one.again in marks]

    async def canary(self) -> bool | None:
        return None

    async def probe(self) -> str:
        return "a square that is played"


@dataclass
class Town:
    """A daemon's view of the square: campaign and walks are made anew before every run, as after a restart."""

    store: object
    square: Square = field(default_factory=Square)
    polls: tuple = (POLL,)

    def write(self, *tags: str, at: datetime, followers: int | None = None) -> None:
        number = len(self.square.posts)
        self.square.posts.append(replace(post(number, tags=tags, followers=followers), created_at=at))

    async def vote(self, cycle: Cycle) -> None:
        await polls.put(self.store, "aleppo", cycle)

    async def campaign(self, at: datetime) -> Campaign:
        return await named(self.store, ALEPPO, self.polls, at)

    async def look(self, at: datetime) -> Campaign:
        campaign = await self.campaign(at)
        found = [walk.name for walk in self.square.walks(campaign)]
        await runs.declare(self.store, "aleppo", {"square": "mastodon"}, at, {"square": found})
        await collect(self.store, self.square, campaign, Simulated(at))
        return campaign

    async def count(self, *tags: str, metric: Metric = Metric.POSTS) -> list[float]:
        """Return what counts for the whole, and for each name."""
        subjects = [WHOLE, *(family_subject(fold(tag)) for tag in tags)]
        frame = await series.frame(
            self.store,
            "aleppo",
            subjects=subjects,
            platforms=["mastodon"],
            metrics=[metric],
            window=Window(OPENED - 20 * DAY, OPENED + 20 * DAY),
            resolution=Resolution.DAY,
            zone=ALEPPO.zone,
            now=OPENED + 20 * DAY,
        )
        return [float(frame.values[subject].to_numpy().sum()) for subject in subjects]


@pytest.fixture
def town(store) -> Town:
    return Town(store)


async def during_the_vote(town: Town) -> None:
    await town.vote(week(SIEGE, BREAD))
    town.write(SIEGE_TAG, at=OPENED + HOUR, followers=1000)
    town.write(BREAD_TAG, at=OPENED + 2 * HOUR)
    town.write(BREAD_TAG, LISTED, at=OPENED + 2 * HOUR)
    town.write("another", at=OPENED + 2 * HOUR)
    await town.look(OPENED + 3 * HOUR)


async def test_while_people_vote_posts_under_a_name_are_counted_but_not_for_the_campaign(town):
    await during_the_vote(town)
    assert await town.count(SIEGE_TAG, BREAD_TAG) == [1, 1, 2]


async def test_names_are_looked_for_from_the_opening_of_the_poll_on(town):
    town.write(SIEGE_TAG, at=OPENED - HOUR)
    await during_the_vote(town)
    assert {ask.since for ask in town.square.asked if is_of_name(ask.walk.name)} == {OPENED}
    assert (await town.count(SIEGE_TAG))[1] == 1


async def test_what_is_only_compared_adds_no_audience_and_is_not_asked_for_again(town):
    await during_the_vote(town)
    assert (await town.count(metric=Metric.POTENTIAL_HIGH))[0] == 0
    await town.look(OPENED + 12 * HOUR)
    assert town.square.asked_again == ["2"]


async def test_when_the_poll_closes_the_winners_posts_count_and_the_losers_do_not(town):
    await during_the_vote(town)
    await town.vote(closed(SIEGE, BREAD))
    town.write(SIEGE_TAG, at=CLOSES + HOUR)
    town.write(BREAD_TAG, at=CLOSES + HOUR)
    await town.look(CLOSES + 2 * HOUR)
    assert await town.count(SIEGE_TAG, BREAD_TAG) == [2, 2, 3]


async def test_a_winner_that_is_confirmed_late_counts_from_the_closing_on(town):
    await during_the_vote(town)
    await town.vote(week(SIEGE, BREAD, stage=Stage.CLOSED))
    town.write(SIEGE_TAG, at=CLOSES + HOUR, followers=500)
    await town.look(CLOSES + 2 * HOUR)
    assert (await town.count())[0] == 1
    await town.vote(decided(week(SIEGE, BREAD, stage=Stage.CLOSED), option_key(SIEGE), CLOSES + 9 * HOUR))
    await town.look(CLOSES + 9 * HOUR)
    assert await town.count(SIEGE_TAG, BREAD_TAG) == [2, 2, 2]
    assert (await town.count(metric=Metric.POTENTIAL_HIGH))[0] == 500


async def test_a_winner_that_is_overturned_is_replaced(town):
    await during_the_vote(town)
    await town.vote(closed(SIEGE, BREAD))
    town.write(SIEGE_TAG, at=CLOSES + HOUR)
    town.write(BREAD_TAG, at=CLOSES + HOUR)
    await town.look(CLOSES + 2 * HOUR)
    await town.vote(decided(closed(SIEGE, BREAD), option_key(BREAD), CLOSES + 3 * HOUR))
    town.write(SIEGE_TAG, at=CLOSES + 4 * HOUR)
    await town.look(CLOSES + 5 * HOUR)
    assert await town.count(SIEGE_TAG, BREAD_TAG) == [3, 3, 3]  # the second of each: while it was the name


async def test_every_post_counts_once_however_often_the_daemon_begins_anew(town):
    await during_the_vote(town)
    await town.vote(closed(SIEGE, BREAD))
    town.write(SIEGE_TAG, at=CLOSES + HOUR)
    for minutes in range(0, 300, 50):
        await town.look(CLOSES + 2 * HOUR + timedelta(minutes=minutes))
    assert await town.count(SIEGE_TAG, BREAD_TAG) == [2, 2, 2]


async def test_two_polls_of_a_week_each_have_their_winner(town):
    town.polls = (POLL, WOMEN)
    await town.vote(closed(SIEGE, BREAD))
    await town.vote(closed("لن نركع", "صوت النساء").model_copy(update={"poll": "women"}))
    for tag in (SIEGE_TAG, BREAD_TAG, "لن_نركع", "صوت_النساء"):
        town.write(tag, at=CLOSES + HOUR)
    await town.look(CLOSES + 2 * HOUR)
    counted = await town.count(SIEGE_TAG, BREAD_TAG, "جمعة_لن_نركع", "جمعة_صوت_النساء")
    assert counted == [2, 1, 1, 1, 1]


async def test_after_a_week_a_name_is_not_asked_for_and_its_walks_are_forgotten(town, store):
    await town.vote(closed(SIEGE, BREAD))
    await town.look(CLOSES + HOUR)
    assert len(await store.redis.hkeys(store.keys.walks("aleppo", "square"))) == 3
    assert await town.look(CLOSES + 12 * DAY) == ALEPPO
    left = [walk.decode() for walk in await store.redis.hkeys(store.keys.walks("aleppo", "square"))]
    assert not any(map(is_of_name, left))


async def test_names_leave_the_walks_of_the_campaign_and_what_was_watched_as_they_were(town, store):
    before = await town.look(OPENED - 2 * HOUR)
    own = [walk.name for walk in town.square.walks(before)]
    await during_the_vote(town)
    assert [walk.name for walk in town.square.walks(await town.campaign(OPENED + HOUR))][: len(own)] == own
    (state,) = await runs.states(store, "aleppo")
    assert list(state.walks) == own


async def test_a_name_that_is_looked_for_has_an_activity_beside_its_votes(town, store):
    await during_the_vote(town)
    (voted,) = await weeks(store, "aleppo", [POLL], OPENED + 3 * HOUR)
    found = await activity(store, await town.campaign(OPENED + 3 * HOUR), voted, OPENED + 3 * HOUR)
    assert found is not None
    begun = OPENED.timestamp()
    assert found.within(option_key(BREAD), begun, begun + 3 * 3600) == pytest.approx(2 / 3)


async def test_only_weeks_whose_names_may_still_be_looked_for_are_read(store):
    for back in range(4):
        await polls.put(store, "aleppo", week(SIEGE, day=week(SIEGE).day - timedelta(days=7 * back)))
    found = await weeks(store, "aleppo", [POLL], OPENED)
    assert [one.cycle.day for one in found] == [week(SIEGE).day - timedelta(days=7 * back) for back in range(3)]
    assert all(isinstance(one, Voted) for one in found)
