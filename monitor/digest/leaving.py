"""The way out of the digest: a link that names its reader by a keyed hash, signed so that nobody can make another's."""

import hmac
import re
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass

from monitor.store import readers
from monitor.store.store import Store

PATH = "unsubscribe"
HERE = "https://unsubscribe.invalid/"
"""Stands in a rendered mail, which many readers share, for the link of each."""

_SIZE = 8  # bytes of the hash of an address
_TOKEN = re.compile(r"([A-Za-z]{2,8}(?:-[A-Za-z0-9]{2,8})?)\.([\w-]{32})", re.ASCII)


@dataclass(frozen=True)
class Holder:
    """Who opened a link: all that is known is the hash of the address, and the language to answer in."""

    who: bytes
    language: str


def link(public_url: str, store: Store, address: str, language: str) -> str:
    """Return the link of one reader; `public_url` is where the world finds the daemon."""
    who = readers.reader(store, address)
    proof = urlsafe_b64encode(who + _seal(store, who, language)).decode()
    return f"{public_url}/{PATH}/{language}.{proof}"


def holder(store: Store, token: str) -> Holder | None:
    """Return whose link ends with `token`; None when it is not one that we made."""
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        return None
    language, proof = parts.groups()
    told = b64decode(proof, altchars=b"-_")
    who, seal = told[:_SIZE], told[_SIZE:]
    return Holder(who, language) if hmac.compare_digest(seal, _seal(store, who, language)) else None


def _seal(store: Store, who: bytes, language: str) -> bytes:
    return hmac.digest(store.secret, b"unsubscribe\n" + language.encode() + b"\n" + who, "sha256")[:16]
