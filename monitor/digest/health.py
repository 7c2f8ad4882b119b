"""How far the numbers of a mail can be trusted: which sources answered, and when we were blind."""

from collections.abc import Iterable, Iterator

from monitor.digest import beside, terms
from monitor.digest.section import Row, Section
from monitor.errors import Reason
from monitor.model.brief import Brief, SourceHealth, Stretch
from monitor.model.definition import Break
from monitor.model.run import Outcome
from monitor.words.reasons import REASONS
from monitor.words.voice import Voice, message

MOST_GAPS = 4  # of one source

OUTCOMES = {
    Outcome.OK: message("answered"),
    Outcome.EMPTY: message("answered, nothing new"),
    Outcome.UNCHANGED: message("answered, nothing new"),
    Outcome.TRUNCATED: message("answered in part"),
    Outcome.BLIND: message("was blind: it answered with nothing at all"),
    Outcome.RATE_LIMITED: message("asked us to wait"),
    Outcome.REFUSED: message("refused us"),
    Outcome.SOFT_ERROR: message("answered unreadably"),
    Outcome.UNAVAILABLE: message("did not answer"),
}


NOTHING_THERE = REASONS[Reason.GONE]


def ended(outcome: Outcome, reason: Reason | None, voice: Voice) -> str:
    """Return how a run ended; an address that leads nowhere is told from an answer that nobody can read."""
    return voice.say(NOTHING_THERE if is_gone(outcome, reason) else OUTCOMES[outcome])


def is_gone(outcome: Outcome | None, reason: Reason | None) -> bool:
    return outcome is Outcome.SOFT_ERROR and reason is Reason.GONE


def sections(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield how the sources did; the well ones are only counted."""
    yield Section(voice.say("Can the numbers be trusted?"), tuple(_health(brief, voice)))


def _health(brief: Brief, voice: Voice) -> Iterator[Row]:
    asked = [source for source in brief.sources if not source.imported]
    troubled = [source for source in asked if not is_well(source)]
    for source in troubled:
        yield Row(voice.foreign(source.name), _trouble(source, voice))
    well = len(asked) - len(troubled)
    if well:
        yield Row(voice.count("{n} source answered without a gap.", "{n} sources answered without a gap.", well))
    yield from _newcomers(asked, voice)
    for source in brief.sources:
        if source.imported:
            yield _files(source, voice)
    if not brief.sources:
        yield Row(voice.say("No source was asked yet."))
    for one in brief.breaks:
        yield Row(broken(one, voice))


def _newcomers(asked: Iterable[SourceHealth], voice: Voice) -> Iterator[Row]:
    """Yield since when sources are watched that were not there when the window began."""
    named: dict[str, list[str]] = {}
    for source in asked:
        if source.since is not None:
            named.setdefault(voice.moment(source.since), []).append(voice.foreign(source.name))
    for moment, names in named.items():
        yield Row(voice.say("Watched since {moment}", moment=moment), voice.listed(names))


def broken(found: Break, voice: Voice) -> str:
    """Return since when a platform counts otherwise."""
    return voice.say(
        "{metric}: {platform} has counted in another way since {moment} ({what}); nothing earlier is compared with it.",
        metric=terms.label(found.number, voice),
        platform=terms.platform(found.platform, voice),
        moment=voice.moment(found.at),
        what=voice.foreign(found.what),
    )


def is_well(source: SourceHealth) -> bool:
    """Tell whether a source answered and nothing is missing."""
    return source.outcome is not None and source.outcome.is_up and not source.gaps and not source.skipped


def _trouble(source: SourceHealth, voice: Voice) -> str:
    if source.outcome is None:
        return voice.say("was never asked")
    parts = [ended(source.outcome, source.reason, voice)]
    why = terms.why(source.message, source.reason, voice)
    if not source.outcome.is_up and why and why not in parts:
        parts.append(why)
    if source.last_up is not None and not source.outcome.is_up:
        parts.append(voice.say("last answer {moment}", moment=voice.moment(source.last_up)))
    if source.skipped:
        parts.append(skipped(source.skipped, voice))
    parts += _gaps(source, voice)
    if source.lost is not None and round(source.lost):
        parts.append(beside.missed(source.lost, voice))
    return voice.strung(parts)


def _files(source: SourceHealth, voice: Voice) -> Row:
    """Return which stretches files cover, and of which parts of the window they know nothing."""
    name = voice.say("From imported files: {platform}", platform=terms.platform(source.platform, voice))
    covered = voice.listed([terms.span(one.start, one.end, voice) for one in source.imported])
    return Row(name, voice.strung([covered, *_gaps(source, voice)]))


def skipped(number: int, voice: Voice) -> str:
    """Return how many posts were left for later."""
    return voice.count(
        "{n} post left for later: its budget allows no more",
        "{n} posts left for later: its budget allows no more",
        number,
    )


def _gaps(source: SourceHealth, voice: Voice) -> list[str]:
    left = len(source.gaps) - MOST_GAPS
    more = [voice.count("{n} more gap", "{n} more gaps", left)] if left > 0 else []
    return [*(_gap(gap, voice) for gap in source.gaps[:MOST_GAPS]), *more]


def _gap(gap: Stretch, voice: Voice) -> str:
    return voice.say("blind {span}", span=terms.span(gap.start, gap.end, voice))
