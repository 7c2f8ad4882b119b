"""The page behind the link in every mail: it ends the digest for one reader, and brings it back (RFC 8058).

To look at it changes nothing, for programs that search mails for bad links follow all of them. Only a POST does: of the
button, or of a mail program, whose body is not even read.
"""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitor import log
from monitor.clock import Clock
from monitor.digest.leaving import PATH, Holder, holder
from monitor.errors import StoreError
from monitor.store import readers
from monitor.store.store import Store
from monitor.words.voice import Voice, languages, voice

BACK = "subscribe"
TEMPLATES = Path(__file__).parent / "templates"
STYLE = (TEMPLATES / "leaving.css").read_text("utf-8")
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}

Act = Callable[[Holder], Awaitable[object]]

_logger = log.get("web")


@dataclass(frozen=True)
class Leaving:
    """What the page can do: show how it stands, end the mails, bring them back."""

    store: Store
    clock: Clock

    async def show(self, token: str) -> HTMLResponse:
        """Show how it stands, with the button that changes it."""
        return await self._answer(token, self._nothing, told=False)

    async def leave(self, token: str) -> HTMLResponse:
        """End the mails."""
        return await self._answer(token, self._unsubscribe, told=True)

    async def come_back(self, token: str) -> HTMLResponse:
        """Bring the mails back."""
        return await self._answer(token, self._subscribe, told=True)

    async def _answer(self, token: str, act: Act, *, told: bool) -> HTMLResponse:
        who = holder(self.store, token)
        if who is None:
            return _page([_broken(_voice(language)) for language in languages()], 404)
        speaks = _voice(who.language)
        try:
            await act(who)
            standing = await readers.standing(self.store, who.who)
        except StoreError as error:
            _logger.warning("a reader can not be unsubscribed now", problem=str(error))
            return _page([_closed(speaks)], 503)
        return _page([_standing(speaks, token, subscribed=standing.unsubscribed is None, told=told)])

    async def _nothing(self, _: Holder) -> None:
        """Only look."""

    async def _unsubscribe(self, who: Holder) -> None:
        await readers.unsubscribe(self.store, who.who, int(self.clock.now().timestamp()))

    async def _subscribe(self, who: Holder) -> None:
        await readers.serve_again(self.store, who.who)


def router(store: Store, clock: Clock) -> APIRouter:
    """Return the paths of the page."""
    page, found = Leaving(store, clock), APIRouter(default_response_class=HTMLResponse)
    for path, act in ((PATH, page.leave), (BACK, page.come_back)):
        found.add_api_route(f"/{path}/{{token}}", page.show, methods=["GET"])
        found.add_api_route(f"/{path}/{{token}}", act, methods=["POST"])
    return found


@dataclass(frozen=True)
class _Words:
    """One block of the page in one language; `to` is where its button leads."""

    language: str
    direction: str
    title: str
    text: str
    button: str = ""
    to: str = ""


def _words(speaks: Voice, title: str, text: str, button: str = "", to: str = "") -> _Words:
    return _Words(speaks.language, "rtl" if speaks.is_rtl else "ltr", title, text, button, to)


def _standing(speaks: Voice, token: str, *, subscribed: bool, told: bool) -> _Words:
    say, back = speaks.say, f"../{BACK}/{token}"
    if not subscribed:
        text = say("No more mails of the daily digest will be sent to you.")
        return _words(speaks, say("You are unsubscribed"), text, say("Send me the digest again"), back)
    if told:
        return _words(speaks, say("You get the digest again"), say("The next mail comes at its usual time."))
    text = say("You get the daily digest of a campaign monitor. One press of the button ends it.")
    return _words(speaks, say("Unsubscribe from the digest?"), text, say("Unsubscribe"), f"../{PATH}/{token}")


def _broken(speaks: Voice) -> _Words:
    text = speaks.say("Open it from the mail itself, or answer the mail: its sender can end it for you.")
    return _words(speaks, speaks.say("This link is not complete"), text)


def _closed(speaks: Voice) -> _Words:
    text = speaks.say("Nothing was changed. Please open the link again in a few minutes.")
    return _words(speaks, speaks.say("This does not work just now"), text)


def _voice(language: str) -> Voice:
    """Return who speaks to a reader; a language whose words were taken away since is answered in English."""
    return voice(language if language.partition("-")[0] in languages() else "en")


def _page(blocks: list[_Words], status: int = 200) -> HTMLResponse:
    html = _PAGES.get_template("leaving.html").render(blocks=blocks, style=Markup(STYLE))  # noqa: S704 - our own file
    return HTMLResponse(html, status, HEADERS | {"Content-Language": ", ".join(block.language for block in blocks)})


_PAGES = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
