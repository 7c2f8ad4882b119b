"""Silence for a while: what it may cover and how long, checked alike for the command, the page and the API."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts import board
from monitor.alerts.finding import Finding, Silence
from monitor.alerts.rules import HOUSE
from monitor.errors import MonitorError, instead
from monitor.store import alerts
from monitor.store.store import Store
from monitor.words.voice import harmless

PARTS = ("campaign", "rule", "source")
LONGEST = timedelta(days=60)

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Known:
    """What a silence may name; a source is also known by its platform, a rule by its kind.

    `of_all` are those of the rules that belong to no single campaign.
    """

    campaigns: Collection[str]
    rules: Collection[str]
    sources: Collection[str]
    of_all: Collection[str] = ()

    def check(self, wanted: Mapping[str, str]) -> None:
        """Refuse what a slip of the hand made: its silence would mute nothing."""
        for part, names in zip(PARTS, (self.campaigns, self.rules, self.sources), strict=True):
            if part in wanted and wanted[part] not in names:
                raise MonitorError(f"no {part} is called {harmless(wanted[part])}; {instead(wanted[part], names)}")
        if "campaign" in wanted and wanted.get("rule") in self.of_all:
            raise MonitorError(
                f"campaigns share their sources and allowances: silence {wanted['rule']} for all of them"
            )

    def and_of(self, findings: Iterable[Finding]) -> "Known":
        """Return with it what was found: what goes on can be silenced, whatever has become of the settings."""
        listed = tuple(findings)
        campaigns = {one.campaign for one in listed if one.campaign != HOUSE}
        rules = {name for one in listed for name in (one.rule, one.kind.value)}
        sources = {name for one in listed for name in (one.source, *one.platforms) if name}
        return Known(
            campaigns={*self.campaigns, *campaigns},
            rules={*self.rules, *rules},
            sources={*self.sources, *sources},
            of_all=self.of_all,
        )


def lasts(written: str) -> timedelta:
    """Return how long `2h` is."""
    match = re.fullmatch(r"(\d{1,5})([mhd])", written, re.ASCII)
    length = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else timedelta(0)
    if not timedelta(0) < length <= LONGEST:
        raise MonitorError(f'"{harmless(written)}" is no such time; write 30m, 2h or 3d, at most {LONGEST.days}d')
    return length


@dataclass(frozen=True)
class Wish:
    """What somebody wants silence of: `wanted` are some of PARTS; nothing in it covers everything."""

    wanted: Mapping[str, str]
    length: timedelta
    because: str = ""
    by: str = ""


async def begin(store: Store, wish: Wish, known: Known, now: datetime) -> Silence:
    """Begin a silence. The same wish within the same minute is the same silence: sent twice, it is there once."""
    known.check(wish.wanted)
    until = now + wish.length
    one = Silence(id=_name(wish, until), begun=now, until=until, because=harmless(wish.because), by=wish.by)
    return await board.silence(store, one.model_copy(update=dict(wish.wanted)))


async def end(store: Store, names: Collection[str]) -> int:
    """End silences by their ids, or `all`, and return how many; raises MonitorError for an id that is not there."""
    there = [one.id for one in await board.silences(store)]
    gone = next((name for name in names if name not in {*there, "all"}), None)
    if gone is not None:
        raise MonitorError(f"no silence is called {harmless(gone)}; there are: {', '.join(there) or 'none'}")
    return await alerts.unsilence(store, *(there if "all" in names else names))


def _name(wish: Wish, until: datetime) -> str:
    facts = (*(wish.wanted.get(part, "") for part in PARTS), wish.because, wish.by, f"{until:%Y-%m-%d %H:%M}")
    return hashlib.blake2b("\0".join(facts).encode(), digest_size=4).hexdigest()
