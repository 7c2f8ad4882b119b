"""From the real store to a brief."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.digest import gather
from monitor.model.brief import Brief, Headline, Level, State
from monitor.model.finding import Doubt
from monitor.model.mention import Counts, Reported
from monitor.model.metric import Metric, family_subject
from monitor.model.run import Outcome, Run
from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Kind, Standing
from monitor.model.window import Resolution, Window, local_day
from monitor.store import ingest, runs
from monitor.store.beyond import Reach
from monitor.store.store import Store
from monitor.trends.compare import windows
from tests.people import ADA, ALEPPO, BEA

FRIDAY = datetime(2016, 4, 28, 21, tzinfo=UTC)  # midnight in Damascus
DAY = Window(FRIDAY, FRIDAY + timedelta(days=1))
NOW = DAY.end
SINCE = FRIDAY - timedelta(days=9)
ALL = Window(SINCE, NOW)
HEADLINE = '{"title": "حلب تحترق", "outlet": "bbc", "language": "ar", "at": "2016-04-29T09:00:00Z"}'


def seen(number: int, hours: float, tags: Sequence[str] = ("SaveAleppo",), **more: Any) -> Sighting:
    """Return a post `hours` after midnight."""
    at = int((FRIDAY + timedelta(hours=hours)).timestamp())
    return Sighting(
        f"post {number}", at, **{"subjects": ALEPPO.subjects(tags), "author": ADA, "followers": 100, **more}
    )


def written(number: int, hours: float, outlet: str) -> Sighting:
    at = int((FRIDAY + timedelta(hours=hours)).timestamp())
    return Sighting(f"article {number}", at, ("*", f"outlet/{outlet}", "language/ar"), headline=HEADLINE)


def titled(title: str, number: int, hours: float, outlet: str, *more: str) -> Sighting:
    """Return an article with a headline of its own."""
    article = written(number, hours, outlet)
    line = Headline(title=title, outlet=outlet, at=FRIDAY + timedelta(hours=hours))
    subjects = (*article.subjects, *more)
    return replace(article, subjects=subjects, headline=line.model_dump_json(exclude_defaults=True))


async def store_all(
    store: Store,
    sightings: Sequence[Sighting],
    *,
    platform: str = "mastodon",
    kind: Kind = "posts",
    covered: Window = ALL,
) -> None:
    """Write what one source saw, and what it covered."""
    await runs.declare(store, ALEPPO.slug, {name: name for name in {platform, *await known(store)}}, SINCE)
    await cover(store, platform, sightings, covered, platform=platform, kind=kind)


async def cover(
    store: Store,
    source: str,
    sightings: Sequence[Sighting],
    covered: Window,
    *,
    platform: str = "mastodon",
    kind: Kind = "posts",
) -> None:
    now, standing = int(NOW.timestamp()), Standing({"at": 1}, (covered,))
    batch = Batch(ALEPPO.slug, ALEPPO.zone, platform, source, kind, now, now, sightings, walk="w", standing=standing)
    await ingest.write(store, batch)
    run = Run(campaign=ALEPPO.slug, source=source, platform=platform, started_at=NOW, seconds=1, outcome=Outcome.OK)
    await runs.add(store, run)


async def known(store: Store) -> list[str]:
    return [state.platform for state in await runs.states(store, ALEPPO.slug)]


async def brief(store: Store, window: Window = DAY, now: datetime = NOW) -> Brief:
    return await gather.brief(store, ALEPPO, window, now)


async def failing(store: Store, outcome: Outcome | None, walks: list[str]) -> Level:
    """Return the posts of the day where one of two sources, with these walks, was asked all day and ended so."""
    two = {"one.example": "mastodon", "two.example": "mastodon"}
    await runs.declare(store, ALEPPO.slug, two, SINCE, {"one.example": ["w"], "two.example": walks})
    await cover(store, "one.example", [seen(number, number) for number in range(10)], ALL)
    if outcome is not None:
        told = Run(
            campaign=ALEPPO.slug,
            source="two.example",
            platform="mastodon",
            started_at=FRIDAY,
            seconds=1,
            outcome=outcome,
        )
        await runs.add(store, told)
    return (await brief(store)).total("posts").now


async def test_what_a_source_that_never_answered_would_have_brought_is_missing(store):
    assert await failing(store, Outcome.REFUSED, ["w"]) == Level(value=10, partial=True)


async def test_a_source_that_was_never_asked_yet_leaves_nothing_out(store):
    assert await failing(store, None, ["w"]) == Level(value=10, partial=False)


async def test_what_a_stream_never_heard_the_others_may_have_seen(store):
    assert await failing(store, Outcome.UNAVAILABLE, ["stream"]) == Level(value=10, partial=False)


async def test_what_was_stored_is_what_is_said(store: Store):
    yesterday = [seen(number, -20 + number) for number in range(3)]
    today = [seen(10 + number, number, counts=Counts(likes=2)) for number in range(6)]
    await store_all(store, [*yesterday, *today])
    found = await brief(store)
    assert (found.total("posts").now.value, found.total("posts").before.value) == (6, 3)
    assert found.total("posts").change == 1.0
    assert found.total("engagement").parts["likes"] == 12


async def test_a_campaign_that_was_never_collected_is_blind_and_not_silent(store: Store):
    found = await brief(store)
    assert found.state is State.BLIND
    assert {total.now.value for total in found.totals} == {None}


async def test_what_may_explain_a_spike_is_read_by_the_hour(store: Store):
    links, nine = [f"https://social.example/{n}" for n in range(3)], FRIDAY + timedelta(hours=9)
    spoken = {"subjects": (*ALEPPO.subjects(["SaveAleppo"]), "language/ar")}
    posts = [seen(n, 9, counts=Counts(likes=n + 1), link=link, **spoken) for n, link in enumerate(links)]
    await store_all(store, [replace(post, tags=("Syria",)) for post in posts])
    facts = await gather.facts(store, ALEPPO, DAY, NOW)
    assert (facts.tags["#Syria"][nine], facts.tags["#Syria"].sum(), facts.people_by_hour[nine]) == (3, 3, 1)
    assert sorted(facts.largest["link"]) == links
    assert facts.parts is not None
    assert facts.parts.values["language/ar", "mastodon", Metric.POSTS].sum() == 3


async def test_the_languages_of_posts_are_shares_of_all_posts(store: Store):
    spoken = {"subjects": (*ALEPPO.subjects(["SaveAleppo"]), "language/ar")}
    await store_all(store, [seen(1, 2, **spoken), seen(2, 3)])
    found = await brief(store)
    assert [(tongue.name, tongue.value, tongue.share) for tongue in found.tongues] == [("ar", 1, 0.5)]
    assert found.languages == ()


async def test_a_source_that_found_nothing_makes_zero(store: Store):
    await store_all(store, [])
    assert (await brief(store)).total("posts").now.value == 0


async def test_a_gap_is_said_of_the_number_the_line_and_the_source(store: Store):
    await store_all(store, [seen(1, 2)], covered=Window(SINCE, NOW - timedelta(hours=6)))
    found = await brief(store)
    assert found.total("posts").now.partial
    assert [point.value for point in found.lines[0].points[-6:]] == [None] * 6
    assert found.sources[0].gaps[0].start == NOW - timedelta(hours=6)


async def test_one_dead_source_of_many_makes_a_lower_bound_and_does_not_blind(store: Store):
    names = [f"server {number}" for number in range(5)]
    await runs.declare(store, ALEPPO.slug, dict.fromkeys(names, "mastodon"), SINCE)
    for number, name in enumerate(names):
        covered = ALL if number else Window(SINCE, FRIDAY - timedelta(days=2))
        posts = [seen(10 * number + hour, hour - 24) for hour in range(0, 48, 24)] if number else []
        await cover(store, name, posts, covered)
    found = await brief(store)
    assert (found.total("posts").now.value, found.total("posts").now.partial) == (4, True)
    assert found.total("posts").change == 0.0
    assert None not in {point.value for point in found.lines[0].points}
    assert found.state is not State.BLIND


async def test_posts_of_a_platform_that_was_half_blind_are_told_but_not_compared(store: Store):
    await runs.declare(store, ALEPPO.slug, dict.fromkeys(["one", "two"], "mastodon"), SINCE)
    await cover(store, "one", [seen(1, -20), seen(2, 2), seen(3, 3)], ALL)
    await cover(store, "two", [], Window(SINCE, FRIDAY))
    posts = (await brief(store)).total("posts")
    assert (posts.now.value, posts.now.partial, posts.change) == (2, True, None)


async def test_rounded_impressions_say_how_far(store: Store):
    rounded = Counts(impressions=1200, rounding=100)
    await store_all(store, [seen(1, 1, counts=rounded), seen(2, 2, counts=Counts(impressions=500, rounding=0))])
    found = (await brief(store)).total("impressions")
    assert (found.now.value, found.rounding) == (1700, 100)


async def test_measured_impressions_say_of_how_many_posts(store: Store):
    await store_all(store, [seen(1, 1), seen(2, 2, counts=Counts(impressions=500))])
    found = (await brief(store)).total("impressions")
    assert (found.now.value, found.measured_share) == (500, 0.5)


async def test_authors_and_their_audiences_are_counted_by_the_day(store: Store):
    await store_all(store, [seen(1, 1), seen(2, 2), seen(3, 3, author=BEA, followers=900)])
    found = await brief(store)
    assert found.total("authors").now.value == 2
    reach = found.total("potential_reach")
    assert (reach.low, reach.now.value) == (900, 1000)


async def test_spellings_listed_and_not(store: Store):
    tags = [("أنقذوا_حلب",), ("أنقذوا_حلب",), ("انقذوا_حلب", "SaveAleppo"), ("أنقذوا_حلبـــ",), ("آنقذوا_حلب",)]
    await store_all(store, [seen(number, number, tag) for number, tag in enumerate(tags)])
    found = {share.name: share.value for share in (await brief(store)).spellings}
    assert found["#أنقذوا_حلب"] == 2
    assert found["#انقذوا_حلب"] == found["#SaveAleppo"] == 1
    assert found["#أنقذوا_حلب ~"] == 2


async def test_copies_of_one_text_are_one_story(store: Store):
    printed = [
        titled("Aid trucks wait at the border of Aleppo", 1, 9, "bbc"),
        titled("BREAKING: Aid trucks wait at the border of Aleppo (AFP)", 2, 10, "jazeera"),
        titled("Markets reopen in the old town of Aleppo", 3, 11, "bbc"),
        titled("Aid trucks wait at the border of Aleppo", 4, -5, "afp"),
    ]
    await store_all(store, printed, platform="feeds", kind="articles")
    found = await brief(store)
    assert {name: found.total(name).now for name in ("articles", "stories", "outlets")} == {
        "articles": Level(value=3), "stories": Level(value=2), "outlets": Level(value=2),
    }  # fmt: skip
    assert found.total("stories").before == Level(value=1)
    assert [(story.first_outlet, story.outlets) for story in found.stories] == [("afp", ("bbc", "jazeera"))]


async def test_the_press_of_each_region_has_a_lag_or_a_reason(store: Store):
    await store_all(store, [seen(number, number / 4) for number in range(60)])
    await store_all(store, [titled("Aid waits", 1, 9, "bbc", "region/arab")], platform="feeds", kind="articles")
    assert [(lag.group, lag.reason) for lag in (await brief(store)).lags] == [
        ("language/ar", Doubt.HOURS),
        ("region/arab", Doubt.HOURS),
    ]


async def test_the_press_is_told_by_outlet_and_language_and_never_added_to_posts(store: Store):
    await store_all(store, [seen(1, 1)])
    articles = [written(1, 2, "bbc"), written(2, 3, "bbc"), written(3, 4, "jazeera")]
    await store_all(store, articles, platform="feeds", kind="articles")
    found = await brief(store)
    assert (found.total("posts").now.value, found.total("articles").now.value) == (1, 3)
    assert [(share.name, share.value) for share in found.outlets] == [("bbc", 2), ("jazeera", 1)]
    assert [(share.name, share.share) for share in found.languages] == [("ar", 1)]
    assert [headline.outlet for headline in found.headlines][:1] == ["bbc"]


async def test_articles_do_not_make_a_blind_platform_quiet(store: Store):
    await store_all(store, [], covered=Window(SINCE, FRIDAY - timedelta(days=1)))
    await store_all(store, [written(1, 2, "bbc")], platform="feeds", kind="articles")
    found = await brief(store)
    assert (found.total("posts").now.value, found.total("articles").now.value) == (None, 1)


async def test_a_source_that_was_taken_off_leaves_no_gap(store: Store):
    await store_all(store, [seen(1, -90)], platform="telegram", covered=Window(SINCE, FRIDAY - timedelta(days=3)))
    await store_all(store, [seen(2, 2)])
    await runs.declare(store, ALEPPO.slug, {"mastodon": "mastodon"}, FRIDAY - timedelta(days=3))
    found = (await brief(store)).total("posts")
    assert (found.now.value, found.now.partial) == (1, False)


async def test_a_day_that_is_not_over_is_compared_with_the_same_hours_before(store: Store):
    posts = [seen(number, number - 24 + 0.5) for number in range(24)] + [seen(100 + n, n + 0.5) for n in range(12)]
    noon = FRIDAY + timedelta(hours=12)
    await store_all(store, posts)
    found = await brief(store, now=noon)
    assert found.window.end == noon
    assert (found.total("posts").now.value, found.total("posts").change) == (12, 0.0)


async def test_minutes_are_cut_exactly(store: Store):
    odd = Window(FRIDAY + timedelta(minutes=25), FRIDAY + timedelta(hours=2, minutes=25))
    await store_all(store, [seen(1, 0.4), seen(2, 0.5), seen(3, 2.35), seen(4, 2.5)])
    assert (await brief(store, odd, odd.end)).total("posts").now.value == 2


async def test_a_window_that_has_not_begun_is_empty_and_no_error(store: Store):
    await store_all(store, [seen(1, 1)])
    ahead = Window(NOW + timedelta(days=1), NOW + timedelta(days=2))
    assert (await brief(store, ahead)).total("posts").now.value is None


async def test_what_is_published_can_be_read_back(store: Store):
    await store_all(store, [seen(1, 1)])
    found = await brief(store)
    assert Brief.model_validate_json(found.model_dump_json()) == found


async def test_a_long_window_is_drawn_by_the_day(store: Store):
    await store_all(store, [seen(number, -24 * number) for number in range(8)])
    first = local_day(FRIDAY, ALEPPO.zone, days_before=99)
    found = await brief(store, Window(first.start, NOW))
    assert len(found.lines[0].points) == 100
    assert found.total("posts").now.value == 8


@pytest.mark.parametrize(
    ("zone", "start", "days", "expected"),
    [
        ("Asia/Damascus", "2016-04-28T21:00+00:00", 1, Resolution.HOUR),
        ("Asia/Damascus", "2016-04-28T21:00+00:00", 90, Resolution.DAY),
        ("Asia/Damascus", "2016-04-28T21:05+00:00", 9, Resolution.FIVE_MINUTES),
        ("Asia/Kolkata", "2016-04-28T18:30+00:00", 1, Resolution.FIVE_MINUTES),
        ("Asia/Kolkata", "2016-04-28T18:30+00:00", 90, Resolution.DAY),
    ],
)
def test_windows_are_summed_from_the_widest_cells_that_cut_them(zone: str, start: str, days: int, expected: Resolution):
    begin = datetime.fromisoformat(start)
    window = Window(begin, begin + timedelta(days=days))
    assert gather.grain(windows(window, zone), zone, Reach(window.end)) is expected


@pytest.mark.parametrize(
    ("days_ago", "start", "end", "expected"),
    [
        (0, "2016-04-28T10:37+00:00", "2016-04-29T10:37+00:00", Resolution.FIVE_MINUTES),
        (60, "2016-04-28T10:00+00:00", "2016-04-29T10:00+00:00", Resolution.HOUR),
        (600, "2016-04-27T21:00+00:00", "2016-04-28T21:00+00:00", Resolution.DAY),
    ],
)
def test_the_older_the_coarser(days_ago: int, start: str, end: str, expected: Resolution):
    asked = Window(datetime(2016, 4, 28, 10, 37, tzinfo=UTC), datetime(2016, 4, 29, 10, 37, tzinfo=UTC))
    spans, fine = gather.cut(asked, "Asia/Damascus", Reach(asked.end + timedelta(days=days_ago)))
    assert (spans.now, fine) == (Window(datetime.fromisoformat(start), datetime.fromisoformat(end)), expected)


def test_a_day_in_a_zone_beside_the_full_hour_stays_that_day_when_five_minutes_are_gone():
    day = local_day(FRIDAY, "Asia/Kolkata")
    assert gather.cut(day, "Asia/Kolkata", Reach(day.end + timedelta(days=99))) == (
        windows(day, "Asia/Kolkata"),
        Resolution.DAY,
    )


def test_an_hour_of_long_ago_is_told_as_its_day():
    hour = Window(FRIDAY + timedelta(hours=3), FRIDAY + timedelta(hours=4))
    spans, fine = gather.cut(hour, ALEPPO.zone, Reach(FRIDAY + timedelta(days=999)))
    assert (spans.now, fine) == (DAY, Resolution.DAY)


async def test_what_is_no_longer_kept_by_the_hour_is_still_told_by_the_day(store: Store):
    await store_all(store, [seen(number, number) for number in range(5)])
    found = await brief(store, DAY, NOW + timedelta(days=500))
    assert found.total("posts").now.value == 5
    assert [line.points for line in found.lines] == [()]


async def test_days_begin_at_midnight_in_zones_beside_the_full_hour(store: Store):
    campaign = replace(ALEPPO, zone="Asia/Kolkata")
    midnight = datetime(2016, 4, 28, 18, 30, tzinfo=UTC)
    minutes = (-10, 10, 24 * 60 - 10, 24 * 60 + 10)
    sightings = [seen(n, (midnight - FRIDAY).total_seconds() / 3600 + m / 60) for n, m in enumerate(minutes)]
    await store_all(store, sightings)
    found = await gather.brief(store, campaign, Window(midnight, midnight + timedelta(days=1)), NOW)
    assert found.total("posts").now.value == 2


def told(hours: float, value: float) -> Reported:
    return Reported(Metric.REPORTED_POSTS, family_subject("savealeppo"), FRIDAY + timedelta(hours=hours), 3600, value)


async def test_what_a_platform_counts_itself_stands_beside_ours(store: Store):
    reports = [told(hour, 100.0) for hour in range(24)]
    await store_all(store, [seen(number, number) for number in range(6)])
    now = int(NOW.timestamp())
    await ingest.write(
        store, Batch(ALEPPO.slug, ALEPPO.zone, "mastodon", "counts", "posts", now, now, reported=reports)
    )
    found = await brief(store)
    (line,) = found.reported
    assert (line.of, line.now.value, line.now.partial, line.read) == ("#SaveAleppo", 2400, False, 6)
    assert found.total("posts").now.value == 6


async def test_spellings_that_are_still_not_listed_are_shown_with_their_posts(store: Store):
    unlisted = ("save_aleppo", "savealeppo", "syria")  # one was listed since, one never was akin
    await store_all(store, [seen(number, number, seen=unlisted) for number in range(6)])
    assert [(one.spelling, one.family, one.posts) for one in (await brief(store)).seen] == [
        ("#Save_Aleppo", "#SaveAleppo", 6)
    ]


async def test_a_hole_that_a_cut_off_walk_left_is_told_with_about_what_it_hid_until_it_is_filled(store: Store):
    hole = Window(FRIDAY + timedelta(hours=10), FRIDAY + timedelta(hours=14))
    posts = [seen(number, number / 6) for number in range(144) if not 60 <= number < 84]
    around = Window(SINCE, hole.start), Window(hole.end, NOW)
    await store_all(store, posts)
    now, standing = int(NOW.timestamp()), Standing({"at": 2}, around)
    batch = Batch(ALEPPO.slug, ALEPPO.zone, "mastodon", "mastodon", "posts", now, now, walk="w", standing=standing)
    await ingest.write(store, batch)
    (source,) = (await brief(store)).sources
    assert [Window(gap.start, gap.end) for gap in source.gaps] == [hole]
    assert source.lost == pytest.approx(4 * 120 / 34)  # 120 posts in the 34 hours around
    assert (await brief(store)).total("posts").now == Level(value=120, partial=True)
    await cover(store, "mastodon", [], ALL)
    (source,) = (await brief(store)).sources
    assert (source.gaps, source.lost) == ((), None)
