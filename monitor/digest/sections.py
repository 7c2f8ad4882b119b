"""The lists of a mail below its numbers: why it moved, spellings, platforms, the press, and how the sources did."""

from collections.abc import Callable, Iterator, Sequence

from monitor.digest import beside, naming, sentences, terms
from monitor.digest.section import Row, Section
from monitor.digest.voice import Voice, message
from monitor.model.brief import Brief, Headline, Share, SourceHealth, Stretch
from monitor.model.run import Outcome

Named = Callable[[str, Voice], str]
"""How the name of a part is said."""

MOST_ROWS = 8  # of one list: a mail is read in two minutes
MOST_HEADLINES = 6
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


def of(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield the sections of a campaign in the order they are read; some may have no rows."""
    yield Section(voice.say("Why it moved"), tuple(_reasons(brief, voice)))
    yield from naming.sections(brief, voice)
    yield Section(voice.say("Spellings, by posts"), _shares(brief.spellings, terms.spelling, voice))
    seen = voice.say("Also seen in {months}, not listed yet", months=terms.months(brief, voice))
    yield Section(seen, _unlisted(brief, voice))
    yield Section(voice.say("Platforms, by posts"), _shares(brief.platforms, terms.platform, voice))
    yield Section(voice.say("What platforms count themselves (in none of our sums)"), _reported(brief, voice))
    yield Section(voice.say("Arab and Western press, by articles"), _shares(brief.regions, terms.region, voice))
    yield Section(voice.say("Outlets, by articles"), _shares(brief.outlets, _foreign, voice))
    yield Section(voice.say("Languages of the press, by articles"), _shares(brief.languages, _language, voice))
    yield Section(voice.say("In the press"), tuple(_headlines(brief.headlines, voice)))
    yield Section(voice.say("Can the numbers be trusted?"), tuple(_health(brief, voice)))


def _reasons(brief: Brief, voice: Voice) -> Iterator[Row]:
    for found in brief.spikes[:MOST_ROWS]:
        yield Row(sentences.spike(found, voice))
    driver = sentences.driver(brief, voice)
    if driver is not None:
        yield Row(driver)


def _unlisted(brief: Brief, voice: Voice) -> tuple[Row, ...]:
    rows = [Row(voice.foreign(one.spelling), terms.estimated(one.posts, voice)) for one in brief.seen]
    left = len(rows) - MOST_ROWS
    return (*rows[:MOST_ROWS], *([Row(voice.count("and {n} more", "and {n} more", left))] if left > 0 else []))


def _reported(brief: Brief, voice: Voice) -> tuple[Row, ...]:
    return tuple(
        Row(beside.sentence(told, voice), beside.note(told, voice), link=beside.SITES.get(told.platform))
        for told in brief.reported[:MOST_ROWS]
    )


def _shares(shares: Sequence[Share], named: Named, voice: Voice) -> tuple[Row, ...]:
    rows = [_share(share, named(share.name, voice), voice) for share in shares[:MOST_ROWS]]
    left = len(shares) - len(rows)
    return (*rows, Row(voice.count("and {n} more", "and {n} more", left))) if left else tuple(rows)


def _share(share: Share, name: str, voice: Voice) -> Row:
    note = voice.listed([voice.number(share.value), terms.share(share.share, voice)])
    if share.before is not None:
        was = voice.say("new") if not share.before else voice.say("{number} before", number=voice.number(share.before))
        note = voice.say("{now} ({before})", now=note, before=was)
    return Row(name, note, share=min(max(share.share, 0.0), 1.0))


def _foreign(name: str, voice: Voice) -> str:
    return voice.foreign(name)


def _language(code: str, voice: Voice) -> str:
    return voice.language_name(code)


def _headlines(headlines: Sequence[Headline], voice: Voice) -> Iterator[Row]:
    """Yield the first headlines; what an outlet prints twice stands once."""
    told = {(headline.title, headline.outlet): headline for headline in reversed(headlines)}
    kept = [headline for headline in headlines if told[headline.title, headline.outlet] is headline]
    for headline in kept[:MOST_HEADLINES]:
        yield _headline(headline, voice)


def _headline(headline: Headline, voice: Voice) -> Row:
    parts = [voice.foreign(headline.outlet), voice.moment(headline.at)]
    if headline.language:
        parts.insert(1, voice.language_name(headline.language))
    return Row(voice.foreign(headline.title), voice.listed(parts), link=_web(headline.link))


def _web(link: str | None) -> str | None:
    """Return a link that a mail may carry: never a script, nor one that breaks out of its line."""
    usable = link is not None and link.startswith(("https://", "http://")) and link.isprintable() and " " not in link
    return link if usable else None


def _health(brief: Brief, voice: Voice) -> Iterator[Row]:
    asked = [source for source in brief.sources if not source.imported]
    troubled = [source for source in asked if not _is_well(source)]
    for source in troubled:
        yield Row(voice.foreign(source.name), _trouble(source, voice))
    well = len(asked) - len(troubled)
    if well:
        yield Row(voice.count("{n} source answered without a gap.", "{n} sources answered without a gap.", well))
    for source in brief.sources:
        if source.imported:
            yield _files(source, voice)
    if not brief.sources:
        yield Row(voice.say("No source was asked yet."))


def _is_well(source: SourceHealth) -> bool:
    return source.outcome is not None and source.outcome.is_up and not source.gaps and not source.skipped


def _trouble(source: SourceHealth, voice: Voice) -> str:
    if source.outcome is None:
        return voice.say("was never asked")
    parts = [voice.say(OUTCOMES[source.outcome])]
    if source.message and not source.outcome.is_up:
        parts.append(voice.foreign(source.message))
    if source.last_up is not None and not source.outcome.is_up:
        parts.append(voice.say("last answer {moment}", moment=voice.moment(source.last_up)))
    if source.skipped:
        parts.append(_skipped(source.skipped, voice))
    parts += _gaps(source, voice)
    if source.lost is not None and round(source.lost):
        parts.append(beside.missed(source.lost, voice))
    return voice.strung(parts)


def _files(source: SourceHealth, voice: Voice) -> Row:
    """Return which stretches files cover, and of which parts of the window they know nothing."""
    name = voice.say("From imported files: {platform}", platform=terms.platform(source.platform, voice))
    covered = voice.listed([terms.span(one.start, one.end, voice) for one in source.imported])
    return Row(name, voice.strung([covered, *_gaps(source, voice)]))


def _skipped(number: int, voice: Voice) -> str:
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
