"""Who may look: people who sign in, and programs that show a token."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

from monitor.model.table import Record

_NAME = re.compile(r"[^\W_][\w.@+-]{0,59}")


class Role(StrEnum):
    """A reader sees everything that is shown; an operator also silences alerts and sees who may look."""

    READER = "reader"
    OPERATOR = "operator"


class Scope(StrEnum):
    """What a token is good for."""

    READ = "read"
    SILENCE = "silence"


def checked_name(text: str) -> str:
    """Return the name of a person or a token, or raise ValueError that says how one is written."""
    if not _NAME.fullmatch(text):
        raise ValueError("is no name: use up to 60 letters and digits, and . @ + - _ after the first")
    return text


Name = Annotated[str, AfterValidator(checked_name)]


class User(Record):
    """Somebody who signs in. `password` is its argon2 hash."""

    name: Name
    role: Role
    password: str
    made_at: datetime


class Token(Record):
    """A program's key; the key itself is known to whoever was given it, the store has its SHA-256."""

    name: Name
    scopes: tuple[Scope, ...]
    digest: str
    made_at: datetime
    until: datetime | None = None


class Session(Record):
    """A browser that signed in. `form` is what a form must hold to be taken for one of ours."""

    user: Name
    form: str
    made_at: datetime
