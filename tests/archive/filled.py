"""A store with something of every kind in it, and how to compare two stores key by key."""

from dataclasses import dataclass, replace
from typing import Any

from monitor.clock import Simulated
from monitor.model.account import Allowance
from monitor.model.mention import Counts, Reported
from monitor.model.metric import Metric
from monitor.model.person import Role, Scope, User
from monitor.model.race import Cycle, Stage
from monitor.model.sighting import Batch, Sighting
from monitor.store import accounts, alerts, briefs, ingest, leases, ledger, people, polls, readers
from monitor.store.redis import execute
from monitor.store.store import Store
from tests.digest.test_gather import DAY, FRIDAY, NOW, brief, seen, store_all, written
from tests.people import ALEPPO, BEA
from tests.trends.polls import tally

READER = "desk@example.org"
TOLD = '{"scope": "aleppo", "at": "2016-04-29T12:00:00Z"}'
SCRATCHED = {"lease"}
OTHER = "buses"


def live(number: int, hours: float = 1, **more: Any) -> Sighting:
    """A post as a platform shows it, with everything that is ever kept of one."""
    counts = Counts(impressions=100 + number, likes=number, replies=1)
    link = f"https://social.example/{number}"
    post = seen(number, hours, counts=counts, seen=("save_aleppo",), again=str(number), link=link, **more)
    return replace(post, tags=("Syria",), wording="save the children of aleppo")


def batch(*sightings: Sighting, campaign: str = ALEPPO.slug, **more: Any) -> Batch:
    now = int(NOW.timestamp())
    details = {"keep": 9 * 86400, **more}
    return Batch(campaign, ALEPPO.zone, "mastodon", "social.example", "posts", now, now, sightings, **details)


async def fill(store: Store) -> None:
    """Write posts of two campaigns, articles, an import, a poll, mails, alerts, people and accounts."""
    posts = [live(number, number / 4, author=BEA if number % 2 else "ada") for number in range(40)]
    await ingest.write(store, batch(*posts))
    await ingest.write(store, batch(live(1, subjects=("*", "tag/buses")), campaign=OTHER))
    await store_all(store, [written(number, number, "bbc") for number in range(5)], platform="feeds", kind="articles")
    await ingest.write(store, batch(seen(77, -99), keep=None, reported=[reported()]))
    day = FRIDAY.date()
    cycle = Cycle(poll="friday", day=day, stage=Stage.OPEN, place="poll/1")
    await polls.keep(store, ALEPPO.slug, cycle, tally(1, {"الصمود": 30, "جمعة الغضب": 20}))
    await briefs.publish(store, (await brief(store, DAY)).model_dump_json(), ALEPPO.slug)
    await _tell(store)
    await _let_in(store)


def reported() -> Reported:
    return Reported(Metric.REPORTED_POSTS, "tag/savealeppo", FRIDAY, 3600, 120.0)


async def _tell(store: Store) -> None:
    """Alerts, mails, and a reader who left."""
    await alerts.commit(store, ALEPPO.slug, 0, '{"active": {}}', parcels={"p1": "{}"}, told=[TOLD])
    await alerts.silence(store, "s1", '{"campaign": "aleppo", "until": "2016-04-30T12:00:00Z"}')
    for scope in ("digest", ALEPPO.slug):
        await ledger.open(store, scope, "2016-04-29", READER, "<1@example.org>")
    await ledger.end_round(store, int(NOW.timestamp()))
    await readers.unsubscribe(store, readers.reader(store, READER), int(NOW.timestamp()))


async def _let_in(store: Store) -> None:
    """Users, tokens, sessions, what a key has spent, and who works."""
    user = User(name="desk", role=Role.OPERATOR, password="$argon2id$", made_at=NOW)
    await people.put_user(store, user)
    await people.begin_session(store, user, NOW)
    await people.make_token(store, "grafana", (Scope.READ,), NOW, None)
    account = accounts.Account(store, "x-1", Simulated(NOW))
    await account.take({Allowance("searches", 3): 2.0})
    await account.keep("session", "a secret of the platform", seconds=3600)
    await leases.hold(store, "me", 20)
    await execute(store.redis, "SET", f"{store.keys.secret}:fingerprint", store.hashed("fingerprint"))


@dataclass(frozen=True)
class Held:
    """What is under one key: its kind, the class of its end, all it holds, and of a series how it is set up."""

    kind: bytes
    expires: bool
    content: Any
    set_up: Any = None


async def everything(store: Store) -> dict[str, Held]:
    """Return all that is kept, by names without the prefix."""
    names = [name async for name in store.redis.scan_iter(match=f"{store.keys.prefix}:*", count=5000)]
    begin = len(store.keys.prefix) + 1
    return {name.decode()[begin:]: await _held(store, name) for name in sorted(names)}


READS = {
    b"string": ("GET",), b"hash": ("HGETALL",), b"set": ("SMEMBERS",), b"list": ("LRANGE", 0, -1),
    b"zset": ("ZRANGE", 0, -1, "WITHSCORES"), b"stream": ("XRANGE", "-", "+"), b"TSDB-TYPE": ("TS.RANGE", "-", "+"),
}  # fmt: skip


async def _held(store: Store, name: bytes) -> Held:
    kind = await store.redis.type(name)
    command, *rest = READS[kind]
    content = await execute(store.redis, command, name, *rest)
    set_up = None
    if kind == b"TSDB-TYPE":
        told = await execute(store.redis, "TS.INFO", name)
        set_up = [told[part] for part in (b"retentionTime", b"duplicatePolicy", b"chunkSize", b"labels")]
    ordered = sorted(content) if isinstance(content, set) else content
    return Held(kind, await store.redis.pttl(name) > 0, ordered, set_up)
