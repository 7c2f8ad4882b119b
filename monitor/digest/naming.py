"""The naming polls of a campaign in its mail: the race while it runs, one line in quiet weeks."""

from collections.abc import Iterable, Iterator

from monitor.digest import race, street
from monitor.digest.section import Row, Section
from monitor.model.brief import Brief
from monitor.model.poll_week import PollWeek
from monitor.model.race import FLAGS, Cycle, Kind, Line, Stage
from monitor.words.voice import Voice

MOST_OPTIONS = 10
MOST_EVENTS = 8
TOLD_BY_STAGE = FLAGS | {Kind.FOUND, Kind.CLOSING, Kind.CLOSED}
"""Events that need no line of their own: flags have one, the others are in the first sentence."""


def sections(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield a section for each naming poll, and once its name is known, what became of that."""
    for week in brief.polls:
        drawn = is_drawn(week, brief)
        yield Section(
            title(week.cycle, [other.cycle for other in brief.polls], voice),
            tuple(_rows(week, brief, voice)),
            picture=week.picture if drawn else None,
            alt=alt(week, voice) if drawn else "",
        )
        if week.friday is not None:
            yield street.section(week.friday, voice)


def title(cycle: Cycle, beside: Iterable[Cycle], voice: Voice) -> str:
    """Return the heading: whose day the poll names, and which poll it is where there are two of one day."""
    whose = race.title(cycle, voice)
    if [other.day for other in beside].count(cycle.day) == 1:
        return whose
    return voice.say("{now} ({before})", now=whose, before=voice.foreign(cycle.poll))


def is_live(week: PollWeek, brief: Brief) -> bool:
    """Tell whether anything of the poll was seen since the window began."""
    last = week.cycle.last_look
    return week.cycle.standing is not None and last is not None and last.at >= brief.window.start


def is_drawn(week: PollWeek, brief: Brief) -> bool:
    """Tell whether there is a race to draw."""
    return is_live(week, brief) and any(len(course.points) > 1 for course in week.courses)


def alt(week: PollWeek, voice: Voice) -> str:
    """Return what the chart of a race shows, for readers who do not see it."""
    changes = len(week.cycle.standing.lead_changes) if week.cycle.standing else 0
    times = voice.count("The lead changed {n} time.", "The lead changed {n} times.", changes)
    return voice.say("Chart of the shares: {news} {changes}", news=race.news(week.cycle, voice), changes=times)


def _rows(week: PollWeek, brief: Brief, voice: Voice) -> Iterator[Row]:
    cycle, now = week.cycle, brief.made_at
    clock = race.clock(cycle, voice, now)
    if cycle.stage is Stage.AWAITED and now < week.opens_at:
        clock = voice.say("It usually opens {moment}.", moment=voice.moment(week.opens_at))
    yield Row(" ".join(filter(None, (race.news(cycle, voice), clock))))
    if is_live(week, brief) and cycle.standing:
        yield from (_option(line, voice) for line in cycle.standing.lines[:MOST_OPTIONS])
        yield from _around(week, brief, voice)
    news = [told for told in cycle.events if told.kind not in TOLD_BY_STAGE]
    yield from (Row(race.event(told, voice), race.looks(told, voice)) for told in news[-MOST_EVENTS:])
    yield from _flags(cycle, voice)


def _option(line: Line, voice: Voice) -> Row:
    """Return an option with its votes, its share, and where it may end."""
    share = [] if line.share is None else [voice.percent(line.share)]
    note, expected = voice.listed([race.votes(line, voice), *share]), race.expected(line, voice)
    if expected:
        note = voice.say("{now} ({before})", now=note, before=expected)
    return Row(voice.foreign(line.label), note, share=None if line.share is None else min(max(line.share, 0.0), 1.0))


def _around(week: PollWeek, brief: Brief, voice: Voice) -> Iterator[Row]:
    """Yield how fast votes came, and of when the numbers are."""
    cycle = week.cycle
    is_running = cycle.stage in {Stage.OPEN, Stage.CLOSING}
    pace = race.pace(cycle.standing, voice) if cycle.standing and is_running else None
    told = [pace, race.seen(cycle, voice, brief.made_at)]
    yield Row(" ".join(said for said in told if said))


def _flags(cycle: Cycle, voice: Voice) -> Iterator[Row]:
    """Yield what looks odd, each with the two looks that show it: a place to look at, never a verdict."""
    flags = list(race.flags(cycle))
    yield from (Row(f"⚑ {race.event(told, voice)}", race.looks(told, voice)) for told in flags[-MOST_EVENTS:])
    if len(flags) > MOST_EVENTS:
        yield Row(voice.count("and {n} more", "and {n} more", len(flags) - MOST_EVENTS))
