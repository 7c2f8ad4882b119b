"""`/api/v1/campaigns`: which there are, what was found about one, and its spikes."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path

from monitor.model.brief import Brief, Spike
from monitor.model.campaign import Campaign
from monitor.model.table import Record
from monitor.web.api import examples
from monitor.web.api.described import shown
from monitor.web.desk import Desk
from monitor.web.span import When

Slug = Annotated[str, Path(max_length=60, description="The campaign's slug.", examples=[examples.SLUG])]


class FamilyTold(Record):
    """One hashtag with its spellings."""

    hashtag: str
    spellings: tuple[str, ...]


class CampaignTold(Record):
    """What is watched. `timezone` is where its days begin."""

    slug: str
    title: str
    titles: dict[str, str]
    timezone: str
    since: datetime | None
    families: tuple[FamilyTold, ...]
    polls: tuple[str, ...]


_EXAMPLE = CampaignTold(
    slug=examples.SLUG,
    title="Save Aleppo",
    titles={"ar": "أنقذوا حلب"},
    timezone="Asia/Damascus",
    since=None,
    families=(FamilyTold(hashtag="#أنقذوا_حلب", spellings=("أنقذوا_حلب", "انقذوا_حلب")),),
    polls=(examples.POLL,),
)


def campaigns(desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["campaigns"])

    @router.get("/campaigns", summary="All campaigns", responses=shown([_EXAMPLE]))
    async def every() -> list[CampaignTold]:
        return [_told(campaign) for campaign in desk.house.campaigns()]

    @router.get("/campaigns/{slug}", summary="One campaign", responses=shown(_EXAMPLE))
    async def one(slug: Slug) -> CampaignTold:
        return _told(desk.campaign(slug))

    @router.get(
        "/campaigns/{slug}/brief", summary="Everything that was found in a window", responses=shown(examples.BRIEF)
    )
    async def brief(slug: Slug, when: When) -> Brief:
        campaign = desk.campaign(slug)
        return await desk.brief(campaign, when.window(campaign, desk.clock.now()))

    @router.get("/campaigns/{slug}/spikes", summary="Spikes with their reasons", responses=shown([examples.SPIKE]))
    async def spikes(slug: Slug, when: When) -> tuple[Spike, ...]:
        return (await brief(slug, when)).spikes

    return router


def _told(campaign: Campaign) -> CampaignTold:
    return CampaignTold(
        slug=campaign.slug,
        title=campaign.title,
        titles=campaign.titles,
        timezone=campaign.zone,
        since=campaign.since,
        families=tuple(FamilyTold(hashtag=one.hashtag, spellings=one.spellings) for one in campaign.families),
        polls=tuple(poll.name for poll in campaign.polls),
    )
