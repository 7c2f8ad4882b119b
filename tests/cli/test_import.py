import json
import secrets
from pathlib import Path

import pytest

from monitor.store.embedded import Server
from tests.cli.command import Said, monitor
from tests.imports.twarc import LATER, file, page, tweet


@pytest.fixture
def config(tmp_path: Path, redis_server: Server) -> Path:
    """Return a folder of settings for the private server of the tests."""
    (tmp_path / "campaigns").mkdir()
    campaign = 'slug = "aleppo"\ntitle = "Save Aleppo"\nhashtags = ["#SaveAleppo"]\n'
    (tmp_path / "campaigns" / "aleppo.toml").write_text(campaign, encoding="utf-8")
    (tmp_path / "key").write_text("a key for this test alone", encoding="utf-8")
    redis = f'[redis]\nurl = "{redis_server.url}"\nprefix = "t{secrets.token_hex(6)}"\n'
    privacy = f'[privacy]\nkey_file = "{tmp_path / "key"}"\n'
    (tmp_path / "monitor.toml").write_text(redis + privacy, encoding="utf-8")
    return tmp_path


def run(config: Path, path: Path, *words: str) -> Said:
    return monitor("import", path, "--campaign", "aleppo", "--config", config, *words)


def test_a_file_is_brought_in_and_told_about(config: Path) -> None:
    said = run(config, file(config, [page(tweet(1), tweet(2), tweet(3, tags=["Other"]))]))
    assert said.code == 0, said.err
    assert f"3 posts read, {LATER:%Y-%m-%d} 12:01 to" in said.out
    assert "2 name the campaign; impressions are told for 2" in said.out
    assert "2 are new" in said.out


def test_a_second_time_nothing_is_new(config: Path) -> None:
    path = file(config, [page(tweet(1))])
    run(config, path)
    assert json.loads(run(config, path, "--json").out)["new"] == 0


def test_a_dry_run_writes_nothing(config: Path) -> None:
    path = file(config, [page(tweet(1))])
    assert "nothing was written" in run(config, path, "--dry-run").out
    assert json.loads(run(config, path, "--json").out)["new"] == 1


def test_what_could_not_be_taken_lies_beside_the_file_with_its_reason(config: Path) -> None:
    path = file(config, [page(tweet(1)), b"{broken"])
    said = run(config, path)
    (noted,) = path.with_name("tweets.jsonl.rejects.jsonl").read_text().splitlines()
    assert json.loads(noted)["line"] == 2
    assert "1 could not be taken: no JSON" in said.out


def test_a_file_of_counts_is_refused_in_words(config: Path) -> None:
    counts = {"data": [{"start": "2023-03-03T00:00:00Z", "end": "2023-03-03T01:00:00Z", "tweet_count": 5}]}
    said = run(config, file(config, [counts]))
    assert (said.code, said.out) == (1, "")
    assert "holds counts per hour or day, no posts" in said.err


def test_an_unknown_campaign_is_refused_with_those_there_are(config: Path) -> None:
    said = monitor("import", file(config, []), "--campaign", "alepo", "--config", config)
    assert (said.code, said.err) == (1, "no campaign is called alepo; there are: aleppo\n")


def test_a_file_that_is_not_there_is_a_wrong_use(config: Path) -> None:
    assert run(config, config / "nothing.jsonl").code == 2


def test_rejects_that_cannot_be_written_are_an_error_in_words(config: Path) -> None:
    said = run(config, file(config, [page(tweet(1)), b"{"]), "--rejects", str(config / "no" / "where.jsonl"))
    assert (said.code, "name another: --rejects" in said.err) == (1, True)


def test_a_file_of_another_kind_is_refused_with_what_can_be_read(config: Path) -> None:
    said = run(config, file(config, [b"id,text", b"1,hello"]))
    assert (said.code, said.out) == (1, "")
    assert "tweets.jsonl is not recognised: its columns are id, text" in said.err
    assert "crowdtangle-facebook" in said.err
    assert "--mapping" in said.err
