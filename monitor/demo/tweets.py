"""Writes the posts on X of a world: with views, late in the index at times, edited at times, and reposted."""

from random import Random

from monitor.demo.cast import LINES, STRANGERS, TYPED, said
from monitor.demo.life import Curve, Totals
from monitor.demo.plan import Plan, Trouble
from monitor.demo.rhythm import moments
from monitor.demo.stirs import stirred
from monitor.demo.toots import drawn
from monitor.demo.world import Author, Tagged, Tweet

PER_HOUR = 3.0
_HOUR, _DAY = 3600.0, 86_400
_ABOUT = 0.8  # of all posts
_TWO_TAGS, _EDITED, _REPOSTED, _DELETED = 0.15, 0.05, 0.15, 0.02  # of those it can happen to
_FALLING = 0.5  # of all, when they are asked to


def tweets(plan: Plan) -> list[Tweet]:
    """Return every post and repost on X, in the order of creation."""
    chance = Random(f"{plan.seed} tweets")
    authors = [Author(number, "x", min(int(chance.paretovariate(0.9) * 50), 900_000)) for number in range(1, 301)]
    made: list[Tweet] = []
    for created in moments(plan, chance, PER_HOUR):
        made.append(_tweet(plan, chance, len(made) + 1, created, chance.choice(authors)))
        if made[-1].tagged.typed and chance.random() < _REPOSTED:
            made.append(_repost(plan, chance, made[-1], chance.choice(authors)))

    def write(dice: Random, number: int, created: int) -> Tweet:
        return _tweet(plan, dice, number, created, dice.choice(authors))

    return sorted(stirred(plan, "x", made, write), key=lambda tweet: tweet.created)


def _tweet(plan: Plan, chance: Random, number: int, created: int, author: Author) -> Tweet:
    tags = _tagged(plan, chance, created)
    made = (created, int(tags.edited)) if tags.edited else (created,)
    since = _indexed(plan, chance, created)
    seen = max(since, made[-1])
    falls = seen + 132 * _HOUR if Trouble.FALLING in plan.troubles and chance.random() < _FALLING else None
    return Tweet(
        number=number,
        versions=made,
        since=since,
        author=author,
        tagged=tags,
        text=said(chance.choice(LINES), number),
        curve=Curve(created, chance.uniform(1, 14) * _HOUR, falls),
        totals=_totals(chance),
        gone=seen + 144 * _HOUR if chance.random() < _DELETED else None,
    )


def _tagged(plan: Plan, chance: Random, created: int) -> Tagged:
    """Return the tags of a post; an edit within the half hour may be what adds those of the campaign."""
    first = tuple(chance.sample(STRANGERS, chance.choice((0, 0, 1, 2))))
    if chance.random() >= _ABOUT:
        return Tagged(first, ())
    wanted = [drawn(chance, tuple(typed for typed in TYPED if typed.findable))]
    if chance.random() < _TWO_TAGS:
        wanted.append(drawn(chance, tuple(typed for typed in TYPED if typed is not wanted[0])))
    edited = created + chance.randrange(60, 1800) if chance.random() < _EDITED else None
    return Tagged(first, tuple(wanted), edited if edited and edited < plan.end.timestamp() else None)


def _indexed(plan: Plan, chance: Random, created: int) -> float:
    """Return when search finds a post: within seconds or hours later, but within the day (UTC) that X bills it for."""
    rare, longest = (0.06, 12) if Trouble.LATE in plan.troubles else (0.01, 6)
    if chance.random() >= rare:
        return created + chance.uniform(1, 20)
    evening = created - created % _DAY + 22.9 * _HOUR
    return max(created + 20, min(created + chance.uniform(0.5, longest) * _HOUR, evening, plan.end.timestamp()))


def _totals(chance: Random) -> Totals:
    """Return what the counters come to; everybody who likes has seen it, and so have many more."""
    likes = min(int(chance.paretovariate(1.1) * 2) - 2, 20_000)
    return Totals(
        impressions=int((likes + 3) * chance.uniform(20, 90)),
        likes=likes,
        reposts=int(likes * chance.uniform(0.1, 0.5)),
        replies=int(likes * chance.uniform(0.0, 0.2)),
        quotes=int(likes * chance.uniform(0.0, 0.1)),
    )


def _repost(plan: Plan, chance: Random, original: Tweet, author: Author) -> Tweet:
    """Return a repost: a row of its own, without views, with the number of reposts of its original."""
    created = min(original.versions[-1] + chance.randrange(60, 20_000), int(plan.end.timestamp()) - 1)
    return Tweet(
        number=original.number + 1,
        versions=(created,),
        since=created + 5.0,
        author=author,
        tagged=Tagged(original.tagged.at(created), ()),
        text=original.text,
        curve=original.curve,
        totals=Totals(0, 0, original.totals.reposts, 0, 0),
        original=original,
    )
