"""Whether few wrote most of it, and whether many posts have the same words: signals, not verdicts."""

from collections.abc import Sequence

from monitor.model.finding import Concentration
from monitor.model.spread import Spread

FEWEST_POSTS = 100
"""Posts (for the other share: posts with words) that must have been seen to say anything."""

FEWEST_AUTHORS = 20
"""Authors on a usual day; among fewer the one who writes most tells who it is rather than how it spreads."""

ONE_IN = 100


def concentration(spreads: Sequence[Spread]) -> Concentration | None:
    """Return how posts spread over authors and words, of each day its own; None where too little was seen of both."""
    if not spreads:
        return None
    posts, authors, texts = (sum(getattr(one, name) for one in spreads) for name in ("posts", "authors", "texts"))
    tops = [one.loudest[: max(one.authors // ONE_IN, 1)] for one in spreads]
    groups = [size for one in spreads for size in one.alike]
    is_told = posts >= FEWEST_POSTS and authors >= FEWEST_AUTHORS * len(spreads)
    is_worded = texts >= FEWEST_POSTS
    if not is_told and not is_worded:
        return None
    return Concentration(
        start=spreads[0].day.start,
        end=spreads[-1].day.end,
        posts=posts,
        authors=authors,
        top=sum(map(len, tops)),
        top_share=sum(map(sum, tops)) / posts if is_told else None,
        texts=texts,
        alike_share=sum(groups) / texts if is_worded else None,
        largest=max(groups, default=None) if is_worded else None,
    )
