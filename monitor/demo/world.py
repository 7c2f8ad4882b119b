"""The world: everything that is ever said in it, and when each platform shows it. Times are epoch seconds."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from monitor.demo.cast import Typed
from monitor.demo.life import Curve, Totals
from monitor.demo.plan import Plan

X_EPOCH = 1288834974657
"""When the ids of X began, in milliseconds."""

_LETTERS = str.maketrans("0123456789", "abcdefghij")


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who posts: a number stands for a name."""

    number: int
    home: str
    followers: int


def id_at(moment: float) -> int:
    """Return the lowest id of a post on X that is made at a moment: milliseconds, then twenty-two bits."""
    return (int(moment * 1000) - X_EPOCH) << 22


def lettered(number: int, width: int) -> str:
    """Return a number as letters, for platforms whose ids are such."""
    return f"{number:0{width}d}".translate(_LETTERS)


def did(author: Author) -> str:
    """Return the name of an author on Bluesky that never changes."""
    return f"did:plc:{lettered(author.number, 24)}"


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
    names: tuple["Named", ...] = ()  # those that people voted on

    @property
    def counts(self) -> bool:
        """Whether a post with these tags is one of the campaign: by a tag of its own, or by the name that won."""
        return bool(self.typed) or any(name.won for name in self.names)

    def at(self, moment: float) -> tuple[str, ...]:
        """Return all tags as they were typed, as far as they stand in the post at a moment."""
        if self.edited is not None and moment < self.edited:
            return self.first
        return (*self.first, *(tag.text for tag in self.typed), *(name.text for name in self.names))


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a poll as somebody types it as a hashtag, and whether it is the one that won."""

    text: str
    name: str
    won: bool


@dataclass(frozen=True, slots=True)
class Contest:
    """A poll on names at one place, open from one epoch second to another; `cast` are each name's votes, in order.

    It names `day`; one that names none is about something else.
    """

    day: date | None
    opens: int
    closes: int
    question: str
    names: tuple[str, ...]
    cast: tuple[tuple[int, ...], ...]

    def votes(self, moment: float) -> list[int]:
        """Return what each name has at a moment."""
        return [bisect_right(times, moment) for times in self.cast]

    @property
    def winner(self) -> str:
        final = self.votes(self.closes)
        return self.names[final.index(max(final))]


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

    `reactions` are two kinds of them. The views of a forwarded message are those of its original. One may be a `poll`.
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
    poll: Contest | None = None


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


@dataclass(frozen=True, slots=True)
class Skeet:
    """A Bluesky post: `created` is what its author's app claims, `heard` is when the network has it.

    Its first `hidden` tags stand in the record and in no text; of those it does `name` in its text no link is made.
    """

    number: int
    created: int
    heard: float
    author: Author
    tagged: Tagged
    text: tuple[str, str]
    curve: Curve
    totals: Totals
    hidden: int = 0
    named: str = ""
    gone: float | None = None

    @property
    def sorted_at(self) -> float:
        """When the network says it was posted: a clock that goes ahead is not believed."""
        return min(self.created, self.heard)

    @property
    def rkey(self) -> str:
        return f"3l{lettered(self.number, 11)}"

    @property
    def uri(self) -> str:
        return f"at://{did(self.author)}/app.bsky.feed.post/{self.rkey}"


@dataclass(frozen=True, slots=True)
class Tweet:
    """A post on X: the moments of its versions, the first being its creation, and from when on search has it.

    Every version has an id of its own. Of what is `original`, this is the repost, with its text and its tags.
    """

    number: int
    versions: tuple[int, ...]
    since: float
    author: Author
    tagged: Tagged
    text: tuple[str, str]
    curve: Curve
    totals: Totals
    original: "Tweet | None" = None
    gone: float | None = None

    @property
    def created(self) -> int:
        return self.versions[0]

    def ids(self, moment: float) -> tuple[int, ...]:
        """Return the ids of the versions there are at a moment, first to last."""
        return tuple(id_at(made) | self.number for made in self.versions if made <= moment)


@dataclass(frozen=True, slots=True)
class Video:
    """A video on YouTube; `since` is when search finds it. Counters that its owner hides are None."""

    number: int
    created: int
    since: float
    author: Author
    tagged: Tagged
    text: tuple[str, str]
    curve: Curve
    totals: Totals
    gone: float | None = None

    @property
    def id(self) -> str:
        return lettered(self.number, 11)


@dataclass(frozen=True, slots=True)
class Clipping:
    """An article that GDELT came upon at a moment and lists from another on; outlets and places by their English names.

    Its headline is `about` the campaign, or only its text names it in `passing`.
    """

    link: str
    seen: int
    listed: float
    title: str
    language: str
    country: str
    about: bool
    passing: bool = False


@dataclass(frozen=True)
class World:
    """All of it: what was posted on each platform, the messages of each channel, the stories of each outlet."""

    plan: Plan
    toots: Sequence[Toot]
    channels: Mapping[str, Sequence[Message]]
    stories: Mapping[str, Sequence[Story]]
    skeets: Sequence[Skeet] = ()
    tweets: Sequence[Tweet] = ()
    videos: Sequence[Video] = ()
    clippings: Sequence[Clipping] = ()
    contests: Mapping[str, Sequence[Contest]] = field(default_factory=dict)  # the naming polls of each place
    quoting: frozenset[str] = field(default=frozenset({"souk.example"}))  # servers new enough to tell quotes
