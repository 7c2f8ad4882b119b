import json
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.cli.command import Said, monitor
from tests.imports.twarc import LATER, file, page, tweet
from tests.settings.folder import folder

EXAMPLES = Path(__file__).resolve().parents[2] / "config" / "imports"


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    """Return a folder of settings for the private server of the tests."""
    return folder(tmp_path, monitor=rules, aleppo='title = "Save Aleppo"\nhashtags = ["#SaveAleppo"]\n')


def run(config: Path, path: Path, *words: str) -> Said:
    return monitor("import", path, "--campaign", "aleppo", "--config", config, *words)


def test_a_file_is_brought_in_and_told_about(config: Path) -> None:
    said = run(config, file(config, [page(tweet(1), tweet(2), tweet(3, tags=["Other"]))]))
    assert said.code == 0, said.err
    assert f"3 posts read, {LATER:%Y-%m-%d} 12:01 to" in said.out
    assert "2 with a hashtag of the campaign; impressions are told for 2" in said.out
    assert "2 new; 0 counters rose" in said.out


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
    assert said.code == 1
    assert "could be read as twarc: counts per hour or day, no posts; import the file of the posts" in said.err


def test_an_unknown_campaign_is_refused_with_those_there_are(config: Path) -> None:
    said = monitor("import", file(config, []), "--campaign", "alepo", "--config", config)
    assert (said.code, said.err) == (1, "no campaign is called alepo; did you mean aleppo?\n")


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


KEYHOLE = "Post URL;Date;Post text;Username;Followers;Likes;Retweets;Replies;Platform;Impressions\n"
ROWS = "https://x.com/a/status/{};2023-03-04 10:00:00;#SaveAleppo;ada;100;1;2;3;{};9999\n"


def table(folder: Path) -> Path:
    path = folder / "posts.csv"
    path.write_text(KEYHOLE + ROWS.format(1632000000000000000, "Twitter") + ROWS.format(7, "News"), encoding="utf-8")
    return path


def test_a_table_comes_in_by_a_mapping_and_its_impressions_are_never_measured(config: Path) -> None:
    said = run(config, table(config), "--mapping", str(EXAMPLES / "keyhole.toml"))
    assert said.code == 0, said.err
    assert "1 with a hashtag of the campaign; impressions are told for 0" in said.out
    assert "1 passed by: not among the rows that the mapping reads (only)" in said.out


def test_a_mapping_that_is_wrong_is_refused_with_all_that_is_wrong(config: Path) -> None:
    (config / "wrong.toml").write_text('name = "a"\nplattform = "x"\n', encoding="utf-8")
    said = run(config, table(config), "--mapping", str(config / "wrong.toml"))
    assert (said.code, said.out) == (2, "")
    assert "wrong.toml: platform: is missing" in said.err
    assert "wrong.toml: plattform (line 2): is not known; did you mean platform?" in said.err


def test_a_mapping_and_a_format_at_once_are_a_wrong_use(config: Path) -> None:
    said = run(config, table(config), "--mapping", str(EXAMPLES / "keyhole.toml"), "--format", "twarc")
    assert (said.code, "leave out --format" in said.err) == (2, True)


def test_impressions_that_are_left_out_and_ids_that_look_rounded_are_told(config: Path) -> None:
    rows = [ROWS.format("1632000000000000000", "X")] * 3
    (config / "posts.csv").write_text(KEYHOLE + "".join(rows), encoding="utf-8")
    own = (EXAMPLES / "keyhole.toml").read_text(encoding="utf-8") + 'impressions = "Impressions"\n'
    (config / "own.toml").write_text(own, encoding="utf-8")
    said = run(config, config / "posts.csv", "--mapping", str(config / "own.toml"), "--dry-run").out
    assert "The impressions in Impressions were left out: tools estimate them from followers" in said
    assert "ids look rounded by a spreadsheet in 3 rows" in said


def test_what_is_no_post_and_what_is_not_public_is_told_apart(config: Path) -> None:
    hidden = {"id": "1", "uri": "https://m.example/1", "created_at": f"{LATER:%Y-%m-%dT%H:%M:%SZ}", "tags": []}
    hidden |= {"account": {"id": "7", "url": "https://m.example/@a"}, "visibility": "private", "content": ""}
    said = run(config, file(config, [hidden, {"event": "delete", "payload": "1"}]), "--dry-run").out
    assert "1 passed by: no posts\n1 passed by: not public\n" in said


def test_a_dry_run_shows_what_would_be_refused_and_leaves_no_file(config: Path) -> None:
    said = run(config, file(config, [page(tweet(1)), b"{broken"]), "--dry-run")
    assert "line 2: no JSON" in said.out
    assert not list(config.glob("*.rejects.jsonl"))


def test_a_dry_run_tells_days_spellings_and_what_else_came(config: Path) -> None:
    late = tweet(2, created_at="2099-01-01T00:00:00Z")
    said = run(config, file(config, [page(tweet(1), late, tweets=[tweet(9, tags=["Other"])])]), "--dry-run")
    assert "  1 #savealeppo" in said.out
    assert "1 more came along with them" in said.out
    assert "1 left out: in the future, or before the campaign began" in said.out


def test_spellings_that_nobody_lists_are_named(config: Path) -> None:
    said = run(config, file(config, [page(tweet(1, tags=["SaveAleppo", "Save_Aleppo"]))]), "--dry-run")
    assert "also seen: #save_aleppo, 1 post" in said.out


def test_a_file_that_was_cut_off_keeps_what_came_before_and_fails(config: Path) -> None:
    path = file(config, [tweet(number) for number in range(3000)], name="a.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-500])
    said = run(config, path)
    assert said.code == 1
    assert " new; 0 counters rose" in said.out
    assert "a.jsonl.gz: the packed file was cut off in the middle: get the whole one, and import it again" in said.err
    assert "what came before counts (2,9" in said.err


def test_a_format_that_is_wrong_for_the_file_is_a_failure(config: Path) -> None:
    said = run(config, file(config, [page(tweet(1))]), "--format", "mastodon")
    assert (said.code, "nothing of tweets.jsonl could be read as mastodon" in said.err) == (1, True)


def test_a_folder_is_refused_in_words(config: Path) -> None:
    assert "is a folder; name one file in it" in run(config, config / "campaigns").err


def test_an_encoding_that_is_missing_is_named(config: Path) -> None:
    path = table(config)
    path.write_bytes(path.read_text().replace("#SaveAleppo", "حلب").encode("windows-1256"))
    said = run(config, path, "--mapping", str(EXAMPLES / "keyhole.toml"))
    assert "save it as CSV UTF-8, or name its encoding, such as --encoding windows-1256" in said.err
    said = run(config, path, "--mapping", str(EXAMPLES / "keyhole.toml"), "--encoding", "windows-1256")
    assert (said.code, "1 post read" in said.out) == (0, True)


def test_what_the_reader_must_know_of_a_format_is_said(config: Path) -> None:
    columns = "id,thread_id,timestamp,body,author,chat,views,reactions\n"
    (config / "t.csv").write_text(f"{columns}c-1,c-1,2023-03-04 10:00:00,#SaveAleppo,a,c,5,\n", encoding="utf-8")
    assert "counts twice; import other days" in run(config, config / "t.csv").out


STOPPED = "stopped; the same command goes on from here\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("blow", "code", "words"),
    [(signal.SIGINT, 1, STOPPED), (signal.SIGTERM, 1, STOPPED), (signal.SIGKILL, -signal.SIGKILL, "")],
    ids=["int", "term", "kill"],
)
def test_an_import_that_is_stopped_goes_on_and_counts_every_post_once(
    config: Path, blow: signal.Signals, code: int, words: str
) -> None:
    path = file(config, (tweet(number) for number in range(20_000)))
    command = [sys.executable, "-m", "monitor", "import", path, "--campaign", "aleppo", "--config", config]
    with subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True) as stopped:
        wait_for_posts(config)
        stopped.send_signal(blow)
        _, err = stopped.communicate(timeout=30)
        assert (stopped.returncode, err) == (code, words)
        said = json.loads(run(config, path, "--json").out)
        assert 0 < said["resumed"] == 20_000 - said["read"]
        assert (counted(config, "posts"), counted(config, "impressions")) == (20_000, 20_000 * 500)


def ask(config: Path, command: str, key: str, *words: str) -> Any:
    """Ask the store of these settings about a key without its prefix."""
    redis = tomllib.loads((config / "monitor.toml").read_text())["redis"]
    with Redis.from_url(redis["url"], protocol=3) as client:
        return client.execute_command(command, f"{redis['prefix']}:{key}", *words)


def wait_for_posts(config: Path) -> None:
    """Wait until the first posts of an import are stored."""
    for _ in range(600):
        if ask(config, "KEYS", "*cursor*"):
            return
        time.sleep(0.05)
    raise AssertionError("nothing was stored within 30 seconds")


def counted(config: Path, metric: str) -> float:
    return sum(float(value) for _, value in ask(config, "TS.RANGE", f"{{aleppo}}:ts:*:x:{metric}:1d", "-", "+"))
