"""Server-sent events: an answer without an end, read event by event."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass

import httpx
from httpx_sse import EventSource, ServerSentEvent

from monitor.errors import SourceUnavailable, UnexpectedPayload
from monitor.fetch.answer import shown
from monitor.fetch.client import Client, Params

SILENCE = 90.0  # seconds without a word; servers send a sign of life every 15 to 30
LONGEST = 1024 * 1024  # characters of one event
_ASKED = {"Accept": "text/event-stream", "Cache-Control": "no-store"}


async def events(
    client: Client,
    url: str,
    *,
    params: Params | None = None,
    headers: Mapping[str, str] | None = None,
    silence: float = SILENCE,
) -> AsyncGenerator[ServerSentEvent, None]:
    """Yield events until the connection ends, which is an error: there is no last event. Close it with `aclosing`."""
    async with client.opened(url, params=params, headers={**(headers or {}), **_ASKED}, silence=silence) as response:
        if not response.headers.get("content-type", "").startswith("text/event-stream"):
            raise UnexpectedPayload(f"{shown(response.url)} answered with no stream of events; check the address")
        bounded = _Bounded(response)
        async with aclosing(EventSource(bounded).aiter_sse()) as told:  # type: ignore[arg-type]  # what it uses of one
            async for event in told:
                bounded.read = 0
                yield event
    raise SourceUnavailable(f"{shown(response.url)} ended the stream of events; try again later")


@dataclass
class _Bounded:
    """A response of which no event is longer than memory should hold."""

    response: httpx.Response
    read: int = 0  # characters since the last event

    @property
    def headers(self) -> httpx.Headers:
        return self.response.headers

    async def aiter_text(self) -> AsyncIterator[str]:
        async for piece in self.response.aiter_text():
            self.read += len(piece)
            if self.read > LONGEST:
                raise UnexpectedPayload(f"{shown(self.response.url)} sends an event without an end; check the address")
            yield piece
