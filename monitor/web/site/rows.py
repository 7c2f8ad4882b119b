"""What tables of sources say: each source and each allowance as strings, the worst first. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from monitor.collect.report import LOOKED_BACK, Report
from monitor.digest import allowances, asking, terms
from monitor.model.brief import Stretch
from monitor.model.spending import Spending
from monitor.words.voice import Voice

MOST_NAMED = 3  # sources that share an account


@dataclass(frozen=True)
class SourceRow:
    """One source. `tone` is good, doubt, bad or off; `bars` are its gaps: from which hour of the week, for how many."""

    name: str
    platform: str
    tone: str
    outcome: str
    report: Report
    gaps: str
    bars: tuple[tuple[float, float], ...]
    remarks: str
    quoted: str
    advice: str


@dataclass(frozen=True)
class Ledger:
    """The allowances of one account: whose it is, and each as a sentence with the share that is used."""

    platform: str
    sources: str
    lines: tuple[tuple[str, float, bool], ...]


def source_row(report: Report, voice: Voice, now: datetime) -> SourceRow:
    """Return one source as it is shown."""
    return SourceRow(
        name=voice.foreign(report.source),
        platform=terms.platform(report.platform, voice),
        tone=_tone(report),
        outcome=asking.outcome(report, voice),
        report=report,
        gaps=asking.gaps(report, voice),
        bars=tuple(_bars(report.gaps, now)),
        remarks=asking.remarks(report, voice),
        quoted=asking.quoted(report, voice),
        advice=asking.advice(report, voice),
    )


def ledgers(spent: Iterable[Spending], voice: Voice, now: datetime) -> Iterator[Ledger]:
    """Yield the accounts, each with its allowances."""
    for (platform, sources), own in groupby(spent, key=lambda one: (one.platform, one.sources)):
        named = voice.listed([voice.foreign(name) for name in sources[:MOST_NAMED]])
        lines = ((allowances.sentence(one, voice, now), _share(one), one.runs_out_at is not None) for one in own)
        yield Ledger(terms.platform(platform, voice), named + (" …" if len(sources) > MOST_NAMED else ""), tuple(lines))


def _tone(report: Report) -> str:
    if report.off:
        return "off"
    if report.outcome is None:
        return "doubt"
    if not report.outcome.is_up:
        return "bad"
    return "doubt" if report.gaps or report.skipped else "good"


def _bars(gaps: Iterable[Stretch], now: datetime) -> Iterator[tuple[float, float]]:
    begin = now - LOOKED_BACK
    for gap in gaps:
        first, last = ((edge - begin) / timedelta(hours=1) for edge in (max(gap.start, begin), min(gap.end, now)))
        if last > first:
            yield round(first, 2), round(max(last - first, 1.0), 2)


def _share(spent: Spending) -> float:
    return min(max(spent.used / spent.most, 0.0), 1.0) if spent.most > 0 else 1.0
