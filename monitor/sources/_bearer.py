"""The short-lived token that an app gets for its id and secret (OAuth, client credentials), kept until it ends."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.fetch.client import Client
from monitor.fetch.fields import count, table, text

EARLY = 60  # seconds before its end a token is no longer used
SHORTEST = 300  # seconds: a server that names no time, or an odd one
_KEPT = "bearer"


@dataclass(frozen=True, slots=True)
class Bearer:
    """One app at one platform; campaigns with the same secret share the token through the client's account."""

    client: Client
    url: str
    form: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    async def asked(self, ask: Callable[[Mapping[str, str]], Awaitable[Answer]]) -> Answer:
        """Return what `ask` brings with the token's header; a 401, which it must accept, is asked once more anew."""
        answer = await ask(await self._header())
        if answer.status == HTTPStatus.UNAUTHORIZED:
            answer = await ask(await self._header(anew=True))
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise self.client.refusal(answer)
        return answer

    async def _header(self, *, anew: bool = False) -> Mapping[str, str]:
        token = None if anew else await self.client.account.recall(_KEPT)
        return {"Authorization": f"Bearer {token or await self._new()}"}

    async def _new(self) -> str:
        answer = await self.client.post(self.url, form=self.form, headers=self.headers, repeat=True)
        told = table(answer.json())
        token = text(told.get("access_token"))
        if token is None or not token.isascii() or not token.isprintable():
            raise UnexpectedPayload(f"{answer.place} gave no token; check the id and the secret of the app")
        lasts = (count(told.get("expires_in")) or SHORTEST) - EARLY
        if lasts > 0:
            await self.client.account.keep(_KEPT, token, seconds=lasts)
        return token
