"""Addresses in the tables of sources, whatever the platform: no login in them, and a port that exists."""

from urllib.parse import urlsplit


def address_fault(address: str) -> str | None:
    """Return what is wrong with an address and what to do about it, without repeating it; None when nothing is."""
    try:
        url = urlsplit(address)
    except ValueError:
        return 'is not an address; write one such as "https://example.org"'
    if "@" in url.netloc:
        return "a login may not stand in this file; leave out all before the @"
    try:
        url.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return "has a port that is no number up to 65535; leave it out, or write the right one"
    return None
