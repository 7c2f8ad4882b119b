"""From what was read to what the rules find in it. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from monitor.alerts.finding import Finding, Kind
from monitor.alerts.numbers import surges, would_fire
from monitor.alerts.press import FRESH
from monitor.alerts.reading import Seen, looked_at, subject_of
from monitor.alerts.rules import HOUSE, Budget, Drop, FirstOutlet, Number, Poll, Rule, Source, Spike, Threshold
from monitor.model.gaps import is_imported
from monitor.model.metric import WHOLE, Metric
from monitor.model.run import Outcome
from monitor.model.sighting import SourceState
from monitor.model.spending import Spending
from monitor.trends.frame import tellers
from monitor.trends.poll_alerts import PollAlert, Topic, alerts
from monitor.trends.spikes import HOUR


def findings(seen: Seen, rules: Sequence[Rule]) -> Iterator[Finding]:
    """Yield what the rules of a campaign find in its numbers, its polls and the press."""
    for rule in rules:
        if isinstance(rule, Number):
            yield from _numbers(seen, rule)
        elif isinstance(rule, Poll):
            yield from _polls(seen, rule)
        elif isinstance(rule, FirstOutlet):
            yield from _first(seen, rule)


def sources(campaign: str, states: Sequence[SourceState], rule: Source, now: datetime) -> Iterator[Finding]:
    """Yield the sources of a campaign that are blind or silent."""
    for state in states:
        if is_imported(state) or not state.runs:
            continue
        kind, since = _unwell(state, timedelta(hours=rule.silent_hours), now)
        if kind:
            yield Finding(
                key=f"source/{campaign}/{state.name}",
                campaign=campaign,
                rule=rule.called,
                condition=rule.condition,
                kind=kind,
                severity=rule.severity,
                at=since,
                name=state.name,
                platforms=(state.platform,),
                source=state.name,
                reason=state.runs[0].reason if kind is Kind.SILENT else None,
            )


def budgets(spent: Sequence[Spending], rule: Budget, now: datetime) -> Iterator[Finding]:
    """Yield the allowances that run out before they are renewed."""
    for one in spent:
        out = one.runs_out_at
        if out is not None and out < one.renewed_at and out - now <= timedelta(hours=rule.hours_before):
            yield Finding(
                key=f"budget/{one.account}/{one.allowance}/{one.renewed_at.isoformat()}",
                campaign=HOUSE,
                rule=rule.called,
                condition=rule.condition,
                kind=Kind.BUDGET,
                severity=rule.severity,
                at=now,
                name=one.allowance,
                of=one.platform,
                value=one.used,
                against=one.most,
                until=out,
            )


def _unwell(state: SourceState, patience: timedelta, now: datetime) -> tuple[Kind | None, datetime]:
    """Return what ails a source, and since when."""
    since = state.runs[0].started_at
    for run in state.runs:  # newest first
        if run.outcome is not Outcome.BLIND:
            break
        since = run.started_at
    if state.runs[0].outcome is Outcome.BLIND:
        return Kind.BLIND, since
    heard = state.last_up or state.runs[-1].started_at
    return (Kind.SILENT, heard) if now - heard >= patience else (None, since)


def _numbers(seen: Seen, rule: Number) -> Iterator[Finding]:
    subject = subject_of(seen.campaign, rule.hashtag)
    cells = looked_at(seen, rule, subject) if subject else None
    if subject is None or cells is None or cells.empty:
        return
    common: dict[str, Any] = {
        "campaign": seen.campaign.slug,
        "rule": rule.called,
        "condition": rule.condition,
        "severity": rule.severity,
        "name": rule.metric,
        "of": rule.hashtag,
        "platforms": tuple(tellers(cells)),
    }
    if isinstance(rule, Threshold):
        yield from _beyond(rule, cells, subject, seen, common)
    else:
        yield from _surges(rule, cells, subject, seen, common)


def _surges(
    rule: Spike | Drop, cells: pd.DataFrame, subject: str, seen: Seen, common: dict[str, Any]
) -> Iterator[Finding]:
    posts = seen.cells(Metric.MEASURED_POSTS, subject) if rule.what is Metric.IMPRESSIONS else None
    kind = Kind.SPIKE if isinstance(rule, Spike) else Kind.DROP
    for one in surges(rule, cells, seen.campaign.zone, posts=posts)[-1:]:
        if one.open:
            told = {"at": one.start, "value": one.total, "against": one.expected, "spike": one}
            wholes = _wholes(kind, rule, subject)
            yield Finding(key=_key(kind, rule.metric, subject), kind=kind, part_of=wholes, **common, **told)


def _beyond(
    rule: Threshold, cells: pd.DataFrame, subject: str, seen: Seen, common: dict[str, Any]
) -> Iterator[Finding]:
    kind = Kind.ABOVE if rule.above is not None else Kind.BELOW
    ended = cells if rule.above is not None else cells[cells.index <= seen.now - HOUR]
    for one in would_fire(rule, ended, seen.campaign.zone)[-1:] if len(ended) else ():
        last = ended.index[-1]
        if one.end > last or (kind is Kind.ABOVE and one.end == last):  # the hour that runs has only begun
            told = {"at": one.start, "value": one.value, "against": one.against, "hours": rule.hours}
            yield Finding(key=f"{_key(kind, rule.metric, subject)}/{one.against:g}", kind=kind, **common, **told)


def _polls(seen: Seen, rule: Poll) -> Iterator[Finding]:
    for cycle in seen.cycles:
        found = alerts(None, cycle, close_votes=rule.margin_votes, close_points=rule.margin_points)
        told = [one for one in found if rule.wants(one.topic) and (not one.event or seen.now - one.event.at <= FRESH)]
        changes = tuple(one.key for one in told if one.topic is Topic.LEAD_CHANGE)
        for one in told:  # who leads whom, and by how little, is said with the change
            wider = changes if one.topic is Topic.CLOSE_RACE else ()
            yield _of_poll(seen, rule, one).model_copy(update={"part_of": wider})


def _of_poll(seen: Seen, rule: Poll, one: PollAlert) -> Finding:
    cycle, standing = one.cycle, one.cycle.standing
    return Finding(
        key=one.key,
        campaign=seen.campaign.slug,
        rule=rule.called,
        condition=rule.condition,
        kind=Kind.POLL,
        severity=rule.severity,
        at=one.event.at if one.event else standing.at if standing else seen.now,
        name=cycle.poll,
        topic=one.topic.value,
        event=one.event,
        cycle=cycle.model_copy(update={"events": ()}),
    )


def _first(seen: Seen, rule: FirstOutlet) -> Iterator[Finding]:
    headline = seen.first.get(rule.region)
    if headline is not None:
        yield Finding(
            key=f"first-outlet/{rule.region}",
            campaign=seen.campaign.slug,
            rule=rule.called,
            condition=rule.condition,
            kind=Kind.FIRST_OUTLET,
            severity=rule.severity,
            at=headline.at,
            name=headline.outlet,
            of=headline.title,
            topic=rule.region,
            link=headline.link,
        )


def _key(kind: Kind, metric: str, subject: str) -> str:
    return f"{kind}/{metric}/{subject}"


def _wholes(kind: Kind, rule: Spike | Drop, subject: str) -> tuple[str, ...]:
    """Return what tells the same at large: the campaign of a hashtag, the family of a spelling, the posts of views."""
    above = [WHOLE] if subject != WHOLE else []
    parts = subject.split("/")
    above += ["/".join(parts[:2])] if len(parts) > 2 else []  # noqa: PLR2004 - tag/FAMILY/SPELLING
    wider = [_key(kind, metric, name) for metric in dict.fromkeys((rule.metric, "posts")) for name in above]
    return (*wider, *([_key(kind, "posts", subject)] if rule.metric == "impressions" else []))
