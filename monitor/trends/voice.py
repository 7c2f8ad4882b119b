"""By how much the share of a part moved between two windows: spellings, platforms, languages, outlets, campaigns.

The error of a share is told by how much it strays from one stretch of the window to the next: posts come in bursts, and
counting them as if each were drawn by itself would call every burst a change.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from monitor.model.brief import Brief, Share
from monitor.model.finding import Move
from monitor.model.metric import Metric
from monitor.model.series import Frame
from monitor.trends import season
from monitor.trends.facts import Facts
from monitor.trends.frame import block, sure, within
from monitor.trends.season import Numbers
from monitor.trends.verdict import FEW

STRETCHES = 12
"""Into so many stretches a window is cut; their shares stray as the whole does."""

BURSTY = 3.0
"""By how much counts of posts stray beyond chance where nothing else is known of them."""

Both = tuple[Numbers, Numbers]
"""What a part, or the whole, had in each cell of the window now and of the one before."""


def moves(
    facts: Facts, frame: Frame, metric: Metric, platforms: Sequence[str], subjects: Iterable[str]
) -> Mapping[str, Move]:
    """Return by how much the share of each subject moved, of what was seen in both windows."""
    whole = _comparable(facts, block(facts.cells, metric, platforms))
    totals = _summed(whole)
    found = {one: move(_summed(_comparable(facts, block(frame, metric, platforms, one))), totals) for one in subjects}
    return {subject: one for subject, one in found.items() if one is not None}


def platform_moves(facts: Facts) -> Mapping[str, Move]:
    """Return by how much the share of each platform moved, of what was seen in both windows."""
    now, before = _comparable(facts, block(facts.cells, Metric.POSTS, facts.social))
    totals = _summed((now, before))
    told = [(place, name) for place, name in enumerate(facts.social) if now[:, place].any() or before[:, place].any()]
    found = {name: move((now[:, place], before[:, place]), totals) for place, name in told}
    return {name: one for name, one in found.items() if one is not None}


def move(part: Both, whole: Both) -> Move | None:
    """Return by how much a part's share moved from before to now; None where either window had too little."""
    if min(float(side.sum()) for side in whole) < FEW:
        return None
    (now, error), (before, other) = (_share(*sides) for sides in zip(part, whole, strict=True))
    reach = season.student(STRETCHES - 1) * math.hypot(error, other)
    return Move(points=now - before, low=now - before - reach, high=now - before + reach)


def across(briefs: Sequence[Brief]) -> tuple[Share, ...]:
    """Return each campaign's share of the posts of all of them, largest first; none where fewer than two tell any.

    A post that counts for two of them counts for both.
    """
    told = {brief.campaign: total.now.value for brief in briefs if (total := brief.total("posts")) and total.now.value}
    chosen = [brief for brief in briefs if brief.campaign in told]
    if len(chosen) < 2:  # noqa: PLR2004 - one voice has no share
        return ()
    now, before = np.array([*told.values()]), np.array([_before(brief) for brief in chosen])
    apart = np.array([_stray(brief, posts) for brief, posts in zip(chosen, now, strict=True)])
    parts = now / now.sum()
    moved = [None] * len(chosen) if np.isnan(before).any() else _moved(parts, before / before.sum(), apart)
    found = [
        Share(name=slug, value=posts, share=float(part), before=None if np.isnan(was) else float(was), move=one)
        for (slug, posts), part, was, one in zip(told.items(), parts, before, moved, strict=True)
    ]
    return tuple(sorted(found, key=lambda share: (-share.value, share.name)))


def _comparable(facts: Facts, cells: pd.DataFrame) -> Both:
    """Return the cells of both windows, rows of the same time beside each other, zero where either was not seen."""
    known = sure(cells, facts.usable_cells)
    now, before = (within(known, span).to_numpy() for span in (facts.windows.now, facts.windows.before))
    rows = min(len(now), len(before))  # a day with a clock change is an hour longer or shorter
    both = ~(np.isnan(now[:rows]) | np.isnan(before[:rows]))
    return np.where(both, now[:rows], 0.0), np.where(both, before[:rows], 0.0)


def _summed(sides: Both) -> Both:
    return sides[0].sum(axis=1), sides[1].sum(axis=1)


def _share(part: Numbers, whole: Numbers) -> tuple[float, float]:
    """Return a share and its standard error: how it strays between stretches, never less than chance does."""
    total = float(whole.sum())
    share, steadied = float(part.sum()) / total, (float(part.sum()) + season.HALF) / (total + 1)
    parts, wholes = (np.array([piece.sum() for piece in np.array_split(side, STRETCHES)]) for side in (part, whole))
    strayed = float(((parts - share * wholes) ** 2).sum()) * STRETCHES / (STRETCHES - 1) / total**2
    return share, math.sqrt(max(strayed, max(steadied * (1 - steadied), 0.0) / total))


def _before(brief: Brief) -> float:
    """Return the posts of the window before that were seen in the same places as those of now; NaN where unknown."""
    posts = brief.total("posts")
    if posts is None or posts.change is None or posts.now.value is None or posts.change <= -1:
        return math.nan
    return posts.now.value / (1 + posts.change)


def _stray(brief: Brief, posts: float) -> float:
    """Return how far a campaign's posts stray, as a logarithm: as its last day did, else as bursts do."""
    day = [one for one in brief.headings if one.name == "posts" and one.hours == season.DAY and one.high is not None]
    if day and day[0].low is not None and day[0].high is not None and day[0].low > -1:
        return math.log((1 + day[0].high) / (1 + day[0].low)) / (2 * season.NORMAL)
    return math.sqrt(BURSTY / max(posts, 1.0))


def _moved(now: Numbers, before: Numbers, apart: Numbers) -> list[Move | None]:
    """Return by how much each campaign's share moved: what strays in any of them moves the share of all."""

    def error(parts: Numbers) -> Numbers:
        others = (parts**2 * apart**2).sum() - parts**2 * apart**2
        return np.asarray(parts**2 * ((1 - parts) ** 2 * apart**2 + others))

    reach = season.NORMAL * np.sqrt(error(now) + error(before))
    points = now - before
    return [
        Move(points=float(one), low=float(one - width), high=float(one + width))
        for one, width in zip(points, reach, strict=True)
    ]
