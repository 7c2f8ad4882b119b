"""One story, many copies: articles of which the headlines are the same but for what each outlet adds or cuts. Pure.

A copy keeps its words in their order. It may lose its end, gain a credit, or have a word bent; where one says Homs and
the other Aleppo, or 20 and 50, these are two stories.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from rapidfuzz.distance import LCSseq

from monitor.model.brief import Story
from monitor.model.figure import Headline
from monitor.model.window import Window
from monitor.model.words import tokens
from monitor.trends.bare import Words, bare, stem

LASTS = timedelta(days=3)
"""How long after the first article another is still a copy: later, the same words tell of another day."""

MOST = 10
"""The most stories a brief carries."""

_ALIKE = 3  # words: with fewer even the same headline is no copy ("حلب الآن")
_SHORTEST = 4  # words of which one may be cut or bent
_IN_COMMON = 0.75  # of the shorter headline's words that say something
_IN_ORDER = 0.6  # of all its words; some may be bent, or stand elsewhere
_LONGEST_CUT = 0.35  # what must be left of the longer one
_RARE = 6  # words by which a headline is looked up
_MET = 2  # of them in another, and it is worth a look
_STOP = frozenset(
    tokens(
        "a an the in on of at to for from by with and as is are was were be has have had it its that after "
        "في من على إلى عن مع و أو أن إن بعد قبل هذا هذه التي الذي قد"
    )
)


@dataclass(slots=True)
class _Open:
    """A story that copies may still join: the words of its first headline, and when that was printed."""

    words: Words
    since: datetime
    number: int


def clustered(headlines: Sequence[Headline]) -> list[int]:
    """Return for each headline the number of its story; a copy joins the first one that it is a copy of.

    What is printed later changes no story that was before it.
    """
    texts = bare(headlines)
    common = Counter(word for words in texts for word in set(words))
    shelf = _Shelf(common)
    stories = [0] * len(headlines)
    for place in sorted(range(len(headlines)), key=lambda place: (headlines[place].at, headlines[place].title)):
        stories[place] = shelf.story(texts[place], headlines[place].at)
    return stories


def largest(headlines: Sequence[Headline], labels: Sequence[int], window: Window) -> tuple[Story, ...]:
    """Return the stories that were printed more than once within a window, those of most outlets first.

    The first to print one may have done so before the window.
    """
    copies = defaultdict(list)
    for headline, label in zip(headlines, labels, strict=True):
        copies[label].append(headline)
    found = [_story(each, [one for one in each if window.start <= one.at < window.end]) for each in copies.values()]
    many = [story for story in found if story is not None]
    return tuple(sorted(many, key=lambda story: (-len(story.outlets), -story.articles, story.first))[:MOST])


def distinct(headlines: Sequence[Headline], labels: Sequence[int], window: Window) -> int:
    """Return how many different stories were printed within a window."""
    both = zip(headlines, labels, strict=True)
    return len({label for headline, label in both if window.start <= headline.at < window.end})


def is_copy(one: Words, other: Words) -> bool:
    """Tell whether two headlines, in words, are copies of one another."""
    if one == other:
        return len(one) >= _ALIKE
    short, long = sorted((one, other), key=len)
    ours, theirs = _telling(short), _telling(long)
    left = ours - theirs
    if len(ours) < _SHORTEST or len(ours) - len(left) < _IN_COMMON * len(ours) or (left and theirs - ours):
        return False
    return len(short) >= _LONGEST_CUT * len(long) and LCSseq.similarity(short, long) >= _IN_ORDER * len(short)


@lru_cache(maxsize=65536)
def _telling(words: Words) -> frozenset[str]:
    """Return the stems of the words that say something."""
    return frozenset(stem(word) for word in words if word not in _STOP)


class _Shelf:
    """The stories of the last days, by their words."""

    def __init__(self, common: Counter[str]) -> None:
        self._common = common
        self._open: dict[str, deque[int]] = defaultdict(deque)
        self._told: list[_Open] = []
        self._alike: dict[Words, _Open] = {}

    def story(self, words: Words, at: datetime) -> int:
        """Return the number of the story that these words tell; a new one where they are no copy."""
        known = self._alike.get(words)
        if known is None or at - known.since > LASTS or len(words) < _ALIKE:
            known = self._first_like(words, at) or self._begin(words, at)
            self._alike[words] = known
        return known.number

    def _first_like(self, words: Words, at: datetime) -> _Open | None:
        """Return the earliest story that these words are a copy of."""
        met: Counter[int] = Counter()
        rarest = self._rarest(words)
        for word in rarest:
            waiting = self._open[word]
            while waiting and at - self._told[waiting[0]].since > LASTS:
                waiting.popleft()
            met.update(waiting)
        likely = sorted(number for number, times in met.items() if times >= min(_MET, len(rarest)))
        return next((one for number in likely if is_copy(words, (one := self._told[number]).words)), None)

    def _begin(self, words: Words, at: datetime) -> _Open:
        begun = _Open(words, at, len(self._told))
        self._told.append(begun)
        for word in set(words):
            self._open[word].append(begun.number)
        return begun

    def _rarest(self, words: Words) -> list[str]:
        """Return the words by which copies are found: the rarest that stand in another headline, too."""
        shared = {word for word in words if self._common[word] > 1}
        return sorted(shared, key=lambda word: (self._common[word], word))[:_RARE]


def _story(copies: Sequence[Headline], inside: Sequence[Headline]) -> Story | None:
    if len(inside) < 2:  # noqa: PLR2004 - two make a story that was taken up
        return None
    first = min(copies, key=lambda headline: headline.at)
    outlets = dict.fromkeys(headline.outlet for headline in sorted(inside, key=lambda headline: headline.at))
    return Story(
        title=first.title,
        url=first.link or "",
        first=first.at,
        first_outlet=first.outlet,
        articles=len(inside),
        outlets=tuple(outlets),
    )
