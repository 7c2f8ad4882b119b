"""Finding the feed of a site: what its page names, and the places where feeds usually are. Pure."""

from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

MOST = 8  # addresses that are tried
_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
_USUAL = ("/rss", "/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
_ASIDE = ("comment", "تعليق", "replies")


def is_page(body: bytes) -> bool:
    """Tell whether a body is a page for people; feeds may hold pages, but do not begin as one."""
    start = body[:2000].lower().lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<!doctype html") or b"<html" in start


def feeds_of(page: str, address: str) -> list[str]:
    """Return the feeds that a page names, its comments last, and the usual places at the root of the site."""
    named = []
    for link in LexborHTMLParser(page).css("link[rel][type][href]"):
        told = {name: (value or "").strip() for name, value in link.attributes.items()}
        if "alternate" in told["rel"].lower().split() and told["type"].lower() in _TYPES:
            found = _joined(address, told["href"])
            aside = any(word in f"{told.get('title', '')} {found}".lower() for word in _ASIDE)
            named.append((aside, found))
    news = [found for _, found in sorted(named, key=lambda one: one[0]) if found]
    usual = [_joined(address, place) for place in _USUAL]
    return list(dict.fromkeys((*news, *usual)))[:MOST]


def _joined(address: str, place: str) -> str:
    """Return a place on a page as a web address; empty when it is none."""
    try:
        found = urljoin(address, place)
        return found if urlsplit(found).scheme in {"http", "https"} else ""
    except ValueError:
        return ""
