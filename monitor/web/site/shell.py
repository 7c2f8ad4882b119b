"""What all pages share: who looks, in which language, the frame around them, and errors as pages."""

from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from monitor.model.person import Scope
from monitor.web.desk import Desk
from monitor.web.gate import Asked, Gate, Who
from monitor.web.problem import Problem, problem_of
from monitor.web.site.static import versioned
from monitor.web.site.visitor import remember, speaking
from monitor.words.voice import Voice, languages, message, voice

TEMPLATES = Path(__file__).parent / "templates"
SIGN_IN = "/sign-in"
MEANINGS = {
    HTTPStatus.FORBIDDEN: message("You may not do this."),
    HTTPStatus.NOT_FOUND: message("There is nothing at this address."),
    HTTPStatus.UNPROCESSABLE_ENTITY: message("What was asked for can not be; go back and change it."),
    HTTPStatus.TOO_MANY_REQUESTS: message("Too many at once. Wait a little and try again."),
    HTTPStatus.SERVICE_UNAVAILABLE: message("The store does not answer just now. This page comes back by itself."),
}
"""What went wrong in the visitor's language, above what exactly it was."""

INCOMPLETE = message("Something that it takes is missing, or can not be: go back and fill in the form.")


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True)
class Site:
    """The shell around every page. `reader` and `operator` are the dependencies that let people in."""

    desk: Desk
    gate: Gate
    templates: Environment = field(default_factory=_environment)

    @property
    def reader(self) -> Asked:
        return self.gate.needs(Scope.READ)

    @property
    def operator(self) -> Asked:
        return self.gate.needs(Scope.SILENCE)

    @property
    def zone(self) -> str:
        """The clock of pages about all campaigns: the one that they share, if they do."""
        zones = {campaign.zone for campaign in self.desk.house.campaigns()}
        return zones.pop() if len(zones) == 1 else "UTC"

    def page(
        self,
        request: Request,
        template: str,
        who: Who | None = None,
        zone: str = "UTC",
        status: int = HTTPStatus.OK,
        **shown: Any,
    ) -> HTMLResponse:
        """Return a page: its template, filled, in the visitor's language, times on the clock of `zone`."""
        speaks = speaking(request, zone)
        html = self.html(request, template, speaks, who=who, **shown)
        answer = HTMLResponse(html, status, {"Content-Language": speaks.language, "Vary": "Accept-Language, Cookie"})
        remember(request, answer)
        return answer

    def html(self, request: Request, template: str, speaks: Voice, **shown: Any) -> str:
        """Return a template, filled with what is shown and with what all pages need."""
        base = request.scope.get("root_path", "")
        common = {
            "voice": speaks, "say": speaks.say, "count": speaks.count, "language": speaks.language,
            "direction": "rtl" if speaks.is_rtl else "ltr",
            "base": base, "static": partial(versioned, base), "now": self.desk.clock.now(),
            "here": request.url.path.removeprefix(base),
            "elsewhere": [(code, _own_name(code), in_language(request, code)) for code in languages()],
        }  # fmt: skip
        return self.templates.get_template(template).render(common | shown)

    async def told(self, request: Request, error: Exception) -> Response:
        """Answer with a page that says what is wrong and what to do; who must sign in is led there."""
        found = _of_form(error) if isinstance(error, RequestValidationError) else problem_of(error)
        base = request.scope.get("root_path", "")
        if found.status is HTTPStatus.UNAUTHORIZED and request.method == "GET":
            path = request.url.replace(scheme="", netloc="", fragment="")
            wanted = urlencode({"next": str(path).removeprefix(base)})
            return RedirectResponse(f"{base}{SIGN_IN}?{wanted}", HTTPStatus.SEE_OTHER)
        meaning, exactly = MEANINGS.get(found.status), found.told(speaking(request))
        shown: dict[str, Any] = {"problem": found, "meaning": meaning, "exactly": exactly}
        answer = self.page(request, "error.html", status=found.status, **shown)
        answer.headers.update(found.headers)
        return answer


def _of_form(error: RequestValidationError) -> Problem:
    """Return what an address or a form means that holds what can not be: nobody reads the names of its fields."""
    if any(one["loc"][0] == "path" for one in error.errors()):
        return Problem(HTTPStatus.NOT_FOUND, MEANINGS[HTTPStatus.NOT_FOUND])
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, INCOMPLETE)


def _own_name(code: str) -> str:
    return voice(code).language_name(code)


def in_language(request: Request, code: str) -> str:
    """Return the address of the same page in another language."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"?{urlencode([*kept, ('lang', code)])}"
