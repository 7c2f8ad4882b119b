"""A campaign: what someone wants watched, as a frozen value every room understands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from monitor.model.metric import WHOLE, family_subject, spelling_subject
from monitor.model.outlet import Outlets
from monitor.model.poll import Poll
from monitor.model.spelling import fold, spelled
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


@dataclass(frozen=True)
class Campaign:
    """What is watched, in which time zone days begin, and since when."""

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

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every spelling to ask the platforms for, once each, in the operator's order."""
        return tuple(dict.fromkeys(s for family in self.families for s in family.spellings))

    @cached_property
    def known_tags(self) -> dict[str, str]:
        """What `akin.unlisted` found of tags so far: the same ones come with every post."""
        return {}

    def subjects(self, tags: Iterable[str]) -> tuple[str, ...]:
        """Return whom a post with these tags counts for, each once: the whole, its families, its spellings.

        Empty when no tag belongs to the campaign: the post is then no mention of it.
        """
        credited: dict[str, None] = {}
        for tag in tags:
            for subject in self._subjects_of(tag):
                credited[subject] = None
        return (WHOLE, *credited) if credited else ()

    def names(self, *texts: str, vouched: bool = False) -> bool:
        """Tell whether one of the texts holds a phrase or a hashtag of the campaign and none an excluded phrase.

        `vouched`: somebody found them in a text that we do not see, so only the excluded ones are looked for.
        """
        if any(phrase.is_in(text) for phrase in self.excluded for text in texts):
            return False
        return vouched or any(phrase.is_in(text) for phrase in self._sought for text in texts)

    @cached_property
    def _sought(self) -> tuple[Phrase, ...]:
        """Its phrases, and its hashtags as words: who prints #SaveAleppo writes about it. An emoji is no word."""
        return (*self.phrases, *(Phrase(spelling) for spelling in self.spellings if tokens(spelling)))

    def _subjects_of(self, tag: str) -> Iterator[str]:
        key, spelling = fold(tag), spelled(tag)
        for family in self.families:
            if key in family.folds:
                yield family_subject(family.key)
                yield spelling_subject(family.key, spelling if spelling in family.spellings else OTHER)
