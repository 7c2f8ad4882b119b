"""Where a race ends: final shares with an interval that is honest about what may still happen. Pure.

Votes to come are drawn many times over. How many: the pace of late, uncertain by a factor. For whom: the shares among
the votes of late, which wander as much as they did so far, and, as races do, may lurch to one option at the end. The
constants were tuned on simulated races of `bench/polls` with other seeds than those it reports.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from monitor.trends.race import Numbers, Race

HOUR = 3600.0
LAG = 0.72  # half of the mean age of what an exponential weight averages, in half-lives


@dataclass(frozen=True, slots=True)
class Rule:
    """What is assumed of the time to come; `futures` are drawn with a fixed seed, so that the same race reads the same.

    `half_life`: hours after which a vote tells half as much of the next. `wander`: how far the log-share of an option
    moves in the square root of an hour when nothing is known of it yet, `told` how many hours of looks outweigh that.
    `tempo`: spread of the logarithm of the pace to come. `lurch`: chance that a late campaign adds votes for one
    option; `push`: how many on average, as a share of all votes so far, for each part of the time that is left.
    """

    futures: int = 2000
    half_life: float = 4.0
    wander: float = 0.16
    told: float = 4.0
    tempo: float = 0.47
    lurch: float = 0.37
    push: float = 0.34
    pseudo: float = 0.1
    seed: int = 1204


RULE = Rule()


@dataclass(frozen=True, slots=True)
class Forecast:
    """Final share of one option: 5 %, 50 % and 95 % of the futures; `chance` of having most votes."""

    share: tuple[float, float, float]
    chance: float


def forecast(race: Race, closes_at: datetime, rule: Rule = RULE) -> dict[str, Forecast]:
    """Return what each option now shown may end with; nothing before two looks, or when the time is over."""
    columns = race.current
    left = closes_at.timestamp() - race.at[-1] if len(race.at) else 0.0
    if len(race.at) < 2 or left <= 0 or len(columns) < 2:  # noqa: PLR2004 - two looks, two options
        return {}
    low, high = _filled(race.low[:, columns]), _filled(race.high[:, columns])
    dice = np.random.default_rng(rule.seed)
    so_far = dice.uniform(low[-1], high[-1] + 1e-9, (rule.futures, len(columns)))
    elapsed = max(race.at[-1] - race.at[0], 60.0)
    coming = (
        _pace(race.at, (low + high).sum(axis=1) / 2, rule) * left * np.exp(dice.normal(0, rule.tempo, rule.futures))
    )
    flow = _flows(race.at, np.diff((low + high) / 2, axis=0).clip(min=0), left / HOUR, rule, dice)
    final = so_far + coming[:, None] * flow + _lurches(so_far.sum(axis=1), left / (left + elapsed), flow, rule, dice)
    shares = final / final.sum(axis=1, keepdims=True).clip(min=1e-9)
    bounds = np.quantile(shares, (0.05, 0.5, 0.95), axis=0)
    firsts = np.bincount(final.argmax(axis=1), minlength=len(columns)) / rule.futures
    return {
        race.options[column].key: Forecast((float(b[0]), float(b[1]), float(b[2])), float(chance))
        for column, b, chance in zip(columns, bounds.T, firsts, strict=True)
    }


def _filled(votes: Numbers) -> Numbers:
    """Return votes with what a look did not tell as it was before, or for a late option as it first was.

    A number that is missing once is no fall to zero, and its return no surge.
    """
    known, rows = ~np.isnan(votes), np.arange(len(votes))[:, None]
    last = np.maximum.accumulate(np.where(known, rows, -1))
    return np.asarray(np.take_along_axis(votes, np.where(last < 0, known.argmax(axis=0), last), axis=0))


def _pace(at: Numbers, total: Numbers, rule: Rule) -> float:
    """Return the votes a second to be expected: those of late weigh most."""
    lengths = np.diff(at).clip(min=1.0)
    weights = _weights(at, rule) * lengths
    return float((np.diff(total).clip(min=0) / lengths * weights).sum() / weights.sum())


def _half_life(at: Numbers, rule: Rule) -> float:
    return max(rule.half_life, float(at[-1] - at[0]) / HOUR / 6)


def _weights(at: Numbers, rule: Rule) -> Numbers:
    return np.asarray(0.5 ** ((at[-1] - at[1:]) / HOUR / _half_life(at, rule)))


def _flows(at: Numbers, gains: Numbers, hours: float, rule: Rule, dice: np.random.Generator) -> Numbers:
    """Return, for each future, how the votes to come are shared: drawn from the gains of late, then left to wander.

    What was drawn is as old as the mean age of its votes; from there to the middle of what is to come it wanders.
    """
    counts = (gains * _weights(at, rule)[:, None]).sum(axis=0)
    drawn = dice.gamma(counts + rule.pseudo, size=(rule.futures, gains.shape[1])).clip(min=1e-12)
    spread = _wander(at, gains, rule) * np.sqrt(hours / 3 + _half_life(at, rule) * LAG)
    steps = dice.standard_t(4, size=drawn.shape) * spread / np.sqrt(2)
    moved = drawn * np.exp(steps.clip(-6, 6))
    return np.asarray(moved / moved.sum(axis=1, keepdims=True))


def _wander(at: Numbers, gains: Numbers, rule: Rule) -> float:
    """Return how far the log-share of an option's gains moves in the square root of an hour, as seen so far.

    Of all options together, the many-voted telling most; what chance alone moves (a Poisson count) is taken off.
    """
    blocks, hours = _blocks(at, gains) + 1.0, (at[-1] - at[0]) / HOUR
    if len(blocks) < 3:  # noqa: PLR2004 - two changes
        return rule.wander
    moved = np.diff(np.log(blocks / blocks.sum(axis=1, keepdims=True)), axis=0) ** 2
    by_chance = 1 / blocks[1:] + 1 / blocks[:-1]
    weights = 1 / (by_chance + 0.01)
    seen = float(((moved - by_chance) * weights).sum() / weights.sum()) / (hours / len(blocks))
    return float(np.sqrt((rule.wander**2 * rule.told + max(seen, 0.0) * hours) / (rule.told + hours)))


def _blocks(at: Numbers, gains: Numbers) -> Numbers:
    """Return the gains of about an hour each, so that there are votes enough in each to tell a share."""
    number = int(np.clip((at[-1] - at[0]) / HOUR, 1, 24))
    edges = np.linspace(at[0], at[-1], number + 1)[1:-1]
    block_of = np.searchsorted(edges, at[1:], side="left")
    sums = np.zeros((number, gains.shape[1]))
    np.add.at(sums, block_of, gains)
    return sums


def _lurches(total: Numbers, left: float, flow: Numbers, rule: Rule, dice: np.random.Generator) -> Numbers:
    """Return votes that a late campaign adds to one option, strong or weak."""
    futures, options = flow.shape
    happens = dice.random(futures) < rule.lurch
    whom = dice.integers(0, options, futures)
    size = dice.exponential(rule.push, futures) * total * np.sqrt(left) * happens
    added = np.zeros((futures, options))
    added[np.arange(futures), whom] = size
    return added
