"""The sentences about a naming poll: how its race stands, what happened in it, and what looks odd about it."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from monitor.digest import terms
from monitor.model.option import option_key
from monitor.model.poll import Votes
from monitor.model.race import FLAGS, Cycle, Event, Kind, Line, Stage, Standing
from monitor.words.voice import Voice, message, plural

VOTES = plural("{n} vote", "{n} votes")
LONGEST_HOURS = 24 * 365  # what a deadline may move; more is a slip of the page
SURE = 0.99  # chances beyond it are not told apart: so many futures were not drawn

STAGES = {
    Stage.AWAITED: message("awaited"),
    Stage.OPEN: message("open"),
    Stage.CLOSING: message("closing"),
    Stage.CLOSED: message("closed"),
    Stage.CONFIRMED: message("confirmed"),
    Stage.OVERTURNED: message("overturned"),
    Stage.MISSED: message("not found"),
}
_NO_STANDING = {
    Stage.AWAITED: message("The poll of this week was not found yet."),
    Stage.MISSED: message("No poll was found for this day."),
}
_UNTOLD = message("The poll was found; it tells no votes.")
_NAMED = {
    Stage.CLOSED: message("The poll is over: {option} has most votes, not confirmed yet."),
    Stage.CONFIRMED: message("The name is {option}: it has most votes."),
    Stage.OVERTURNED: message("The name is {option}, although {other} had most votes."),
}
_HAPPENED = {
    Kind.FOUND: message("The poll was found"),
    Kind.LEAD_CHANGE: message("{option} took the lead from {other}"),
    Kind.CLOSING: message("The last hour began"),
    Kind.CLOSED: message("The poll closed"),
    Kind.CONFIRMED: message("{option} was confirmed as the name"),
    Kind.OVERTURNED: message("{option} was taken as the name instead of {other}"),
    Kind.RENAMED: message("{other} is now called {option}"),
    Kind.ADDED: message("{option} was added"),
    Kind.REMOVED: message("{option} was removed"),
    Kind.RESET: message("The votes were set back"),
    Kind.VOTES_AFTER_CLOSING: message("{votes} came after the end"),
    Kind.LATE_OPTION: message("{option} was added or removed late in the race"),
    Kind.SURGE: message("Unusual increase: {option} gained {votes} more than its pace promised"),
    Kind.MACHINE_REGULAR: message("{option} gained as regularly as a machine: about {votes} from look to look"),
    Kind.OTHER_WINNER: message("{option} was taken as the name, but in the last look {other} had most votes"),
}


def title(cycle: Cycle, voice: Voice) -> str:
    """Return the heading: whose day the poll names."""
    return voice.say("Naming poll for {day}", day=voice.day(datetime.combine(cycle.day, time(12), UTC), "UTC"))


def news(cycle: Cycle, voice: Voice) -> str:
    """Return the one sentence to be read first: who leads, or which name was taken."""
    if cycle.standing is None or not cycle.standing.lines:
        return voice.say(_NO_STANDING.get(cycle.stage, _UNTOLD))
    if cycle.winner is None or cycle.stage not in _NAMED:
        return lead(cycle.standing, voice)
    other = voice.foreign(cycle.standing.lines[0].label)
    return voice.say(_NAMED[cycle.stage], option=voice.foreign(named(cycle, cycle.winner)), other=other)


def named(cycle: Cycle, key: str) -> str:
    """Return how an option was last written; one that nobody could vote for, as the operator wrote it."""
    lines = cycle.standing.lines if cycle.standing else ()
    told = [event.option for event in cycle.events if event.kind in {Kind.CONFIRMED, Kind.OVERTURNED}]
    taken = next((name for name in told if name and option_key(name) == key), key)
    return {line.key: line.label for line in lines}.get(key) or cycle.names.get(key, taken)


def lead(standing: Standing, voice: Voice) -> str:
    """Return who leads whom, by how much; nobody where bounds overlap."""
    first, *others = standing.lines
    if not others:
        return voice.say(
            "{option} stands alone: {votes}.", option=voice.foreign(first.label), votes=votes(first, voice)
        )
    names = {"option": voice.foreign(first.label), "other": voice.foreign(others[0].label)}
    if standing.is_close:
        return voice.say("Too close to call between {option} and {other}.", **names)
    return voice.say("{option} leads {other} by {margin}.", **names, margin=margin(standing, voice))


def margin(standing: Standing, voice: Voice) -> str:
    """Return the lead in votes and in percent of all of them, as far as they are told."""
    told = [] if standing.margin is None else [voice.count(*VOTES, standing.margin)]
    if standing.margin_points is not None:
        points = voice.percent(standing.margin_points / 100, fine=True)
        told.append(voice.say("{percent} of all votes", percent=points))
    return voice.listed(told) if told else voice.say("n/a")


def clock(cycle: Cycle, voice: Voice, now: datetime) -> str | None:
    """Return when it closes, and in how long, or when it closed; nothing where no end is known."""
    if cycle.closes_at is None or cycle.standing is None:
        return None
    moment = voice.moment(cycle.closes_at)
    if now >= cycle.closes_at:
        return voice.say("It closed {moment}.", moment=moment)
    return voice.say("It closes {moment}, in {length}.", moment=moment, length=voice.lasting(cycle.closes_at - now))


def pace(standing: Standing, voice: Voice) -> str | None:
    """Return how many votes an hour came lately, of all options together."""
    paces = [line.pace for line in standing.lines if line.pace is not None]
    return voice.say("Lately {votes} an hour.", votes=voice.count(*VOTES, sum(paces))) if paces else None


def seen(cycle: Cycle, voice: Voice, now: datetime) -> str | None:
    """Return of when the numbers are; where the last look was in vain, why, and how old they are by now."""
    if cycle.looked_in_vain is not None and cycle.looked_at is not None:
        moment, why = voice.moment(cycle.looked_at), terms.why(cycle.looked_in_vain, cycle.vain_reason, voice)
        told = voice.say("The look of {moment} showed nothing.", moment=moment)
        if why:
            told = voice.say("The look of {moment} showed nothing: {why}.", moment=moment, why=why)
        if cycle.last_look is None:
            return told
        age = voice.say("The numbers are {length} old.", length=voice.lasting(now - cycle.last_look.at))
        return f"{told} {age}"
    return None if cycle.last_look is None else voice.say("Seen {moment}.", moment=voice.moment(cycle.last_look.at))


def hourly(line: Line, voice: Voice) -> str:
    """Return how many votes an hour an option gained lately; empty where nobody can say."""
    return "" if line.pace is None else voice.say("+{votes} an hour", votes=voice.number(line.pace))


def votes(line: Line | Votes, voice: Voice) -> str:
    """Return the votes of an option: exact, or between their bounds, or n/a."""
    if line.votes is not None:
        return voice.count(*VOTES, line.votes)
    if line.low is None or line.high is None:
        return voice.say("n/a")
    return voice.say("{low} to {high}", low=voice.number(line.low), high=voice.count(*VOTES, line.high))


def expected(line: Line, voice: Voice) -> str:
    """Return where an option may end, and its chance to be first; empty when nothing is forecast."""
    if line.forecast is None or line.chance is None:
        return ""
    low, _, high = line.forecast
    between = voice.say("{low} to {high}", low=voice.percent(low), high=voice.percent(high))
    return voice.say("at the end {share}; chance to win {chance}", share=between, chance=chance(line.chance, voice))


def chance(ratio: float, voice: Voice) -> str:
    """Return a chance in percent, never quite none nor certain."""
    if ratio > SURE:
        return voice.say("over {percent}", percent=voice.percent(SURE))
    return terms.share(max(ratio, 1e-6), voice)


def event(told: Event, voice: Voice) -> str:
    """Return what happened, without its time; flags say what is odd, never why."""
    number = abs(told.number or 0)
    values = {
        "option": voice.foreign(told.option or "?"),
        "other": voice.foreign(told.other or "?"),
        "votes": voice.count(*VOTES, number),
        "length": voice.lasting(timedelta(hours=min(number, LONGEST_HOURS))),
    }
    return voice.say(_HAPPENED.get(told.kind) or _by_sign(told), **values)


def looks(told: Event, voice: Voice) -> str:
    """Return in which looks a flag was seen; what else happened tells its time alone."""
    if told.kind not in FLAGS or told.after is None:
        return voice.moment(told.at)
    last = voice.moment(told.after.at)
    if told.before is None or told.before == told.after:
        return voice.say("seen in the look of {last}; cause unknown", last=last)
    first = voice.moment(told.before.at)
    return voice.say("seen between the looks of {first} and {last}; cause unknown", first=first, last=last)


def flag(told: Event, voice: Voice) -> str:
    """Return a flag as one sentence with the two looks that show it."""
    return f"{event(told, voice)}{'؛' if voice.is_rtl else ';'} {looks(told, voice)}."


def flags(cycle: Cycle) -> Iterator[Event]:
    """Yield what looks odd, oldest first."""
    yield from (told for told in cycle.events if told.kind in FLAGS)


def _by_sign(told: Event) -> str:
    """Return the words of what may go both ways."""
    more = (told.number or 0) > 0
    if told.kind is Kind.SUM_DIFFERS:
        return (
            message("The options have together {votes} more than the total says")
            if more
            else message("The options have together {votes} less than the total says")
        )
    if told.kind is Kind.NEW_DEADLINE:
        return message("The end was put off by {length}") if more else message("The end was moved {length} forward")
    if told.option is not None:
        return message("{option} has fewer votes than before")
    return message("All options have together {votes} fewer than before")
