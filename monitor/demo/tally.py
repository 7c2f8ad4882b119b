"""The table at the end of a demo: what is true beside what is stored, at every resolution."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from monitor.demo.cast import CAMPAIGN
from monitor.demo.results import results
from monitor.demo.row import Row
from monitor.demo.street import fridays, ways
from monitor.demo.truth import BLUESKY, FEEDS, TELEGRAM, TOOTS, YOUTUBE, Truth, X, reports, stories, truth
from monitor.demo.world import World
from monitor.model.metric import (
    ENGAGEMENT,
    WHOLE,
    Metric,
    family_subject,
    index_subject,
    outlet_subject,
    spelling_subject,
)
from monitor.model.series import Frame
from monitor.model.spelling import fold
from monitor.model.window import Resolution, Window
from monitor.store import headlines, reported, series
from monitor.store.store import Store
from monitor.trends.stories import clustered

_VIEWS = (Metric.POSTS, Metric.IMPRESSIONS, Metric.MEASURED_POSTS)
TOLD = {
    TOOTS: (Metric.POSTS, *ENGAGEMENT),
    BLUESKY: (Metric.POSTS, *ENGAGEMENT),
    X: (*_VIEWS, *ENGAGEMENT),
    TELEGRAM: (*_VIEWS, Metric.LIKES),
    YOUTUBE: (*_VIEWS, Metric.LIKES, Metric.REPLIES),
    FEEDS: (Metric.ARTICLES,),
}
"""Which metrics each platform of the world tells."""

Column = tuple[str, str, str]
"""Subject, platform and metric, as in a frame."""


async def tally(store: Store, world: World, now: datetime) -> list[Row]:
    """Compare all totals of a world with a store that has collected it until now."""
    window = Window(world.plan.start, now + timedelta(minutes=5))
    frames = [await _frame(store, window, resolution) for resolution in Resolution]
    found = truth(world)
    told = [await _stories(store, world, window), *[row async for row in _reports(store, world, window)]]
    voted = [row async for row in results(store, world)]
    names = _names(world, found, frames)
    return [*_metrics(found, frames), *told, *voted, *names, *_subjects(found, frames), *_cells(found, frames)]


async def _frame(store: Store, window: Window, resolution: Resolution) -> Frame:
    counted = [one for kind in ("tag", "outlet") for one in await series.subjects(store, CAMPAIGN.slug, kind)]
    return await series.frame(
        store,
        CAMPAIGN.slug,
        subjects=[WHOLE, *counted],
        platforms=list(TOLD),
        metrics=list(dict.fromkeys(metric for metrics in TOLD.values() for metric in metrics)),
        window=window,
        resolution=resolution,
        zone=CAMPAIGN.zone,
        now=window.end,
    )


async def _stories(store: Store, world: World, window: Window) -> Row:
    printed = await headlines.within(store, CAMPAIGN.slug, window)
    return Row("stories", stories(world), (len(set(clustered(printed))),))


async def _reports(store: Store, world: World, window: Window) -> AsyncIterator[Row]:
    """Yield what others count, which is told by the hour only; of all articles, those of the world's days."""
    true, index = reports(world), index_subject("gdelt", "latin")
    for number, family in enumerate(CAMPAIGN.families):
        subject = family_subject(family.key)
        stored = await _sum_told(store, (subject, X, Metric.REPORTED_POSTS), window)
        yield Row(f"x's own count of {family.tag}", true.posts[number], (stored,))
    days = Window(window.start, world.plan.end)
    stored = await _sum_told(store, (index, FEEDS, Metric.REPORTED_ARTICLES), window)
    yield Row("gdelt's own count of articles", true.articles, (stored,))
    stored = await _sum_told(store, (index, FEEDS, Metric.ALL_ARTICLES), days)
    yield Row("all articles gdelt looked through", true.all_articles, (stored,))


async def _sum_told(store: Store, column: Column, window: Window) -> int:
    subject, platform, metric = column
    found = await reported.within(store, CAMPAIGN.slug, [subject], [platform], window)
    return int(sum(one.value for one in found.get(platform, ()) if one.metric == metric))


def _metrics(found: Truth, frames: Sequence[Frame]) -> Iterator[Row]:
    """Yield each metric over all platforms, then by platform."""
    totals: Counter[str] = Counter()
    for (_, name), value in found.totals.items():
        totals[name] += value
    for name, value in totals.items():
        platforms = [platform for platform, metrics in TOLD.items() if name in metrics]
        yield _row(name, value, frames, [(WHOLE, platform, name) for platform in platforms])
    for platform, metrics in TOLD.items():
        for metric in metrics:
            yield _row(f"{platform} {metric}", found.totals[platform, metric], frames, [(WHOLE, platform, metric)])


def _subjects(found: Truth, frames: Sequence[Frame]) -> Iterator[Row]:
    """Yield posts by family and spelling, and articles by outlet; two spellings of a family are one post of it."""
    for (platform, number), value in found.families.items():
        family = CAMPAIGN.families[number]
        columns = [_posts(platform, family_subject(family.key))]
        yield _row(f"{platform} posts {family.tag}", value, frames, columns, detail=True)
    for (platform, number, spelling), value in found.spellings.items():
        family = CAMPAIGN.families[number]
        columns = [_posts(platform, spelling_subject(family.key, spelling))]
        yield _row(f"{platform} posts {family.tag} as {spelling}", value, frames, columns, detail=True)

    for outlet, value in found.outlets.items():
        columns = [(outlet_subject(outlet), FEEDS, Metric.ARTICLES)]
        yield _row(f"articles of {outlet}", value, frames, columns, detail=True)


def _names(world: World, found: Truth, frames: Sequence[Frame]) -> Iterator[Row]:
    """Yield the posts under each name that won, over all platforms, then under every name by platform."""
    for day in fridays(world.contests):
        told = [platform for platform, name in found.names if name == day.winner]
        tag = ways(day.winner)[0]
        posts = sum(found.names[platform, day.winner] for platform in told)
        yield _row(f"posts #{tag}", posts, frames, [_posts(platform, family_subject(fold(tag))) for platform in told])
    for (platform, name), value in found.names.items():
        tag = ways(name)[0]
        columns = [_posts(platform, family_subject(fold(tag)))]
        yield _row(f"{platform} posts #{tag}", value, frames, columns, detail=True)


def _posts(platform: str, subject: str) -> Column:
    return subject, platform, Metric.POSTS


def _row(metric: str, true: int, frames: Sequence[Frame], columns: Sequence[Column], *, detail: bool = False) -> Row:
    return Row(metric, true, tuple(int(sum(_sum(frame, column) for column in columns)) for frame in frames), detail)


def _sum(frame: Frame, column: Column) -> float:
    return float(frame.values[column].sum()) if column in frame.values.columns else 0.0


def _cells(found: Truth, frames: Sequence[Frame]) -> Iterator[Row]:
    """Yield how many cells there are and how many are right, for what is booked at its creation alone."""
    for (platform, name), moments in found.moments.items():
        for frame in frames:
            right = _right(frame, (WHOLE, platform, name), moments)
            yield Row(
                f"{platform} {name} right in cells of {frame.resolution}", len(frame.values), (right,), detail=True
            )


def _right(frame: Frame, column: Column, moments: Iterable[int]) -> int:
    """Count the cells that hold exactly as many mentions as were made in them."""
    index = frame.values.index
    times = [datetime.fromtimestamp(moment, UTC) for moment in moments]
    places = Counter((index.searchsorted(times, side="right") - 1).tolist())
    stored = frame.values[column].tolist()
    return sum(value == places[place] for place, value in enumerate(stored))
