"""From mentions to sightings: what of a page belongs to a campaign and may be counted. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.model.akin import unlisted
from monitor.model.brief import Headline
from monitor.model.campaign import Campaign
from monitor.model.mention import Article, Count, Counts, Mention, Post, Reported
from monitor.model.metric import (
    WHOLE,
    country_subject,
    family_subject,
    language_subject,
    outlet_subject,
    region_subject,
    tag_of,
)
from monitor.model.outlet import Outlet, region
from monitor.model.sighting import Sighting
from monitor.model.spelling import fold, spelled, written
from monitor.model.wording import wording

AHEAD = timedelta(minutes=10)
"""How far another server's clock may run before ours until we stop believing it; the store refuses the same."""

OBSERVED_FOR = timedelta(days=8)
"""How long a live post is counted: the refresh ladder (7 days) and a day. Later its peaks may be forgotten."""

_FIRST = datetime(1970, 1, 3, tzinfo=UTC)  # the store counts seconds from 1970 on, and days of any zone
_LARGEST = 2**53  # a series keeps whole numbers exactly up to here
_LONGEST_TITLE = 300  # characters of a headline that are kept
_MOST_TAGS = 10  # of one post, beside the campaign's: who lists thirty wants to be found
_LONGEST_LINK = 500  # characters
_LINK = re.compile(r"https?://[^\s\"<>]+")


@dataclass(frozen=True, slots=True)
class Observed:
    """What one page held: sightings by kind, how many mentions were read, and how many had to be left out.

    `mentions` are what the sightings were made of, where the campaign keeps evidence.
    """

    posts: tuple[Sighting, ...]
    articles: tuple[Sighting, ...]
    read: int
    refused: int
    mentions: tuple[Mention, ...] = ()


def observe(
    campaign: Campaign, mentions: Iterable[Mention], *, now: datetime, observed_for: timedelta | None = OBSERVED_FOR
) -> Observed:
    """Keep the mentions of the campaign that can be counted exactly; `observed_for` of None takes any age (imports)."""
    posts: list[Sighting] = []
    articles: list[Sighting] = []
    kept: list[Mention] = []
    read = refused = 0
    oldest, newest = _oldest(campaign, now, observed_for), now + AHEAD
    for mention in mentions:
        read += 1
        subjects = credited(campaign, mention)
        if not subjects:
            continue
        if not oldest <= mention.created_at <= newest:
            refused += 1
            continue
        if campaign.evidence:
            kept.append(mention)
        if isinstance(mention, Article):
            articles.append(_article(_named(mention, campaign.outlets.of(mention.link)), subjects))
        else:
            posts.append(_post(campaign, mention, subjects))
    return Observed(tuple(posts), tuple(articles), read, refused, tuple(kept))


def believable(reported: Iterable[Reported], now: datetime) -> Sequence[Reported]:
    """Return the reports that can be true: of a stretch that has begun, and a number the store can hold."""
    return [told for told in reported if _FIRST <= told.start <= now and 0 <= told.value < _LARGEST]


def credited(campaign: Campaign, mention: Mention) -> tuple[str, ...]:
    """Return whom a mention counts for; nobody when it does not name the campaign, nor a name that is voted on."""
    at = mention.created_at
    if isinstance(mention, Post):
        subjects = campaign.subjects(mention.tags, at)
        spoken = [language_subject(mention.language)] if mention.language and WHOLE in subjects else []
        return (*subjects, *spoken)
    names = tuple(family_subject(name.key) for name in campaign.printed(mention.title, mention.summary))
    if not campaign.names(mention.title, mention.summary, vouched=mention.vouched, at=at):
        return names
    found = campaign.outlets.of(mention.link)
    article = _named(mention, found)
    language = [language_subject(article.language)] if article.language else []
    country = [country_subject(article.country)] if article.country else []
    part = region_subject(found.region if found else region(article.country))
    return (WHOLE, outlet_subject(article.outlet), *language, part, *country, *names)


def _named(article: Article, found: Outlet | None) -> Article:
    """Return an article under the name that the table of outlets gives to its address, whoever brought it."""
    if found is None:
        return article
    language = article.language or found.language or None
    return replace(article, outlet=found.name, language=language, country=found.country)


def _oldest(campaign: Campaign, now: datetime, observed_for: timedelta | None) -> datetime:
    since = max(campaign.since or _FIRST, _FIRST)
    return since if observed_for is None else max(since, now - observed_for)


def _post(campaign: Campaign, post: Post, subjects: tuple[str, ...]) -> Sighting:
    """Return a post as it is stored; one that is only compared reaches nobody for the campaign and is not asked again.

    It would take its place among known posts from those of the campaign.
    """
    is_whole, akin = WHOLE in subjects, unlisted(campaign, post.tags)
    is_public = is_whole and (_count(post.followers) or 0) >= campaign.public_from
    return Sighting(
        id=post.id,
        created=int(post.created_at.timestamp()),
        subjects=subjects,
        counts=_counts(post),
        author=post.author,
        followers=_count(post.followers) if is_whole else None,
        again=post.again if is_whole else None,
        seen=akin,
        tags=_others(campaign, post.tags, akin) if is_whole else (),
        link=_link(post.link) if is_public else None,
        wording=wording(post.text) if is_whole and post.text else None,
    )


def _others(campaign: Campaign, tags: Iterable[str], akin: Sequence[str]) -> tuple[str, ...]:
    """Return the tags that are not the campaign's nor akin to them, each once however it is written."""
    others: dict[str, str] = {}
    for tag in tags:
        if (key := fold(tag)) and not campaign.has_tag(tag) and spelled(tag) not in akin:
            others.setdefault(key, written(tag))
    return tuple(others.values())[:_MOST_TAGS]


def _link(link: str | None) -> str | None:
    """Return an address that a page may link to; None for anything else."""
    return link if link and len(link) <= _LONGEST_LINK and _LINK.fullmatch(link) else None


def _article(article: Article, subjects: tuple[str, ...]) -> Sighting:
    headline = Headline(
        title=_clean(article.title)[:_LONGEST_TITLE],
        outlet=article.outlet,
        language=article.language,
        link=article.link and _clean(article.link),
        at=article.created_at,
        names=tuple(filter(None, map(tag_of, subjects))),
        compared=WHOLE not in subjects,
    )
    created = int(article.created_at.timestamp())
    return Sighting(
        id=article.id, created=created, subjects=subjects, headline=headline.model_dump_json(exclude_defaults=True)
    )


def _clean(text: str) -> str:
    """Return text that can be written as UTF-8: half a surrogate pair, as a broken entity makes it, can not."""
    return text.encode(errors="replace").decode()


def _counts(post: Post) -> Counts:
    """Return the counters that can be counted, and how far the views were rounded: 0 where they are exact."""
    counts = _believable(post.counts)
    if counts.impressions is None:
        return counts
    told = (counts.impressions, counts.likes, counts.reposts, counts.replies, counts.quotes)
    return Counts(*told, rounding=_count(post.step if post.step > 1 else 0))


def _believable(counts: Counts) -> Counts:
    """Return the counters as told; one that no platform can mean (negative, 1e308) counts as not told."""
    told = (counts.impressions, counts.likes, counts.reposts, counts.replies, counts.quotes, counts.rounding)
    if all(count is None or 0 <= count < _LARGEST for count in told):
        return counts
    return Counts(*map(_count, told))


def _count(count: Count) -> Count:
    return count if count is not None and 0 <= count < _LARGEST else None
