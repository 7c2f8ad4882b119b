"""What the sources bring in our words: posts and their counters, articles, and what a platform itself reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.model.metric import Metric

Count = int | None
"""A counter as the platform told it; None when it did not."""

Raw = Mapping[str, Any] | None
"""An item as the platform sent it, where it sends items: for campaigns that keep evidence. Nobody looks into it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """A post's public counters at one moment, in the order of `metric.COUNTERS`; None = not told.

    `rounding` is the width of the last digit shown of `impressions`, 0 where they are exact; sources leave it out and
    tell `Post.step`.
    """

    impressions: Count = None
    likes: Count = None
    reposts: Count = None
    replies: Count = None
    quotes: Count = None
    rounding: Count = None


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a platform.

    `id` is the same wherever the post is found (Mastodon: its `uri`); `again` is what the source needs to ask for
    this post once more, None where it can not be asked. `tags` are cut as the platform cuts them, without the sign.
    `author` is the platform's own stable id of the account; it is hashed before it is stored. `step` is the width of
    the rounding of `counts.impressions` (Telegram's 1.2K: 100; exact: 1). `link` is where people read it; it is kept
    only where many follow its author. `text` is what was posted, None for what repeats another (a retweet, a forward);
    it is compared with others of its day by a hash, and kept as evidence only.
    """

    platform: str
    id: str
    created_at: datetime
    tags: tuple[str, ...]
    counts: Counts = field(default_factory=Counts)
    author: str | None = None
    followers: Count = None
    language: str | None = None
    again: str | None = None
    step: int = 1
    link: str | None = None
    text: str | None = field(default=None, compare=False, repr=False)
    raw: Raw = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Article:
    """One article of an outlet; `created_at` is when it was published, else when it was first seen (`dated` False).

    `country` (ISO 3166) is where the outlet sits, as the source tells it. `vouched` says that the source found the
    campaign's words in the whole text, and that this is enough to count it.
    """

    platform: str
    id: str
    created_at: datetime
    outlet: str
    language: str | None
    title: str
    summary: str = ""
    link: str | None = None
    dated: bool = True
    country: str | None = None
    vouched: bool = False
    raw: Raw = field(default=None, compare=False, repr=False)


Mention = Post | Article


@dataclass(frozen=True, slots=True)
class Reported:
    """How much there was in one stretch, as a platform counts it itself (X counts, GDELT, Media Cloud).

    `metric` is one of `metric.REPORTED`, `subject` as in `monitor.model.metric`. It is told for the `seconds` from
    `start` on: 3600, or 86400 for a day of the campaign's zone. Told again it replaces what was told before; it is
    never added to, nor mixed with, what the monitor counted itself.
    """

    metric: Metric
    subject: str
    start: datetime
    seconds: int
    value: float
