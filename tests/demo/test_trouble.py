"""The world misbehaves when asked to, and only until it ends."""

import json
from collections import Counter
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from monitor.clock import Simulated
from monitor.demo.loopback import Reply, Request
from monitor.demo.manners import GDELT, PDS, YOUTUBE, X
from monitor.demo.plan import Plan, Trouble
from monitor.demo.trouble import SLOW, Moods
from monitor.demo.youtube import SEARCHES
from tests.demo.play import TINY, troubled

PATH = "/api/v1/timelines/tag/x"
PAGE = Reply(body=json.dumps([{"id": "5"}, {"id": "4"}, {"id": "3"}]).encode())


def replies(
    plan: Plan, path: str = PATH, count: int = 600, *, at: datetime | None = None, server: str = "souk"
) -> list[Reply]:
    """Return what a calm server's answers become, one a minute."""
    clock = Simulated(at or plan.start)
    moods = Moods(server, lambda _: PAGE, plan, clock)
    found = []
    for number in range(count):
        found.append(moods(Request(path, (("min_id", str(number)),), {"authorization": "Bearer a"})))
        clock.move_to(clock.now() + timedelta(minutes=1))
    return found


def statuses(plan: Plan) -> Counter[int]:
    return Counter(reply.status for reply in replies(plan))


def test_a_calm_world_answers_everything() -> None:
    assert replies(troubled()) == [PAGE] * 600


@pytest.mark.parametrize("trouble", [Trouble.RATE, Trouble.ERROR, Trouble.SLOW, Trouble.DUPLICATE])
def test_every_trouble_shows_and_ends_with_the_world(trouble: Trouble) -> None:
    plan = troubled(trouble)
    assert set(map(id, replies(plan))) != {id(PAGE)}
    assert replies(plan, at=plan.end) == [PAGE] * 600


def test_the_same_plan_misbehaves_alike() -> None:
    plan = troubled(*Trouble)
    assert replies(plan) == replies(plan)


def test_rate_limits_say_how_long_in_seconds_as_a_date_or_by_a_reset() -> None:
    told = Counter(name for reply in replies(troubled(Trouble.RATE)) if reply.status == 429 for name in reply.headers)
    assert told["Retry-After"]
    assert told["X-RateLimit-Reset"]


def test_a_rate_limit_lasts_as_long_as_it_says() -> None:
    plan = troubled(Trouble.RATE)
    clock = Simulated(plan.start)
    moods = Moods("souk", lambda _: PAGE, plan, clock)
    reply = next(reply for _ in range(2000) if (reply := moods(Request(PATH))).status == 429)
    clock.move_to(clock.now() + timedelta(seconds=_wait(reply, clock.now())))
    assert moods(Request(PATH)).status == 200


def _wait(reply: Reply, now: datetime) -> float:
    if "X-RateLimit-Reset" in reply.headers:
        return (datetime.fromisoformat(reply.headers["X-RateLimit-Reset"]) - now).total_seconds()
    told = reply.headers["Retry-After"]
    return float(told) if told.isdigit() else (parsedate_to_datetime(told) - now).total_seconds()


def test_errors_come_alone_and_in_rows() -> None:
    found = "".join("x" if reply.status >= 500 else "." for reply in replies(troubled(Trouble.ERROR), count=2000))
    assert ".x." in found
    assert "xxxx" in found


def test_slow_answers_are_whole_or_broken() -> None:
    slow = [reply for reply in replies(troubled(Trouble.SLOW), count=2000) if reply.delay == SLOW]
    assert {reply.broken for reply in slow} == {True, False}


def test_repeated_statuses_stand_beside_themselves_newest_first() -> None:
    pages = [[one["id"] for one in json.loads(reply.body)] for reply in replies(troubled(Trouble.DUPLICATE))]
    assert {tuple(page) for page in pages} == {("5", "4", "3"), ("5", "5", "4", "3")}


def test_a_repeated_article_has_another_fragment_in_its_guid() -> None:
    plan = troubled(Trouble.DUPLICATE)
    feed = Reply(body=b"<rss><item><guid>a#0</guid></item><item><guid>b#0</guid></item></rss>")
    moods = Moods("rasif", lambda _: feed, plan, Simulated(plan.start))
    bodies = {moods(Request("/rss")).body for _ in range(100)}
    again = b"<rss><item><guid>a#0</guid></item><item><guid>a#1</guid></item><item><guid>b#0</guid></item></rss>"
    assert bodies == {feed.body, again}


def test_a_throttled_preview_looks_like_an_empty_channel() -> None:
    odd = [reply for reply in replies(troubled(Trouble.THROTTLE), "/s/channel") if reply is not PAGE]
    assert odd
    assert all(b"tme_no_messages_found" in reply.body and b"data-post" not in reply.body for reply in odd)


def test_only_previews_are_throttled_like_that() -> None:
    assert replies(troubled(Trouble.THROTTLE)) == [PAGE] * 600


OWN = [(Trouble.SESSION, PDS), (Trouble.CAP, X), (Trouble.QUOTA, YOUTUBE), (Trouble.TEXT, GDELT)]


@pytest.mark.parametrize(("trouble", "server"), OWN)
def test_a_trouble_of_one_platform_is_not_anothers(trouble: Trouble, server: str) -> None:
    plan = troubled(trouble)
    for name in (PDS, X, YOUTUBE, GDELT, "souk"):
        is_spoilt = replies(plan, f"/{SEARCHES}", server=name) != [PAGE] * 600
        assert is_spoilt == (name == server)


def first_odd(trouble: Trouble, server: str, path: str = f"/{SEARCHES}") -> Reply:
    return next(reply for reply in replies(troubled(trouble), path, server=server) if reply is not PAGE)


def test_a_session_that_is_over_is_a_400_and_who_signs_in_is_let_in() -> None:
    reply = first_odd(Trouble.SESSION, PDS)
    assert (reply.status, json.loads(reply.body)["error"]) == (400, "ExpiredToken")
    moods = Moods(PDS, lambda _: PAGE, troubled(Trouble.SESSION), Simulated(TINY.start))
    assert [moods(Request("/xrpc/com.atproto.server.createSession")) for _ in range(200)] == [PAGE] * 200


def test_a_cap_of_x_lasts_until_midnight_while_calls_are_left() -> None:
    reply = first_odd(Trouble.CAP, X)
    assert (reply.status, json.loads(reply.body)["title"]) == (429, "UsageCapExceeded")
    assert int(reply.headers["x-rate-limit-remaining"]) > 0
    days = "".join("." if reply is PAGE else "x" for reply in replies(troubled(Trouble.CAP), server=X, count=2 * 1440))
    assert set(days) == {".", "x"}
    assert days[180] == "."  # midnight in Greenwich, three hours after the world began
    assert "x" * 60 in days


def test_used_up_searches_leave_everything_else_alone() -> None:
    reply = first_odd(Trouble.QUOTA, YOUTUBE)
    assert (reply.status, json.loads(reply.body)["error"]["errors"][0]["reason"]) == (403, "quotaExceeded")
    assert replies(troubled(Trouble.QUOTA), "/youtube/v3/videos", server=YOUTUBE) == [PAGE] * 600


def test_plain_text_comes_with_a_200() -> None:
    odd = [reply for reply in replies(troubled(Trouble.TEXT), server=GDELT) if reply is not PAGE]
    assert {reply.status for reply in odd} == {200}
    assert not any(reply.body.startswith(b"{") for reply in odd)


@pytest.mark.parametrize(
    ("server", "told"),
    [
        (PDS, b"RateLimitExceeded"),
        (X, b"Too Many Requests"),
        (YOUTUBE, b"rateLimitExceeded"),
        (GDELT, b"Please limit requests"),
        ("souk", b"Too many requests"),
    ],
)
def test_each_platform_says_in_its_own_way_that_it_was_asked_too_often(server: str, told: bytes) -> None:
    odd = [reply for reply in replies(troubled(Trouble.RATE), server=server, count=2000) if reply is not PAGE]
    assert any(told in reply.body for reply in odd)


@pytest.mark.parametrize(("server", "header"), [(PDS, "ratelimit-reset"), (X, "x-rate-limit-reset")])
def test_bluesky_and_x_tell_the_end_of_a_limit_in_epoch_seconds(server: str, header: str) -> None:
    odd = [reply for reply in replies(troubled(Trouble.RATE), server=server) if reply is not PAGE]
    assert all(int(reply.headers[header]) > TINY.start.timestamp() for reply in odd)


def test_mentions_in_a_table_are_repeated_but_never_counts() -> None:
    plan, told = troubled(Trouble.DUPLICATE), Reply(body=b'{"data": [1, 2, 3], "meta": {}}')
    moods = Moods(X, lambda _: told, plan, Simulated(plan.start))
    assert {len(json.loads(moods(Request("/2/tweets")).body)["data"]) for _ in range(50)} == {3, 4}
    assert {moods(Request("/2/tweets/counts/recent")).body for _ in range(50)} == {told.body}


@pytest.mark.parametrize("status", [404, 500])
def test_errors_of_the_server_itself_are_not_repeated_into(status: int) -> None:
    plan = troubled(Trouble.DUPLICATE)
    moods = Moods("souk", lambda _: Reply(status, b"no"), plan, Simulated(plan.start))
    assert {moods(Request(PATH)).body for _ in range(50)} == {b"no"}
