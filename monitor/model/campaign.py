"""A campaign: what someone wants watched, as a frozen value every room understands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from monitor.model.definition import Break
from monitor.model.metric import WHOLE, family_subject, spelling_subject
from monitor.model.outlet import Outlets
from monitor.model.poll import Poll
from monitor.model.spelling import fold, spelled
from monitor.model.window import Window
from monitor.model.words import Phrase, tokens

OTHER = "~"
"""Stands for every spelling of a family that the campaign does not list."""


@dataclass(frozen=True)
class Family:
    """One hashtag with all its spellings; `tag` is how the operator writes it, `spellings` are asked for."""

    tag: str
    spellings: tuple[str, ...]

    @cached_property
    def key(self) -> str:
        """The family's name in subjects and keys."""
        return fold(self.tag)

    @property
    def hashtag(self) -> str:
        """The family as it is shown: the operator's own writing, with its sign."""
        return f"#{self.tag.lstrip('#')}"

    @cached_property
    def folds(self) -> frozenset[str]:
        return frozenset(map(fold, self.spellings))

    def counts(self, at: datetime | None) -> bool:  # noqa: ARG002 - a name of a poll does at times
        """Tell whether a mention of that moment counts for the whole of the campaign, too."""
        return True


@dataclass(frozen=True)
class Name(Family):
    """A name that people voted on, as a hashtag. `since`: from when on it is looked for; `phrases`: how it is printed.

    The one that won is a family of the campaign for its `reign`; the others are only compared with it, and have none.
    """

    since: datetime
    phrases: tuple[Phrase, ...] = ()
    reign: Window | None = None

    def counts(self, at: datetime | None) -> bool:
        """Tell whether a mention of that moment counts for the whole of the campaign: in its reign only."""
        return self.reign is not None and (at is None or at in self.reign)


@dataclass(frozen=True)
class Campaign:
    """What is watched, in which time zone days begin, and since when.

    `compared` are names whose mentions are counted apart and not for the whole; the name that won is among `families`.
    Posts of accounts with `public_from` followers and more may be linked to. At `breaks` platforms began to count
    otherwise. What is public has a page that everybody may look at.
    `evidence`: what is read of it is kept item by item, with the names in it.
    """

    slug: str
    title: str
    zone: str
    families: tuple[Family, ...]
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    since: datetime | None = None
    titles: dict[str, str] = field(default_factory=dict, hash=False)  # by language, for mails and pages
    outlets: Outlets = field(default=Outlets(), hash=False, repr=False)  # who is who in the press
    polls: tuple[Poll, ...] = ()  # the naming polls that are followed
    compared: tuple[Name, ...] = ()
    public_from: int = 10_000
    breaks: tuple[Break, ...] = ()
    is_public: bool = False
    evidence: bool = False

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every spelling to ask the platforms for, once each, in the operator's order; those of a name come last."""
        return tuple(dict.fromkeys(s for family in self.families for s in family.spellings))

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The same and those of the names that are only compared: where one more costs nothing."""
        return tuple(dict.fromkeys((*self.spellings, *(s for name in self.compared for s in name.spellings))))

    @cached_property
    def own_spellings(self) -> tuple[str, ...]:
        """The spellings that the operator listed."""
        own = (family for family in self.families if not isinstance(family, Name))
        return tuple(dict.fromkeys(s for family in own for s in family.spellings))

    @cached_property
    def press_words(self) -> tuple[str, ...]:
        """What indexes of the press are asked for: phrases, hashtags, and the names that won, as they are printed."""
        printed = (phrase for name in self.named for phrase in name.phrases)
        return (*(one.text for one in self.phrases), *self.own_spellings, *(one.text for one in printed))

    @cached_property
    def named(self) -> tuple[Name, ...]:
        """The names that won a poll and are families of the campaign by it."""
        return tuple(family for family in self.families if isinstance(family, Name))

    @cached_property
    def known_tags(self) -> dict[str, str]:
        """What `akin.unlisted` found of tags so far: the same ones come with every post."""
        return {}

    def subjects(self, tags: Iterable[str], at: datetime | None = None) -> tuple[str, ...]:
        """Return whom a post with these tags, written at that moment, counts for, each once.

        The whole, its families and their spellings; a name that is only compared, and not the whole. Empty when no tag
        belongs to the campaign: the post is then no mention of it.
        """
        credited: dict[str, None] = {}
        is_whole = False
        for tag in tags:
            for family in self._by_fold.get(fold(tag), ()):
                spelling = spelled(tag)
                credited[family_subject(family.key)] = None
                credited[spelling_subject(family.key, spelling if spelling in family.spellings else OTHER)] = None
                is_whole = is_whole or family.counts(at)
        return (WHOLE, *credited) if is_whole else tuple(credited)

    def has_tag(self, tag: str) -> bool:
        """Tell whether a tag is one of the campaign's, or of a name that it only compares, however it is written."""
        return fold(tag) in self._by_fold

    def names(self, *texts: str, vouched: bool = False, at: datetime | None = None) -> bool:
        """Tell whether one of the texts holds a phrase or a hashtag of the campaign and none an excluded phrase.

        `vouched`: somebody found them in a text that we do not see, so only the excluded ones are looked for.
        """
        if self._excludes(*texts):
            return False
        if vouched or any(phrase.is_in(text) for phrase in self._sought for text in texts):
            return True
        return any(name.counts(at) for name in self.printed(*texts))

    def printed(self, *texts: str) -> tuple[Name, ...]:
        """Return the names of a poll, won or compared, that one of the texts holds."""
        names = (*self.named, *self.compared)
        if not names or self._excludes(*texts):
            return ()
        return tuple(name for name in names if any(one.is_in(text) for one in name.phrases for text in texts))

    def _excludes(self, *texts: str) -> bool:
        return any(phrase.is_in(text) for phrase in self.excluded for text in texts)

    @cached_property
    def _sought(self) -> tuple[Phrase, ...]:
        """Its phrases, and its hashtags as words: who prints #SaveAleppo writes about it. An emoji is no word."""
        return (*self.phrases, *map(Phrase, filter(tokens, self.own_spellings)))

    @cached_property
    def _by_fold(self) -> dict[str, tuple[Family, ...]]:
        """Whom a folded tag belongs to."""
        found: dict[str, tuple[Family, ...]] = {}
        for family in (*self.families, *self.compared):
            for key in family.folds:
                found[key] = (*found.get(key, ()), family)
        return found
