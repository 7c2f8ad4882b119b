"""`monitor telegram-login`: a session made once by a person, kept for their eyes only."""

import stat
from asyncio import IncompleteReadError
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from telethon import errors

from monitor.cli.telegram_login import new_file, signed_in, telegram_login
from monitor.errors import AccessRefused, MonitorError


class Played:
    """Telethon's client, as far as signing in needs it."""

    def __init__(self, code: str = "12345", password: str | None = None, fails: Exception | None = None) -> None:
        self.code, self.password, self.fails = code, password, fails
        self.session = SimpleNamespace(save=lambda: "1session")
        self.is_open = False

    async def connect(self) -> None:
        self.is_open = True

    async def disconnect(self) -> None:
        self.is_open = False

    async def send_code_request(self, _phone: str) -> None:
        if self.fails:
            raise self.fails

    async def sign_in(self, _phone: str | None = None, code: str | None = None, *, password: str | None = None) -> None:
        if code is not None and code != self.code:
            raise errors.PhoneCodeInvalidError(None)
        if password != self.password:
            raise errors.SessionPasswordNeededError(None) if code else errors.PasswordHashInvalidError(None)


def typing(*answers: str) -> Any:
    """Return somebody who types these, and notes what was hidden."""
    rest: Iterator[str] = iter(answers)
    return lambda _words, _hidden: next(rest)


async def test_a_code_is_enough() -> None:
    client = Played()
    assert await signed_in(client, typing("+1555", "12345")) == "1session"
    assert not client.is_open


async def test_a_password_is_asked_for_where_there_is_one() -> None:
    assert await signed_in(Played(password="s3cret"), typing("+1555", "12345", "s3cret")) == "1session"


@pytest.mark.parametrize(
    ("client", "typed"),
    [
        (Played(), ("+1555", "999")),
        (Played(password="s3cret"), ("+1555", "12345", "wrong")),
        (Played(fails=errors.FloodWaitError(None, 90)), ("+1555",)),
        (Played(fails=errors.PhoneNumberInvalidError(None)), ("me",)),
        (Played(fails=ConnectionError()), ("+1555",)),
        (Played(fails=IncompleteReadError(b"", 5)), ("+1555",)),
    ],
)
async def test_who_is_not_let_in_is_told_why(client: Played, typed: tuple[str, ...]) -> None:
    with pytest.raises(AccessRefused, match="did not sign you in") as raised:
        await signed_in(client, typing(*typed))
    assert "s3cret" not in str(raised.value)
    assert not client.is_open


def test_a_session_is_readable_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "session"
    with new_file(path) as file:
        file.write("1session\n")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("1session\n", 0o600)


def test_nobody_is_asked_for_a_code_when_the_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("another\n")
    for path in (tmp_path / "there", tmp_path / "no" / "folder"):
        with pytest.raises(MonitorError, match="name another file"):
            telegram_login(api_id=17, session_file=path)
    assert (tmp_path / "there").read_text() == "another\n"


def test_nothing_is_left_when_signing_in_fails(tmp_path: Path) -> None:
    with pytest.raises(AccessRefused), new_file(tmp_path / "session"):
        raise AccessRefused("no")
    assert list(tmp_path.iterdir()) == []
