"""The rows of the table about polls: final votes, who won, how often the lead changed, who first printed the name."""

from collections.abc import AsyncIterator, Iterator
from itertools import pairwise

from monitor.demo.cast import CAMPAIGN, OUTLETS
from monitor.demo.contests import PAGE
from monitor.demo.poll_places import POLLS
from monitor.demo.row import Row
from monitor.demo.street import ways
from monitor.demo.world import Contest, World
from monitor.model.race import Cycle, Line
from monitor.model.spelling import fold
from monitor.model.window import Window
from monitor.store import headlines, polls
from monitor.store.store import Store

_SEEN = 3  # names of a poll whose votes stand in the table; those of the others are details
_LOOKED, _DENSE = 1800, 300  # seconds between two looks: usually, and in the last two hours
_LAST_HOURS = 7200


async def results(store: Store, world: World) -> AsyncIterator[Row]:
    """Yield what came of every poll of a world beside what is stored of it."""
    for place, contests in world.contests.items():
        for contest in contests:
            if contest.day is None:
                continue
            name = POLLS[place].name
            cycle = await polls.cycle(store, CAMPAIGN.slug, name, contest.day)
            for row in _rows(contest, cycle):
                yield Row(f"{name} {contest.day:%d %b}: {row.metric}", row.true, row.stored, row.detail, row.bounds)
    for contest in world.contests.get(PAGE, ()):
        published = _printed(world, contest)
        if published is not None:
            stored = await _first_printed(store, contest.winner, Window(world.plan.start, world.plan.end))
            after = None if stored is None else (stored - contest.closes) // 60
            yield Row(f"minutes to print {contest.winner}", (published - contest.closes) // 60, (after,))


def _rows(contest: Contest, cycle: Cycle | None) -> Iterator[Row]:
    final = contest.votes(contest.closes)
    standing = cycle.standing if cycle else None
    ranked = sorted(zip(final, contest.names, strict=True), reverse=True)
    for place, (votes, name) in enumerate(ranked):
        line = next((line for line in standing.lines if name in line.label), None) if standing else None
        yield _votes(name, votes, line, detail=place >= _SEEN)
    winner = cycle.names.get(cycle.winner or "", "") if cycle else ""
    yield Row(f"won by {contest.winner}", 1, (int(contest.winner in winner),))
    changes = None if standing is None else len(standing.lead_changes)
    yield Row("lead changes", lead_changes(contest), (changes,))


def _votes(name: str, votes: int, line: Line | None, *, detail: bool) -> Row:
    if line is None or line.votes is not None:
        return Row(name, votes, (line.votes if line else None,), detail)
    return Row(name, votes, (line.low, line.high), detail, bounds=True)


def lead_changes(contest: Contest) -> int:
    """Return how often another name leads, seen as often as one looks: what lasts a moment only is seen by nobody."""
    leaders = [leader for moment in _moments(contest) if (leader := _leader(contest, moment)) is not None]
    return sum(before != after for before, after in pairwise(leaders))


def _moments(contest: Contest) -> Iterator[int]:
    dense = contest.closes - _LAST_HOURS
    yield from range(contest.opens, dense, _LOOKED)
    yield from range(dense, contest.closes + 1, _DENSE)


def _leader(contest: Contest, moment: int) -> int | None:
    votes = contest.votes(moment)
    most = max(votes)
    return votes.index(most) if votes.count(most) == 1 else None


def _printed(world: World, contest: Contest) -> int | None:
    """Return when the name that won was first in a headline; None when nobody printed it."""
    return min(
        (
            story.published
            for language in OUTLETS
            for story in world.stories.get(language, ())
            if contest.winner in story.title
        ),
        default=None,
    )


async def _first_printed(store: Store, name: str, window: Window) -> int | None:
    found = await headlines.printing(store, CAMPAIGN.slug, window, fold(ways(name)[0]))
    return min((int(headline.at.timestamp()) for headline in found), default=None)
