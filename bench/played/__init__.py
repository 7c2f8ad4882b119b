"""Servers of the platforms for the benchmarks: each file gives a platform's settings and a server of its pages.

A module offers `POSTS` (how many are collected in one round), `sources(count)` (the settings that together read so many
posts) and `server(count, end)` (what answers them; the posts are of the two days before `end`). It may set `TARGET`,
posts per second.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from monitor.demo.loopback import Answering
from monitor.model.campaign import Campaign, Family
from monitor.model.source import SourceSettings
from monitor.model.words import Phrase

LENGTH = timedelta(days=2)
TAGS = ("savealeppo", "أنقذوا_حلب", "انقذوا_حلب")
FAMILIES = (Family("SaveAleppo", TAGS[:1]), Family("أنقذوا_حلب", TAGS[1:]))


class Played(Protocol):
    """A platform that can be played."""

    POSTS: int

    def sources(self, count: int) -> list[SourceSettings]: ...

    def server(self, count: int, end: datetime) -> Answering: ...


def names() -> list[str]:
    return sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))


def played(name: str) -> Played:
    return cast("Played", import_module(f"{__name__}.{name}"))


def campaign(slug: str) -> Campaign:
    return Campaign(slug=slug, title=slug, zone="Asia/Damascus", families=FAMILIES, phrases=(Phrase("Aleppo"),))


def moments(count: int, end: datetime) -> Iterator[datetime]:
    """Yield when each of so many posts was written, the oldest first."""
    step = LENGTH / (count + 1)
    return (end - step * (count - number) for number in range(count))
