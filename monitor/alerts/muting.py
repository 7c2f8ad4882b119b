"""Why something is not told: it is silenced, part of what is told, or what it depends on is not seen. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from monitor.alerts.finding import FALLING, Active, Finding, Kind, Muted


@dataclass(frozen=True)
class Blind:
    """Platforms that are not seen now: `partly`, where too many of their sources are not, and `wholly`, where all."""

    partly: Collection[str] = frozenset()
    wholly: Collection[str] = frozenset()


SEEING = Blind()


def muted(
    one: Active, kept: Mapping[str, Active], silenced: Collection[str], present: Collection[str], blind: Blind
) -> Active:
    """Return something with why it is not told now, if there is a reason; `present` are the keys of what is found."""
    finding, why = one.finding, None
    wholes = (kept.get(key) for key in finding.part_of)
    if finding.key in silenced:
        why = Muted.SILENCED
    elif _is_doubtful(finding, blind) if finding.key in present else is_hidden(finding, blind):
        why = Muted.BLIND
    elif any(whole and whole.gone is None for whole in wholes):
        why = Muted.PART
    return one.model_copy(update={"muted": why})


def _is_doubtful(finding: Finding, blind: Blind) -> bool:
    """Tell whether what is found may only look so: a fall when any part is not seen, a rise when nothing is.

    What is counted is a lower bound: a limit that it reaches is reached, whoever is blind.
    """
    if finding.kind is Kind.ABOVE:
        return False
    return any(_unseen(finding, blind.partly)) if finding.kind in FALLING else _is_dark(finding, blind.wholly)


def is_hidden(finding: Finding, blind: Blind) -> bool:
    """Tell whether nobody can see that something is over: a number is below its limit only where all of it is seen."""
    if finding.kind in FALLING | {Kind.ABOVE}:
        return any(_unseen(finding, blind.partly))
    return _is_dark(finding, blind.partly)


def _is_dark(finding: Finding, blind: Collection[str]) -> bool:
    unseen = _unseen(finding, blind)
    return bool(unseen) and all(unseen)


def _unseen(finding: Finding, blind: Collection[str]) -> list[bool]:
    """Tell of each platform that a finding depends on whether it is blind; what tells of a source depends on none."""
    if finding.kind in {Kind.BLIND, Kind.SILENT}:
        return []
    return [platform in blind for platform in finding.platforms]
