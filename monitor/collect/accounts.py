"""Whose key a source asks with, and what all accounts have used of their allowances."""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from monitor.model.account import Allowance
from monitor.model.poll_source import PollSettings
from monitor.model.source import SourceSettings
from monitor.model.spending import Spending, spending
from monitor.store import accounts
from monitor.store.store import Store


def place_of(source: SourceSettings | PollSettings) -> str:
    """Return where a source asks: those who ask the same server stand in one line."""
    return str(getattr(source, "server", None) or getattr(source, "url", None) or source.platform)


def account_of(store: Store, source: SourceSettings | PollSettings) -> str:
    """Return the name of a source's account: who asks the same place with the same keys shares it."""
    return f"{source.platform}-{store.hashed(json.dumps([place_of(source), *keys_of(source)]), size=6).hex()}"


def keys_of(source: SourceSettings | PollSettings) -> tuple[str, ...]:
    """Return the secrets a source asks with; never to be shown."""
    values = (getattr(source, name) for name in type(source).model_fields)
    return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


@dataclass(frozen=True)
class Course:
    """An allowance of an account, and what was spent of it moment by moment in the period of each."""

    account: str
    platform: str
    sources: tuple[str, ...]
    allowance: Allowance
    spent: Sequence[tuple[datetime, float]]

    def at(self, moment: datetime) -> Spending:
        """Return how it stood at a moment."""
        start = self.allowance.window(moment).start
        first, last = bisect_left(self.spent, start, key=_when), bisect_right(self.spent, moment, key=_when)
        begun, used = (self.spent[first][0], self.spent[last - 1][1]) if first < last else (None, 0.0)
        whose = {"platform": self.platform, "account": self.account, "sources": self.sources}
        return spending(self.allowance, used, begun, moment, **whose)


async def courses(store: Store, asked: Iterable[tuple[str, SourceSettings]], now: datetime) -> list[Course]:
    """Return how the accounts of some sources were used, as far as that is kept."""
    return [
        Course(account, platform, sources, one.allowance, await accounts.course(store, account, one.allowance))
        for (platform, account), sources in _users(store, asked)
        for one in await accounts.ledger(store, account, now)
    ]


async def spendings(store: Store, asked: Iterable[tuple[str, SourceSettings]], now: datetime) -> list[Spending]:
    """Return what the accounts of some sources (each with its campaign) have used in the periods that run."""
    return [
        spending(spent.allowance, spent.amount, spent.since, now, platform=platform, account=account, sources=sources)
        for (platform, account), sources in _users(store, asked)
        for spent in await accounts.ledger(store, account, now)
    ]


def _when(spent: tuple[datetime, float]) -> datetime:
    return spent[0]


def _users(store: Store, asked: Iterable[tuple[str, SourceSettings]]) -> list[tuple[tuple[str, str], tuple[str, ...]]]:
    """Return the platform and the account of each key, and the sources that ask with it."""
    users = defaultdict[tuple[str, str], list[str]](list)
    for campaign, source in asked:
        users[source.platform, account_of(store, source)].append(f"{campaign}/{source.name}")
    return [(key, tuple(names)) for key, names in sorted(users.items())]
