"""`monitor telegram-login`: the one time somebody types a code, so that the daemon never asks for one."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from monitor.errors import AccessRefused, MonitorError
from monitor.sources.telegram_app import MISSING

WARNING = (
    "The session that is made here opens the whole account, as you do on your phone. Use an account that you can lose: "
    "Telegram watches accounts that sign in with apps of other makers, and closes those it finds abusive for good."
)
Prompt = Callable[[str, bool], str]
"""Asks the person for something, hidden or not."""


def telegram_login(
    *,
    api_id: Annotated[int, typer.Option(prompt="api_id (from my.telegram.org)", help="The number of your app.")],
    session_file: Annotated[Path, typer.Option(help="Where the session is kept; name it in `session_file`.")],
) -> None:
    """Sign in to Telegram once, for sources of the platform telegram_app, and keep the session in a file.

    Asks for the app's hash, your phone number, the code that Telegram sends to your other devices, and your password
    if you have one.
    """
    with new_file(session_file) as file:  # before anybody is asked: a code that was typed for nothing is used up
        typer.echo(WARNING)
        file.write(asyncio.run(_login(api_id)) + "\n")
    typer.echo(f'Kept in {session_file}, readable for you alone. In the source: session_file = "{session_file}"')


async def signed_in(client: Any, prompt: Prompt) -> str:
    """Return the session of whoever answers the questions; `client` is Telethon's, or plays it."""
    from telethon import errors

    def asked(words: str, *, hidden: bool) -> Awaitable[str]:  # beside the loop: the connection lives on meanwhile
        return asyncio.to_thread(prompt, words, hidden)

    phone = await asked("Phone number, with the country's code", hidden=False)
    try:
        await client.connect()
        await client.send_code_request(phone)
        try:
            await client.sign_in(phone, await asked("Code", hidden=True))
        except errors.SessionPasswordNeededError:
            await client.sign_in(password=await asked("Password", hidden=True))
        return str(client.session.save())
    except (errors.RPCError, errors.SecurityError, OSError, EOFError) as error:
        raise AccessRefused(f"Telegram did not sign you in ({type(error).__name__}); begin again, slowly") from None
    finally:
        await client.disconnect()


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """Open a file that only its owner can read, never one that is there already; nothing is left of an empty one."""
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise MonitorError(f"{path} cannot be made ({error.strerror}); name another file") from error
    try:
        with os.fdopen(opened, "w", encoding="ascii") as file:
            yield file
    finally:
        if not path.stat().st_size:
            path.unlink()


async def _login(api_id: int) -> str:
    try:
        from telethon import TelegramClient
        from telethon.sessions import StringSession
    except ImportError:
        raise AccessRefused(MISSING) from None
    api_hash = _prompt("api_hash", hidden=True)
    return await signed_in(
        TelegramClient(StringSession(), api_id, api_hash, receive_updates=False, connection_retries=1), _prompt
    )


def _prompt(words: str, hidden: bool) -> str:
    return str(typer.prompt(words, hide_input=hidden)).strip()
