"""The way to the world's servers: for every question a pool looks at all connections it holds, so each has its own."""

import ssl

import httpx


class Lines(httpx.AsyncBaseTransport):
    """Asks each server through a pool of its own."""

    def __init__(self) -> None:
        self._pools: dict[bytes, httpx.AsyncHTTPTransport] = {}
        self._trusted = ssl.create_default_context()  # read once: it takes as long as a hundred questions

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        pool = self._pools.get(request.url.netloc)
        if pool is None:
            pool = self._pools[request.url.netloc] = httpx.AsyncHTTPTransport(verify=self._trusted)
        return await pool.handle_async_request(request)

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            await pool.aclose()
