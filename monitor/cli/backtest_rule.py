"""`monitor backtest --rule`: the messages that a rule of alerts would have sent, over what the store keeps."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.alerts.finding import Finding, Message
from monitor.alerts.past import budgets, numbers, polls, press, sources
from monitor.alerts.past.replay import Past, messages, sent
from monitor.alerts.rounds import Watched
from monitor.alerts.rules import HOUSE, Budget, FirstOutlet, Number, Poll, Source
from monitor.alerts.text import Speaker
from monitor.app import Monitor
from monitor.daemon.alerting import watched
from monitor.errors import MonitorError
from monitor.model.campaign import Campaign
from monitor.model.window import Window
from monitor.store.store import Store
from monitor.trends.told import MONTH
from monitor.web.sentences import WORDS
from monitor.words.voice import voice

MOST = 40  # messages that are printed; JSON has all
SHORTEST = timedelta(days=1)  # of which a rate by the month says anything

Play = Callable[[Store, Campaign, Sequence[Any], Window], Awaitable[Past]]

OF_CAMPAIGN: Sequence[tuple[Any, Play]] = ((Number, numbers.past), (Poll, polls.past), (FirstOutlet, press.past))
"""Rules that are told together, and what plays them: others of their kind cool down with them and may mute them."""


@dataclass(frozen=True)
class Sent:
    """What a rule would have sent; `told` holds of each message only what that rule found."""

    name: str
    zone: str
    asked: Window
    known: Window | None
    told: tuple[Message, ...]
    channels: dict[str, int]
    doubts: tuple[str, ...]

    @property
    def a_month(self) -> float | None:
        if self.known is None or self.known.length < SHORTEST:
            return None
        return len(self.told) / (self.known.length / MONTH)


async def played(monitor: Monitor, rule: str, slug: str | None, days: int) -> list[Sent]:
    """Play a rule again, in one campaign or in all that have it."""
    now = monitor.clock.now()
    wanted = _Wanted(monitor, rule, slug, Window(now - timedelta(days=days), now))
    every = watched(monitor)
    if slug is not None:
        monitor.campaign(slug)  # it says which there are
    if not any(one.called == rule for each in every if wanted.is_of(each.campaign.slug) for one in each.rules):
        own = [each for each in every if wanted.is_of(each.campaign.slug)]
        told = ", ".join(dict.fromkeys(one.called for each in own for one in each.rules)) or "none"
        raise MonitorError(f"{slug or 'this monitor'} has no rule that is called {rule}; there is {told}")
    every = [_first(each, rule) for each in every]
    return [*[one async for one in wanted.campaigns(every)], *[one async for one in wanted.house(every)]]


@dataclass(frozen=True)
class _Wanted:
    """Which rule, of which campaign (None: of all), over which stretch."""

    monitor: Monitor
    rule: str
    slug: str | None
    window: Window

    def is_of(self, campaign: str) -> bool:
        return self.slug in {None, campaign}

    async def campaigns(self, every: Sequence[Watched]) -> AsyncIterator[Sent]:
        for each in every:
            for kind, play in OF_CAMPAIGN if self.is_of(each.campaign.slug) else ():
                rules = [one for one in each.rules if isinstance(one, kind)]
                if any(one.called == self.rule for one in rules):
                    past = await play(self.monitor.store, each.campaign, rules, self.window)
                    yield self._sent(each.campaign.slug, each.campaign.zone, past)

    async def house(self, every: Sequence[Watched]) -> AsyncIterator[Sent]:
        """Yield what is told of all campaigns at once."""
        named = {type(one) for each in every for one in each.rules if one.called == self.rule}
        if Source in named:
            yield self._sent(HOUSE, "UTC", await sources.past(self.monitor.store, every, self.window))
        if Budget in named:
            rules = list(dict.fromkeys(one for each in every for one in each.rules if isinstance(one, Budget)))
            yield self._sent(HOUSE, "UTC", budgets.past(await self.monitor.courses(), rules, self.window))

    def _sent(self, scope: str, zone: str, past: Past) -> Sent:
        alerts = self.monitor.settings.monitor.alerts
        made = [one for one in messages(scope, past, alerts.policy(scope)) if any(map(self._is_own, one.findings))]
        told = tuple(
            one.model_copy(update={name: tuple(filter(self._is_own, getattr(one, name))) for name in PARTS})
            for one in made
        )
        whose = "the monitor" if scope == HOUSE else scope
        name = f"{whose}, rule {self.rule}"
        return Sent(name, zone, self.window, past.known, told, sent(made, alerts.channels), past.doubts)

    def _is_own(self, finding: Finding) -> bool:
        return finding.rule == self.rule and (finding.campaign == HOUSE or self.is_of(finding.campaign))


PARTS = ("new", "again", "over")


def _first(each: Watched, rule: str) -> Watched:
    """Put a rule before the others: of two equal ones that find the same, the first tells it."""
    return replace(each, rules=tuple(sorted(each.rules, key=lambda one: one.called != rule)))


def shown(one: Sent, monitor: Monitor) -> RenderableType:
    """Return what would have been sent in words and as a table; times are on the clock of its zone."""
    lines = [Text(one.name, style="bold"), Text(_rate(one))]
    if one.told and one.channels:
        lines.append(Text(f"to {', '.join(f'{name} {count}' for name, count in one.channels.items())}"))
    lines += [Text(doubt, style="yellow") for doubt in one.doubts]
    left = len(one.told) - MOST
    more = [Text(f"and {left} more; --json has all", style="dim")] if left > 0 else []
    return Group(*lines, *([_table(one, monitor)] if one.told else []), *more, Text())


def told(one: Sent) -> dict[str, Any]:
    """Return the same for scripts."""
    months = Counter(f"{message.at.astimezone(ZoneInfo(one.zone)):%Y-%m}" for message in one.told)
    return {
        "name": one.name,
        "zone": one.zone,
        "known": None if one.known is None else [one.known.start.isoformat(), one.known.end.isoformat()],
        "alerts": len(one.told) if one.known else None,
        "alerts_per_month": one.a_month,
        "months": dict(months),
        "channels": one.channels,
        "messages": [message.model_dump(mode="json") for message in one.told],
        "doubts": list(one.doubts),
    }


def _rate(one: Sent) -> str:
    if one.known is None:
        return "Nothing can be said."
    span = f"over the last {_length(one.known.length)}"
    if one.known.start - one.asked.start > SHORTEST / 2:
        span += ", which is as far as the store reaches"
    if not one.told:
        return f"No messages {span}."
    rate = f", {one.a_month:.1f} a month" if one.a_month is not None else ""
    news = sum(bool(message.new) for message in one.told)
    return f"{_count(len(one.told), 'message')} {span}{rate}; {news} with news."


def _length(length: timedelta) -> str:
    hours = round(length / timedelta(hours=1))
    if hours < 2:  # noqa: PLR2004 - two hours
        return _count(round(length / timedelta(minutes=1)), "minute")
    return _count(hours, "hour") if hours < 48 else _count(round(hours / 24), "day")  # noqa: PLR2004 - two days


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _table(one: Sent, monitor: Monitor) -> Table:
    campaigns = {campaign.slug: campaign for campaign in monitor.campaigns}
    speaking = Speaker(voice("en", one.zone), campaigns, WORDS)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    for message in one.told[:MOST]:
        at = message.at.astimezone(ZoneInfo(one.zone))
        for line in speaking.sentences(message):
            table.add_row(Text(f"{at:%Y-%m-%d %H:%M}"), Text(line))
    return table
