"""`/api/v1/campaigns/{slug}/polls`: naming polls week by week, every look at them, and the answers these stand on."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from monitor.errors import StoreError
from monitor.model.poll import Tally
from monitor.model.poll_week import PollWeek
from monitor.model.race import Cycle
from monitor.model.table import Record
from monitor.store import polls
from monitor.web.api import examples
from monitor.web.api.campaigns import Slug
from monitor.web.api.described import MOST, file, shown
from monitor.web.desk import Desk
from monitor.web.polls import meant
from monitor.web.polls import week as week_of
from monitor.web.problem import Problem
from monitor.web.span import Day, Moment, on_clock

PollName = Annotated[str, Path(max_length=60, description="The poll's name.", examples=[examples.POLL])]
DayPath = Annotated[Day, Path(description="The Friday that is named.", examples=[examples.FRIDAY])]
Sha256 = Annotated[
    str, Path(pattern="^[0-9a-f]{64}$", description="As looks and flags tell it.", examples=[examples.SHA256])
]


class OptionTold(Record):
    """An option at a look; bounds alone where rounded percents were shown. `share` is 0 to 1. None: not told."""

    label: str
    votes: int | None
    low: int | None
    high: int | None
    share: float | None


class LookTold(Record):
    """One look at a poll; `sha256` names the answer it was read from."""

    at: datetime
    sha256: str
    total: int | None
    options: tuple[OptionTold, ...]


_EXAMPLE = LookTold(
    at=examples.NOON,
    sha256=examples.SHA256,
    total=1000,
    options=(OptionTold(label="جمعة أنقذوا حلب", votes=640, low=640, high=640, share=0.64),),
)


def votes(desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["polls"])
    router.include_router(_weeks(desk))
    router.include_router(_proofs(desk))
    return router


def _weeks(desk: Desk) -> APIRouter:
    """Return how the weeks of a poll stand."""
    router = APIRouter()

    @router.get(
        "/campaigns/{slug}/polls/{poll}",
        summary="The weeks of a naming poll, newest first",
        responses=shown([examples.CYCLE]),
    )
    async def weeks(
        slug: Slug, poll: PollName, limit: Annotated[int, Query(ge=1, le=60, description=MOST)] = 10
    ) -> list[Cycle]:
        campaign, own = meant(desk, slug, poll)
        return await polls.cycles(desk.store, campaign.slug, own.name, limit)

    @router.get(
        "/campaigns/{slug}/polls/{poll}/{day}",
        summary="One week: standing, course, flags",
        responses=shown(examples.WEEK),
    )
    async def week(slug: Slug, poll: PollName, day: DayPath) -> PollWeek:
        found, _ = await week_of(desk, *meant(desk, slug, poll), day)
        return found

    return router


def _proofs(desk: Desk) -> APIRouter:
    """Return every look at a poll, and the answers it was read from."""
    router = APIRouter()

    @router.get(
        "/campaigns/{slug}/polls/{poll}/{day}/looks",
        summary="Every look at a week's poll, newest first",
        responses=shown([_EXAMPLE]),
    )
    async def looks(
        slug: Slug,
        poll: PollName,
        day: DayPath,
        limit: Annotated[int, Query(ge=1, le=1000, description=MOST)] = 100,
        before: Annotated[Moment | None, Query(description="Only looks before this moment: the next page.")] = None,
    ) -> list[LookTold]:
        campaign, own = meant(desk, slug, poll)
        found = reversed(await polls.tallies(desk.store, campaign.slug, own.name, day))
        until = on_clock(before, campaign) if before else None
        chosen = [tally for tally in found if until is None or tally.at < until]
        return [_told(tally) for tally in chosen[:limit]]

    @router.get(
        "/campaigns/{slug}/snapshots/{sha256}",
        summary="The answer of a poll with this SHA-256, as it came",
        response_class=Response,
        responses=file("What was answered.", "application/octet-stream"),
    )
    async def snapshot(slug: Slug, sha256: Sha256) -> Response:
        try:
            raw = await polls.snapshot(desk.store, desk.campaign(slug).slug, sha256)
        except StoreError as error:
            if error.__cause__ is None:
                raise Problem(HTTPStatus.NOT_FOUND, str(error)) from error
            raise
        name = f'attachment; filename="{sha256[:12]}.bin"'
        return Response(raw, media_type="application/octet-stream", headers={"content-disposition": name})

    return router


def _told(tally: Tally) -> LookTold:
    options = tuple(
        OptionTold(label=option.label, votes=of.votes, low=of.low, high=of.high, share=of.share)
        for option, of in zip(tally.options, tally.votes, strict=True)
    )
    return LookTold(at=tally.at, sha256=tally.digest, total=tally.total, options=options)
