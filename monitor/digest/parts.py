"""The parts of a campaign in a mail: its spellings, those seen newly, and its platforms."""

from collections.abc import Callable, Iterator, Sequence

from monitor.digest import beside, terms
from monitor.digest.section import Row, Section
from monitor.model.brief import Brief, Share
from monitor.model.finding import Move
from monitor.trends.voice import across
from monitor.words.voice import Voice

Named = Callable[[str, Voice], str]
"""How the name of a part is said."""

MOST_ROWS = 8  # of one list: a mail is read in two minutes


def sections(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield the spellings, listed and not, then platforms and languages, and what platforms count themselves."""
    yield Section(voice.say("Spellings, by posts"), shares(brief.spellings, terms.spelling, voice))
    seen = voice.say("Also seen in {months}, not listed yet", months=terms.months(brief, voice))
    yield Section(seen, _unlisted(brief, voice))
    yield Section(voice.say("Platforms, by posts"), shares(brief.platforms, terms.platform, voice))
    yield Section(voice.say("Languages, by posts"), shares(brief.tongues, _language, voice))
    yield Section(voice.say("What platforms count themselves (in none of our sums)"), _reported(brief, voice))


def _language(code: str, voice: Voice) -> str:
    return voice.language_name(code)


def shares(shares: Sequence[Share], named: Named, voice: Voice) -> tuple[Row, ...]:
    """Return the largest parts of a whole, each with its share and what it was before."""
    rows = [_share(share, named(share.name, voice), voice) for share in shares[:MOST_ROWS]]
    left = len(shares) - len(rows)
    return (*rows, Row(voice.count("and {n} more", "and {n} more", left))) if left else tuple(rows)


def _share(share: Share, name: str, voice: Voice) -> Row:
    note = voice.listed([voice.number(share.value), terms.share(share.share, voice)])
    if share.before is not None:
        was = voice.say("new") if not share.before else voice.say("{number} before", number=voice.number(share.before))
        note = voice.say("{now} ({before})", now=note, before=was)
    if share.move is not None and share.move.is_clear:
        note = voice.listed([note, moved(share.move, voice)])
    return Row(name, note, share=min(max(share.share, 0.0), 1.0))


def between(briefs: Sequence[Brief], voice: Voice) -> dict[str, str]:
    """Return which part of the posts of all campaigns each of them has; nothing where there is one only."""
    return {share.name: _between(share, voice) for share in across(briefs)}


def _between(share: Share, voice: Voice) -> str:
    part = voice.say("{share} of all posts counted", share=terms.share(share.share, voice))
    if share.move is None or not share.move.is_clear:
        return part
    return voice.listed([part, moved(share.move, voice)])


def moved(move: Move, voice: Voice) -> str:
    """Return by how many percentage points a share moved, with its interval."""
    return voice.say(
        "its share moved by {points} points ({low} to {high})",
        points=voice.points(move.points),
        low=voice.points(move.low),
        high=voice.points(move.high),
    )


def _unlisted(brief: Brief, voice: Voice) -> tuple[Row, ...]:
    rows = [Row(voice.foreign(one.spelling), terms.estimated(one.posts, voice)) for one in brief.seen]
    left = len(rows) - MOST_ROWS
    return (*rows[:MOST_ROWS], *([Row(voice.count("and {n} more", "and {n} more", left))] if left > 0 else []))


def _reported(brief: Brief, voice: Voice) -> tuple[Row, ...]:
    return tuple(
        Row(beside.sentence(told, voice), beside.note(told, voice), link=beside.SITES.get(told.platform))
        for told in brief.reported[:MOST_ROWS]
    )
