"""Writes the Mastodon posts of a world: who, when, with which tags, and which server hears of it when."""

from collections.abc import Iterator
from random import Random

from monitor.demo.cast import LINES, STRANGERS, TYPED, Typed, said
from monitor.demo.life import Curve, Totals
from monitor.demo.plan import Plan, Trouble
from monitor.demo.rhythm import moments
from monitor.demo.stirs import stirred
from monitor.demo.world import Author, Copy, Tagged, Toot

SERVERS = ("souk.example", "citadel.example")
"""The two servers the monitor watches; what is posted on a third it sees through them."""

ELSEWHERE = "far.example"
PER_HOUR = 4.0
_HOUR = 3600.0
_TWO_TAGS, _EDITED, _DELETED = 0.15, 0.04, 0.02  # of all toots
_FETCHED = 0.5  # of what comes late
_FALLING = 0.5  # of all, when they are asked to
_REACH = {  # by home: how likely each watched server has the post
    SERVERS[0]: (1.0, 0.7),
    SERVERS[1]: (0.8, 1.0),
    ELSEWHERE: (1.0, 0.5),
}


def toots(plan: Plan) -> list[Toot]:
    """Return every toot of the world, in the order of creation; the same plan gives the same toots."""
    chance = Random(f"{plan.seed} toots")
    authors = [_author(chance, number) for number in range(1, 401)]
    made = [
        _toot(plan, chance, number, created, chance.choice(authors))
        for number, created in enumerate(moments(plan, chance, PER_HOUR), start=1)
    ]

    def write(dice: Random, number: int, created: int) -> Toot:
        return _toot(plan, dice, number, created, dice.choice(authors))

    return sorted(stirred(plan, "mastodon", made, write), key=lambda toot: toot.created)


def tagged(plan: Plan, chance: Random, created: int) -> Tagged:
    """Return the tags of a toot about the campaign: at least one of them can be asked for."""
    first = tuple(chance.sample(STRANGERS, chance.choice((0, 0, 1, 2))))
    wanted = [drawn(chance, tuple(typed for typed in TYPED if typed.findable))]
    if chance.random() < _TWO_TAGS:
        wanted.append(drawn(chance, tuple(typed for typed in TYPED if typed is not wanted[0])))
    edited = created + chance.uniform(0.4, 20) * _HOUR if chance.random() < _EDITED else None
    if edited is not None and edited > plan.end.timestamp():
        edited = None
    return Tagged(first, tuple(wanted), edited)


def drawn(chance: Random, among: tuple[Typed, ...]) -> Typed:
    return chance.choices(among, [typed.weight for typed in among])[0]


def totals(chance: Random) -> Totals:
    """Return what a toot's counters come to: small for most, large for a few."""
    likes = min(int(chance.paretovariate(1.1) * 2) - 2, 5_000)
    return Totals(
        likes=likes,
        reposts=int(likes * chance.uniform(0.1, 0.6)),
        replies=int(likes * chance.uniform(0.0, 0.2)),
        quotes=int(likes * chance.uniform(0.0, 0.1)),
    )


def _author(chance: Random, number: int) -> Author:
    home = chance.choices((*SERVERS, ELSEWHERE), (45, 30, 25))[0]
    return Author(number, home, min(int(chance.paretovariate(0.9) * 20), 200_000))


def _toot(plan: Plan, chance: Random, number: int, created: int, author: Author) -> Toot:
    tags = tagged(plan, chance, created)
    copies = dict(_copies(plan, chance, created, author.home))
    noticed = max(tags.edited or 0.0, *(copy.since for copy in copies.values()))
    falls = noticed + 132 * _HOUR if Trouble.FALLING in plan.troubles and chance.random() < _FALLING else None
    return Toot(
        number=number,
        created=created,
        author=author,
        tagged=tags,
        text=said(chance.choice(LINES), number),
        curve=Curve(created, chance.uniform(1, 14) * _HOUR, falls),
        totals=totals(chance),
        copies=copies,
        gone=noticed + 144 * _HOUR if chance.random() < _DELETED else None,
    )


def _copies(plan: Plan, chance: Random, created: int, home: str) -> Iterator[tuple[str, Copy]]:
    for server, likely in zip(SERVERS, _REACH[home], strict=True):
        if chance.random() >= likely:
            continue
        if server == home:
            yield server, Copy(_snowflake(chance, created), created)
        else:
            yield server, _federated(plan, chance, created)


def _federated(plan: Plan, chance: Random, created: int) -> Copy:
    """Return a copy that came from another server: soon, or late.

    What is delivered late has a new id; what the server fetched itself (for a thread, a boost, a search) has an id made
    from the time of creation, below everything already read.
    """
    hears = chance.uniform(0.5, 0.95)
    rare, longest = (0.12, 40) if Trouble.LATE in plan.troubles else (0.03, 20)
    if chance.random() >= rare:
        since = created + chance.uniform(0, 90)
        return Copy(_snowflake(chance, since), since, hears)
    since = min(created + chance.uniform(1, longest) * _HOUR, plan.end.timestamp())
    return Copy(_snowflake(chance, created if chance.random() < _FETCHED else since), since, hears)


def _snowflake(chance: Random, moment: float) -> int:
    """Return an id as Mastodon makes them: milliseconds, then sixteen bits."""
    return int(moment * 1000) << 16 | chance.getrandbits(16)
