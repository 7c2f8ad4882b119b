"""The sentences about a brief: its verdict, its spikes, what moved, and what its chart shows."""

from monitor.digest.terms import (
    COUNTED,
    amount,
    before,
    is_told,
    label,
    platform,
    span,
    spelling,
    title,
    week_before,
    when,
)
from monitor.model.brief import Brief, Line, Share, Spike, State, Total
from monitor.model.finding import Way
from monitor.words.voice import LARGEST, Voice, message, plural

MANY = 5  # times as much: from here on "12 times" is sooner understood than "1,105% more"

_VERDICTS = {
    State.SPIKE: message("{campaign} jumped {when}: {amount}."),
    State.RISING: message("{campaign} rose {when}: {amount}."),
    State.STEADY: message("{campaign} held steady {when}: {amount}."),
    State.FALLING: message("{campaign} fell {when}: {amount}."),
    State.QUIET: message("All quiet about {campaign} {when}: {amount}."),
    State.BLIND: message("{campaign}: too little was seen {when} to say where it is heading."),
}
_ALONE = message("{campaign}: {amount} {when}; there is nothing to compare it with yet.")
_LESS = message("{campaign} jumped for some hours {when}, though less came in all: {amount}.")
_USUAL = plural("{n} time the usual level", "{n} times the usual level")
_AS_MUCH = plural("{n} time {reference}", "{n} times {reference}")
_WAYS = {State.SPIKE: 1, State.RISING: 1, State.FALLING: -1}
STATES = {
    State.SPIKE: message("jumped"),
    State.RISING: message("rose"),
    State.STEADY: message("held steady"),
    State.FALLING: message("fell"),
    State.QUIET: message("all quiet"),
    State.BLIND: message("nothing to compare with yet"),
}


def verdict(brief: Brief, voice: Voice) -> str:
    """Return the one sentence to be read first."""
    clauses = [amount(_headline(brief), voice), _against(brief, voice)]
    return voice.say(
        _pattern(brief, voice),
        campaign=title(brief, voice),
        when=when(brief, voice),
        amount=voice.listed([clause for clause in clauses if clause]),
    )


def subject(brief: Brief, voice: Voice) -> str:
    """Return the verdict in a few words, for a subject line or a table."""
    if brief.state is State.BLIND and not _is_alone(brief, voice):
        return voice.say("{campaign}: too little was seen", campaign=title(brief, voice))
    return voice.say(
        "{campaign}: {state}, {amount}",
        campaign=title(brief, voice),
        state=voice.say(STATES[brief.state]),
        amount=amount(_headline(brief), voice),
    )


def against(brief: Brief, voice: Voice) -> str:
    """Return how the headline number compares with what decides its state; empty where nothing compares."""
    return next((_compared(ratio, name, voice) for ratio, name in _references(brief, voice)), "")


def spike(found: Spike, voice: Voice) -> str:
    """Return one sentence about a spike."""
    counted = COUNTED.get(found.name)
    total = voice.count(*counted, found.total) if counted else f"{label(found.name, voice)} {voice.number(found.total)}"
    if found.way is Way.DOWN:
        when, due = span(found.start, found.end, voice), voice.number(found.expected)
        return voice.say("Near silence: {total} {span}; {usual} would be usual.", total=total, span=when, usual=due)
    return voice.say(
        "{total} {span}, {usual}; the peak was at {peak}.",
        total=total,
        span=span(found.start, found.end, voice),
        usual=_usual(found, voice),
        peak=voice.clock(found.peak),
    )


def driver(brief: Brief, voice: Voice) -> str | None:
    """Return which spelling or platform moved most the way the campaign went; None when none did."""
    way = _WAYS.get(brief.state, 0)
    named = [(part, spelling(part.name, voice)) for part in brief.spellings]
    named += [(part, platform(part.name, voice)) for part in brief.platforms]
    moved = [(part, name) for part, name in named if _move(part) * way > 0]
    if not moved:
        return None
    most, name = max(moved, key=lambda both: _move(both[0]) * way)
    return voice.say(
        "What moved most is {name}: {now}, after {before} {reference}.",
        name=name,
        now=voice.count(*COUNTED["posts"], most.value),
        before=voice.number(most.before or 0),
        reference=before(brief, voice),
    )


def chart_alt(brief: Brief, voice: Voice) -> str:
    """Return what the chart shows, for readers who do not see it."""
    line = drawn(brief)
    told = [(point.value, point.at) for point in line.points if point.value is not None] if line else []
    if line is None or not told:
        return voice.say("Chart: nothing was measured.")
    highest, at = max(told)
    text = voice.say(
        "Chart of {name}: highest with {value} at {moment}.",
        name=label(line.name, voice),
        value=voice.number(highest),
        moment=voice.moment(at),
    )
    holes = voice.say("Holes in the line are gaps.") if len(told) < len(line.points) else ""
    return f"{text} {holes}".strip()


def drawn(brief: Brief) -> Line | None:
    """Return the line a chart draws: that of the headline metric, else the first."""
    wanted = [line for line in brief.lines if line.name == brief.headline_metric]
    return next(iter([*wanted, *brief.lines]), None)


def _headline(brief: Brief) -> Total | None:
    """Return the number that the verdict speaks of; quiet is a matter of few posts, however many people saw them."""
    posts = brief.total("posts") if brief.state is State.QUIET and brief.headline_metric == "impressions" else None
    return posts or brief.total(brief.headline_metric)


def _pattern(brief: Brief, voice: Voice) -> str:
    """Return the sentence that is true of the day."""
    ratios = [round(ratio * 100) for ratio, _ in _references(brief, voice)]
    if brief.state is State.SPIKE and ratios and max(ratios) < 0:
        return _LESS
    return _ALONE if _is_alone(brief, voice) else _VERDICTS[brief.state]


def _is_alone(brief: Brief, voice: Voice) -> bool:
    """Tell whether all was seen, and nothing is known yet that it could be held against."""
    total = _headline(brief)
    is_seen = total is not None and is_told(total.now) and not total.now.partial
    return brief.state is State.BLIND and is_seen and not _references(brief, voice)


def _against(brief: Brief, voice: Voice) -> str:
    """Return what the headline number is compared with; empty where nothing compares.

    The same weekday before comes first: it knows the rhythm of the week, and decides the state where it is known.
    """
    known = _references(brief, voice)
    told = [_compared(ratio, name, voice) for ratio, name in known]
    if not known[1:]:
        return "".join(told)
    if known[0][0] * known[1][0] < 0:
        return voice.say("{first}, but {second}", first=told[0], second=told[1])
    return voice.say("{first} and {second}", first=told[0], second=told[1])


def _references(brief: Brief, voice: Voice) -> list[tuple[float, str]]:
    """Return how the headline number changed, and against what."""
    total = _headline(brief)
    if total is None:
        return []
    references = ((total.week_change, week_before(brief, voice)), (total.change, before(brief, voice)))
    return [(ratio, name) for ratio, name in references if ratio is not None and name is not None]


def _compared(ratio: float, reference: str, voice: Voice) -> str:
    percent = voice.percent(abs(ratio))
    if ratio + 1 >= MANY:
        return _times(_AS_MUCH, ratio + 1, voice, reference=reference)
    if not round(ratio * 100):
        return voice.say("as much as {reference}", reference=reference)
    if ratio > 0:
        return voice.say("{percent} more than {reference}", percent=percent, reference=reference)
    return voice.say("{percent} less than {reference}", percent=percent, reference=reference)


def _usual(found: Spike, voice: Voice) -> str:
    if found.expected < 1:
        return voice.say("where almost nothing is usual")
    return _times(_USUAL, found.total / found.expected, voice)


def _times(words: tuple[str, str], ratio: float, voice: Voice, **values: str) -> str:
    """Return how many times something is, in the right one of the language's plural forms."""
    counted = voice.catalogue.ngettext(*words, round(min(ratio, LARGEST)))
    return counted.format(n=voice.times(ratio), **values)


def _move(part: Share) -> float:
    return 0.0 if part.before is None else part.value - part.before
