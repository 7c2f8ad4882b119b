"""`/method`: what each number means, in two minutes of reading; the whole of it is docs/methods.md."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from monitor.digest.terms import LABELS
from monitor.exports.note import MEANINGS, RULES
from monitor.model.metric import VERSIONS
from monitor.web.site.shell import Site


def method(site: Site) -> APIRouter:
    """Return the route; everybody may read it, for it holds no number."""
    router = APIRouter(default_response_class=HTMLResponse)
    numbers = [(f"{name}/{VERSIONS[name]}", LABELS[name], MEANINGS[name]) for name in MEANINGS if name in LABELS]

    @router.get("/method")
    async def show(request: Request) -> HTMLResponse:
        return site.page(request, "method.html", numbers=numbers, rules=RULES)

    return router
