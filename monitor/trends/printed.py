"""The press of a window: how many different stories, by how many outlets, and how long after the hashtag."""

from datetime import timedelta

import pandas as pd

from monitor.model.brief import Level, Total
from monitor.model.finding import Lag
from monitor.model.metric import VERSIONS, Metric, MetricClass
from monitor.model.window import Window
from monitor.trends.compare import change_of
from monitor.trends.facts import Facts
from monitor.trends.frame import block, sums, sure, together, within
from monitor.trends.lag import lags
from monitor.trends.stories import distinct

LOOKED_BACK = timedelta(weeks=5)
"""How much history tells a lag: longer ago newsrooms may have been other ones."""


def stories(facts: Facts, articles: Total) -> Total:
    """Return the different stories; copies count once. Of more articles than headlines are kept, a lower bound."""
    windows = facts.windows
    spans = {"now": windows.now, "before": windows.before, "week_before": windows.week_before}
    return _total("stories", {key: _stories(facts, span, getattr(articles, key)) for key, span in spans.items()})


def outlets(facts: Facts, articles: Total) -> Total:
    """Return the different outlets that printed anything."""
    windows = facts.windows
    spans = {"now": windows.now, "before": windows.before, "week_before": windows.week_before}
    return _total("outlets", {key: _outlets(facts, span, getattr(articles, key)) for key, span in spans.items()})


def media_lags(facts: Facts) -> tuple[Lag, ...]:
    """Return how long after the posts each part of the press, and each of its languages, wrote."""
    groups = _groups(facts)
    if not groups or facts.of_press_alone:
        return ()
    posts = together(sure(block(facts.hours, Metric.POSTS, facts.social), facts.usable_hours), facts.configured)
    span = Window(facts.windows.now.end - LOOKED_BACK, facts.windows.now.end)
    both = within(pd.DataFrame({"": posts, **groups}), span)
    return lags(both[""], both[list(groups)], facts.campaign.zone)


def _stories(facts: Facts, window: Window, articles: Level) -> Level:
    """Return the stories of one window; None where articles were counted and no headline of them is kept."""
    window = _as_counted(facts, window)
    told = [headline for headline in facts.headlines if window.start <= headline.at < window.end]
    if articles.value is None or (articles.value > 0 and not told):
        return Level(value=None, partial=articles.partial)
    many = distinct(facts.headlines, facts.copies, window)
    return Level(value=float(many), partial=articles.partial or len(told) < articles.value)


def _as_counted(facts: Facts, window: Window) -> Window:
    """Return the window as articles were summed over it: from cell to cell."""
    starts = pd.DatetimeIndex(facts.cells.known.index)
    first, after = (int(starts.searchsorted(pd.Timestamp(moment))) for moment in (window.start, window.end))
    ends = [starts[place].to_pydatetime() if place < len(starts) else window.end for place in (first, after)]
    return Window(*ends)


def _outlets(facts: Facts, window: Window, articles: Level) -> Level:
    if articles.value is None:
        return articles
    printed = sums(facts.outlets, Metric.ARTICLES, facts.papers, window, facts.usable_cells)
    many = sum(subject.startswith("outlet/") for subject in printed[printed > 0].index.map(str))
    return Level(value=float(many), partial=articles.partial)


def _total(name: str, levels: dict[str, Level]) -> Total:
    """Return a number that can not be cut to what was seen in both windows: it is compared where both are complete."""
    return Total(
        name=name,
        definition=f"{name}/{VERSIONS[name]}",
        class_of=MetricClass.COVERAGE,
        now=levels["now"],
        before=levels["before"],
        week_before=levels["week_before"],
        change=change_of(levels["now"], levels["before"]),
        week_change=change_of(levels["now"], levels["week_before"]),
    )


def _groups(facts: Facts) -> dict[str, pd.Series]:
    """Return the articles of each region and language by the hour; NaN where the press was not watched."""
    frame, configured = facts.press_parts, facts.configured
    if frame is None:
        return {}
    subjects = sorted(set(frame.values.columns.get_level_values("subject")))  # noqa: PD011 - our frame
    blocks = {subject: block(frame, Metric.ARTICLES, facts.papers, subject) for subject in subjects}
    return {subject: together(sure(cells, facts.usable_hours), configured) for subject, cells in blocks.items()}
