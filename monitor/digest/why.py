"""Why a number moved, in words that may be printed: the surge, who carried it, how many, and what came with it."""

from collections.abc import Callable, Iterator

from monitor.digest import sentences, terms
from monitor.digest.section import Row, Section, web
from monitor.model.brief import Brief, Spike
from monitor.model.finding import Cause, Crowd, Driver, Way
from monitor.model.race import Kind
from monitor.trends.loss import about
from monitor.words.voice import Voice, message, plural

MOST_SPIKES = 8  # a mail is read in two minutes
FEW_POSTS = 0.5  # of all is what a few posts made
ENOUGH_POSTS = 30  # before it is said that few or many did something
FEW_PEOPLE, MANY_PEOPLE = 0.2, 0.5  # authors a post

EVENTS = frozenset({Cause.HEADLINE, Cause.POLL})
"""What stands beside a spike; all other causes are parts of it."""

_NAMES: dict[Cause, Callable[[str, Voice], str]] = {
    Cause.SPELLING: terms.spelling,
    Cause.PLATFORM: terms.platform,
    Cause.OUTLET: lambda name, voice: voice.foreign(name),
    Cause.LANGUAGE: lambda name, voice: voice.say("posts in {language}", language=voice.language_name(name)),
    Cause.TAG: lambda name, voice: voice.say("posts that also carry {tag}", tag=voice.foreign(name)),
    Cause.POST: lambda name, voice: voice.say("one post on {platform}", platform=terms.platform(name, voice)),
}
_EXCESS = {
    Way.UP: message("{percent} of what came above the usual"),
    Way.DOWN: message("{percent} of what was missing"),
}
_SHARED = {
    Way.UP: message("No single driver explains most of it. Of what came above the usual: {names}."),
    Way.DOWN: message("No single driver explains most of it. Of what was missing: {names}."),
}
_HAPPENED: dict[str, str] = {
    Kind.FOUND: message("the naming poll began"),
    Kind.LEAD_CHANGE: message("the lead in the naming poll changed"),
    Kind.CLOSED: message("the naming poll closed"),
    Kind.CONFIRMED: message("the name was confirmed"),
    Kind.OVERTURNED: message("another name was taken"),
}
_LARGEST = plural("the largest post", "the {n} largest posts")


def sections(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield what moved the numbers, and why."""
    rows = [row for found in brief.spikes[:MOST_SPIKES] for row in _rows(found, voice)]
    moved = None if any(_parts(found) for found in brief.spikes) else sentences.driver(brief, voice)
    rows += [Row(moved)] if moved is not None else []
    yield Section(voice.say("Why it moved"), tuple(rows))


def sentence(spike: Spike, voice: Voice) -> str:
    """Return who carried a spike, and whether these were few or many; empty where nobody looked."""
    if spike.crowd is None:
        return ""
    return " ".join(filter(None, (_drivers(spike, voice), *crowd(spike, voice))))


def crowd(spike: Spike, voice: Voice) -> tuple[str, ...]:
    """Return whether few or many made a spike; nothing of a silence, nor where nobody can say."""
    if spike.crowd is None or spike.way is not Way.UP:
        return ()
    return tuple(filter(None, (_people(spike.crowd, voice), _few(spike.crowd, voice))))


def event(told: Driver, voice: Voice) -> str:
    """Return what happened in the same hours: a headline, or what became of a poll."""
    known = _HAPPENED.get(told.name) if told.cause is Cause.POLL else None
    return voice.say(known) if known else voice.foreign(told.name)


def name(told: Driver, voice: Voice) -> str:
    """Return how a part is called within a sentence."""
    return _NAMES[told.cause](told.name, voice)


def _rows(spike: Spike, voice: Voice) -> Iterator[Row]:
    yield Row(" ".join(filter(None, (sentences.spike(spike, voice), sentence(spike, voice)))))
    for told in spike.drivers:
        if told.cause in EVENTS and told.at is not None:
            happened = {"moment": voice.moment(told.at), "event": event(told, voice)}
            yield Row(voice.say("At the same time, {moment}: {event}", **happened), link=web(told.link))
        elif told.cause is Cause.POST and told.link is not None:
            largest = voice.say("The largest: {name}", name=name(told, voice))
            yield Row(largest, _value(told.value, spike, voice), link=web(told.link))


def _parts(spike: Spike) -> list[Driver]:
    return [told for told in spike.drivers if told.cause not in EVENTS]


def _drivers(spike: Spike, voice: Voice) -> str:
    """Return who carried a spike, the first alone where it explains most, or that nobody stands out."""
    parts = _parts(spike)
    if not parts:
        return voice.say("No single driver stands out.")
    if not spike.sole:
        listed = voice.listed([_short(part, voice) for part in parts])
        return voice.say(_SHARED[spike.way], names=listed)
    first, *others = parts
    values = {
        "name": name(first, voice),
        "now": _value(first.value, spike, voice),
        "share": voice.say(_EXCESS[spike.way], percent=voice.percent(first.share or 0.0)),
    }
    if first.expected is None:
        told = voice.say("Mostly {name}: {now}, {share}.", **values)
    else:
        usual = voice.number(first.expected)
        told = voice.say("Mostly {name}: {now} (usually {usual}), {share}.", **values, usual=usual)
    if not others:
        return told
    also = voice.say("Also: {names}.", names=voice.listed([_short(part, voice) for part in others]))
    return f"{told} {also}"


def _short(part: Driver, voice: Voice) -> str:
    return voice.say("{now} ({before})", now=name(part, voice), before=voice.percent(part.share or 0.0))


def _value(value: float | None, spike: Spike, voice: Voice) -> str:
    counted = terms.COUNTED.get(spike.name)
    return voice.count(*counted, value or 0.0) if counted else voice.number(value or 0.0)


def _people(crowd: Crowd, voice: Voice) -> str:
    """Return how many people wrote how many posts; empty where nobody can say."""
    if not crowd.posts or not crowd.authors:
        return ""
    values = {
        "posts": voice.count(*terms.COUNTED["posts"], crowd.posts),
        "authors": voice.count(*terms.COUNTED["authors"], about(crowd.authors)),
    }
    if crowd.posts < ENOUGH_POSTS:
        return voice.say("How many took part: {posts}, {authors}.", **values)
    if crowd.authors >= MANY_PEOPLE * crowd.posts:
        return voice.say("Many people took part: {posts}, {authors}.", **values)
    if crowd.authors <= FEW_PEOPLE * crowd.posts:
        return voice.say("Few people took part: {posts}, {authors}.", **values)
    return voice.say("How many took part: {posts}, {authors}.", **values)


def _few(crowd: Crowd, voice: Voice) -> str:
    """Return what the largest posts had of all; empty where nobody can say."""
    if crowd.top_share is None or (crowd.posts and crowd.posts < ENOUGH_POSTS):
        return ""
    values = {"posts": voice.count(*_LARGEST, crowd.top), "percent": voice.percent(crowd.top_share)}
    if crowd.top_share >= FEW_POSTS:
        return voice.say("Few posts made most of it: {posts} had {percent}.", **values)
    return voice.say("Many posts made it: {posts} had {percent}.", **values)
