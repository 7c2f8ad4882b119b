"""The printed numbers: each with its class, its parts, how far it can be trusted and what it is compared with."""

import pandas as pd

from monitor.model.brief import Level, Total
from monitor.model.metric import ENGAGEMENT, VERSIONS, Metric, MetricClass
from monitor.model.window import Window, local_day
from monitor.trends import printed
from monitor.trends.compare import change, change_of
from monitor.trends.facts import Facts
from monitor.trends.frame import block, counted, level, sure, tellers, within


def totals(facts: Facts) -> tuple[Total, ...]:
    """Return all totals of the whole campaign, in the order in which they are read."""
    posts = _counted(facts, "posts", block(facts.cells, Metric.POSTS, facts.social))
    articles = _counted(facts, "articles", block(facts.cells, Metric.ARTICLES, facts.papers))
    return (
        posts,
        _authors(facts, posts),
        _impressions(facts, posts),
        _engagement(facts),
        _potential_reach(facts),
        articles,
        printed.stories(facts, articles),
        printed.outlets(facts, articles),
    )


def is_partial(facts: Facts, platforms: tuple[str, ...], window: Window) -> bool:
    """Tell whether a gap of one of the platforms lies in the part of the window that has passed."""
    passed = Window(window.start.replace(minute=0, second=0, microsecond=0), min(window.end, facts.now))
    missed = within(facts.missed, passed)[list(platforms)]
    return bool(missed.to_numpy().any()) or _is_half_read(facts, [*facts.imported.intersection(platforms)], passed)


def _is_half_read(facts: Facts, platforms: list[str], window: Window) -> bool:
    """Tell whether files of a platform that nobody asks tell of a part of the window only."""
    if not platforms:
        return False
    watched = within(facts.watch.known, window)[platforms].to_numpy(dtype=bool)
    came = within(block(facts.watch, Metric.POSTS, platforms), window).to_numpy() > 0
    return bool(((watched.any(axis=0) | came.any(axis=0)) & ~watched.all(axis=0)).any())


def _counted(
    facts: Facts, name: str, cells: pd.DataFrame, *, days: bool = False, due: tuple[str, ...] = (), **more: object
) -> Total:
    """Return a plain sum over time and platforms (columns of `cells`) with its comparisons; `days`: by whole days.

    A gap of a column's platform makes it partial, and of one in `due`, which would have told if it had been seen.
    """
    windows, platforms = facts.windows, tuple(dict.fromkeys((*map(str, cells), *due)))
    spans = {"now": windows.now, "before": windows.before, "week_before": windows.week_before}
    if days:
        spans = {key: _whole_days(span, facts.campaign.zone) for key, span in spans.items()}
    watched = facts.usable_days if days else facts.usable_cells
    stored = {key: within(cells, span) for key, span in spans.items()}
    levels = {
        key: level(counted(stored[key], watched), partial=is_partial(facts, platforms, span))
        for key, span in spans.items()
    }
    seen = {key: sure(part, watched) for key, part in stored.items()}
    fields = {
        "name": name,
        "definition": f"{name}/{VERSIONS[name]}",
        "class_of": _CLASSES[name],
        "change": change(seen["now"], seen["before"]),
        "week_change": change(seen["now"], seen["week_before"]),
        **levels,
    }
    return Total.model_validate({**fields, **more})


def _authors(facts: Facts, posts: Total) -> Total:
    """Return the distinct authors; posts without a single author mean that no platform told who wrote them."""
    found = facts.authors
    now = _told(found.now, posts.now)
    before = _told(found.before, posts.before)
    week_before = _told(found.week_before, posts.week_before)
    return Total(
        name="authors",
        definition=f"authors/{VERSIONS['authors']}",
        class_of=_CLASSES["authors"],
        now=now,
        before=before,
        week_before=week_before,
        change=change_of(now, before),
        week_change=change_of(now, week_before),
    )


def _told(count: int, posts: Level) -> Level:
    silent = posts.value is None or (count == 0 and posts.value > 0)
    return Level(value=None if silent else float(count), partial=posts.partial)


def _impressions(facts: Facts, posts: Total) -> Total:
    """Return the measured views of the platforms that tell them, for which part of the posts, and how far rounded."""
    measured = block(facts.cells, Metric.MEASURED_POSTS, facts.social)
    told = level(counted(within(measured, facts.windows.now), facts.usable_cells), partial=False).value
    share = min(told / posts.now.value, 1.0) if told is not None and posts.now.value else None
    views = block(facts.cells, Metric.IMPRESSIONS, tellers(measured))
    return _counted(facts, "impressions", views, measured_share=share, rounding=_rounding(facts))


def _rounding(facts: Facts) -> float | None:
    """Return the width of the last digits shown, summed over the window; None when nothing was rounded."""
    widths = within(block(facts.cells, Metric.ROUNDING, facts.social), facts.windows.now)
    return level(counted(widths, facts.usable_cells), partial=False).value or None


def _engagement(facts: Facts) -> Total:
    """Return likes, reposts, replies and quotes, each on its own and summed; a part nobody told is None."""
    blocks = {part: block(facts.cells, part, facts.social) for part in ENGAGEMENT}
    told = {part: cells[tellers(cells)] for part, cells in blocks.items()}
    now = facts.windows.now
    seen = {part.value: counted(within(cells, now), facts.usable_cells) for part, cells in told.items()}
    parts = {part: level(cells, partial=False).value for part, cells in seen.items()}
    return _counted(facts, "engagement", pd.concat(told.values(), axis=1), due=facts.social, parts=parts)


def _potential_reach(facts: Facts) -> Total:
    """Return the bracket: largest single audience of a day … sum of followers over each day's distinct authors."""
    high = block(facts.days, Metric.POTENTIAL_HIGH, facts.social)
    high = high[tellers(high)]
    low = block(facts.days, Metric.POTENTIAL_LOW, tellers(high))
    largest = within(low, _whole_days(facts.windows.now, facts.campaign.zone)).max().max()
    total = _counted(facts, "potential_reach", high, days=True, due=facts.social)
    return total.model_copy(update={"low": None if total.now.value is None else float(largest)})


def _whole_days(window: Window, zone: str) -> Window:
    """Return the window from the local midnight before it: who was reached is known by the day only."""
    return Window(local_day(window.start, zone).start, window.end)


_CLASSES = {
    "posts": MetricClass.VOLUME,
    "authors": MetricClass.VOLUME,
    "impressions": MetricClass.MEASURED,
    "engagement": MetricClass.ENGAGEMENT,
    "potential_reach": MetricClass.POTENTIAL,
    "articles": MetricClass.COVERAGE,
}
