"""What a mail says of one campaign, as plain strings in the reader's language, in the order it is read."""

from dataclasses import dataclass

from monitor.digest import sections, sentences, terms
from monitor.digest.sections import Section
from monitor.digest.voice import Voice, message
from monitor.model.brief import Brief, Level, Total
from monitor.model.metric import VERSIONS, MetricClass

CLASSES = {
    MetricClass.MEASURED: message("measured"),
    MetricClass.POTENTIAL: message("potential, estimated"),
    MetricClass.ENGAGEMENT: message("engagement"),
    MetricClass.VOLUME: message("volume"),
    MetricClass.COVERAGE: message("press"),
    MetricClass.HEALTH: message("health"),
}
ESTIMATED = frozenset({"authors"})


@dataclass(frozen=True)
class Comparison:
    """What a number is held against: the reference in words, its value, the change."""

    reference: str
    value: str
    change: str


@dataclass(frozen=True)
class Figure:
    """One total as it is printed; `kind` is its class, and of how many posts it was measured."""

    label: str
    kind: str
    now: str
    parts: str
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class Outline:
    """Everything a mail says of one campaign; `short` is the verdict in a few words."""

    slug: str
    state: str
    title: str
    short: str
    verdict: str
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    chart_alt: str
    method: str


def outline(brief: Brief, voice: Voice) -> Outline:
    """Return what the mail says of `brief`."""
    return Outline(
        slug=brief.campaign,
        state=brief.state.value,
        title=terms.title(brief, voice),
        short=sentences.subject(brief, voice),
        verdict=sentences.verdict(brief, voice),
        figures=tuple(_figure(total, brief, voice) for total in brief.totals),
        sections=tuple(section for section in sections.of(brief, voice) if section.rows),
        chart_alt=sentences.chart_alt(brief, voice),
        method=_method(brief, voice),
    )


def _figure(total: Total, brief: Brief, voice: Voice) -> Figure:
    kinds = [voice.say(CLASSES[total.class_of]), terms.coverage(total, voice)]
    if total.name in ESTIMATED:
        kinds.append(voice.say("estimated"))
    return Figure(
        label=terms.label(total.name, voice),
        kind=voice.listed([kind for kind in kinds if kind]),
        now=terms.figure(total, voice),
        parts=voice.listed(
            [f"{terms.label(name, voice)} {_part(value, voice)}" for name, value in total.parts.items()]
        ),
        comparisons=tuple(_comparisons(total, brief, voice)),
    )


def _part(value: float | None, voice: Voice) -> str:
    return terms.level(Level(value=value), voice)


def _comparisons(total: Total, brief: Brief, voice: Voice) -> list[Comparison]:
    candidates = (
        (terms.before(brief, voice), total.before, total.change),
        (terms.week_before(brief, voice), total.week_before, total.week_change),
    )
    return [
        Comparison(reference, terms.level(level, voice), terms.change(ratio, voice))
        for reference, level, ratio in candidates
        if reference is not None
    ]


def _method(brief: Brief, voice: Voice) -> str:
    """Return the method note: what the numbers mean, in one line."""
    definitions = voice.listed([f"{total.name}/{VERSIONS.get(total.name, 1)}" for total in brief.totals])
    return voice.say(
        "Numbers of different classes are never added together; n/a is a gap, not zero; "
        "times are on the clock of {zone}; definitions: {definitions}.",
        zone=voice.zone_name(),
        definitions=voice.foreign(definitions),
    )
