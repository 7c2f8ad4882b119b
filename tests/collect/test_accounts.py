"""Whose key a source asks with, and what all of them have used."""

from monitor.clock import Simulated
from monitor.collect.accounts import account_of, spendings
from monitor.model.account import Allowance
from monitor.model.source import SourceSettings
from monitor.sources.mastodon import Settings as Mastodon
from monitor.sources.telegram import Settings as Telegram
from monitor.store import accounts
from monitor.store.store import Store
from tests.people import NOON

CALLS = Allowance("calls", 100)
SOCIAL = Mastodon(name="social", server="https://social.example")


def keyed(token: str, **fields: object) -> SourceSettings:
    return Mastodon.model_validate(
        {"name": "social", "server": "https://social.example", "token": token, **fields}, strict=False
    )


async def test_who_asks_with_the_same_key_shares_an_account(store: Store) -> None:
    name = account_of(store, keyed("s3cret"))
    assert name == account_of(store, keyed("s3cret", name="other", every_minutes=60))
    assert name.startswith("mastodon-")
    assert "s3cret" not in name


async def test_another_key_or_server_has_another_account(store: Store) -> None:
    asked = (SOCIAL, keyed("a"), keyed("b"), keyed("a", server="https://b.example"), Telegram(channel="enab"))
    assert len({account_of(store, source) for source in asked}) == 5


async def test_another_monitor_on_the_same_redis_names_it_otherwise(store: Store) -> None:
    assert account_of(store, SOCIAL) != account_of(Store(store.redis, store.keys, b"another secret"), SOCIAL)


async def test_an_account_is_told_once_with_all_who_share_it(store: Store) -> None:
    await accounts.Account(store, account_of(store, keyed("a")), Simulated(NOON)).take({CALLS: 7})
    (spent,) = await spendings(store, [("aleppo", keyed("a")), ("homs", keyed("a")), ("homs", SOCIAL)], NOON)
    assert (spent.platform, spent.used, spent.most) == ("mastodon", 7, 100)
    assert spent.sources == ("aleppo/social", "homs/social")


async def test_what_was_never_used_is_not_told(store: Store) -> None:
    assert await spendings(store, [("aleppo", SOCIAL)], NOON) == []
