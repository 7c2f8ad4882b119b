"""`/api/v1/campaigns/{slug}/coverage`: when each platform was watched, and why not where it was not."""

from fastapi import APIRouter

from monitor.exports import coverage as watched
from monitor.exports.coverage import Coverage
from monitor.web.api import examples
from monitor.web.api.campaigns import Slug
from monitor.web.api.described import shown
from monitor.web.api.numbers import ResolutionQuery, fitting
from monitor.web.desk import Desk
from monitor.web.span import When


def coverage(desk: Desk) -> APIRouter:
    """Return the route."""
    router = APIRouter(tags=["sources"])

    @router.get(
        "/campaigns/{slug}/coverage",
        summary="When each platform was watched, and why not",
        responses=shown(examples.COVERAGE),
    )
    async def one(slug: Slug, when: When, resolution: ResolutionQuery = None) -> Coverage:
        campaign, now = desk.campaign(slug), desk.clock.now()
        window = when.window(campaign, now)
        width = await fitting(desk, campaign, window, resolution)
        return await watched.read(desk.store, campaign, window, width, now)

    return router
