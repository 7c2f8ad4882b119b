"""The method note that every export carries: what the numbers mean, of which time, from where, and what is missing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.digest import health, terms
from monitor.exports import titles
from monitor.exports.series import Gap
from monitor.exports.sheet import plain
from monitor.model.brief import Brief, Total
from monitor.model.campaign import Campaign, Family
from monitor.model.metric import VERSIONS
from monitor.model.spelling import capitalised
from monitor.words.voice import Voice, bare, message

MOMENT = "d MMMM y HH:mm"
MOST_GAPS = 200  # all of them stand in a sheet of their own

MEANINGS = {
    "posts": message(
        "Different posts with a hashtag of the campaign, at the moment they were written; a repost is not a post."
    ),
    "authors": message("Different authors, estimated to one in a hundred; no name is kept."),
    "impressions": message(
        "How often posts were shown, as platforms counted it themselves; not different people. "
        "It is told for which part of the posts they did."
    ),
    "engagement": message("Likes, reposts, replies and quotes together; the parts stand beside the sum."),
    "potential_reach": message(
        "How many could have seen it: from the largest single audience to the followers of all authors together. "
        "It is never one number."
    ),
    "articles": message("Different articles that name the campaign in title or summary."),
    "stories": message("Different stories among the articles: copies of one headline count once."),
    "outlets": message("Different outlets that printed an article."),
    "reported": message("What a platform counts itself: beside our numbers, in none of our sums."),
}
TITLES = {
    "campaign": message("Campaign"),
    "window": message("Window"),
    "made": message("Made"),
    "zone": message("Time zone"),
    "rules": message("How to read it"),
    "definitions": message("Definitions"),
    "spellings": message("Spellings"),
    "sources": message("Sources"),
    "coverage": message("Coverage"),
    "gaps": message("Gaps"),
}
RULES = (
    message("Missing is not zero: what nobody told, and what happened while we could not look, is n/a."),
    message("Numbers of different classes are never added together."),
    message("Where something is partial, a source was not watched: the number is a lower bound."),
)


@dataclass(frozen=True)
class Entry:
    """One part of the note: its name in files for programs, its heading, and what it says, with times as ISO 8601.

    `read` says the same to people on a page: times in their words, what could turn a line around isolated.
    """

    name: str
    title: str
    lines: tuple[str, ...]
    read: tuple[str, ...] = ()


Note = tuple[Entry, ...]


def note(campaign: Campaign, brief: Brief, gaps: Sequence[Gap], voice: Voice) -> Note:
    """Return what there is to say about the numbers of a window."""
    for_files = _said(campaign, brief, gaps, voice, lambda moment: _local(moment, campaign.zone))
    for_people = _said(campaign, brief, gaps, voice, lambda moment: voice.dated(MOMENT, moment, campaign.zone))
    return tuple(
        Entry(name, voice.say(TITLES[name]), tuple(map(bare, told)), for_people[name])
        for name, told in for_files.items()
    )


def _said(
    campaign: Campaign, brief: Brief, gaps: Sequence[Gap], voice: Voice, moment: Callable[[datetime], str]
) -> dict[str, tuple[str, ...]]:
    """Return what the note says, part by part, with moments as `moment` writes them."""
    said: dict[str, Iterable[str]] = {
        "campaign": [f"{terms.title(brief, voice)} ({voice.foreign(campaign.slug)})"],
        "window": [" – ".join(map(moment, (brief.window.start, brief.window.end)))],
        "made": [moment(brief.made_at)],
        "zone": [voice.foreign(campaign.zone)],
        "rules": [voice.say(rule) for rule in RULES],
        "definitions": _definitions(brief, voice),
        "spellings": (_spelled(family, voice) for family in campaign.families),
        "sources": _sources(brief, voice),
        "coverage": coverage(brief.totals, voice),
        "gaps": _gaps(gaps, voice, moment),
    }
    return {name: tuple(told) for name, told in said.items()}


def lines(told: Note) -> list[str]:
    """Return the note as plain lines."""
    return [f"{entry.title}: {line}" for entry in told for line in entry.lines]


def _local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def _definitions(brief: Brief, voice: Voice) -> Iterator[str]:
    classes = {total.name: voice.say(terms.CLASSES[total.class_of]) for total in brief.totals}
    for name, version in VERSIONS.items():
        kind = f" ({classes[name]})" if name in classes else ""
        yield f"{voice.foreign(f'{name}/{version}')}{kind}: {voice.say(MEANINGS[name])}"


def _spelled(family: Family, voice: Voice) -> str:
    spellings = voice.listed([_name(f"#{capitalised(one, family.tag)}", voice) for one in family.spellings])
    return f"{_name(family.hashtag, voice)}: {spellings}"


def _name(text: str, voice: Voice) -> str:
    return voice.foreign(plain(text))


def _sources(brief: Brief, voice: Voice) -> Iterator[str]:
    for one in brief.sources:
        outcome = f": {health.ended(one.outcome, one.reason, voice)}" if one.outcome else ""
        yield f"{_name(one.name, voice)} ({terms.platform(one.platform, voice)}){outcome}"


def coverage(totals: Iterable[Total], voice: Voice) -> Iterator[str]:
    """Yield of which part of the posts a number was measured, and which numbers are lower bounds."""
    for total in totals:
        told = [terms.coverage(total, voice), terms.rounding(total, voice)]
        told += [voice.say("a lower bound")] if total.now.partial and terms.is_told(total.now) else []
        told += [] if terms.is_told(total.now) else [voice.say("n/a")]
        if any(told):
            yield f"{terms.label(total.name, voice)}: {voice.listed([*filter(None, told)])}"


def _gaps(gaps: Sequence[Gap], voice: Voice, moment: Callable[[datetime], str]) -> Iterator[str]:
    for gap in gaps[:MOST_GAPS]:
        reason = titles.of_gap(gap.reason, voice)
        yield f"{_name(gap.source, voice)}: {moment(gap.start)} – {moment(gap.end)}: {reason}"
    if len(gaps) > MOST_GAPS:
        yield voice.count("and {n} more", "and {n} more", len(gaps) - MOST_GAPS)
    if not gaps:
        yield voice.say("none")


def as_object(told: Note) -> dict[str, Sequence[str]]:
    """Return the note for programs."""
    return {entry.name: entry.lines for entry in told}


def in_one(told: Note) -> str:
    """Return the note in one line, for a cell or a caption."""
    return " | ".join(lines(told))
