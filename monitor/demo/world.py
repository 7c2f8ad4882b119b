"""The world: everything that is ever said in it, and when each platform shows it. Times are epoch seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.demo.cast import Typed
from monitor.demo.life import Curve, Totals
from monitor.demo.plan import Plan


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who posts: a number stands for a name."""

    number: int
    home: str
    followers: int


@dataclass(frozen=True, slots=True)
class Copy:
    """A toot as one server has it: under its own id, from a moment on, with the part of the counters it hears of."""

    id: int
    since: float
    hears: float = 1.0


@dataclass(frozen=True, slots=True)
class Tagged:
    """The hashtags of a post: those it began with, and those an edit added at `edited`."""

    first: tuple[str, ...]
    typed: tuple[Typed, ...]  # the campaign's tags, in the end
    edited: float | None = None

    def at(self, moment: float) -> tuple[str, ...]:
        """Return all tags as they were typed, as far as they stand in the post at a moment."""
        if self.edited is not None and moment < self.edited:
            return self.first
        return (*self.first, *(tag.text for tag in self.typed))


@dataclass(frozen=True, slots=True)
class Toot:
    """A Mastodon post, with its copies by server; `gone` is when its author deletes it."""

    number: int
    created: int
    author: Author
    tagged: Tagged
    text: tuple[str, str]  # language, words
    curve: Curve
    totals: Totals
    copies: Mapping[str, Copy]
    gone: float | None = None

    @property
    def uri(self) -> str:
        return f"https://{self.author.home}/users/{self.author.number}/statuses/{self.number}"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a Telegram channel; an album holds the ids up to `last`; a service message has no views or tags.

    `reactions` are two kinds of them. The views of a forwarded message are those of its original.
    """

    number: int
    created: int
    tagged: Tagged
    text: tuple[str, str]
    curve: Curve
    views: int | None
    last: int
    service: bool = False
    forwarded: bool = False
    reactions: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Story:
    """An article of an outlet: published, in the feed from `since` on; `about` says whether it names the campaign."""

    number: int
    published: int
    since: float
    title: str
    language: str
    about: bool
    corrected: float | None = None  # when the headline got a word more


@dataclass(frozen=True)
class World:
    """All of it: toots, the messages of each channel, the stories of each outlet by language."""

    plan: Plan
    toots: Sequence[Toot]
    channels: Mapping[str, Sequence[Message]]
    stories: Mapping[str, Sequence[Story]]
    quoting: frozenset[str] = field(default=frozenset({"souk.example"}))  # servers new enough to tell quotes
