"""How a request came here: through which proxy, under which name and path; what a stranger claims of it is not heeded.

A proxy may take the prefix away or leave it; both are understood.
"""

from http import HTTPStatus
from ipaddress import ip_address, ip_network

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from monitor.web.problem import Problem, as_json
from monitor.web.server import Settings, name_of

LARGEST = 100_000
"""Bytes of a body: a form or a wish for silence is shorter by far. It is read before anybody knows who asks."""

_UNKNOWN = "the monitor is not known under this name: call it by its own, or add the name to hosts in [web]"


class Approach:
    """Middleware around everything: believes trusted proxies, refuses foreign names, knows the prefix."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = ProxyHeadersMiddleware(app, list(settings.trusted_proxies))  # type: ignore[arg-type]
        self._networks = [ip_network(network) for network in settings.trusted_proxies]
        self._names, self._prefix = settings.names, settings.prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)  # type: ignore[arg-type]
            return
        scope = self._prefixed(self._named(scope))
        if self._names is not None and name_of(Headers(scope=scope).get("host", "")) not in self._names:
            refused = as_json(Problem(HTTPStatus.MISDIRECTED_REQUEST, _UNKNOWN))
            await refused(scope, receive, send)
            return
        await self._app(scope, _limited(receive), send)  # type: ignore[arg-type]

    def _named(self, scope: Scope) -> Scope:
        """Return the request under the name that a browser used, where a trusted proxy tells it."""
        told = Headers(scope=scope).get("x-forwarded-host", "").partition(",")[0].strip()
        if not told or not self._is_trusted(scope):
            return scope
        headers = MutableHeaders(raw=list(scope["headers"]))
        headers["host"] = told
        return {**scope, "headers": headers.raw}

    def _is_trusted(self, scope: Scope) -> bool:
        client = scope.get("client")
        try:
            return client is not None and any(ip_address(client[0]) in network for network in self._networks)
        except ValueError:
            return False

    def _prefixed(self, scope: Scope) -> Scope:
        path: str = scope["path"]
        if not self._prefix:
            return scope
        whole = path if f"{path}/".startswith(f"{self._prefix}/") else self._prefix + path
        return {**scope, "path": whole, "root_path": self._prefix}


def _limited(receive: Receive) -> Receive:
    """Return what receives a body that is not too large."""
    left = LARGEST

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"send at most {LARGEST:,} bytes")
        return message

    return limited
