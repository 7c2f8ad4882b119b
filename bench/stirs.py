"""Stirs: are the causes that the demo plants told first in worlds of other seeds, too? Without collectors or a store.

What a perfect observer would have stored of a world goes through the whole brief, and the rows of the demo's own table
judge it. `right_first` is the part of all stirs whose cause is told first, `whole` the part of the worlds in which all
are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from statistics import mean
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bench.show import flags, show
from monitor.demo.cast import CAMPAIGN
from monitor.demo.causes import causes
from monitor.demo.life import rounded
from monitor.demo.plan import ZONE, Plan
from monitor.demo.stage import make
from monitor.demo.truth import FEEDS, facts
from monitor.demo.world import Message, Toot, Tweet, Video, World
from monitor.model.figure import Headline
from monitor.model.metric import WHOLE, Metric, language_subject, spelling_subject
from monitor.model.rise import COLUMNS as RISES
from monitor.model.rise import IMPRESSIONS
from monitor.model.series import COLUMNS, Frame
from monitor.model.sighting import SourceState
from monitor.model.window import Resolution, Window
from monitor.trends import summary
from monitor.trends.compare import windows
from monitor.trends.facts import Facts

PLATFORMS = ("mastodon", "bluesky", "x", "telegram", "youtube")
FOLLOWED = 72  # hours in which the impressions of a post are counted
TARGETS = {"right_first": "≥ 0.9"}
_HOUR, _WEEK = timedelta(hours=1), timedelta(days=7)

Column = tuple[str, str, Metric]
Numbers = npt.NDArray[np.float64]


class Known:
    """What was counted of a world, column by column, hour by hour."""

    def __init__(self, plan: Plan) -> None:
        self.index = pd.date_range(plan.start, plan.end, freq="h", inclusive="left")
        self.cells: dict[Column, Numbers] = defaultdict(self._zeros)
        self.tags: dict[str, Numbers] = defaultdict(self._zeros)
        self.rises: list[tuple[Any, ...]] = []
        self._window = Window(plan.start, plan.end)

    def _zeros(self) -> Numbers:
        return np.zeros(len(self.index))

    def place(self, moment: float) -> int:
        return int(moment - self._window.start.timestamp()) // 3600

    def add(self, platform: str, post: Any) -> None:
        """Count one post."""
        subjects, place, views = _subjects(post), self.place(post.created), _views(post)
        for subject in subjects:
            self.cells[subject, platform, Metric.POSTS][place] += 1
        for tag in post.tagged.first:
            self.tags[f"#{tag}"][place] += 1
        if not views:
            return
        self.cells[WHOLE, platform, Metric.MEASURED_POSTS][place] += 1
        hours = self.index[place : place + FOLLOWED]
        shown = [int(views * post.curve.share(hour.timestamp())) for hour in (*hours, hours[-1] + _HOUR)]
        for number, (before, after) in enumerate(pairwise(shown)):
            for subject in subjects:
                self.cells[subject, platform, Metric.IMPRESSIONS][place + number] += after - before
            self.rises.append((hours[number], IMPRESSIONS, platform, str(post.number), after - before, None))

    def frame(self, cells: Mapping[Column, Numbers]) -> Frame:
        names = pd.MultiIndex.from_tuples(list(cells), names=COLUMNS) if cells else None
        table = pd.DataFrame(dict(enumerate(cells.values())), index=self.index, dtype=float)
        table.columns = names if names is not None else pd.MultiIndex.from_arrays([[]] * len(COLUMNS), names=COLUMNS)
        watched = pd.DataFrame(True, index=self.index, columns=[*PLATFORMS, FEEDS])
        return Frame(self._window, Resolution.HOUR, ZONE, table, watched)


def known(world: World) -> Facts:
    """Return what is known of a world's last week when all of it was seen at once."""
    plan, found = world.plan, Known(world.plan)
    for platform, post in _posts(world):
        found.add(platform, post)
    press = sorted((fact for fact in facts(world) if fact.platform == FEEDS), key=lambda fact: -fact.created)
    for fact in press:
        found.cells[WHOLE, FEEDS, Metric.ARTICLES][found.place(fact.created)] += 1
    whole = found.frame({column: each for column, each in found.cells.items() if column[0] == WHOLE})
    parts, none = found.frame(found.cells), found.frame({})
    return Facts(
        campaign=CAMPAIGN,
        windows=windows(Window(plan.end - _WEEK, plan.end), ZONE),
        now=plan.end,
        cells=whole,
        hours=whole,
        days=none,
        spellings=parts,
        outlets=none,
        parts=parts,
        press=frozenset({FEEDS}),
        sources=[SourceState(name, name, (), {}, plan.end) for name in (*PLATFORMS, FEEDS)],
        headlines=[
            Headline(title=fact.title, outlet=fact.outlet, at=datetime.fromtimestamp(fact.created, UTC))
            for fact in press
        ],
        tags=pd.DataFrame(found.tags, index=found.index),
        largest=pd.DataFrame(found.rises, columns=RISES),
    )


def figures(seeds: Iterable[int]) -> dict[str, float]:
    """Judge the world of each seed by the rows of the demo's table."""
    told: dict[str, list[bool]] = defaultdict(list)
    for seed in seeds:
        world = make(Plan(seed=seed))
        whole, *rows = causes(world, summary.brief(known(world)))
        told["whole"].append(whole.equal)
        for row in rows:
            told[row.metric.partition(": ")[2].partition(" ")[0]].append(row.equal)
    worlds = told.pop("whole")
    right = {f"right_first.{cause}": mean(each) for cause, each in told.items()}
    return {"right_first": mean(chain(*told.values())), **right, "whole": mean(worlds), "worlds": len(worlds)}


def _posts(world: World) -> Iterator[tuple[str, Any]]:
    """Yield the posts of the campaign until the week ends, each with its platform."""
    end = world.plan.end.timestamp()
    messages = list(chain(*world.channels.values()))
    each: tuple[Iterable[Any], ...] = (world.toots, world.skeets, world.tweets, messages, world.videos)
    for platform, posts in zip(PLATFORMS, each, strict=True):
        for post in posts:
            if post.created < end and post.tagged.counts and (post.copies if isinstance(post, Toot) else True):
                yield platform, post


def _subjects(post: Any) -> set[str]:
    typed = {spelling_subject(CAMPAIGN.families[one.family].key, one.spelling) for one in post.tagged.typed}
    return {WHOLE, *typed} if isinstance(post, Video) else {WHOLE, language_subject(post.text[0]), *typed}


def _views(post: Any) -> int:
    if isinstance(post, Message):
        return 0 if post.forwarded or post.views is None else rounded(post.views)
    return (post.totals.impressions or 0) if isinstance(post, Tweet | Video) else 0


if __name__ == "__main__":
    options = flags(__doc__)
    seeds = range(1, 4 if options.quick else 21)
    show("stirs: causes planted in the demo", figures(seeds), TARGETS, as_json=options.json)
