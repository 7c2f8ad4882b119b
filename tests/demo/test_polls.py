"""The world's naming polls: how they go, what both places show of them, and what people post afterwards."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.collect.names import Voted, watched
from monitor.demo import contests as polls
from monitor.demo.ballot import ASLEEP, OVER, arabic
from monitor.demo.cast import CAMPAIGN
from monitor.demo.contests import CHANNEL, NAMES, PAGE, contests
from monitor.demo.plan import Plan, Trouble
from monitor.demo.poll_places import POLLS
from monitor.demo.results import lead_changes
from monitor.demo.stage import PREVIEWS, make
from monitor.demo.street import fridays, ways
from monitor.demo.survey import percent, voters
from monitor.demo.telegram import WITHHELD
from monitor.demo.world import Contest, Message
from monitor.model.option import option_key
from monitor.model.race import Cycle, Stage
from tests.demo.play import Play, play

PLAN = Plan(days=5, size=0.2)
WORLD = make(PLAN)
(NAMING,) = WORLD.contests[PAGE]
SEEDS = range(1, 9)


def named(world: Play) -> Message:
    return next(one for one in world.world.channels[CHANNEL] if one.poll and one.poll.day)


def standing_at(world: Play, seconds: float) -> None:
    world.clock.move_to(datetime.fromtimestamp(NAMING.opens + seconds, UTC))


async def ballot(world: Play) -> LexborHTMLParser:
    return LexborHTMLParser((await world.get(PAGE, "/")).text)


async def shown(world: Play) -> str:
    return (await world.get(PREVIEWS, f"/{CHANNEL}/{named(world).number}", {"embed": 1, "mode": "tme"})).text


def test_a_poll_is_open_from_tuesday_evening_to_wednesday_midnight_and_names_the_friday() -> None:
    opens, closes = (datetime.fromtimestamp(one, UTC) + timedelta(hours=3) for one in (NAMING.opens, NAMING.closes))
    assert (f"{opens:%a %H:%M}", f"{closes:%a %H:%M}", NAMING.day) == ("Tue 18:00", "Thu 00:00", date(2016, 4, 22))


def test_eight_names_are_put_to_the_vote_and_the_same_one_wins_at_both_places() -> None:
    for channel, page in zip(*contests(Plan(days=28)).values(), strict=True):
        assert len(set(page.names)) == 8
        assert (channel.names, channel.winner) == (page.names, page.winner)


def test_a_name_that_won_is_not_put_to_the_vote_again() -> None:
    winners: list[str] = []
    for contest in contests(Plan(days=28))[PAGE]:
        assert not {*winners} & {*contest.names}
        winners.append(contest.winner)
    assert len(winners) == 4


def test_the_same_plan_is_the_same_race_and_another_seed_another() -> None:
    assert contests(PLAN) == contests(PLAN)
    assert contests(PLAN) != contests(replace(PLAN, seed=7))


def test_a_world_that_ends_before_tuesday_evening_has_no_poll() -> None:
    assert contests(Plan(days=1)) == {CHANNEL: [], PAGE: []}
    assert polls.over(Plan(days=1)) == Plan(days=1).start


@pytest.mark.parametrize("seed", SEEDS)
def test_the_lead_changes_once_in_every_week_by_day_or_in_the_last_two_hours(seed: int) -> None:
    for held in contests(Plan(seed=seed)).values():
        assert [lead_changes(contest) for contest in held] == [1, 1]
        late = [contest.votes(contest.closes - 7200) for contest in held]
        ahead = [contest.names[votes.index(max(votes))] for contest, votes in zip(held, late, strict=True)]
        assert [name == contest.winner for name, contest in zip(ahead, held, strict=True)] == [True, False]


@pytest.mark.parametrize("seed", SEEDS)
def test_who_wins_is_clear_even_where_only_percents_are_shown(seed: int) -> None:
    for held in contests(Plan(seed=seed)).values():
        for contest in held:
            second, first = sorted(contest.votes(contest.closes))[-2:]
            assert first - second > 0.04 * sum(contest.votes(contest.closes))


def test_a_lead_that_nobody_sees_is_no_lead_change() -> None:
    first, second = (600, 4000, 4001, 4002), (605, 606)
    brief = Contest(None, 0, 40_000, "?", ("a", "b"), (first, second))
    assert brief.votes(606) == [1, 2]
    assert lead_changes(replace(brief, cast=((600, 607, 608), second))) == 0
    assert lead_changes(brief) == 1


def test_votes_are_counted_until_a_moment_and_no_further() -> None:
    assert NAMING.votes(NAMING.opens) == [0] * 8
    half, final = (sum(NAMING.votes(moment)) for moment in (NAMING.closes - 7200, NAMING.closes))
    assert 0 < half < final == sum(NAMING.votes(NAMING.closes + 9999))


async def test_the_page_shows_every_vote_in_arabic_digits_and_when_it_closes() -> None:
    async with play(PLAN, hours=0) as world:
        standing_at(world, 20 * 3600)
        page, votes = await ballot(world), NAMING.votes(NAMING.opens + 20 * 3600)
        assert [row.text() for row in page.css("li.name b")] == [f"{arabic(count)} صوت" for count in votes]
        assert [row.text() for row in page.css("li.name span")] == [f"جمعة {name}" for name in NAMING.names]
        times = [time.attributes["datetime"] for time in page.css("time")]
        assert times == [datetime.fromtimestamp(NAMING.closes, UTC).isoformat()]


async def test_the_page_says_when_it_is_over_and_goes_on_showing_the_result() -> None:
    async with play(PLAN) as world:
        page = await ballot(world)
        assert page.css(".state")[0].text() == OVER
        assert page.css(".total")[0].text() == arabic(sum(NAMING.votes(NAMING.closes)))


async def test_before_the_first_poll_the_page_has_no_names() -> None:
    async with play(PLAN, hours=1) as world:
        assert not (await ballot(world)).css("li")


async def test_a_page_that_asks_for_a_login_does_so_for_five_hours_and_with_a_200() -> None:
    async with play(replace(PLAN, troubles=frozenset({Trouble.LOGIN})), hours=0) as world:
        asked = []
        for moment in (ASLEEP[0] - 1, ASLEEP[0], ASLEEP[1] - 1, ASLEEP[1]):
            standing_at(world, moment)
            answer = await world.get(PAGE, "/")
            assert answer.status_code == 200
            asked.append("تسجيل الدخول" in answer.text)
        assert asked == [False, True, True, False]


async def test_the_channel_shows_whole_percents_and_a_short_total() -> None:
    async with play(PLAN) as world:
        bubble = LexborHTMLParser(await shown(world))
        told = [one.text() for one in bubble.css(".tgme_widget_message_poll_option_percent")]
        votes = WORLD.contests[CHANNEL][0].votes(1e12)
        assert told == [f"{percent(count, sum(votes))}%" for count in votes]
        assert [one.text() for one in bubble.css(".tgme_widget_message_voters")] == [voters(sum(votes))]


async def test_a_poll_of_the_channel_is_anonymous_first_and_final_afterwards() -> None:
    async with play(PLAN, hours=0) as world:
        kinds = []
        for moment in (60, NAMING.closes - NAMING.opens):
            standing_at(world, moment)
            kinds.append("Final Results" in await shown(world))
        assert kinds == [False, True]


async def test_another_poll_of_the_same_evening_asks_something_else() -> None:
    async with play(PLAN) as world:
        questions = [one.poll.question for one in world.world.channels[CHANNEL] if one.poll]
        assert [POLLS[CHANNEL].asks(question) for question in questions] == [True, False]


async def test_a_message_that_is_withheld_is_missing_around_the_closing_and_comes_back() -> None:
    async with play(replace(PLAN, troubles=frozenset({Trouble.WITHHELD})), hours=0) as world:
        open_for, there = NAMING.closes - NAMING.opens, []
        for moment in (WITHHELD[0] - 1, WITHHELD[0], WITHHELD[1] - 1, WITHHELD[1]):
            standing_at(world, open_for + moment)
            there.append("Post not found" not in await shown(world))
        assert there == [True, False, False, True]


@pytest.mark.parametrize(("count", "total", "told"), [(0, 0, 0), (61, 100, 61), (5, 1000, 1), (4, 1000, 0)])
def test_percents_are_rounded(count: int, total: int, told: int) -> None:
    assert percent(count, total) == told


@pytest.mark.parametrize(("total", "told"), [(999, "999"), (1_000, "1K"), (9_437, "9.4K"), (9_463, "9.5K")])
def test_a_total_is_rounded_from_a_thousand_on(total: int, told: str) -> None:
    assert voters(total) == f"{told} voters"


def test_from_its_friday_on_people_post_the_name_that_won_often_without_another_tag() -> None:
    (friday,) = fridays(WORLD.contests)
    posts = [post for post in (*WORLD.toots, *WORLD.skeets, *WORLD.tweets) if any(n.won for n in post.tagged.names)]
    assert min(min(post.created, getattr(post, "heard", post.created)) for post in posts) >= friday.begins
    assert {name.name for post in posts for name in post.tagged.names} == {NAMING.winner}
    alone = [post for post in posts if not post.tagged.typed]
    assert 0.3 < len(alone) / len(posts) < 0.9


def test_names_that_lost_are_posted_a_little_and_only_beside_a_tag_of_the_campaign() -> None:
    world = make(Plan(days=7))
    told = Counter(name.won for post in world.toots for name in post.tagged.names)
    assert 0 < told[False] < told[True] / 3
    assert all(toot.tagged.typed for toot in world.toots if not all(name.won for name in toot.tagged.names))


def test_an_outlet_prints_the_name_on_the_afternoon_of_its_day() -> None:
    (friday,) = fridays(WORLD.contests)
    (printed,) = [story for story in WORLD.stories["ar"] if NAMING.winner in story.title]
    assert 12 * 3600 <= printed.published - friday.begins < 24 * 3600
    assert printed.about
    assert CAMPAIGN.names(printed.title)


@pytest.mark.parametrize("name", NAMES)
def test_every_way_in_which_a_name_is_typed_is_one_that_the_monitor_asks_for(name: str) -> None:
    poll, key = POLLS[PAGE], option_key(name)
    cycle = Cycle(poll=poll.name, day=date(2016, 4, 22), stage=Stage.CONFIRMED, names={key: name}, winner=key)
    campaign = watched(CAMPAIGN, [Voted(poll, cycle)], datetime(2016, 4, 22, tzinfo=UTC))
    assert campaign.named[0].spellings == ways(name)
