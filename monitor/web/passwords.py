"""Passwords as argon2id hashes, and a limit to guessing."""

from datetime import timedelta
from functools import cache
from http import HTTPStatus
from ipaddress import IPv4Address, ip_address, ip_network

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError, VerifyMismatchError

from monitor.errors import MonitorError
from monitor.fetch.beside import beside
from monitor.model.person import User
from monitor.store import people
from monitor.store.store import Store
from monitor.web.problem import Problem

SHORTEST, LONGEST = 12, 1000  # characters
GUESSES_THERE, GUESSES_OF_A_PLACE, GUESSES_OF_A_NAME = 5, 30, 100
"""Of a name from one place; of all names from it; of a name from everywhere: no stranger alone keeps anybody out."""

WITHIN = timedelta(minutes=15)
HOME = 64  # bits of an IPv6 address that tell one home or one rented machine from others (RFC 6177)

_hasher = PasswordHasher()  # RFC 9106, for machines of little memory: 64 MB, 3 passes, 4 lanes


def hashed(password: str) -> str:
    """Return the hash to keep; raise MonitorError for a password that can be guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise MonitorError(f"give a password of {SHORTEST} characters or more: four unusual words are easy to remember")
    return _hasher.hash(password)


async def signed_in(store: Store, name: str, password: str, place: str) -> User:
    """Return who this is; raise Problem 401 for a wrong name or password, 429 for too many attempts."""
    there = neighbourhood(place)
    own = f"name:{name[:60]}:{there}"
    limits = ((own, GUESSES_THERE), (f"place:{there}", GUESSES_OF_A_PLACE), (f"name:{name[:60]}", GUESSES_OF_A_NAME))
    for who, most in limits:
        if await people.guesses(store, who, WITHIN) > most:
            wait = str(int(WITHIN.total_seconds()))
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS, "too many attempts: wait a quarter of an hour", retry_after=wait
            )
    known = await people.user(store, name)
    if not await beside(_fits, known.password if known else _of_nobody(), password[:LONGEST]) or known is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "this name and this password do not belong together")
    await people.forgive(store, own)
    return known


def neighbourhood(address: str) -> str:
    """Return what one person holds whole: an IPv4 address, or the /64 that an IPv6 address is one of 2^64 in."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ip_network((int(known), HOME), strict=False))


@cache
def _of_nobody() -> str:
    """Return what is verified for a name that nobody has, so that the time tells nothing."""
    return _hasher.hash("nobody")


def _fits(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerifyMismatchError, VerificationError):
        return False
