"""What is to be kept no longer goes; what posts are known by while they are watched stays."""

import asyncio
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.archive import forget
from monitor.archive.partitions import Kind, Partition
from monitor.archive.purge import purge
from monitor.archive.retention import ENDING, Purge, Settings
from monitor.model.metric import Metric
from monitor.model.window import Window
from monitor.store import headlines, ingest, mails, runs
from monitor.store.redis import execute
from tests.archive.filled import OTHER, READER, batch, everything, fill, live
from tests.digest.test_gather import FRIDAY, NOW
from tests.people import ALEPPO
from tests.store.batches import total

LATER = NOW + timedelta(days=1000)
DAY = 86400


@pytest.fixture
def asked(store, tmp_path):
    def made(now: datetime = NOW, *, dry: bool = False, mails_for: int = 90, **days: int) -> Purge:
        return Purge(store, Settings(**days), tmp_path / "archive", now, timedelta(days=mails_for), dry=dry)

    return made


async def kinds(store) -> set[str]:
    return {name.partition("}:")[2].partition(":")[0] for name in await everything(store)}


async def ends(store, pattern: str) -> set[int]:
    """Return in how many days keys end."""
    names = await store.redis.keys(f"{store.keys.prefix}:{{aleppo}}:{pattern}")
    return {round(await store.redis.ttl(name) / DAY) for name in names}


async def test_by_itself_nothing_goes_but_what_ends_anyway(store, asked):
    await fill(store)
    before = await everything(store)
    assert await purge(asked(LATER)) == {}
    assert {name.split(":")[1] for name in before.keys() - (await everything(store)).keys()} == {"due"}


async def test_the_times_of_the_settings_are_those_that_the_store_writes(store, asked):
    await fill(store)
    for kind, ending in ENDING.items():
        for name in ending.kinds:
            assert await ends(store, f"{name.decode()}*") == {ending.days}, kind


async def test_a_shorter_time_is_taken_off_what_is_left_once(store, asked):
    await fill(store)
    for _ in range(3):
        await purge(asked(authors=200, causes=5))
        assert (await ends(store, "au:*"), await ends(store, "tags:*")) == ({200}, {5})
    (name, *_) = await store.redis.keys(f"{store.keys.prefix}:{{aleppo}}:people:*")
    await store.redis.expire(name, 2 * DAY)  # three days have passed
    assert (await purge(asked(causes=3)), await store.redis.exists(name)) == ({"causes": 1}, 0)
    assert await ends(store, "tags:*") == {3}


async def test_what_is_written_again_is_kept_as_long_as_what_is_new(store, asked):
    await fill(store)
    await purge(asked(authors=200))
    await ingest.write(store, batch(live(900, 1)))
    assert await ends(store, "au:*") == {200, 400}
    await purge(asked(authors=200))
    assert await ends(store, "au:*") == {200}


async def test_to_look_changes_nothing(store, asked):
    await fill(store)
    before = await everything(store)
    told = await purge(asked(LATER, dry=True, series=400, headlines=9, polls=31, runs=9, briefs=9, alerts=9))
    assert set(told) >= {"series", "headlines", "polls", "runs"}
    assert await everything(store) == before


async def test_old_days_are_unknown_afterwards_and_not_zero(store, asked):
    await ingest.write(store, batch(live(1, -40), live(2, 20)))
    walk = Window(FRIDAY - timedelta(days=9), NOW)
    await runs.declare(store, ALEPPO.slug, {"social.example": "mastodon"}, walk.start)
    redis, name = store.redis, store.keys.walks(ALEPPO.slug, "social.example")
    covered = [[walk.start.timestamp(), walk.end.timestamp()]]
    await redis.hset(name, "w", json.dumps({"cursor": {"id": 2**60 + 1}, "covered": covered}))
    gone = await purge(asked(FRIDAY + timedelta(days=399, hours=5), series=400))
    assert gone["series"] > 0
    assert await total(store, Metric.POSTS) == 1
    kept = json.loads(await redis.hget(name, "w"))
    begin = datetime.fromtimestamp(kept["covered"][0][0], UTC)
    assert (kept["cursor"], begin) == ({"id": 2**60 + 1}, datetime(2016, 4, 29, 2, tzinfo=UTC))


async def test_imports_of_days_that_are_gone_are_forgotten_with_them_and_no_others(store, asked):
    old, young = live(1, -24 * 300), live(2, 1)
    await ingest.write(store, batch(old, young, keep=None))
    await purge(asked(series=400))
    assert (await ingest.write(store, batch(old, young, keep=None))).new == 0
    await purge(asked(NOW + timedelta(days=150), series=400))
    assert await total(store, Metric.POSTS) == 1
    assert (await ingest.write(store, batch(young, keep=None))).new == 0
    assert len(await store.redis.keys(f"{store.keys.prefix}:*:st:*")) == 1


async def test_what_watched_posts_are_known_by_is_never_touched(store, asked):
    posts = [live(number, number / 4) for number in range(40)]
    await ingest.write(store, batch(*posts))
    ending = {"causes": 2, "authors": 190, "spellings": 31, "mails": 31}
    dated = {"series": 400, "headlines": 1, "polls": 31, "runs": 1, "briefs": 1, "alerts": 1}
    await purge(asked(LATER, **ending, **dated, archive=430, evidence=1))
    assert (await ingest.write(store, batch(*posts))).new == 0
    assert await ends(store, "st:*") == {9}


async def test_headlines_weeks_of_polls_runs_and_alerts_go_by_their_day(store, asked):
    await fill(store)
    early = asked(FRIDAY + timedelta(days=32), headlines=33, polls=33, runs=33, briefs=9999, alerts=33)
    assert await purge(early) == {}
    assert (await purge(asked(LATER, headlines=9, polls=31, runs=9)))["polls"] == 1
    assert not await kinds(store) & {"poll", "headlines", "run", "turns"}
    assert await headlines.within(store, ALEPPO.slug, Window(FRIDAY, NOW)) == []


async def test_briefs_and_alerts_go_by_their_moment(store, asked):
    await fill(store)
    history, silences = store.keys.alerts("history"), store.keys.alerts("silences")
    told = [json.dumps({"scope": "aleppo", "at": f"{year}-04-29T12:00:00Z"}) for year in (2015, 2016)]
    await execute(store.redis, "DEL", history, silences)
    await execute(store.redis, "RPUSH", history, *told)
    await store.redis.hset(silences, "s", json.dumps({"until": "2015-04-29T12:00:00Z"}))
    assert (await purge(asked(NOW, alerts=100)))["alerts"] == 2
    assert await execute(store.redis, "LRANGE", history, 0, -1) == [told[1].encode()]
    tomorrow = datetime.now(UTC) + timedelta(days=3)
    assert await purge(asked(tomorrow, briefs=1)) == {"briefs": 1}


async def test_plain_ids_of_posts_that_nobody_asked_for_again_go(store, asked):
    await ingest.write(store, batch(live(1)))
    assert "due" in await kinds(store)
    await purge(asked(NOW + timedelta(days=9)))
    assert "due" not in await kinds(store)


async def test_mails_as_they_were_sent_go_after_the_days_of_the_digest(store, asked):
    await mails.keep(store, mail("m1"), {"text": b"a mail"}, b"somebody", timedelta(days=90))
    assert await purge(asked(NOW + timedelta(days=89))) == {}
    assert await purge(asked(NOW + timedelta(days=91))) == {"kept mails": 1}


def mail(name: str, *campaigns: str) -> mails.Sent:
    return mails.Sent(id=name, day=date(2016, 4, 29), campaigns=campaigns, language="en", subject="Friday", sent_at=NOW)


async def test_files_of_the_archive_go_when_all_their_days_are_over(asked):
    names = {"2014-03", "2015-04-28", "2015-04-30"}
    laid = {span: lay(asked().archive, Kind.HOUR, span) for span in names}
    proof = lay(asked().archive, Kind.OBSERVATIONS, "2015-04-28")
    assert await purge(asked(NOW + timedelta(days=65), archive=430)) == {"archive": 2}
    assert [span for span in sorted(names) if laid[span].exists()] == ["2015-04-30"]
    assert proof.exists()
    spool = asked().archive / ALEPPO.slug / "spool" / "observations~2015-04-28~me.jsonl"
    spool.parent.mkdir()
    spool.touch()
    assert await purge(asked(evidence=300)) == {"evidence": 2}
    assert not spool.exists()


def lay(folder: Path, kind: Kind, span: str) -> Path:
    path = Partition(ALEPPO.slug, kind, span, NOW, "me", "0" * 64).path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PAR1")
    return path


@pytest.mark.parametrize("days", [{"causes": 22}, {"mails": 5}, {"series": 30}, {"headlines": 0}, {"authors": 401}])
def test_times_that_cannot_be_kept_are_refused(days):
    with pytest.raises(ValidationError):
        Settings(**days)


async def test_of_a_campaign_that_is_removed_no_key_no_alert_no_mail_and_no_file_is_left(store, asked):
    await fill(store)
    lay(asked().archive, Kind.HOUR, "2016-04")
    message = {"scope": "aleppo", "new": []}
    await store.redis.hset(store.keys.alerts("outbox"), "p1", json.dumps({"messages": [message]}))
    await mails.keep(store, mail("m1", ALEPPO.slug, OTHER), {"text": b"a mail"}, b"somebody", timedelta(days=90))
    assert await forget.known(store, asked().archive) == {ALEPPO.slug, OTHER}
    many = await forget.keys_of(store, ALEPPO.slug)
    assert await forget.campaign(store, asked().archive, ALEPPO.slug) == many > 100
    left = await everything(store)
    assert [name for name in left if "{aleppo}" in name] == []
    assert [name for name, held in left.items() if ALEPPO.slug in re.findall(r"[\w-]+", str(held.content))] == []
    assert list(asked().archive.iterdir()) == []
    assert {f"{{{OTHER}}}:subjects", "users", "{digest}:round"} <= left.keys()


async def test_a_batch_that_comes_in_while_a_campaign_is_removed_is_counted_whole_or_not_at_all(store, asked):
    await fill(store)
    page = batch(*map(live, range(100, 110)))
    await asyncio.gather(forget.campaign(store, asked().archive, ALEPPO.slug), ingest.write(store, page))
    known = await total(store, Metric.POSTS)
    await ingest.write(store, page)
    assert (known, await total(store, Metric.POSTS)) in {(0, 10), (10, 10)}


async def test_what_is_told_of_others_stays_when_a_campaign_is_removed(store, asked):
    both = {"id": "p", "messages": [{"scope": "aleppo"}, {"scope": OTHER, "new": [{"campaign": OTHER}]}]}
    await store.redis.hset(store.keys.alerts("outbox"), "p", json.dumps(both))
    await execute(store.redis, "RPUSH", store.keys.alerts("history"), *map(json.dumps, both["messages"]))
    await forget.campaign(store, asked().archive, ALEPPO.slug)
    left = json.loads(await store.redis.hget(store.keys.alerts("outbox"), "p"))
    assert [one["scope"] for one in left["messages"]] == [OTHER]
    assert len(await execute(store.redis, "LRANGE", store.keys.alerts("history"), 0, -1)) == 1


async def test_of_a_reader_who_is_forgotten_nothing_is_left(store, tmp_path):
    await fill(store)
    who = store.hashed(READER)
    await mails.keep(store, mail("m1"), {"text": b"a mail"}, who, timedelta(days=90))
    (tmp_path / "theirs.eml").write_text(f"To: Desk <{READER.upper()}>\n\nHello")
    (tmp_path / "other.eml").write_text("To: other@example.org\n\nHello")
    assert await forget.person(store, READER, tmp_path, dry=True) == 5
    assert await forget.person(store, READER, tmp_path) == 5
    left = await everything(store)
    assert [name for name, held in left.items() if who.hex() in name or str(who) in str(held)] == []
    assert [path.name for path in tmp_path.iterdir()] == ["other.eml"]
    assert await forget.person(store, READER, tmp_path) == 0
