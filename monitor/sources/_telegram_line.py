"""Telegram by Telethon: a connection with a session that was made before, and questions asked over it."""

import asyncio
import json
import logging
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

import httpx
from telethon import TelegramClient, errors
from telethon.sessions import StringSession
from telethon.tl import functions, types

from monitor.errors import AccessRefused, Reason, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.client import Answer, Client
from monitor.fetch.fields import count
from monitor.sources._telegram_message import Channel, Sheet, chats, further_of, listed, sheet, whole

AT_ONCE = 100  # messages in one answer, and numbers in one question
DEADLINE = 30.0  # seconds for one answer
LINE = "telegram"  # where all sources stand that ask by this way
PEER_KEPT, FOLLOWERS_KEPT = 30 * 86_400, 86_400  # seconds; to find a channel by its name is a dear question

Asking = Callable[[Any], Awaitable[Any]]
"""An open connection: Telethon's client, or a function that plays it."""

_TROUBLE = (errors.RPCError, errors.TypeNotFoundError, errors.SecurityError, OSError, EOFError, ValueError, BufferError)
_LOST = (errors.UnauthorizedError, errors.AuthKeyError)
_NO_CHANNEL = (
    errors.ChannelPrivateError,
    errors.ChannelInvalidError,
    errors.UsernameNotOccupiedError,
    errors.UsernameInvalidError,
)
_PASSING = (errors.ServerError, errors.TimedOutError, OSError, EOFError)


@asynccontextmanager
async def connected(api_id: int, api_hash: str, session: str) -> AsyncIterator[Asking]:
    """Connect with a session that was made before; nobody is ever asked for a code here."""
    quiet = logging.getLogger("monitor.telethon")
    quiet.setLevel(logging.CRITICAL)  # what goes wrong is told in our words
    client = TelegramClient(
        _session(session), api_id, api_hash, device_model="campaign-monitor", base_logger=quiet, receive_updates=False,
        flood_sleep_threshold=0, raise_last_call_error=True, request_retries=1, connection_retries=1, retry_delay=0,
    )  # fmt: skip
    await client.connect()
    try:
        yield client
    finally:
        await client.disconnect()


def _session(text: str) -> StringSession:
    try:
        return StringSession(text)
    except (ValueError, struct.error):
        raise AccessRefused(
            "the session is none that Telethon could make; make one with `monitor telegram-login`",
            reason=Reason.KEY,
        ) from None


class Line:
    """Asks over an open connection, in turn with everybody else who does, and with errors in our words."""

    def __init__(self, asking: Asking, client: Client) -> None:
        self._asking, self._client = asking, client

    async def channel(self, name: str) -> Channel:
        """Return a channel by its name, with how many follow it; what is known from before is not asked again."""
        note = f"channel/1 {name.lower()}"  # another number when Channel changes: notes outlive an update
        kept = await self._client.account.recall(note)
        known = Channel(**json.loads(kept)) if kept else await self._resolved(name, note)
        followers = await self._client.account.recall(f"followers {known.number}")
        if followers is None:
            try:
                full = await self.ask(functions.channels.GetFullChannelRequest(known.peer))
            except AccessRefused:
                await self._client.account.keep(note, "", seconds=1)  # the name may mean another channel by now
                raise
            followers = json.dumps(count(getattr(full.full_chat, "participants_count", None)))
            await self._client.account.keep(f"followers {known.number}", followers, seconds=FOLLOWERS_KEPT)
        return Channel(known.number, known.key, json.loads(followers))

    async def above(self, channel: Channel, number: int, since: datetime) -> Sheet:
        """Return the messages next above a number (0: since a moment), the lowest first; an album is never cut."""
        place = {"offset_id": number + 1, "offset_date": None} if number else {"offset_id": 0, "offset_date": since}
        told = await self._history(channel, **place, add_offset=-AT_ONCE)
        rising = sorted((message for message in told if message.id > number), key=lambda message: message.id)
        return sheet(whole(rising) if len(rising) >= AT_ONCE else rising, {channel.number: channel})

    async def newest(self, channel: Channel) -> Sheet:
        """Return the last messages; an album that is not all among them is left out."""
        told = await self._history(channel, offset_id=0, offset_date=None, add_offset=0)
        falling = sorted(told, key=lambda message: -message.id)
        return sheet(whole(falling) if len(falling) >= AT_ONCE else falling, {channel.number: channel})

    async def known(self, channel: Channel, numbers: Sequence[int]) -> Sheet:
        """Return the messages with these numbers that still exist."""
        wanted = [types.InputMessageID(number) for number in numbers]
        told = await self.ask(functions.channels.GetMessagesRequest(channel.peer, wanted))
        return sheet(listed(told), {channel.number: channel})

    async def tagged(self, hashtag: str, place: Mapping[str, Any] | None) -> Sheet:
        """Return the newest posts of all public channels with a hashtag; `place` is where the last page ended."""
        at = place or {"rate": 0, "number": 0, "channel": None}
        peer = Channel(*at["channel"]).peer if at["channel"] else types.InputPeerEmpty()
        told = await self.ask(
            functions.channels.SearchPostsRequest(
                offset_rate=at["rate"], offset_peer=peer, offset_id=at["number"], limit=AT_ONCE, hashtag=hashtag
            )
        )
        channels = {
            chat.id: Channel(chat.id, chat.access_hash or 0, count(chat.participants_count)) for chat in chats(told)
        }
        messages = listed(told)
        return sheet(messages, channels, further_of(told, messages, channels))

    async def ask(self, request: Any) -> Any:
        """Put one question, in turn."""
        await self._client.turn(LINE)
        with in_words(self._client):
            async with asyncio.timeout(DEADLINE):
                return await self._asking(request)

    async def _resolved(self, name: str, note: str) -> Channel:
        found = await self.ask(functions.contacts.ResolveUsernameRequest(name))
        for chat in chats(found):
            if chat.broadcast and chat.access_hash is not None:
                channel = Channel(chat.id, chat.access_hash)
                await self._client.account.keep(note, json.dumps(asdict(channel)), seconds=PEER_KEPT)
                return channel
        raise AccessRefused(
            f"@{name} is no public channel of Telegram: a group, or a person; check the name in the app",
            reason=Reason.GONE,
        )

    async def _history(self, channel: Channel, **place: Any) -> Sequence[Any]:
        request = functions.messages.GetHistoryRequest(channel.peer, **place, limit=AT_ONCE, max_id=0, min_id=0, hash=0)
        return listed(await self.ask(request))


@contextmanager
def in_words(client: Client) -> Iterator[None]:
    """Turn whatever Telethon raises into our errors; a wait that Telegram asks for is kept by all."""
    try:
        yield
    except errors.FloodWaitError as error:
        wait = {"retry-after": str(error.seconds)}
        raise client.refusal(Answer(429, httpx.Headers(wait), b"", "https://telegram.org/", line=LINE)) from None
    except SourceError:
        raise
    except _TROUBLE as error:
        raise _said(error) from None


def _said(error: Exception) -> SourceError:
    name = vars(error).get("message") or type(error).__name__.removesuffix("Error")  # an error that Telethon knows not
    if isinstance(error, _LOST):
        return AccessRefused(
            f"Telegram does not accept the session ({name}); make a new one with `monitor telegram-login`",
            reason=Reason.KEY,
        )
    if isinstance(error, _NO_CHANNEL):
        return AccessRefused(
            f"Telegram shows this channel to nobody, or not to this account ({name}); check its name in the app"
        )
    if isinstance(error, _PASSING):
        return SourceUnavailable(f"Telegram did not answer ({type(error).__name__}); try again later")
    if (
        isinstance(error, errors.FloodError | errors.ForbiddenError)
        or "PREMIUM" in name
        or isinstance(error, errors.ApiIdInvalidError)
    ):
        return AccessRefused(
            f"Telegram refuses this account or app ({name}); look at it in the app, and at api_id and api_hash"
        )
    if isinstance(error, errors.RPCError):
        return UnexpectedPayload(
            f"Telegram does not accept the question ({name}); look for a newer version of the monitor"
        )
    return UnexpectedPayload(f"Telegram's answer cannot be read ({type(error).__name__}); update telethon")
