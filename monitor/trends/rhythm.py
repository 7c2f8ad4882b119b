"""Do people post a name before they vote for it, or after? Lags of votes behind posts, with an interval. Pure.

Everybody votes and posts more in the evening. So what is compared are shares: of each hour's votes, and of each hour's
posts under any of the names.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitor.model.friday import Rhythm
from monitor.trends.race import Numbers, Race

LONGEST_LAG = 6
"""Hours to both sides."""

_HOUR = 3600
_AGAIN = 300  # resamples: the ends of an interval are known to a point or two
_FLAT = 1e-9  # what spreads less does not move at all
_BLOCK = 4  # hours that are drawn together, because neighbours resemble each other


@dataclass(frozen=True, slots=True)
class Evidence:
    """What must be there to say anything.

    So many hours known of both, so many posts and votes; a correlation so strong, almost surely `surely` so; and an
    interval no wider than so many hours.
    """

    hours: int = 18
    posts: float = 60
    votes: float = 100
    strong: float = 0.5
    surely: float = 0.25
    width: float = 3.0


EVIDENCE = Evidence()


def rhythms(race: Race, posts: pd.DataFrame) -> dict[str, Rhythm]:
    """Return the rhythm of each option that is known by its votes and its posts (hours, a column for each key)."""
    hours = pd.DatetimeIndex(posts.index).as_unit("s").asi8.astype(np.float64)
    keys = [option.key for option in race.options if option.key in posts.columns]
    if len(keys) < 2 or len(race.at) < 2 or not len(hours):  # noqa: PLR2004 - shares of one are always one
        return {}
    gains = _gains(race, hours)[:, [place for place, one in enumerate(race.options) if one.key in keys]]
    written = posts[keys].to_numpy(dtype=np.float64)
    known = ~(np.isnan(gains).any(axis=1) | np.isnan(written).any(axis=1))
    if known.sum() < EVIDENCE.hours or written[known].sum() < EVIDENCE.posts or gains[known].sum() < EVIDENCE.votes:
        return dict.fromkeys(keys, Rhythm())
    voted, said = _shares(gains, known), _shares(written, known)
    return {key: _rhythm(voted[:, place], said[:, place]) for place, key in enumerate(keys)}


def _gains(race: Race, hours: Numbers) -> Numbers:
    """Return the votes that each option gained in each hour, between looks evenly spread; NaN where nobody looked."""
    edges = np.append(hours, hours[-1] + _HOUR)
    columns = [np.interp(edges, race.at, votes, left=np.nan, right=np.nan) for votes in race.votes.T]
    gains: Numbers = np.clip(np.diff(np.array(columns).T, axis=0), 0, None)
    gains[np.histogram(race.at, edges)[0] == 0] = np.nan
    return gains


def _shares(counts: Numbers, known: np.ndarray) -> Numbers:
    """Return each option's share of every hour; an hour of few says little, so all are drawn towards evenness."""
    drawn = counts + 0.5
    shares: Numbers = drawn / drawn.sum(axis=1, keepdims=True)
    shares[~known] = np.nan
    return shares


def _rhythm(voted: Numbers, said: Numbers) -> Rhythm:
    """Return by how many hours the posts were ahead, where resampled hours agree about it."""
    drawn = _correlations(voted, said, _blocks(len(voted)))  # a row for each draw, a column for each lag
    best = _correlations(voted, said, np.arange(len(voted))[None, :])[0]
    told = drawn[~np.isnan(drawn).any(axis=1)]
    if np.isnan(best).any() or len(told) < _AGAIN // 2:
        return Rhythm()
    place = int(np.argmax(best))
    low, high = (float(edge) - LONGEST_LAG for edge in np.quantile(np.argmax(told, axis=1), (0.05, 0.95)))
    is_strong = best[place] >= EVIDENCE.strong and np.quantile(told[:, place], 0.05) >= EVIDENCE.surely
    is_inside = 0 < place < 2 * LONGEST_LAG  # a peak at the edge may lie beyond it
    if not (is_strong and is_inside and high - low <= EVIDENCE.width):
        return Rhythm()
    return Rhythm(hours=float(place - LONGEST_LAG), low=low, high=high)


def _correlations(voted: Numbers, said: Numbers, draws: np.ndarray) -> Numbers:
    """Return for each draw of hours, and each lag, how votes go with the posts of so many hours before."""
    beyond = np.full(LONGEST_LAG, np.nan)
    padded, size = np.concatenate([beyond, said, beyond]), len(voted)
    shifts = range(2 * LONGEST_LAG, -1, -1)  # the first lag looks furthest ahead, into posts that came after
    return np.array([_correlation(voted[draws], padded[shift : shift + size][draws]) for shift in shifts]).T


def _correlation(votes: Numbers, posts: Numbers) -> Numbers:
    """Return the correlation in each row, over the hours that are known of both; NaN where they are few."""
    both = ~(np.isnan(votes) | np.isnan(posts))
    many = np.maximum(both.sum(axis=1, keepdims=True), 1)
    apart = [np.where(both, side, 0.0) for side in (votes, posts)]
    apart = [np.where(both, side - side.sum(axis=1, keepdims=True) / many, 0.0) for side in apart]
    spread = np.sqrt((apart[0] ** 2).sum(axis=1) * (apart[1] ** 2).sum(axis=1))
    enough = (many[:, 0] >= 2 * LONGEST_LAG) & (spread > _FLAT)
    return np.where(enough, (apart[0] * apart[1]).sum(axis=1) / np.where(enough, spread, 1.0), np.nan)


def _blocks(hours: int) -> np.ndarray:
    """Return resampled hours, some in a row at a time; the same every time they are asked for."""
    chance = np.random.default_rng(2012)
    starts = chance.integers(0, max(hours - _BLOCK, 1), size=(_AGAIN, -(-hours // _BLOCK), 1))
    rows: np.ndarray = (starts + np.arange(_BLOCK)).reshape(_AGAIN, -1)[:, :hours].clip(max=hours - 1)
    return rows
