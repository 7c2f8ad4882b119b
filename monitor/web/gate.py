"""Who is asking, and whether they may: a browser that signed in, a program with a token, or the machine's own user.

While nobody may sign in yet, whoever sits at this machine sees everything, and nobody else sees anything.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address

from fastapi import Request

from monitor.clock import Clock
from monitor.model.person import Role, Scope
from monitor.store import people
from monitor.store.store import Store
from monitor.web.problem import Problem
from monitor.web.server import HERE, name_of
from monitor.words.voice import message

COOKIE = "monitor"
FORM = "form"
NO_RIGHT = message("{name} may not do this: it takes the right to {right}")
NOBODY_YET = message("nobody may sign in yet: run `monitor user add NAME` on the machine")
FOREIGN = message("this came from another site: open the page itself and try again")
OUT_OF_DATE = message("this form is out of date: open the page again and send it once more")
MAY = {Role.READER: frozenset({Scope.READ}), Role.OPERATOR: frozenset(Scope)}

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


@dataclass(frozen=True)
class Who:
    """Somebody who may look. `form` is what the forms of a browser must hold; `alone`: nobody can sign in yet."""

    name: str
    scopes: frozenset[Scope]
    form: str = ""
    alone: bool = False


Asked = Callable[[Request], Awaitable[Who]]


class Gate:
    """Asks the store who may pass. Behind a proxy nobody is known to sit at this machine."""

    def __init__(self, store: Store, clock: Clock, *, is_behind_proxy: bool = False) -> None:
        self._store, self._clock, self._is_behind_proxy = store, clock, is_behind_proxy

    def needs(self, scope: Scope) -> Asked:
        """Return a dependency that lets pass whoever may do that."""

        async def passed(request: Request) -> Who:
            who = await self.who(request)
            if scope not in who.scopes:
                raise Problem(HTTPStatus.FORBIDDEN, NO_RIGHT, named={"name": who.name, "right": scope.value})
            return who

        return passed

    async def watcher(self, request: Request) -> None:
        """Let pass what watches the daemon: a program on this machine without ado, any other with a right to read."""
        if self._is_behind_proxy or not is_at_this_machine(request):
            await self.needs(Scope.READ)(request)

    async def who(self, request: Request) -> Who:
        """Return who is asking; raise Problem 401 when nobody knows, 403 when the request is not theirs."""
        if key := _key(request):
            return await self._program(key)
        if request.method not in _SAFE:
            of_same_site(request)
        if cookie := request.cookies.get(COOKIE):
            found = await people.session(self._store, cookie, self._clock.now())
            if found is not None:
                session, role = found
                await _of_same_form(request, session.form)
                return Who(session.user, MAY[role], session.form)
        return await self._alone(request)

    async def _program(self, key: str) -> Who:
        found = await people.token(self._store, key, self._clock.now())
        if found is None:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "this token is not known, or its time is over: make one with `monitor token add NAME`",
                www_authenticate="Bearer",
            )
        return Who(found.name, frozenset(found.scopes))

    async def _alone(self, request: Request) -> Who:
        if await people.users(self._store):
            raise Problem(HTTPStatus.UNAUTHORIZED, "sign in, or send a token", www_authenticate="Bearer")
        if self._is_behind_proxy or not is_at_this_machine(request):
            raise Problem(HTTPStatus.FORBIDDEN, NOBODY_YET)
        return Who("this machine", frozenset(Scope), alone=True)


def is_at_this_machine(request: Request) -> bool:
    """Tell whether a request began on this machine and was meant for it: no proxy, no foreign name for this address."""
    try:
        is_local = request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        is_local = False
    name = name_of(request.headers.get("host", ""))
    return is_local and name in HERE and not any(header in request.headers for header in _FORWARDED)


def of_same_site(request: Request) -> None:
    """Refuse what another site made a browser send."""
    origin = request.headers.get("origin")
    other = origin is not None and origin.partition("://")[2] != request.headers.get("host")
    if other or request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Problem(HTTPStatus.FORBIDDEN, FOREIGN)


async def _of_same_form(request: Request, form: str) -> None:
    if request.method in _SAFE:
        return
    given = request.headers.get("x-form") or (await request.form()).get(FORM)
    if given != form:
        raise Problem(HTTPStatus.FORBIDDEN, OUT_OF_DATE)


def _key(request: Request) -> str:
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if kind.casefold() == "bearer" else ""
