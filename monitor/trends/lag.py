"""How many hours the press comes after the hashtag: lagged correlation with an interval, or the reason why not. Pure.

People post and newsrooms write by day, and more on Fridays. So what is compared is what each hour had beyond its hour
of the week, and beyond the days around it: the surges.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.model.finding import Doubt, Lag
from monitor.trends.frame import possible, tellers

EARLIEST, LATEST = -24, 48
"""Hours that are looked at: how far the press may be ahead, and behind."""

Numbers = npt.NDArray[np.float64]

_DAY = 24
_WEEK = 7 * _DAY
_AROUND = 97  # hours (four days) whose mean is taken off: slower waves go together by chance
_AGAIN = 400  # resamples, and shuffles
_LAGS = np.arange(EARLIEST, LATEST + 1)
_EVEN = 0.375  # what makes the root of a small count even (Anscombe)
_ENDS = (0.05, 0.95)  # of resamples
_FLAT = 1e-9  # what spreads less, or correlates less, does not move at all
_SMOOTHING = np.array([0.25, 0.5, 0.25])  # of neighbouring lags: articles do not come by the clock


@dataclass(frozen=True, slots=True)
class Evidence:
    """What must be there to say anything.

    So many hours known of both, posts and articles in them; a peak that at most `chance` of shuffled days reach; and an
    interval no wider than so many hours.
    """

    hours: int = 14 * _DAY
    posts: float = 200
    articles: float = 40
    chance: float = 0.01
    width: float = 12


EVIDENCE = Evidence()


def lags(posts: pd.Series, articles: pd.DataFrame, zone: str, evidence: Evidence = EVIDENCE) -> tuple[Lag, ...]:
    """Return the lag of each group (column) of articles behind the posts, hour by hour; NaN in gaps.

    What did not write at all has none.
    """
    said, written = possible(posts.to_frame("posts"))["posts"], possible(articles)
    return tuple(_lag(name, said, written[name], zone, evidence) for name in tellers(written))


def _lag(group: str, posts: pd.Series, articles: pd.Series, zone: str, evidence: Evidence) -> Lag:
    both = posts.notna() & articles.notna()
    if both.sum() < evidence.hours:
        return Lag(group=group, reason=Doubt.HOURS)
    if posts[both].sum() < evidence.posts:
        return Lag(group=group, reason=Doubt.POSTS)
    if articles[both].sum() < evidence.articles:
        return Lag(group=group, reason=Doubt.ARTICLES)
    return _found(group, _surges(posts, zone), _surges(articles, zone), evidence)


def _found(group: str, said: Numbers, wrote: Numbers, evidence: Evidence) -> Lag:
    """Return the lag of the strongest correlation, where it is no chance and resampled days agree about it."""
    dice = np.random.default_rng(2016)  # the same answer every time it is asked for
    parts = _parts(said, wrote)
    curve = _curve(parts.sum(axis=1))
    place = int(np.argmax(curve))
    strength = float(curve[place])
    if strength <= _FLAT or np.mean(_by_chance(said, wrote, dice) >= strength) > evidence.chance:
        return Lag(group=group, reason=Doubt.CHANCE)
    if place in {0, len(_LAGS) - 1}:
        return Lag(group=group, reason=Doubt.EDGE)
    days = parts.shape[1]
    weights = dice.multinomial(days, np.full(days, 1 / days), size=_AGAIN).astype(np.float64)
    peaks = _LAGS[np.argmax(_curve(np.einsum("rd,kdl->krl", weights, parts)), axis=-1)]
    low, high = np.quantile(peaks, _ENDS)
    if high - low > evidence.width:
        return Lag(group=group, reason=Doubt.WIDE)
    hours = float(_LAGS[place])
    return Lag(group=group, hours=hours, low=min(float(low), hours), high=max(float(high), hours), strength=strength)


def _surges(hours: pd.Series, zone: str) -> Numbers:
    """Return what each hour had beyond its hour of the week and the days around it; NaN in gaps.

    Of counts their roots are taken, which chance moves by as much in loud hours as in quiet ones.
    """
    roots = np.sqrt(hours.to_numpy(dtype=np.float64) + _EVEN)
    known, local = ~np.isnan(roots), pd.DatetimeIndex(hours.index).tz_convert(zone)
    slot = np.asarray(local.day_of_week * _DAY + local.hour)
    apart = roots - _mean_around(roots, known)
    usual = _usual(apart, known, slot)
    return np.asarray(apart - usual - _mean_around(apart - usual, known))


def _usual(apart: Numbers, known: npt.NDArray[np.bool_], slot: npt.NDArray[np.int64]) -> Numbers:
    """Return what is usual for every hour of the week; its two neighbours steady it."""
    sums, many = (
        _with_neighbours(np.bincount(slot[known], weights=each[known], minlength=_WEEK).astype(np.float64))
        for each in (apart, np.ones(len(apart)))
    )
    return np.asarray(np.where(many[slot] > 0, sums[slot] / np.maximum(many[slot], 1), 0.0))


def _with_neighbours(week: Numbers) -> Numbers:
    return np.asarray(week + np.roll(week, 1) + np.roll(week, -1))


def _mean_around(values: Numbers, known: npt.NDArray[np.bool_]) -> Numbers:
    """Return the mean of the known hours around each."""
    window = np.ones(_AROUND)
    sums = np.convolve(np.where(known, values, 0.0), window, mode="same")
    return np.asarray(sums / np.maximum(np.convolve(known.astype(np.float64), window, mode="same"), 1.0))


def _parts(said: Numbers, wrote: Numbers) -> Numbers:
    """Return for each day and lag what a correlation is made of: products, squares of both."""
    ahead = _shifted(said)
    days = -(-len(wrote) // _DAY)
    return np.array([_by_day(part, days) for part in _products(ahead, wrote)])


def _products(ahead: Numbers, wrote: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return hour by hour and lag by lag the product of both, and their squares; zero where either is not known."""
    both = ~(np.isnan(ahead) | np.isnan(wrote)[:, None])
    ours, theirs = np.where(both, ahead, 0.0), np.where(both, wrote[:, None], 0.0)
    return ours * theirs, ours**2, theirs**2


def _shifted(said: Numbers) -> Numbers:
    """Return a column for each lag: what was said so many hours before."""
    padded = np.concatenate([np.full(LATEST, np.nan), said, np.full(-EARLIEST, np.nan)])
    return np.lib.stride_tricks.sliding_window_view(padded, len(said))[::-1].T


def _by_day(hours: Numbers, days: int) -> Numbers:
    padded = np.zeros((days * _DAY, hours.shape[1]))
    padded[: len(hours)] = hours
    return np.asarray(padded.reshape(days, _DAY, -1).sum(axis=1))


def _curve(sums: Numbers) -> Numbers:
    """Return the correlation at every lag, each steadied by its neighbours."""
    products, ours, theirs = sums
    raw = products / np.sqrt(np.maximum(ours * theirs, _FLAT))
    edges = np.concatenate([raw[..., :1], raw, raw[..., -1:]], axis=-1)
    return np.asarray(sum(w * edges[..., i : i + raw.shape[-1]] for i, w in enumerate(_SMOOTHING)))


def _by_chance(said: Numbers, wrote: Numbers, dice: np.random.Generator) -> Numbers:
    """Return the strongest correlations that days in another order show: what two strangers have in common."""
    whole = len(said) // _DAY * _DAY
    days, rest = said[:whole].reshape(-1, _DAY), said[whole:]
    orders = (dice.permutation(len(days)) for _ in range(_AGAIN))
    shuffled = np.array([np.concatenate([days[order].ravel(), rest]) for order in orders])
    ours, theirs = (np.nan_to_num(each) for each in (shuffled, wrote))
    known, were_known = (~np.isnan(each) * 1.0 for each in (shuffled, wrote))
    sums = (_crossed(ours, theirs), _crossed(ours**2, were_known), _crossed(known, theirs**2))
    return np.asarray(_curve(np.array(sums)).max(axis=-1))


def _crossed(said: Numbers, wrote: Numbers) -> Numbers:
    """Return for each row, and each lag, the sum of what was said times what was written so many hours later."""
    size = len(wrote) + LATEST - EARLIEST  # enough room that no end meets a beginning
    product = np.conj(np.fft.rfft(said, size)) * np.fft.rfft(wrote, size)
    return np.asarray(np.fft.irfft(product, size)[..., _LAGS])
