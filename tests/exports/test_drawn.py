"""What a chart of a number shows: the stored series, cut and put into words."""

from datetime import timedelta

import pytest

from monitor.digest import gather
from monitor.exports import drawn
from monitor.exports.series import NOT_WATCHED, Gap, Split
from monitor.model.brief import Brief, Spike, Stretch
from monitor.model.window import Window
from monitor.words.voice import voice
from tests.digest.test_gather import DAY, FRIDAY, NOW, seen, store_all
from tests.people import ALEPPO

HOUR = timedelta(hours=1)
ENGLISH = voice("en", ALEPPO.zone)


@pytest.fixture
async def brief(store) -> Brief:
    """Twelve hours of a day that was watched until its twentieth, one post an hour."""
    covered = Window(FRIDAY - timedelta(days=9), FRIDAY + 20 * HOUR)
    await store_all(store, [seen(number, number) for number in range(12)], covered=covered)
    return await gather.brief(store, ALEPPO, DAY, NOW)


async def shown(store, brief: Brief, number: str = "posts", beside: drawn.Beside | None = None):
    told = await drawn.read(store, ALEPPO, brief, number, beside, NOW)
    return drawn.drawing(told, brief, ENGLISH, ALEPPO.zone, lambda spike: f"/{spike.name}")


async def test_a_cell_that_nobody_watched_is_none_and_one_without_posts_is_zero(store, brief):
    values = [cell.value for cell in (await shown(store, brief)).cells]
    assert values == [1] * 12 + [0] * 8 + [None] * 4


async def test_the_window_before_stands_beside_it_cell_by_cell(store, brief):
    cells = (await shown(store, brief, beside="before")).cells
    assert {cell.beside for cell in cells} == {0}
    assert all(cell.until - cell.at == HOUR for cell in cells)


async def test_potential_reach_is_drawn_by_the_day(store, brief):
    (cell,) = (await shown(store, brief, "potential_reach")).cells
    assert (cell.at, cell.until) == (DAY.start, DAY.end)


async def test_a_spike_that_began_before_the_window_is_cut_to_it_and_keeps_its_reasons(store, brief):
    spike = Spike(
        name="posts", start=FRIDAY - 5 * HOUR, peak=FRIDAY, end=FRIDAY + 2 * HOUR, total=9, expected=1, peak_value=5,
        score=9,
    )  # fmt: skip
    (mark,) = (await shown(store, brief.model_copy(update={"spikes": (spike,)}))).spikes
    assert (mark.start, mark.end, mark.link) == (FRIDAY, FRIDAY + 2 * HOUR, "/posts")


async def test_a_gap_is_cut_to_the_window_and_says_whose_it_is(store, brief):
    (gap,) = (await shown(store, brief)).gaps
    assert (gap.start, gap.end) == (FRIDAY + 20 * HOUR, NOW)
    assert gap.words.startswith("mastodon was not watched")


async def test_a_gap_whose_reason_nobody_knows_is_told_once(store, brief):
    told = await drawn.read(store, ALEPPO, brief, "posts", None, NOW)
    gap = Gap(source="jetstream", platform="bluesky", start=FRIDAY, end=NOW, reason=NOT_WATCHED)
    (mark,) = drawn.drawing(
        told._replace(now=(told.now[0].model_copy(update={"gaps": (gap,)}),)), brief, ENGLISH, ALEPPO.zone, lambda _: ""
    ).gaps
    assert mark.words == "jetstream was not watched"


async def test_only_the_longest_gaps_are_told(store, brief):
    told = await drawn.read(store, ALEPPO, brief, "posts", None, NOW)
    many = [
        Gap(source="m", platform="m", start=FRIDAY, end=FRIDAY + (minute + 1) * timedelta(minutes=1), reason="no")
        for minute in range(drawn.MOST_GAPS + 5)
    ]
    longer = told._replace(now=(told.now[0].model_copy(update={"gaps": tuple(many)}),))
    gaps = drawn.drawing(longer, brief, ENGLISH, ALEPPO.zone, lambda _: "").gaps
    assert (len(gaps), min(gap.end - gap.start for gap in gaps)) == (drawn.MOST_GAPS, timedelta(minutes=6))


async def test_a_window_that_is_not_over_has_no_cells_of_the_future(store, brief):
    early = brief.model_copy(update={"made_at": FRIDAY + 3 * HOUR})
    assert len((await shown(store, early)).cells) == 3


async def test_many_parts_become_a_few_and_the_others(store, brief):
    tags = [f"language/{code}" for code in ("ar", "en", "tr", "fr", "de", "es", "it", "ru", "fa", "ku")]
    posts = [seen(100 + place, 1, subjects=("*", tag)) for place, tag in enumerate(tags) for _ in "x"]
    await store_all(store, posts, covered=Window(FRIDAY - timedelta(days=9), FRIDAY + 20 * HOUR))
    held = await drawn.parts(store, ALEPPO, brief, "posts", Split.LANGUAGE, NOW, ENGLISH)
    assert (len(held.parts), held.parts[-1].name) == (drawn.MOST_PARTS + 1, "3 others")
    assert held.parts[-1].partial == held.parts[0].partial == (False,) * 20 + (True,) * 4
    assert sum(value or 0 for part in held.parts for value in part.values) == len(tags)


async def test_parts_too_say_when_nobody_watched_and_what_is_a_lower_bound(store, brief):
    held = await drawn.parts(store, ALEPPO, brief, "posts", Split.SPELLING, NOW, ENGLISH)
    (gap,) = held.gaps
    assert (gap.start, gap.end) == (FRIDAY + 20 * HOUR, NOW)
    assert {part.partial for part in held.parts} == {(False,) * 20 + (True,) * 4}


async def test_a_brief_of_nothing_has_a_drawing_too(store):
    nothing = await gather.brief(store, ALEPPO, DAY, NOW)
    empty = nothing.model_copy(update={"window": Stretch(start=FRIDAY, end=FRIDAY)})
    assert (await shown(store, empty)).cells == ()
