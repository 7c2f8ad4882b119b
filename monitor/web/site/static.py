"""Files that browsers keep: styles, scripts, the bundle that makes charts interactive; each address holds a hash."""

from functools import cache
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response

from monitor.web.problem import Problem

FOLDER = Path(__file__).parent / "static"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
NEVER_CHANGE = (".woff2",)  # a style sheet asks for them beside itself, under its own hash
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@cache
def files() -> dict[str, bytes]:
    """Return every file by name; nothing else is served, so a path can lead nowhere."""
    return {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in KINDS}


def versioned(base: str, name: str) -> str:
    """Return where a file is found as it is now."""
    return f"{base}/static/{_tag(files()[name])}/{name}"


def static() -> APIRouter:
    """Return the route."""
    router = APIRouter()

    @router.get("/static/{tag}/{name}")
    async def one(tag: str, name: str) -> Response:
        found = files().get(name)
        if found is None:
            raise Problem(HTTPStatus.NOT_FOUND, "there is no such file: open the page again")
        kept = FOR_EVER if tag == _tag(found) or name.endswith(NEVER_CHANGE) else {"Cache-Control": "no-cache"}
        return Response(found, media_type=KINDS[Path(name).suffix], headers=kept)

    return router


@cache
def _tag(content: bytes) -> str:
    return blake2b(content, digest_size=8).hexdigest()
