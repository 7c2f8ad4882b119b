"""Outlets of the press: which name, language, country and part of the world stand behind an address."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from monitor.model.link import canonical


class Region(StrEnum):
    """The part of the world that an outlet speaks from; what nobody placed is OTHER."""

    ARAB = "arab"
    WESTERN = "western"
    OTHER = "other"


_ARAB_LEAGUE = "AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE"
_WEST = (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK "  # the European Union
    "AD CH GB IS LI MC NO SM VA AU CA NZ US"
)


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet; `place` is its domain, or the part of one (bbc.com/arabic)."""

    place: str
    name: str
    language: str
    country: str
    region: Region


@dataclass(frozen=True)
class Outlets:
    """The table of outlets that the operator keeps."""

    rows: tuple[Outlet, ...] = ()

    def of(self, link: str | None) -> Outlet | None:
        """Return the outlet of an article: of the most exact host that is listed, and there of the longest path."""
        places = _places(canonical(link)) if link and self.rows else ()
        return next((found for place in places if (found := self._by_place.get(place))), None)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(outlet.name for outlet in self.rows)

    @cached_property
    def _by_place(self) -> dict[str, Outlet]:
        return {outlet.place: outlet for outlet in self.rows}


def region(country: str | None) -> Region:
    """Return the part of the world a country lies in, for outlets that are not listed."""
    if country in _ARAB_LEAGUE.split():
        return Region.ARAB
    return Region.WESTERN if country in _WEST.split() else Region.OTHER


def _places(address: str) -> Iterator[str]:
    """Yield where an address lies, the most exact first: ar.news.example/a, ar.news.example, news.example/a."""
    host, *steps = address.partition("?")[0].split("/")
    labels = host.partition(":")[0].split(".")
    for first in range(len(labels) - 1):
        name = ".".join(labels[first:])
        for depth in range(min(len(steps), 2), -1, -1):
            yield "/".join((name, *steps[:depth]))
