"""What was read stays as it was read, is told once, and is kept only where somebody decided so."""

import asyncio
import hashlib
import json
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from stat import S_IMODE

import pytest

from monitor.archive.evidence import Evidence, is_whole, read, roll
from monitor.archive.partitions import Kind, partitions, spools
from monitor.archive.spool import append, lines
from monitor.clock import Simulated
from monitor.collect.collector import collect
from monitor.model.mention import Article, Mention
from monitor.model.run import Outcome
from monitor.model.sighting import Seen
from monitor.model.source import Page
from monitor.store import runs
from tests.collect.played import Played
from tests.people import ALEPPO, NOON, post

SLUG = ALEPPO.slug
NEXT_DAY = NOON + timedelta(hours=13)


def seen(*mentions: Mention, minutes: float = 0) -> Seen:
    return Seen(SLUG, "social.example", "mastodon", NOON + timedelta(minutes=minutes), mentions)


def observations(folder):
    return read(folder, SLUG, Kind.OBSERVATIONS)


async def test_an_item_is_kept_as_it_was_read_with_its_hash(tmp_path):
    await Evidence(tmp_path).saw(seen(post(likes=3, link="https://social.example/1")))
    (row,) = observations(tmp_path)
    assert json.loads(row["item"])["counts"]["likes"] == 3
    assert row["sha256"] == hashlib.sha256(row["item"].encode()).hexdigest()
    assert (row["at"], row["created_at"], row["kind"]) == (NOON, NOON, "post")


async def test_those_who_make_partitions_and_read_at_once_are_not_in_each_others_way(tmp_path):
    for number in range(20):
        await Evidence(tmp_path).saw(replace(seen(post(number)), at=NOON - timedelta(days=number)))
    with ThreadPoolExecutor(4) as hands:
        jobs = [hands.submit(roll, tmp_path, SLUG, NOON + timedelta(days=3)) for _ in range(3)]
        told = hands.submit(observations, tmp_path).result()
    assert sum(len(job.result()) for job in jobs) >= 20
    assert len(told) == len(observations(tmp_path)) == 20


async def test_nobody_else_may_look_into_the_folders_or_files(tmp_path):
    await Evidence(tmp_path / "var" / "archive").saw(seen(post()))
    for path in (tmp_path / "var").rglob("*"):
        assert S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


async def test_an_article_is_kept_with_its_title(tmp_path):
    article = Article("feeds", "1", NOON, "BBC", "ar", "حلب تحترق", link="https://example.org/1")
    await Evidence(tmp_path).saw(seen(article))
    (row,) = observations(tmp_path)
    assert json.loads(row["item"])["title"] == "حلب تحترق"
    assert row["kind"] == "article"


async def test_what_the_platform_sent_is_in_the_item_and_under_its_hash(tmp_path):
    sent = {"id": "1", "content": "<p>#أنقذوا_حلب</p>", "account": {"acct": "ada"}}
    await Evidence(tmp_path).saw(seen(post(raw=sent)))
    (row,) = observations(tmp_path)
    assert json.loads(row["item"])["raw"] == sent
    assert is_whole(row)


async def test_what_is_nested_without_end_is_kept_without_what_was_sent(tmp_path):
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"in": deep}
    await Evidence(tmp_path).saw(seen(post(likes=3, raw=deep)))
    (row,) = observations(tmp_path)
    assert json.loads(row["item"])["raw"] is None
    assert json.loads(row["item"])["counts"]["likes"] == 3


async def test_half_a_character_is_no_reason_to_lose_an_item(tmp_path):
    await Evidence(tmp_path).saw(seen(post(tags=("Save\ud83d",))))
    assert len(observations(tmp_path)) == 1


async def test_the_same_item_of_the_same_moment_is_told_once(tmp_path):
    for _ in range(2):
        await Evidence(tmp_path).saw(seen(post()))
    assert len(observations(tmp_path)) == 1


async def test_an_item_that_changed_is_told_again(tmp_path):
    await Evidence(tmp_path).saw(seen(post(likes=1)))
    await Evidence(tmp_path).saw(seen(post(likes=2), minutes=60))
    assert [json.loads(row["item"])["counts"]["likes"] for row in observations(tmp_path)] == [1, 2]


async def test_a_day_that_is_over_becomes_a_partition(tmp_path):
    await Evidence(tmp_path).saw(seen(post()))
    before = observations(tmp_path)
    assert roll(tmp_path, SLUG, NEXT_DAY - timedelta(seconds=1)) == []
    assert [one.span for one in roll(tmp_path, SLUG, NEXT_DAY)] == ["2016-04-29"]
    assert spools(tmp_path, SLUG) == []
    assert observations(tmp_path) == before


async def test_a_day_that_two_put_away_at_once_is_told_once(tmp_path):
    await Evidence(tmp_path).saw(seen(post()))
    (spool,) = spools(tmp_path, SLUG)
    content = spool.read_bytes()
    roll(tmp_path, SLUG, NEXT_DAY)
    spool.write_bytes(content)
    roll(tmp_path, SLUG, NEXT_DAY + timedelta(hours=1))
    assert len(partitions(tmp_path, SLUG, Kind.OBSERVATIONS)) == 2
    assert len(observations(tmp_path)) == 1


async def test_what_a_crash_cut_off_is_left_out_and_what_comes_after_it_is_not(tmp_path):
    await Evidence(tmp_path).saw(seen(post(1), post(2)))
    (spool,) = spools(tmp_path, SLUG)
    spool.write_bytes(spool.read_bytes()[:-30])
    await Evidence(tmp_path).saw(seen(post(3)))
    assert sorted(row["id"][-1] for row in observations(tmp_path)) == ["1", "3"]


async def test_an_item_that_somebody_changed_in_a_spool_is_no_evidence(tmp_path):
    await Evidence(tmp_path).saw(seen(post(likes=3)))
    (spool,) = spools(tmp_path, SLUG)
    spool.write_text(spool.read_text().replace('likes\\":3', 'likes\\":9'))
    assert not any(map(is_whole, lines(spool)))
    assert observations(tmp_path) == []


async def test_a_folder_that_takes_nothing_is_told_and_nothing_is_raised(tmp_path):
    (tmp_path / SLUG).write_text("a file")
    witness = Evidence(tmp_path)
    await witness.saw(seen(post()))
    assert witness.trouble is not None
    assert str(tmp_path / SLUG) in witness.trouble


async def run_of(store, tmp_path, *, evidence: bool = True):
    """Collect one page of two posts, one of them of another campaign."""
    source = Played({"w": [Page((post(1, likes=3), post(2, tags=("other",))), {"at": 1})]})
    campaign = replace(ALEPPO, evidence=evidence)
    witness = Evidence(tmp_path) if evidence else None
    return await collect(store, source, campaign, Simulated(NOON + timedelta(minutes=1)), witness=witness)


async def test_a_run_leaves_its_items_and_its_line_in_the_log(store, tmp_path):
    run = await run_of(store, tmp_path)
    (row,), (line,) = observations(tmp_path), read(tmp_path, SLUG, Kind.RUNS)
    assert (row["id"], row["source"]) == (post(1).id, run.source)
    assert (line["outcome"], json.loads(line["item"])["kept"]) == (Outcome.OK, 1)
    assert line["asked"]
    assert line["software"]


async def test_without_evidence_nothing_is_kept_of_items(store, tmp_path):
    await run_of(store, tmp_path, evidence=False)
    assert list(tmp_path.iterdir()) == []


async def test_a_run_counts_though_evidence_is_not_kept_and_says_so(store, tmp_path):
    (tmp_path / SLUG).write_text("a file")
    await run_of(store, tmp_path)
    (state,) = await runs.states(store, SLUG)
    assert state.runs[0].new == 1
    assert "evidence is not kept" in state.runs[0].message


ADDING = """
import sys
from pathlib import Path
from monitor.archive.evidence import sealed
from monitor.archive.spool import append
number = 0
while True:
    lines = [{"at": "2016-04-29T12:00:00+00:00", "source": "s", **sealed(f"{number} {part}" * 500)} for part in "abc"]
    append(Path(sys.argv[1]), lines)
    print(number, flush=True)
    number += 1
"""


@pytest.mark.slow
async def test_what_was_acknowledged_before_a_kill_is_there(tmp_path):
    spool = tmp_path / SLUG / "spool" / "observations~2016-04-29~killed-1.jsonl"
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", ADDING, spool, stdout=asyncio.subprocess.PIPE)
    assert program.stdout is not None
    await program.stdout.readuntil(b"30\n")
    program.send_signal(signal.SIGKILL)
    rest = await program.stdout.read()
    await program.wait()
    acknowledged = int((rest.split() or [b"30"])[-1])
    assert sum(map(is_whole, lines(spool))) >= 3 * (acknowledged + 1)
    append(spool, [{"at": "2016-04-29T13:00:00+00:00", "source": "s"}])
    assert list(lines(spool))[-1]["at"] == "2016-04-29T13:00:00+00:00"
