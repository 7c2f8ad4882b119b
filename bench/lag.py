"""How honest the media lag is, on simulated weeks of posts and articles (`bench/press.py`).

Of pairs with a planted lag: how many are told, how often the 90 % interval holds it, how far off the middle is. Of
strangers with the same rhythm: how many are told at all. No pair of these seeds was looked at while tuning.
"""

import time

import numpy as np

from bench.press import ZONE, Kind, pair
from bench.show import flags, show
from monitor.model.finding import Lag
from monitor.trends.lag import lags

QUICK, FULL = 20, 150  # pairs of each kind
SEEDS = 5000  # the first seed
KINDS = {
    "600 articles": Kind(),
    "3,000 articles": Kind(articles=3.6),
    "130 articles": Kind(articles=0.15),
    "a surge in five days": Kind(surges=1.5),
    "gaps in a sixth": Kind(gaps=0.15),
}
TRAILING = "a press that trails for hours"


def told(kind: Kind, seeds: range, *, related: bool) -> list[tuple[Lag, float | None]]:
    """Return what is said of each pair, and its true lag."""
    found = []
    for seed in seeds:
        drawn = pair(kind, seed, related=related)
        (lag,) = lags(drawn.posts, drawn.articles.to_frame("press"), ZONE)
        found.append((lag, drawn.lag))
    return found


def figures(name: str, kind: Kind, seeds: range) -> dict[str, float]:
    """Return the share that is told, the share of those whose interval holds the truth, the median error in hours."""
    related = told(kind, seeds, related=True)
    known = [(lag, true) for lag, true in related if lag.hours is not None and true is not None]
    held = [(lag.low or 0) <= true <= (lag.high or 0) for lag, true in known]
    errors = [abs((lag.hours or 0) - true) for lag, true in known]
    widths = [(lag.high or 0) - (lag.low or 0) for lag, _ in known]
    return {
        f"told: {name}": len(known) / len(related),
        f"coverage: {name}": float(np.mean(held)),
        f"median error, hours: {name}": float(np.median(errors)),
        f"mean width, hours: {name}": float(np.mean(widths)),
    }


def false(kind: Kind, seeds: range) -> float:
    """Return the share of strangers of whom a lag is told."""
    return float(np.mean([lag.hours is not None for lag, _ in told(kind, seeds, related=False)]))


def main() -> None:
    asked = flags(__doc__ or "")
    seeds = range(SEEDS, SEEDS + (QUICK if asked.quick else FULL))
    measured: dict[str, float] = {}
    began = time.perf_counter()
    for name, kind in KINDS.items():
        measured |= figures(name, kind, seeds)
    measured |= figures(TRAILING, Kind(skewed=True), seeds)
    strangers = {f"told of strangers: {name}": false(kind, seeds) for name, kind in KINDS.items()}
    measured["coverage: all"] = float(np.mean([measured[f"coverage: {name}"] for name in KINDS]))
    measured |= strangers | {"told of strangers: all": float(np.mean([*strangers.values()]))}
    pairs = len(seeds) * (2 * len(KINDS) + 1)
    measured["milliseconds a pair, simulation included"] = (time.perf_counter() - began) / pairs * 1000
    wanted = {name: "about 0.9" for name in measured if name.startswith("coverage") and TRAILING not in name}
    wanted |= {name: "at most 0.05" for name in measured if name.startswith("told of strangers")}
    show("Media lag", measured, wanted, as_json=asked.json)


if __name__ == "__main__":
    main()
