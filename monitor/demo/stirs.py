"""Small surges of a world, each with a cause that is known: what the monitor says of them can be held against it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from monitor.demo.cast import LINES, TYPED
from monitor.demo.plan import Plan
from monitor.demo.world import Message, Skeet, Story, Tagged, Toot, Tweet
from monitor.model.finding import Cause

Post = TypeVar("Post", Toot, Skeet, Tweet)

LEAST = 14  # days: before there is too little of a past, and in the middle lies the big surge
SHARES = {"mastodon": 0.46, "bluesky": 0.23, "x": 0.31}
"""Which share of the posts of a stir comes to each platform: about as they are usual there."""

SEEN = 900_000  # how often a message is seen that everybody passes on
HEADLINE = "Mayor of Aleppo speaks to the world"
BEYOND = 1_000_000  # their numbers begin behind those of all other posts
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Stir:
    """An hour of many posts, so many of them for its cause, which has a name; None where everything rose alike."""

    cause: Cause | None
    name: str
    start: datetime
    posts: int = 0

    @property
    def end(self) -> datetime:
        return self.start + timedelta(hours=1)

    def brings(self, platform: str) -> int:
        """Return how many posts it brings to a platform."""
        if self.cause is Cause.PLATFORM:
            return self.posts if platform == self.name else 0
        return round(self.posts * SHARES[platform])


def stirs(plan: Plan) -> tuple[Stir, ...]:
    """Return the stirs of a world in the order of time: none in a short one; the last is the big surge.

    Each is larger than those before it: to the detector, which sees how far the last two weeks strayed, another one
    as large is no news. They come at quiet hours; the article has one in which every outlet writes.
    """
    if plan.days < LEAST:
        return ()
    causes = (
        (Cause.PLATFORM, "bluesky", timedelta(days=7, hours=1), 90),
        (Cause.SPELLING, "#انقذوا_حلب", timedelta(days=7, hours=7), 125),
        (Cause.TAG, "#Madaya", timedelta(days=8, hours=1), 150),
        (Cause.POST, "telegram", timedelta(days=8, hours=9), 0),
        (Cause.LANGUAGE, "en", timedelta(days=9), 175),
        (Cause.HEADLINE, HEADLINE, timedelta(days=9, hours=6), 195),
    )
    found = [Stir(cause, name, plan.start + since, posts) for cause, name, since, posts in causes]
    return tuple(sorted([*found, Stir(None, "", plan.surge)], key=lambda stir: stir.start))


def stirred(plan: Plan, platform: str, posts: Sequence[Post], write: Callable[[Random, int, int], Post]) -> list[Post]:
    """Return the posts of a platform with those of the stirs; `write` makes one of chance, a number and a moment."""
    chance = Random(f"{plan.seed} stirs {platform}")
    more: list[Post] = []
    for stir, created in _moments(plan, chance, platform):
        drawn = (write(chance, BEYOND + len(more), created) for _ in iter(int, 1))
        more.append(_caused(stir, chance, next(post for post in drawn if post.tagged.typed)))
    return list(posts) + more


def passed_on(plan: Plan, messages: Sequence[Message]) -> list[Message]:
    """Return the messages of a channel; the first one about the campaign after a stir begins is seen by everybody."""
    told = list(messages)
    for stir in stirs(plan):
        places = [place for place, message in enumerate(told) if _is_seen(message, stir)]
        if stir.cause is Cause.POST and places:
            message = told[places[0]]
            told[places[0]] = replace(message, views=SEEN, curve=replace(message.curve, tau=_HOUR))
    return told


def headlined(plan: Plan, stories: Sequence[Story]) -> list[Story]:
    """Return an outlet's articles; the first one in the hour of a stir is about it, and stands at its beginning."""
    told = list(stories)
    for stir in stirs(plan):
        first, last = int(stir.start.timestamp()), int(stir.end.timestamp())
        places = [place for place, story in enumerate(told) if first <= story.published < last]
        if stir.cause is Cause.HEADLINE and places:
            story = told[places[0]]
            since = story.since - story.published + first
            told[places[0]] = replace(story, published=first, since=since, title=stir.name, about=True, corrected=None)
    return sorted(told, key=lambda story: story.since)


def _moments(plan: Plan, chance: Random, platform: str) -> Iterator[tuple[Stir, int]]:
    for stir in stirs(plan):
        begin, end = int(stir.start.timestamp()), int(stir.end.timestamp())
        yield from ((stir, chance.randrange(begin, end)) for _ in range(stir.brings(platform)))


def _caused(stir: Stir, chance: Random, post: Post) -> Post:
    """Return a post of a stir, with what caused it."""
    tagged = post.tagged
    if stir.cause is Cause.TAG:
        return replace(post, tagged=replace(tagged, first=(stir.name.removeprefix("#"),)))
    if stir.cause is Cause.SPELLING:
        typed = next(one for one in TYPED if f"#{one.text}" == stir.name)
        return replace(post, tagged=Tagged(tagged.first, (typed,), tagged.edited))
    if stir.cause is Cause.LANGUAGE:
        return replace(post, text=chance.choice([line for line in LINES if line[0] == stir.name]))
    return post


def _is_seen(message: Message, stir: Stir) -> bool:
    """Tell whether a message of the campaign after a stir begins has views of its own."""
    own = message.views is not None and not message.forwarded and not message.service
    return own and message.tagged.counts and message.created >= stir.start.timestamp()
