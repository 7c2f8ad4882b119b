"""A mail address as the operator writes it, checked when the settings are read."""

import re
from email.utils import parseaddr
from typing import Annotated

from pydantic import AfterValidator

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}")


def checked_address(address: str) -> str:
    """Return a mail address that can break out of no header; a ValueError says how one is written."""
    if _ADDRESS.fullmatch(address) and ".." not in address:
        return address
    raise ValueError('is not a plain mail address; write one such as "desk@example.org"')


def domain(sender: str) -> str:
    """Return the domain of a sender such as `Monitor <monitor@example.org>`."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


Address = Annotated[str, AfterValidator(checked_address)]
"""The type of every setting that is a mail address."""
