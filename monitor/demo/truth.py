"""The true totals of a world, from its own list of what was said; nothing of the monitor's counting is used here.

A post of the campaign counts once, however many servers, spellings and pages it is on. A counter's truth is the
highest value that any watched server ever tells of it: all counters settle before they are asked for the last time, so
that this is the value they came to (as the best-informed server has it), on Telegram cut as the platform prints it.
What a purge takes away later was there: it stays.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from monitor.demo.cast import OUTLETS
from monitor.demo.clippings import monitored
from monitor.demo.life import Totals, rounded, shown
from monitor.demo.plan import Plan
from monitor.demo.world import Message, Tagged, Toot, World

TOOTS, BLUESKY, X, TELEGRAM, YOUTUBE, FEEDS = "mastodon", "bluesky", "x", "telegram", "youtube", "feeds"

_LASTS = 3 * 86400 + 1  # seconds


class Fact(NamedTuple):
    """One mention that has to be counted: on which platform, from when, with what, for which families and spellings."""

    platform: str
    created: int
    totals: Totals = Totals()
    groups: frozenset[tuple[int, str]] = frozenset()
    outlet: str = ""
    names: frozenset[str] = frozenset()
    title: str = ""


class Truth(NamedTuple):
    """What can be compared: totals by platform and metric, moments of creation, posts and articles by subject."""

    totals: Counter[tuple[str, str]]
    moments: dict[tuple[str, str], list[int]]
    families: Counter[tuple[str, int]]
    spellings: Counter[tuple[str, int, str]]
    outlets: Counter[str]
    names: Counter[tuple[str, str]]


class Reports(NamedTuple):
    """What others count: X the posts of each family, GDELT articles on the campaign, and all that it looked through."""

    posts: Counter[int]
    articles: int
    all_articles: int


def reports(world: World) -> Reports:
    """Return what X and GDELT come to tell: X of tags in the letters that are asked for, GDELT of whole texts."""
    asked = ({typed.family for typed in tweet.tagged.typed if typed.findable} for tweet in world.tweets)
    return Reports(
        posts=Counter(family for families in asked for family in families),
        articles=sum(clipping.about or clipping.passing for clipping in world.clippings),
        all_articles=monitored(*_span(world.plan)) if world.clippings else 0,
    )


def _span(plan: Plan) -> tuple[float, float]:
    return plan.start.timestamp(), plan.end.timestamp()


def truth(world: World) -> Truth:
    """Add up a world."""
    found = Truth(Counter(), {}, Counter(), Counter(), Counter(), Counter())
    for fact in facts(world):
        metric = "articles" if fact.platform == FEEDS else "posts"
        found.totals[fact.platform, metric] += 1
        found.moments.setdefault((fact.platform, metric), []).append(fact.created)
        for name, value in _told(fact):
            found.totals[fact.platform, name] += value
        found.families.update((fact.platform, family) for family in {family for family, _ in fact.groups})
        found.spellings.update((fact.platform, *group) for group in fact.groups)
        found.outlets.update([fact.outlet] if fact.outlet else ())
        found.names.update((fact.platform, name) for name in fact.names)
    return found


def stories(world: World) -> int:
    """Return how many stories the press printed: whoever writes the same within three days copies."""
    first: dict[str, int] = {}
    told = 0
    for fact in sorted(_of_the_press(world), key=lambda fact: fact.created):
        if fact.created - first.get(fact.title, -_LASTS) >= _LASTS:
            first[fact.title], told = fact.created, told + 1
    return told


def facts(world: World) -> Iterator[Fact]:
    """Yield every mention of the campaign that a perfect observer of the watched platforms would know in the end."""
    for toot in world.toots:
        if toot.copies:
            yield Fact(TOOTS, toot.created, _best(toot, world.quoting), **_tags(toot.tagged))
    for messages in world.channels.values():
        for message in messages:
            if message.tagged.counts:
                yield Fact(TELEGRAM, message.created, _shown(message), **_tags(message.tagged))
    yield from _of_networks(world)
    yield from _of_the_press(world)


def _of_networks(world: World) -> Iterator[Fact]:
    for skeet in world.skeets:
        if skeet.tagged.counts:
            yield Fact(BLUESKY, int(skeet.sorted_at), skeet.totals, **_tags(skeet.tagged))
    for tweet in world.tweets:
        if tweet.tagged.counts:
            yield Fact(X, tweet.created, tweet.totals, **_tags(tweet.tagged))
    for video in world.videos:
        if video.tagged.typed:
            yield Fact(YOUTUBE, video.created, video.totals, **_tags(video.tagged))


def _of_the_press(world: World) -> Iterator[Fact]:
    """Yield each article once: what GDELT finds after the feed had it is known from the feed."""
    read = {f"https://{host}.example/" for _, host in OUTLETS.values()}
    for stories in world.stories.values():
        for story in stories:
            if story.about:
                yield Fact(FEEDS, story.published, outlet=OUTLETS[story.language][0], title=story.title)
    for clipping in world.clippings:
        if clipping.about and not clipping.link.startswith(tuple(read)):
            yield Fact(FEEDS, clipping.seen, outlet=clipping.link.split("/")[2], title=clipping.title)


def _told(fact: Fact) -> Iterator[tuple[str, int]]:
    """Yield the counters that the platform tells; a post whose impressions are told is a measured one."""
    for name, value in fact.totals._asdict().items():
        if value is not None:
            yield name, value
    if fact.totals.impressions is not None:
        yield "measured_posts", 1


def _tags(tagged: Tagged) -> dict[str, Any]:
    """Return whom the tags of a post count for: families with their spellings, and names that were voted on."""
    groups = frozenset((typed.family, typed.spelling) for typed in tagged.typed)
    return {"groups": groups, "names": frozenset(named.name for named in tagged.names)}


def _shown(message: Message) -> Totals:
    """Return what the preview comes to show of a message; the views of a forwarded one belong to its original."""
    views = None if message.forwarded or message.views is None else rounded(message.views)
    return Totals(impressions=views, likes=sum(map(rounded, message.reactions)))


def _best(toot: Toot, quoting: frozenset[str]) -> Totals:
    """Return what the best-informed of the watched servers comes to tell, counter by counter."""
    hears = [copy.hears for copy in toot.copies.values()]
    quotes = [copy.hears for server, copy in toot.copies.items() if server in quoting]
    return Totals(
        likes=_highest(toot.totals.likes, hears),
        reposts=_highest(toot.totals.reposts, hears),
        replies=_highest(toot.totals.replies, hears),
        quotes=_highest(toot.totals.quotes, quotes),
    )


def _highest(total: int | None, hears: Iterable[float]) -> int | None:
    return max((shown(total, part) or 0 for part in hears), default=None)
