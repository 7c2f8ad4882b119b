"""The world misbehaves when asked to, and only until it ends."""

import json
from collections import Counter
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from monitor.clock import Simulated
from monitor.demo.loopback import Reply, Request
from monitor.demo.plan import Plan, Trouble
from monitor.demo.trouble import SLOW, Moods
from tests.demo.play import troubled

PATH = "/api/v1/timelines/tag/x"
PAGE = Reply(body=json.dumps([{"id": "5"}, {"id": "4"}, {"id": "3"}]).encode())


def replies(plan: Plan, path: str = PATH, count: int = 600, *, at: datetime | None = None) -> list[Reply]:
    """Return what a calm server's answers become, one a minute."""
    clock = Simulated(at or plan.start)
    moods = Moods("souk", lambda _: PAGE, plan, clock)
    found = []
    for number in range(count):
        found.append(moods(Request(path, (("min_id", str(number)),))))
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


@pytest.mark.parametrize("status", [404, 500])
def test_errors_of_the_server_itself_are_not_repeated_into(status: int) -> None:
    plan = troubled(Trouble.DUPLICATE)
    moods = Moods("souk", lambda _: Reply(status, b"no"), plan, Simulated(plan.start))
    assert {moods(Request(PATH)).body for _ in range(50)} == {b"no"}
