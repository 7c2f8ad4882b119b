"""Which addresses are nobody's business: loopback, private networks, link-local (cloud metadata)."""

import asyncio
import ipaddress
import socket


async def is_private(host: str) -> bool:
    """Tell whether a host name or address leads anywhere but the public internet; a name nobody knows does not."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False  # connecting will say so
    return not all(_is_public(str(place[0])) for *_, place in found)


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text)
    inside = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return (inside or address).is_global
