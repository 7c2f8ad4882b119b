"""How honest projections and flags of naming polls are, on simulated races (`bench/races.py`).

Coverage: how often the 90 % interval holds the final share, of all options, at three moments of each race between a
fifth of its time and shortly before its end. Flags: how many of 200 clean races were flagged at all, and how many of
those with a planted fraud were flagged for what it was. No race of these seeds was looked at while tuning.
"""

from collections.abc import Callable, Iterator

import numpy as np

from bench.races import CLOSES, FRAUDS, KINDS, NAMES, OPENS, Simulated, activity, looks, race, spoiled
from bench.show import flags as asked_for
from bench.show import show
from monitor.model.option import option_key
from monitor.trends.flags import Activity, flags
from monitor.trends.projection import forecast
from monitor.trends.race import Race

QUICK, FULL = 12, 60  # races of each kind
SEEDS = 5000  # the first seed
SIZES = (0.03, 0.1, 0.18)  # a planted fraud's share of all votes
MOMENTS = 3
FALSE_MOST = 200.0


def covered(kind: str, seeds: range) -> Iterator[bool]:
    """Yield for each forecast of each option whether it held what came."""
    for seed in seeds:
        simulated, dice = race(kind, seed), np.random.default_rng(seed)
        whole = Race.of(looks(simulated))
        final = dict(zip(map(option_key, NAMES), simulated.final, strict=True))
        for part in dice.uniform(0.2, 0.97, MOMENTS):
            for key, expected in forecast(whole.until(OPENS + part * (CLOSES - OPENS)), CLOSES).items():
                yield expected.share[0] <= final[key] <= expected.share[2]


def false_flags(seeds: range) -> list[str]:
    """Return the kinds of all flags raised for clean races; one entry a race at most."""
    found = [_flagged(race(kind, seed), lambda tallies: tallies) for kind in KINDS for seed in seeds]
    return [min(kinds) for kinds in found if kinds]


def detected(fraud: str, size: float, seeds: range) -> float:
    """Return the share of races with a planted fraud that were flagged for it."""
    hits = [
        fraud in _flagged(race("steady", seed), lambda tallies, seed=seed: spoiled(tallies, fraud, size, seed))
        for seed in seeds
    ]
    return sum(hits) / len(hits)


def _flagged(simulated: Simulated, spoil: Callable[[list], list]) -> set[str]:
    ends, posts = activity(simulated)
    known = Activity(ends, posts, tuple(map(option_key, NAMES)))
    return {event.kind.value for event in flags(spoil(looks(simulated)), CLOSES, known)}


def main() -> None:
    asked = asked_for(__doc__ or "")
    races = QUICK if asked.quick else FULL
    held = {kind: list(covered(kind, range(SEEDS, SEEDS + races))) for kind in KINDS}
    everything = [one for each in held.values() for one in each]
    figures = {f"coverage: {kind}": float(np.mean(each)) for kind, each in held.items()}
    figures["coverage: all"] = float(np.mean(everything))
    clean = races if asked.quick else 4 * races
    figures["false flags in 200 clean races"] = (
        len(false_flags(range(SEEDS, SEEDS + clean))) * FALSE_MOST / (clean * len(KINDS))
    )
    for fraud in FRAUDS:
        for size in SIZES:
            figures[f"found: {fraud}, {size:.0%} of all votes"] = detected(fraud, size, range(SEEDS, SEEDS + races))
    wanted = {name: "0.85 to 0.95" for name in figures if name.startswith("coverage")}
    show("Polls", figures, wanted | {"false flags in 200 clean races": "at most 1"}, as_json=asked.json)


if __name__ == "__main__":
    main()
