"""How fast files come in: posts per second of twarc's pages, of Mastodon's statuses and of a table; and the memory.

Each import runs in a process of its own, as `monitor import` does, into a private Redis beside it. The control is
orjson alone, reading the same lines.
"""

import asyncio
import csv
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import psutil

from bench.show import flags, show
from monitor.collect.observe import observe
from monitor.imports.job import Job
from monitor.imports.load import load
from monitor.model.campaign import Campaign, Family
from monitor.store import embedded
from monitor.store.store import opened

TARGETS = {"posts_per_s": ">= 15000", "peak_mb": "< 300"}
START = datetime(2023, 3, 3, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
WHOLE, QUICK = 500_000, 40_000  # posts: 1 GB, and 80 MB
OTHERS = 100_000  # posts of the other kinds of files
A_PAGE = 100  # what the search gives at once
PEOPLE = 200_000
TEXT = "أنقذوا حلب الآن من القصف المستمر على المدينة ومن فيها، والعالم يتفرج ولا يفعل شيئا لأحد " * 2
SPELLINGS = ("SaveAleppo", "أنقذوا_حلب", "انقذوا_حلب", "سوريا")
CAMPAIGN = Campaign(
    slug="aleppo",
    title="Save Aleppo",
    zone="Asia/Damascus",
    families=(Family("SaveAleppo", ("savealeppo",)), Family("أنقذوا_حلب", ("أنقذوا_حلب", "انقذوا_حلب"))),
)
COLUMNS = (
    "id thread_id timestamp unix_timestamp link subject body author author_fullname author_id author_followers source "
    "language_guess possibly_sensitive retweet_count reply_count like_count quote_count impression_count is_retweet "
    "retweeted_user is_quote_tweet quoted_user is_reply replied_user hashtags urls images mentions"
)
CONTEXT = [
    {
        "domain": {"id": "46", "name": "Business Taxonomy", "description": "Categories within Brand Verticals"},
        "entity": {"id": "1557696848252391426", "name": "Political Figures Business"},
    },
    {
        "domain": {"id": "131", "name": "Unified Twitter Taxonomy", "description": "A taxonomy of interests."},
        "entity": {"id": "847878884917886977", "name": "Politics", "description": "Politics"},
    },
]


def stamp(number: int) -> str:
    return f"{START + timedelta(seconds=number * 2):%Y-%m-%dT%H:%M:%S}.000Z"


def id_of(number: int) -> str:
    return str(int((START.timestamp() + number * 2) * 1000) - 1_288_834_974_657 << 22)


def pages(posts: int) -> Iterator[bytes]:
    """Pages as `twarc2 search` writes them with all fields, which it asks for by itself."""
    dice = random.Random(1)
    for first in range(0, posts, A_PAGE):
        numbers = range(first, min(first + A_PAGE, posts))
        page = {
            "data": [tweet(number, dice) for number in numbers],
            "includes": {
                "users": [user(dice.randrange(PEOPLE)) for _ in range(60)],
                "tweets": [tweet(dice.randrange(max(first, 1)), dice) for _ in range(10)],
            },
            "meta": {"newest_id": id_of(numbers[-1]), "oldest_id": id_of(first), "result_count": len(numbers)},
            "__twarc": {
                "url": "https://api.twitter.com/2/tweets/search/all?expansions=author_id%2Cin_reply_to_user_id",
                "version": "2.14.1",
                "retrieved_at": f"{START + timedelta(days=30, seconds=first / 100):%Y-%m-%dT%H:%M:%S}+00:00",
            },
        }
        yield orjson.dumps(page) + b"\n"


def tweet(number: int, dice: random.Random) -> dict[str, Any]:
    own, tags = id_of(number), [tag for tag in SPELLINGS if dice.random() < 0.4]
    told: dict[str, Any] = {
        "id": own,
        "text": TEXT + " ".join(f"#{tag}" for tag in tags),
        "created_at": stamp(number),
        "author_id": str(10_000_000 + dice.randrange(PEOPLE)),
        "conversation_id": own,
        "lang": "ar",
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        "edit_history_tweet_ids": [own],
        "edit_controls": {"edits_remaining": 5, "is_edit_eligible": False, "editable_until": stamp(number + 900)},
        "public_metrics": {
            "retweet_count": int(dice.paretovariate(1.2)),
            "reply_count": int(dice.paretovariate(1.5)),
            "like_count": int(dice.paretovariate(1)),
            "quote_count": 0,
            "bookmark_count": 0,
            "impression_count": int(300 * dice.paretovariate(1)),
        },
        "entities": {
            "hashtags": [{"start": 100, "end": 110, "tag": tag} for tag in tags],
            "mentions": [{"start": 0, "end": 9, "username": f"user{number % 999}", "id": str(1000 + number % 999)}],
            "urls": [
                {
                    "start": 120,
                    "end": 143,
                    "url": "https://t.co/abcdefghij",
                    "expanded_url": "https://news.example/2023/03/aleppo-under-fire-again-say-people-in-the-city",
                    "display_url": "news.example/2023/03/aleppo…",
                }
            ],
        },
        "context_annotations": CONTEXT,
    }
    if dice.random() < 0.3:
        told["referenced_tweets"] = [{"type": dice.choice(["retweeted", "quoted"]), "id": id_of(number // 2)}]
    return told


def user(number: int) -> dict[str, Any]:
    metrics = {"followers_count": number % 5000, "following_count": 300, "tweet_count": 20_000, "listed_count": 2}
    return {
        "id": str(10_000_000 + number),
        "name": f"Somebody {number}",
        "username": f"somebody{number}",
        "created_at": "2013-03-03T10:00:00.000Z",
        "description": TEXT[:120],
        "location": "Aleppo",
        "protected": False,
        "verified": False,
        "url": "",
        "profile_image_url": f"https://pbs.twimg.com/profile_images/{number}/x_normal.jpg",
        "public_metrics": metrics,
    }


def statuses(posts: int) -> Iterator[bytes]:
    """Statuses as a server of Mastodon gives them, one on a line."""
    dice = random.Random(2)
    for number in range(posts):
        tags = [tag for tag in SPELLINGS if dice.random() < 0.4]
        who = f"https://social{dice.randrange(300)}.example/users/u{dice.randrange(PEOPLE)}"
        status = {
            "id": str(number),
            "uri": f"{who}/statuses/{number}",
            "url": f"{who}/{number}",
            "created_at": stamp(number),
            "visibility": "public",
            "language": "ar",
            "content": f"<p>{TEXT}</p>" + "".join(f'<a href="#" rel="tag">#<span>{tag}</span></a>' for tag in tags),
            "favourites_count": int(dice.paretovariate(1)),
            "reblogs_count": int(dice.paretovariate(1.2)),
            "replies_count": int(dice.paretovariate(1.5)),
            "account": {"id": "1", "acct": "u", "uri": who, "note": TEXT[:120], "followers_count": number % 5000},
            "tags": [{"name": tag.lower(), "url": f"https://social.example/tags/{tag}"} for tag in tags],
            "media_attachments": [],
            "mentions": [],
            "reblog": None,
        }
        yield orjson.dumps(status) + b"\n"


def table(posts: int) -> Iterator[bytes]:
    """A table as 4CAT writes it of posts of X."""
    dice = random.Random(3)
    columns = COLUMNS.split()
    yield (",".join(columns) + "\n").encode()
    for number in range(posts):
        told = dict.fromkeys(columns, "")
        told |= {"id": id_of(number), "thread_id": id_of(number), "timestamp": stamp(number)[:19].replace("T", " ")}
        told |= {"body": TEXT, "author": "somebody", "author_id": str(dice.randrange(PEOPLE)), "language_guess": "ar"}
        told |= {"hashtags": ",".join(tag for tag in SPELLINGS if dice.random() < 0.4), "is_retweet": "no"}
        told |= {"author_followers": "120", "like_count": str(int(dice.paretovariate(1))), "retweet_count": "1"}
        told |= {"impression_count": str(int(300 * dice.paretovariate(1)))}
        line = io.StringIO()
        csv.DictWriter(line, columns, lineterminator="\n").writerow(told)
        yield line.getvalue().encode()


def written(path: Path, lines: Iterator[bytes]) -> int:
    """Write a file and return how many bytes it has."""
    with path.open("wb") as file:
        file.writelines(lines)
    return path.stat().st_size


def reading_alone(path: Path, posts: int) -> float:
    """The control: posts per second if nothing but JSON were read."""
    begun = time.perf_counter()
    with path.open("rb") as file:
        for line in file:
            orjson.loads(line)
    return posts / (time.perf_counter() - begun)


async def bring_in(path: Path, url: str, prefix: str) -> dict[str, float]:
    """Import one file in this process."""
    job = Job(path=path, campaign=CAMPAIGN, observe=partial(observe, CAMPAIGN, now=NOW, observed_for=None), now=NOW)
    async with opened(url, prefix) as store:
        begun, worked = time.perf_counter(), time.process_time()
        report = await load(job, store)
        seconds, work = time.perf_counter() - begun, time.process_time() - worked
        return {"read": report.read, "new": report.new, "seconds": seconds, "work": work}


def measured(path: Path, url: str, prefix: str) -> dict[str, float]:
    """Import one file in a process of its own, and watch its memory."""
    words = [sys.executable, "-m", "bench.imports", "--child", str(path), url, prefix]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        watched, peak = psutil.Process(child.pid), 0
        while child.poll() is None:
            peak = max(peak, resident(watched))
            time.sleep(0.05)
        out = child.stdout.read() if child.stdout else ""
    if child.returncode:
        raise SystemExit(f"the import of {path.name} ended with {child.returncode}")
    return {**json.loads(out), "peak_mb": peak / 1e6}


def resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def figures(*, posts: int, others: int) -> dict[str, float]:
    """Return all figures; the big files are gone afterwards."""
    found: dict[str, float] = {}
    kinds: tuple[tuple[str, Callable[[int], Iterator[bytes]], int], ...] = (
        ("", pages, posts),
        ("mastodon_", statuses, others),
        ("table_", table, others),
    )
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as folder:
        (Path(folder) / "redis").mkdir()
        with embedded.start(Path(folder) / "redis") as server:
            for name, lines, many in kinds:
                path = Path(folder) / f"{name}posts"
                size = written(path, lines(many))
                run = measured(path, server.url, f"b{name.strip('_')}")
                found |= {f"{name}posts_per_s": run["read"] / run["seconds"], f"{name}peak_mb": run["peak_mb"]}
                found[f"{name}cpu_us_a_post"] = run["work"] / run["read"] * 1e6
                if not name:
                    again = measured(path, server.url, "b")
                    found |= {"file_mb": size / 1e6, "posts": run["read"], "bytes_a_post": size / many}
                    found |= {"again_posts_per_s": again["read"] / again["seconds"], "again_new": again["new"]}
                    found["orjson_alone_posts_per_s"] = reading_alone(path, many)
                    found["ratio_to_orjson"] = found["posts_per_s"] / found["orjson_alone_posts_per_s"]
                path.unlink()
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(asyncio.run(bring_in(Path(sys.argv[2]), sys.argv[3], sys.argv[4]))))
    else:
        options = flags(__doc__ or "")
        sizes = {"posts": QUICK, "others": QUICK // 2} if options.quick else {"posts": WHOLE, "others": OTHERS}
        show("imports", figures(**sizes), TARGETS, as_json=options.json)
