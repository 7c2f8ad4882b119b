"""A websocket that is listened to, with the manners of every other call and its errors in words."""

import re
from collections.abc import AsyncGenerator

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from monitor.errors import SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.answer import Answer, shown
from monitor.fetch.client import Client, Params
from monitor.fetch.exchange import address, host

LONGEST = 4 * 1024 * 1024  # bytes of one message, unpacked
PING_EVERY = 20.0  # seconds; a server that does not answer within as many more is gone
WAITING = 256  # frames read ahead, while what was read is stored
OPEN_WITHIN, CLOSE_WITHIN = 10.0, 1.0
_PLAIN = re.compile(r"HTTP/1\.\d ([45]\d\d)")  # a refusal of a server that knows no websockets, such as a proxy
SCHEMES = frozenset({"ws", "wss"})
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


async def messages(client: Client, url: str, params: Params | None = None) -> AsyncGenerator[bytes, None]:
    """Yield messages as bytes until the connection ends, which is an error. Close it with `aclosing`."""
    place = address(url, params, SCHEMES)
    await client.turn(host(place))
    opening = _Straight(
        str(place),
        user_agent_header=client.who,
        proxy=None if place.host in _HERE else True,
        open_timeout=OPEN_WITHIN,
        close_timeout=CLOSE_WITHIN,
        ping_interval=PING_EVERY,
        max_size=LONGEST,
        max_queue=WAITING,
    )
    connection: ClientConnection | None = None
    try:
        async with opening as connection:
            while True:
                yield await connection.recv(decode=False)
    except (WebSocketException, OSError) as error:  # a timeout is an OSError
        raise _in_words(client, place, error) from None
    finally:
        if connection is not None:
            connection.transport.abort()  # it is closed by now, unless somebody was in a hurry


class _Straight(connect):
    """Follows no redirects: nobody sends us on to another host."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


def _in_words(client: Client, place: httpx.URL, error: Exception) -> SourceError:
    if isinstance(error, InvalidStatus):
        told = error.response
        headers = httpx.Headers(list(told.headers.raw_items()))
        return client.refusal(Answer(told.status_code, headers, bytes(told.body or b""), str(place), host(place)))
    if plain := _PLAIN.search(str(error.__cause__)):
        return client.refusal(Answer(int(plain[1]), httpx.Headers(), b"", str(place), host(place)))
    if isinstance(error, ConnectionClosed):
        return SourceUnavailable(f"{shown(place)} broke off the connection; it is opened again")
    if isinstance(error, TimeoutError):
        return SourceUnavailable(f"{shown(place)} did not accept the connection in time; try again later")
    if isinstance(error, WebSocketException):
        return UnexpectedPayload(f"{shown(place)} does not speak as a websocket does; check the address")
    return SourceUnavailable(f"{shown(place)} could not be reached; check the address and the network of this machine")
