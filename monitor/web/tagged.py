"""Answers with an ETag: who has one already is told so, in a few bytes."""

from hashlib import blake2b

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Tagged:
    """Middleware for whole JSON answers: adds `ETag`, and answers 304 to an `If-None-Match` that fits.

    An answer that says `no-store` is passed on as it comes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        held: list[Message] = []
        flows = False

        async def hold(message: Message) -> None:
            nonlocal flows
            flows = flows or (message["type"] == "http.response.start" and _flows(message))
            if flows:
                await send(message)
            else:
                held.append(message)

        await self._app(scope, receive, hold)
        if held:
            await self._answer(Headers(scope=scope).get("if-none-match", ""), held, send)

    async def _answer(self, known: str, held: list[Message], send: Send) -> None:
        start, parts = held[0], held[1:]
        headers = MutableHeaders(raw=start["headers"])
        if start["status"] == 200:  # noqa: PLR2004
            tag = f'"{blake2b(b"".join(part.get("body", b"") for part in parts), digest_size=16).hexdigest()}"'
            headers["etag"], headers["cache-control"] = tag, "private, no-cache"
            if tag in known or known.strip() == "*":
                del headers["content-length"]
                start["status"], parts = 304, [{"type": "http.response.body", "body": b""}]
        await send({**start, "headers": headers.raw})
        for part in parts:
            await send(part)


def _flows(start: Message) -> bool:
    """Tell whether an answer is passed on piece by piece."""
    return "no-store" in Headers(raw=start["headers"]).get("cache-control", "")
