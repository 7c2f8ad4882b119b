"""Feeds: RSS of a hundred articles each, with summaries, as many feeds as it takes."""

from datetime import datetime
from email.utils import format_datetime

from bench.played import moments
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.feeds import Settings

POSTS = 10_000
PAGE = 100
SUMMARY = "Residents of Aleppo spoke of the night in the words of those who stayed. " * 4
HEAD = {"Content-Type": "application/rss+xml; charset=utf-8"}


def sources(count: int) -> list[SourceSettings]:
    numbers = range(count // PAGE)
    return [Settings(url=f"https://news{n}.example/rss", outlet=f"Outlet {n}", language="en") for n in numbers]


def server(count: int, end: datetime) -> Answering:
    items = [item(number, created) for number, created in enumerate(moments(count, end))]
    feeds = [feed("".join(items[start : start + PAGE])) for start in range(0, count, PAGE)]

    def answer(request: Request) -> Reply:
        number = int(request.headers["host"].removeprefix("news").partition(".")[0])
        return Reply(body=feeds[number % len(feeds)], headers=HEAD)

    return answer


def item(number: int, created: datetime) -> str:
    link = f"https://news.example/articles/{number}"
    return (
        f"<item><title>Aleppo, part {number}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{format_datetime(created)}</pubDate><description><![CDATA[<p>{SUMMARY}</p>]]></description></item>"
    )


def feed(items: str) -> bytes:
    head = "<title>News</title><link>https://news.example/</link><language>en</language>"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()
