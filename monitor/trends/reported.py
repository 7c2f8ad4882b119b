"""What platforms count themselves, beside what we read of it: shown, compared, never added to anything."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from monitor.model import mention
from monitor.model.brief import Level, Reported
from monitor.model.metric import VERSIONS, WHOLE, Metric, family_subject, index_subject
from monitor.trends.facts import Facts
from monitor.trends.frame import block, counted, level, within

INDEX = index_subject("")

NEARLY_ALL = 0.99
"""A sum is whole when so much of the window was told of."""


def reported(facts: Facts) -> tuple[Reported, ...]:
    """Return one line per platform and subject that anything was told of; sums of two subjects may overlap."""
    return tuple(line for platform in sorted(facts.reported) for line in _of(facts, platform))


def _of(facts: Facts, platform: str) -> Iterator[Reported]:
    told = facts.reported[platform]
    subjects = sorted({report.subject for report in told}, key=lambda subject: (subject != WHOLE, subject))
    for subject in subjects:
        own = [report for report in told if report.subject == subject]
        is_press = any(report.metric is Metric.REPORTED_ARTICLES for report in own)
        metric = Metric.REPORTED_ARTICLES if is_press else Metric.REPORTED_POSTS
        cells = _best([report for report in own if report.metric is metric])
        if not cells:
            continue
        yield Reported(
            platform=_teller(subject) or platform,
            name=metric.value,
            of=_name(facts, subject),
            definition=f"reported/{VERSIONS['reported']}",
            class_of=metric.class_of,
            now=Level(value=sum(cell.value for cell in cells), partial=not _is_whole(facts, cells)),
            read=_read(facts, platform, subject, only=[_teller(one) for one in subjects].count(_teller(subject)) == 1),
            share=_share(cells, own) if is_press else None,
        )


def _teller(subject: str) -> str:
    """Return the index that told, GDELT or Media Cloud, which are sources of one platform; empty for others."""
    return subject.split("/")[1] if subject.startswith(INDEX) else ""


def _best(told: Sequence[mention.Reported]) -> Sequence[mention.Reported]:
    """Return the cells of one width, hours or days: those that tell of more of the window."""
    widths: dict[int, list[mention.Reported]] = {}
    for report in told:
        widths.setdefault(report.seconds, []).append(report)
    return max(widths.values(), key=lambda cells: len(cells) * cells[0].seconds, default=[])


def _is_whole(facts: Facts, cells: Sequence[mention.Reported]) -> bool:
    window = facts.windows.now
    told = sum((timedelta(seconds=cell.seconds) for cell in cells), timedelta(0))
    return told >= NEARLY_ALL * window.length


def _name(facts: Facts, subject: str) -> str | None:
    """Return the hashtag or the question that was counted; None for the whole campaign."""
    if subject == WHOLE or subject == index_subject(_teller(subject)):
        return None
    tags = {family_subject(family.key): family.hashtag for family in facts.campaign.families}
    return tags.get(subject, subject.rpartition("/")[2])


def _read(facts: Facts, platform: str, subject: str, *, only: bool) -> float | None:
    """Return what we read of the same; None where our counts can not be cut to it."""
    if facts.beside is None:
        return None
    is_index = subject.startswith(INDEX)
    if is_index and not only:
        return None
    metric = Metric.ARTICLES if platform in facts.press else Metric.POSTS
    cells = block(facts.beside, metric, [platform], WHOLE if is_index else subject)
    return level(counted(within(cells, facts.windows.now), facts.usable_cells), partial=False).value


def _share(cells: Sequence[mention.Reported], own: Sequence[mention.Reported]) -> float | None:
    """Return the attention share: of all articles that the index held in the same cells."""
    everything = {(one.start, one.seconds): one.value for one in own if one.metric is Metric.ALL_ARTICLES}
    pairs = [(cell.value, everything.get((cell.start, cell.seconds))) for cell in cells]
    held = sum(whole for _, whole in pairs if whole)
    return sum(value for value, whole in pairs if whole) / held if held else None
