"""Whether copies of a story are known, and near misses told apart, on planted syndication (`bench/syndicated.py`).

Of each way in which newsrooms change a headline: how many copies are known. Of near misses: how many are taken for
copies. In a stream of thousands, where stories of the same words come again: stories counted against true ones, and the
seconds it takes.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from bench.show import flags, show
from bench.syndicated import BEYOND, EDITS, MISSES, OUTLETS, START, Told, headline, story, stream
from monitor.trends.stories import clustered

QUICK, FULL = 100, 1000  # stories of each kind
SIZES = (2_000, 20_000)  # headlines
SEED = 5000


def joined(one: str, other: str, language: str) -> bool:
    """Tell whether two headlines are taken for copies."""
    first, second = OUTLETS[language][:2]
    told = [headline(one, first, START), headline(other, second, START + timedelta(hours=2))]
    return len(set(clustered(told))) == 1


def known(edit: Callable[[str, str, random.Random], str], rounds: int) -> float:
    """Return the share of copies that are known; of an edit that may find nothing to change, those it changed."""
    dice = random.Random(SEED)
    drawn = [story(dice) for _ in range(rounds)]
    pairs = [(told.title, edit(told.title, told.language, dice), told.language) for told in drawn]
    changed = [pair for pair in pairs if pair[0] != pair[1]] or pairs
    return sum(joined(*each) for each in changed) / len(changed)


def taken(miss: Callable[[Told, random.Random], Told], rounds: int) -> float:
    """Return the share of near misses that are taken for copies."""
    dice = random.Random(SEED)
    drawn = [(told, miss(told, dice)) for told in (story(dice) for _ in range(rounds))]
    different = [(one, other) for one, other in drawn if one.title != other.title]
    return sum(joined(one.title, other.title, one.language) for one, other in different) / len(different)


def pairwise(found: Sequence[int], true: Sequence[int]) -> tuple[float, float]:
    """Return precision and recall over all pairs of headlines."""
    both = _pairs(Counter(zip(found, true, strict=True)))
    return both / max(_pairs(Counter(found)), 1), both / max(_pairs(Counter(true)), 1)


def _pairs(sizes: Counter[int] | Counter[tuple[int, int]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def main() -> None:
    asked = flags(__doc__ or "")
    rounds = QUICK if asked.quick else FULL
    figures = {f"known: {name}": known(edit, rounds) for name, edit in EDITS.items()}
    figures |= {f"known: {name}": known(edit, rounds) for name, edit in BEYOND.items()}
    figures |= {f"taken for a copy: {name}": taken(miss, rounds) for name, miss in MISSES.items()}
    for size in SIZES[: 1 if asked.quick else 2]:
        headlines, true = stream(size, SEED)
        began = time.perf_counter()
        found = clustered(headlines)
        figures[f"seconds: {size:,} headlines"] = time.perf_counter() - began
        precision, recall = pairwise(found, true)
        figures[f"pairs rightly joined: {size:,} headlines"] = precision
        figures[f"pairs found: {size:,} headlines"] = recall
        figures[f"stories counted / true: {size:,} headlines"] = len(set(found)) / len(set(true))
    wanted = {f"known: {name}": "at least 0.95" for name in EDITS}
    wanted |= {f"taken for a copy: {name}": "at most 0.02" for name in MISSES}
    show("Stories", figures, wanted, as_json=asked.json)


if __name__ == "__main__":
    main()
