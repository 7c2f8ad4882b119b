"""What was found as sheets: spikes and their reasons, looks at polls, headlines, stories, sources, gaps, alerts."""

from collections.abc import Iterable, Mapping, Sequence

from monitor.alerts.finding import Message
from monitor.digest import why
from monitor.digest.section import web
from monitor.exports import titles
from monitor.exports.series import Gap
from monitor.exports.sheet import Kind, Sheet, columns, of_rows
from monitor.model.brief import Brief, Headline
from monitor.model.poll import Tally
from monitor.model.race import Cycle
from monitor.model.rise import LargePost
from monitor.words.voice import Voice, bare

SPIKES = columns(
    metric=Kind.TEXT, way=Kind.TEXT, start=Kind.TIME, peak=Kind.TIME, end=Kind.TIME, open=Kind.FLAG, total=Kind.COUNT,
    expected=Kind.COUNT, low=Kind.COUNT, high=Kind.COUNT, peak_value=Kind.COUNT, score=Kind.RATIO, reasons=Kind.TEXT,
)  # fmt: skip
REASONS = columns(
    metric=Kind.TEXT, start=Kind.TIME, cause=Kind.TEXT, name=Kind.TEXT, value=Kind.COUNT, expected=Kind.COUNT,
    share=Kind.RATIO, time=Kind.TIME, link=Kind.TEXT,
)  # fmt: skip
POSTS = columns(metric=Kind.TEXT, platform=Kind.TEXT, gained=Kind.COUNT, time=Kind.TIME, link=Kind.TEXT)
POLLS = columns(
    poll=Kind.TEXT, day=Kind.DAY, time=Kind.TIME, option=Kind.TEXT, votes=Kind.COUNT, low=Kind.COUNT, high=Kind.COUNT,
    share=Kind.RATIO, total=Kind.COUNT, snapshot=Kind.TEXT,
)  # fmt: skip
HEADLINES = columns(time=Kind.TIME, outlet=Kind.TEXT, language=Kind.TEXT, title=Kind.TEXT, link=Kind.TEXT)
STORIES = columns(
    first=Kind.TIME, first_outlet=Kind.TEXT, title=Kind.TEXT, articles=Kind.COUNT, outlets=Kind.TEXT, link=Kind.TEXT,
)  # fmt: skip
SOURCES = columns(
    source=Kind.TEXT, platform=Kind.TEXT, outcome=Kind.TEXT, last_up=Kind.TIME, message=Kind.TEXT, skipped=Kind.COUNT,
    gaps=Kind.COUNT, missed=Kind.COUNT,
)  # fmt: skip
GAPS = columns(source=Kind.TEXT, platform=Kind.TEXT, start=Kind.TIME, end=Kind.TIME, reason=Kind.TEXT)
ALERTS = columns(
    time=Kind.TIME, told=Kind.TEXT, rule=Kind.TEXT, kind=Kind.TEXT, severity=Kind.TEXT, since=Kind.TIME,
    name=Kind.TEXT, part=Kind.TEXT, value=Kind.COUNT, against=Kind.COUNT, source=Kind.TEXT,
)  # fmt: skip


def spikes(brief: Brief, voice: Voice) -> Sheet:
    """Return the spikes, each with what drove it in one sentence."""
    rows = (
        (
            one.name, one.way.value, one.start, one.peak, one.end, one.open, one.total, one.expected, one.low, one.high,
            one.peak_value, one.score, bare(why.sentence(one, voice)) or None,
        )
        for one in brief.spikes
    )  # fmt: skip
    return of_rows("spikes", SPIKES, brief.zone, rows)


def reasons(brief: Brief) -> Sheet:
    """Return what drove each spike, a row each."""
    rows = (
        (
            spike.name, spike.start, one.cause.value, one.name, one.value, one.expected, one.share, one.at,
            web(one.link),
        )
        for spike in brief.spikes
        for one in spike.drivers
    )  # fmt: skip
    return of_rows("reasons", REASONS, brief.zone, rows)


def posts(found: Mapping[str, Sequence[LargePost]], zone: str) -> Sheet:
    """Return the posts that gained most, each in the hour of its largest gain; nobody keeps who wrote them."""
    rows = ((name, one.platform, one.gained, one.at, web(one.link)) for name, most in found.items() for one in most)
    return of_rows("posts", POSTS, zone, rows)


def polls(looks: Iterable[tuple[Cycle, Sequence[Tally]]], zone: str) -> Sheet:
    """Return every look at the naming polls, a row for each option."""
    rows = (
        (
            cycle.poll, cycle.day, tally.at, option.label, of.votes, of.low, of.high, of.share, tally.total,
            tally.digest,
        )
        for cycle, tallies in looks
        for tally in tallies
        for option, of in zip(tally.options, tally.votes, strict=True)
    )  # fmt: skip
    return of_rows("polls", POLLS, zone, rows)


def headlines(found: Iterable[Headline], zone: str) -> Sheet:
    """Return the articles that name the campaign, oldest first."""
    ordered = sorted(found, key=lambda one: one.at)
    rows = ((one.at, one.outlet, one.language, one.title, web(one.link)) for one in ordered)
    return of_rows("headlines", HEADLINES, zone, rows)


def stories(brief: Brief) -> Sheet:
    """Return the stories that several outlets printed."""
    rows = (
        (one.first, one.first_outlet, one.title, one.articles, ", ".join(one.outlets), web(one.url))
        for one in brief.stories
    )
    return of_rows("stories", STORIES, brief.zone, rows)


def sources(brief: Brief) -> Sheet:
    """Return how each source did; what its gaps hid is an estimate and part of no sum."""
    rows = (
        (
            one.name, one.platform, one.outcome.value if one.outcome else None, one.last_up, one.message or None,
            one.skipped, len(one.gaps), one.lost,
        )
        for one in brief.sources
    )  # fmt: skip
    return of_rows("sources", SOURCES, brief.zone, rows)


def gaps(found: Iterable[Gap], zone: str, voice: Voice) -> Sheet:
    """Return when each source was not watched, and why."""
    rows = ((one.source, one.platform, one.start, one.end, bare(titles.of_gap(one.reason, voice))) for one in found)
    return of_rows("gaps", GAPS, zone, rows)


def alerts(told: Iterable[Message], zone: str) -> Sheet:
    """Return what was told, a row for each finding of each message."""
    rows = (
        (
            message.at, how, one.rule, one.kind.value, one.severity, one.at, one.name, one.of, one.value, one.against,
            one.source,
        )
        for message in told
        for how in ("new", "again", "over", "ended")
        for one in getattr(message, how)
    )  # fmt: skip
    return of_rows("alerts", ALERTS, zone, rows)
