"""How a visitor is spoken to: the language they chose, else the one their browser asks for."""

from fastapi import Request
from starlette.responses import Response

from monitor.words.voice import Voice, languages, voice

CHOICE = "lang"
YEAR = 365 * 86400


def speaking(request: Request, zone: str = "UTC") -> Voice:
    """Return the voice for a visitor; times are told on the clock of `zone`."""
    return voice(_language(request), zone)


def asking(request: Request, zone: str = "UTC") -> Voice:
    """Return the same for a page that is the same for all who ask for it: what was chosen before is not looked at."""
    return voice(_spoken(request.query_params.get(CHOICE), *_accepted(request)), zone)


def remember(request: Request, response: Response) -> None:
    """Keep the language that was chosen just now."""
    chosen = request.query_params.get(CHOICE)
    if chosen in languages():
        path = request.scope.get("root_path", "") or "/"
        response.set_cookie(CHOICE, chosen, max_age=YEAR, path=path, samesite="lax", httponly=True)


def _language(request: Request) -> str:
    return _spoken(request.query_params.get(CHOICE), request.cookies.get(CHOICE), *_accepted(request))


def _spoken(*wished: str | None) -> str:
    return next((one for one in wished if one in languages()), "en")


def _accepted(request: Request) -> list[str]:
    """Return the languages a browser asks for, the dearest first."""
    ranked = []
    for number, part in enumerate(request.headers.get("accept-language", "")[:300].split(",")):
        name, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), number, name.partition("-")[0].lower()))
        except ValueError:
            continue
    return [name for _, _, name in sorted(ranked)]
