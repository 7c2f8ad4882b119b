"""Whose key a source asks with, and what all accounts have used of their allowances."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from pydantic import SecretStr

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


async def spendings(store: Store, asked: Iterable[tuple[str, SourceSettings]], now: datetime) -> list[Spending]:
    """Return what the accounts of some sources (each with its campaign) have used in the periods that run."""
    users = defaultdict[tuple[str, str], list[str]](list)
    for campaign, source in asked:
        users[source.platform, account_of(store, source)].append(f"{campaign}/{source.name}")
    return [
        spending(
            spent.allowance, spent.amount, spent.since, now, platform=platform, account=account, sources=tuple(sources)
        )
        for (platform, account), sources in sorted(users.items())
        for spent in await accounts.ledger(store, account, now)
    ]
