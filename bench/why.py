"""Why: surges with a planted cause through the whole brief: is the right driver told first, and none where is none?

`right_first` is the part of all surges with a cause, as far as the detector found them (`found`), of which the planted
one is told first, kind and name; `none_said` the part of those that rose alike everywhere of which no driver is told. A
headline beside such a rise is no driver (`none.headline`), but has to be told (`headline_told`). The seeds begin where
tuning ended: nothing was chosen on these surges.
"""

from collections.abc import Iterable, Mapping
from statistics import mean

from bench.planted import Planted, planted
from bench.show import flags, show
from monitor.digest.why import EVENTS
from monitor.model.brief import Spike
from monitor.model.finding import Cause
from monitor.trends import summary

SEEDS = 5000
CAUSES = (Cause.SPELLING, Cause.PLATFORM, Cause.LANGUAGE, Cause.TAG, Cause.POST, Cause.OUTLET)
ALIKE = (None, Cause.HEADLINE)
NUMBERS: Mapping[Cause | None, str] = {Cause.POST: "impressions", Cause.OUTLET: "articles"}
TARGETS = {"right_first": "≥ 0.9", "none_said": "≥ 0.9", "sole": "≥ 0.9"}


def told(surge: Planted) -> Spike | None:
    """Return what the brief tells of a planted surge; None when nothing was found in its hours."""
    found = [
        spike
        for spike in summary.brief(surge.facts).spikes
        if spike.start < surge.stretch.end
        and spike.end > surge.stretch.start
        and spike.name == NUMBERS.get(surge.cause, "posts")
    ]
    return max(found, key=lambda spike: spike.total, default=None)


def is_right(surge: Planted, spike: Spike) -> bool:
    """Tell whether the planted cause is the first driver, or no part is one where everything rose alike."""
    parts = [(driver.cause, driver.name) for driver in spike.drivers if driver.cause not in EVENTS]
    return not parts if surge.cause in ALIKE else parts[:1] == [(surge.cause, surge.name)]


def figures(surges: int) -> dict[str, float]:
    """Plant so many surges of every cause and count."""
    pairs = {
        cause: [(one, told(one)) for one in (planted(cause, SEEDS + number) for number in range(surges))]
        for cause in (*CAUSES, *ALIKE)
    }
    seen = {cause: [(one, spike) for one, spike in each if spike is not None] for cause, each in pairs.items()}
    right = {cause: [is_right(one, spike) for one, spike in each] for cause, each in seen.items()}
    caused, alike = _joined(right, CAUSES), _joined(right, ALIKE)
    headlines = [Cause.HEADLINE in {driver.cause for driver in spike.drivers} for _, spike in seen[Cause.HEADLINE]]
    return {
        "right_first": mean(caused),
        **{f"right_first.{cause}": mean(right[cause]) for cause in CAUSES},
        "sole": mean(spike.sole for cause in CAUSES for _, spike in seen[cause]),
        "none_said": mean(alike),
        "none.alike": mean(right[None]),
        "none.headline": mean(right[Cause.HEADLINE]),
        "headline_told": mean(headlines),
        "found": len(caused + alike) / (surges * len(pairs)),
        "surges": surges * len(pairs),
    }


def _joined(right: Mapping[Cause | None, list[bool]], causes: Iterable[Cause | None]) -> list[bool]:
    return [one for cause in causes for one in right[cause]]


if __name__ == "__main__":
    options = flags(__doc__)
    show("why: planted causes", figures(8 if options.quick else 40), TARGETS, as_json=options.json)
