"""An account's session at its Bluesky server: made once, kept between runs, renewed shortly before it ends.

Bluesky lets an account sign in 300 times a day; a session lives two hours and is renewed for months.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx
from pydantic import SecretStr

from monitor.errors import AccessRefused, Reason, UnexpectedPayload
from monitor.fetch.client import Answer, Client, Params
from monitor.fetch.fields import count, rows, table, text
from monitor.model.account import Allowance

LOGINS = Allowance("logins", 60, unit="logins")  # of the 300 a day; who signs in more often has something broken
EARLY = 300.0  # seconds before its end that a token is renewed
HOUR, MONTH = 3600.0, 30 * 86400.0
_STALE = frozenset({"ExpiredToken", "InvalidToken"})
_UNASKED = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED)  # an expired token is answered with 400


@dataclass(frozen=True, slots=True)
class Login:
    """Who signs in, and where; `password` is an app password."""

    server: str
    handle: str
    password: SecretStr


@dataclass(frozen=True, slots=True)
class _Open:
    """An open session: the account's own server and the two tokens."""

    server: str
    access: str
    renewal: str


class Session:
    """Asks on behalf of one account; signs in only when there is nothing left to renew."""

    def __init__(self, login: Login, client: Client) -> None:
        self._login, self._client = login, client

    async def get(self, method: str, params: Params, accept: tuple[int, ...] = ()) -> Answer:
        """Ask the account's server; a token that it calls expired is renewed once."""
        session = await self._opened()
        answer = await self._ask(session, method, params)
        if _error(answer) in _STALE:
            answer = await self._ask(await self._renewed(session.renewal), method, params)
        if answer.status not in (HTTPStatus.OK, *accept):
            raise self._client.refusal(answer)
        return answer

    async def _ask(self, session: _Open, method: str, params: Params) -> Answer:
        bearer = {"Authorization": f"Bearer {session.access}"}
        address = f"{session.server}/xrpc/{method}"
        return await self._client.get(address, params=params, headers=bearer, accept=_UNASKED)

    async def _opened(self) -> _Open:
        renewal, access = await self._recalled("renewal"), await self._recalled("access")
        if renewal and access:
            return _Open(renewal["server"], access["token"], renewal["token"])
        return await self._renewed(renewal["token"], renewal["server"]) if renewal else await self._signed_in()

    async def _renewed(self, token: str, server: str | None = None) -> _Open:
        """Renew the session; where that is refused, somebody else may have done it meanwhile, else sign in anew."""
        kept = await self._recalled("renewal")
        if kept and kept["token"] != token:
            return await self._opened()
        server = server or (kept["server"] if kept else self._login.server)
        address, bearer = f"{server}/xrpc/com.atproto.server.refreshSession", {"Authorization": f"Bearer {token}"}
        answer = await self._client.post(address, headers=bearer, accept=_UNASKED)
        if answer.status == HTTPStatus.OK:
            return await self._kept(answer, server)
        kept = await self._recalled("renewal")
        return await (self._opened() if kept and kept["token"] != token else self._signed_in())

    async def _signed_in(self) -> _Open:
        account = self._client.account
        if (told := await account.recall("refused")) is not None:
            raise AccessRefused(told, reason=Reason.KEY)
        await account.take({LOGINS: 1})
        named = {"identifier": self._login.handle, "password": self._login.password.get_secret_value()}
        address = f"{self._login.server}/xrpc/com.atproto.server.createSession"
        answer = await self._client.post(address, json=named, accept=_UNASKED)
        if answer.status != HTTPStatus.OK:
            await account.keep("refused", words := _refused(answer), seconds=HOUR)
            raise AccessRefused(words, reason=Reason.KEY)
        return await self._kept(answer, self._login.server)

    async def _kept(self, answer: Answer, server: str) -> _Open:
        told = table(answer.json())
        access, renewal = text(told.get("accessJwt")), text(told.get("refreshJwt"))
        if access is None or renewal is None:
            raise UnexpectedPayload(f"{answer.place} answered without a session; look for a newer version")
        server = _own_server(told.get("didDoc"), server)
        account = self._client.account
        await account.keep("access", json.dumps({"token": access}), seconds=_life(access, HOUR))
        await account.keep("renewal", json.dumps({"token": renewal, "server": server}), seconds=_life(renewal, MONTH))
        return _Open(server, access, renewal)

    async def _recalled(self, name: str) -> Any:
        kept = await self._client.account.recall(name)
        return json.loads(kept) if kept else None


def _own_server(document: Any, known: str) -> str:
    """Return the server that the account's document names; never one that is asked less safely."""
    services = [one for one in rows(table(document).get("service")) if str(one.get("id")).endswith("#atproto_pds")]
    named = text(services[0].get("serviceEndpoint")) if services else None
    try:
        address = httpx.URL(named or "")
    except httpx.InvalidURL:
        return known
    is_safe = address.scheme in {"https", httpx.URL(known).scheme} and address.host and address.path == "/"
    return str(address).rstrip("/") if is_safe else known


def _life(token: str, usual: float) -> float:
    """Return for how many seconds a token is used: what it says itself, where it can be read."""
    claims = _claims(token)
    until, since = count(claims.get("exp")), count(claims.get("iat"))
    life = float(until - since) if until is not None and since is not None else usual
    return max(life - EARLY, 1.0)


def _claims(token: str) -> Mapping[str, Any]:
    middle = token.partition(".")[2].partition(".")[0]
    try:
        return table(json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))))
    except ValueError:
        return {}


def _error(answer: Answer) -> str | None:
    """Return the name of the error that Bluesky answered, if it is one about who asks."""
    if answer.status not in _UNASKED:
        return None
    try:
        return text(table(answer.json()).get("error"))
    except UnexpectedPayload:
        return None


def _refused(answer: Answer) -> str:
    named = _error(answer)
    if named == "AuthFactorTokenRequired":
        return "Bluesky wants a second factor: use an app password (Settings, Privacy and security), not the main one"
    if named == "AccountTakedown":
        return "Bluesky has closed this account; search with another one"
    return "Bluesky refuses the handle or the app password: check the handle, or make a new app password"
