"""What is odd about gains of votes: one option far above its pace, and steps too regular for people. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from monitor.model.race import Event, Kind
from monitor.trends.race import Numbers, Race
from monitor.trends.standings import look


@dataclass(frozen=True, slots=True)
class Rule:
    """When something is odd.

    `after`: how long after its end a poll may still count. `late`: the part of a race in which a new option is late.
    `surge_*`: an option's gain within `surge_window` must be so many votes and so much of all votes, so many times what
    its pace and the pace of all together promised, and so many times more than its hashtag rose. `regular_*`: so many
    equal stretches, with so many votes each on average, whose gains differ so much less than chance lets them
    (variance over mean; by chance 1).
    """

    after: timedelta = timedelta(minutes=2)
    late: float = 0.25
    surge_window: timedelta = timedelta(hours=1)
    surge_votes: float = 50
    surge_part: float = 0.025
    surge_times: float = 4.0
    surge_posts: float = 2.0
    regular_stretches: int = 16
    regular_votes: float = 8.0
    regular_dispersion: float = 0.17


RULE = Rule()


@dataclass(frozen=True)
class Activity:
    """Posts of each option's hashtag: ends of equal stretches (epoch seconds), a column for each key; NaN: blind."""

    ends: Numbers
    posts: Numbers
    keys: tuple[str, ...]

    def within(self, key: str, start: float, end: float) -> float | None:
        """Return the posts an hour of an option's hashtag between two moments; None where nobody watched."""
        if key not in self.keys:
            return None
        inside = (self.ends > start) & (self.ends <= end)
        posts = self.posts[inside, self.keys.index(key)]
        return (
            None
            if not len(posts) or np.isnan(posts).any() or end <= start
            else float(posts.sum() * 3600 / (end - start))
        )


def surges(race: Race, activity: Activity | None) -> Iterator[Event]:
    """Yield the greatest surge of each option, if it is one."""
    if len(race.tallies) < 4:  # noqa: PLR2004 - a pace before, and a surge
        return
    total = float(np.nansum(race.high[-1]))
    for column, option in enumerate(race.options):
        found = [surge for row in range(3, len(race.at)) if (surge := _surge(race, column, row))]
        odd = max(
            (surge for surge in found if surge.gain >= RULE.surge_part * total), key=lambda s: s.gain, default=None
        )
        if odd is not None and not _explained(race, option.key, odd, activity):
            before, after = race.tallies[odd.first], race.tallies[odd.last]
            yield Event(
                kind=Kind.SURGE,
                at=after.at,
                option=option.label,
                number=odd.gain,
                before=look(before),
                after=look(after),
            )


@dataclass(frozen=True, slots=True)
class _Surge:
    """Rows between which an option gained, and how much more than expected that was."""

    first: int
    last: int
    gain: float


def _surge(race: Race, column: int, row: int) -> _Surge | None:
    """Return what an option surely gained in the window that ends with a look, if its pace did not promise it.

    Expected is its share so far of what all others gained in the same window: a busy evening lifts everybody.
    """
    first = int(np.searchsorted(race.at, race.at[row] - RULE.surge_window.total_seconds(), side="left"))
    if first < 1 or first >= row:
        return None
    gain = race.low[row, column] - race.high[first, column]
    if np.isnan(gain) or gain < RULE.surge_votes:
        return None
    before, others = race.votes[first], np.delete(race.votes, column, axis=1)
    told = ~np.isnan(others[first] - others[row])  # what was not told at one end says nothing of a pace
    others_gain, others_before = (others[row] - others[first])[told].sum(), others[first][told].sum()
    if others_before <= 0:
        return None
    usual = (before[column] + 5.0) / others_before
    expected = usual * max(float(others_gain), 0.0)
    is_odd = gain > RULE.surge_times * expected + 8 * np.sqrt(expected + 1)
    return _Surge(first, row, float(gain - expected)) if is_odd else None


def _explained(race: Race, key: str, surge: _Surge, activity: Activity | None) -> bool:
    """Tell whether the option's hashtag rose with it: then people talked about it."""
    if activity is None:
        return False
    start, end = race.at[surge.first], race.at[surge.last]
    now, before = activity.within(key, start, end), activity.within(key, race.at[0], start)
    return now is not None and before is not None and now > RULE.surge_posts * before + 2


def regular(race: Race, closes_at: datetime | None) -> Iterator[Event]:
    """Yield options whose gains in equal stretches differ much less than those of people would by chance."""
    rows = _even_rows(race, closes_at)
    if len(rows) <= RULE.regular_stretches:
        return
    gains = np.diff(race.low[rows], axis=0)
    exact = (race.low[rows] == race.high[rows]).all(axis=0)
    for column, option in enumerate(race.options):
        found = _most_regular(gains[:, column]) if exact[column] else None
        if found is not None:
            before, after = race.tallies[rows[found]], race.tallies[rows[found + RULE.regular_stretches]]
            pace = float(gains[found : found + RULE.regular_stretches, column].mean())
            yield Event(
                kind=Kind.MACHINE_REGULAR, at=after.at, option=option.label, number=pace,
                before=look(before), after=look(after),
            )  # fmt: skip


def _even_rows(race: Race, closes_at: datetime | None) -> list[int]:
    """Return rows of looks that lie the most usual distance apart, before the end."""
    end = closes_at.timestamp() if closes_at else np.inf
    at = race.at[race.at <= end]
    if len(at) < 3:  # noqa: PLR2004 - two distances
        return []
    usual = float(np.median(np.diff(at)[: max(len(at) // 2, 2)]))
    rows, due = [0], at[0] + usual
    for row in range(1, len(at)):
        if abs(at[row] - due) <= 0.1 * usual:
            rows.append(row)
            due = at[row] + usual
        elif at[row] > due:
            rows, due = [row], at[row] + usual
    return rows


def _most_regular(gains: Numbers) -> int | None:
    """Return where the most regular run of stretches begins; None when each differs as chance lets it."""
    size = RULE.regular_stretches
    runs = [gains[start : start + size] for start in range(len(gains) - size + 1)]
    odd = [
        (float(run.var(ddof=1) / run.mean()), start)
        for start, run in enumerate(runs)
        if not np.isnan(run).any() and run.mean() >= RULE.regular_votes
    ]
    dispersion, start = min(odd, default=(np.inf, 0))
    return start if dispersion < RULE.regular_dispersion else None
