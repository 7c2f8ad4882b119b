"""`/sign-in` and `/sign-out`: a name and a password for a cookie, and back to the page that was wanted."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from monitor.store import people
from monitor.web.gate import COOKIE, Who, of_same_site
from monitor.web.passwords import LONGEST, signed_in
from monitor.web.problem import Problem
from monitor.web.site.shell import SIGN_IN, Site
from monitor.words.voice import message

REFUSED = {
    HTTPStatus.UNAUTHORIZED: message("This name and this password do not belong together."),
    HTTPStatus.TOO_MANY_REQUESTS: message("Too many attempts. Wait a quarter of an hour and try again."),
}
LONGEST_NAME = 60

Next = Annotated[str, Query(max_length=2000)]
NextField = Annotated[str, Form(max_length=2000)]
Name = Annotated[str, Form(max_length=LONGEST_NAME)]
Password = Annotated[str, Form(max_length=LONGEST)]


def signing(site: Site) -> APIRouter:
    """Return the routes. Whoever posts here from another site is refused, so nobody is signed in as somebody else."""
    router = APIRouter(default_response_class=HTMLResponse)
    store = site.desk.store

    @router.get(SIGN_IN)
    async def ask(request: Request, wanted: Annotated[Next, Query(alias="next")] = "/") -> Response:
        cookie = request.cookies.get(COOKIE)
        if cookie and await people.session(store, cookie, site.desk.clock.now()):
            return _to(request, wanted)
        return await _form(site, request, wanted)

    @router.post(SIGN_IN)
    async def sign_in(
        request: Request,
        name: Name = "",
        password: Password = "",
        wanted: Annotated[NextField, Form(alias="next")] = "/",
    ) -> Response:
        of_same_site(request)
        place = request.client.host if request.client else ""
        try:
            user = await signed_in(store, name, password, place)
        except Problem as problem:
            if problem.status not in REFUSED:
                raise
            return await _form(site, request, wanted, problem)
        await people.end_session(store, request.cookies.get(COOKIE, ""))
        cookie, _ = await people.begin_session(store, user, site.desk.clock.now())
        answer = _to(request, wanted)
        _keep(request, answer, cookie, people.LONGEST)
        return answer

    @router.post("/sign-out")
    async def sign_out(request: Request, _: Annotated[Who, Depends(site.reader)]) -> Response:
        await people.end_session(store, request.cookies.get(COOKIE, ""))
        answer = _to(request, SIGN_IN)
        _keep(request, answer, "", timedelta(0))
        return answer

    return router


def local(path: str) -> str:
    """Return a path of this site, or `/` for whatever a browser may take for another one."""
    is_odd = any(ord(sign) <= ord(" ") or sign == "\\" for sign in path)
    if is_odd or not path.startswith("/") or path.startswith("//"):
        return "/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    return "/" if parts.netloc or parts.scheme else path


async def _form(site: Site, request: Request, wanted: str, problem: Problem | None = None) -> Response:
    """Return the form; nobody who types a password is told which part of it was wrong."""
    refused = REFUSED[problem.status] if problem else None
    nobody = not await people.users(site.desk.store)
    status = problem.status if problem else HTTPStatus.OK
    answer = site.page(request, "sign-in.html", status=status, wanted=local(wanted), refused=refused, nobody=nobody)
    answer.headers.update(problem.headers if problem else {})
    return answer


def _to(request: Request, path: str) -> RedirectResponse:
    return RedirectResponse(f"{request.scope.get('root_path', '')}{local(path)}", HTTPStatus.SEE_OTHER)


def _keep(request: Request, answer: Response, cookie: str, length: timedelta) -> None:
    """Give a browser its cookie, safe from scripts, other sites, and the open wire where there is a closed one."""
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=int(length.total_seconds()),
        path=request.scope.get("root_path", "") or "/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
