"""The newest brief of every campaign, for pages that show all of them at once.

What is not known yet is what the daemon published last; whoever looks has the oldest ones made again, one after
another, after the answer. So a page of fifty campaigns waits for none.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic

from pydantic import ValidationError

from monitor import log
from monitor.fetch.beside import beside
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.store import briefs
from monitor.web.desk import Desk
from monitor.web.kept import FRESH
from monitor.web.span import span

NEVER = datetime.min.replace(tzinfo=UTC)
YOUNG = timedelta(minutes=5)  # a brief is left alone for so long
OLD = timedelta(hours=1)  # the daemon has published another one since
BUDGET = 10.0  # seconds of making after one answer; the next visit goes on
REST = 2.0  # pauses between, as multiples of what the last one took: the daemon has other work


_logger = log.get("web")


class Newest:
    """Briefs of the last day, at most as old as the daemon's own summaries."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, Brief] = {}
        self._sought: dict[str, datetime] = {}
        self._tried: dict[str, datetime] = {}
        self._is_renewing = False

    async def briefs(self) -> Mapping[str, Brief]:
        """Return the brief of each campaign that has one, by its slug."""
        campaigns = self._desk.house.campaigns()
        await self._seek([one for one in campaigns if self._is_sought(one)])
        return {one.slug: self._known[one.slug] for one in campaigns if one.slug in self._known}

    def is_coming(self, campaign: Campaign) -> bool:
        """Tell whether the first brief of a campaign is about to be made; False where it just could not be."""
        return campaign.slug not in self._known and (self._is_renewing or campaign.slug not in self._tried)

    async def renew(self) -> None:
        """Have the oldest made again, for some seconds; one visitor at a time brings that about."""
        if self._is_renewing:
            return
        self._is_renewing, until = True, monotonic() + BUDGET
        try:
            while monotonic() < until and (oldest := self._oldest()):
                begun = monotonic()
                if not await self._made(oldest):
                    return
                await asyncio.sleep(REST * (monotonic() - begun) if self._oldest() else 0)
        finally:
            self._is_renewing = False

    def _is_sought(self, campaign: Campaign) -> bool:
        last = self._sought.get(campaign.slug)
        return self._age(campaign) >= OLD and (last is None or self._desk.clock.now() - last >= YOUNG)

    async def _seek(self, campaigns: Sequence[Campaign]) -> None:
        """Read what the daemon published; beside the loop, as fifty briefs are some megabytes."""
        now = self._desk.clock.now()
        kept = await asyncio.gather(*(briefs.latest(self._desk.store, one.slug) for one in campaigns))
        for campaign, published in zip(campaigns, kept, strict=True):
            self._sought[campaign.slug] = now
            found = None if published is None else await beside(_read, published)
            if found is not None and now - found.made_at < self._age(campaign):
                self._known[campaign.slug] = found

    def _oldest(self) -> Campaign | None:
        """Return the campaign whose brief is the oldest, or missing; None when all are young, or were just tried."""
        now = self._desk.clock.now()
        waiting = [one for one in self._desk.house.campaigns() if now - self._tried.get(one.slug, NEVER) >= YOUNG]
        oldest = max(waiting, key=self._age, default=None)
        return oldest if oldest is not None and self._age(oldest) >= YOUNG else None

    def _age(self, campaign: Campaign) -> timedelta:
        known = self._known.get(campaign.slug)
        return timedelta.max if known is None else self._desk.clock.now() - known.made_at

    async def _made(self, campaign: Campaign) -> bool:
        """Tell whether a brief could be made; the desk logs why not."""
        self._tried[campaign.slug] = now = self._desk.clock.now()
        window = span(campaign, now, None, None, None)
        making = asyncio.ensure_future(self._desk.brief(campaign, window, at_most=FRESH))
        await asyncio.wait([making])
        if making.exception() is not None:
            return False
        self._known[campaign.slug] = making.result()
        return True


def _read(published: str) -> Brief | None:
    """Return a brief; None when it was written by another version that told it otherwise."""
    try:
        return Brief.model_validate_json(published)
    except ValidationError as error:
        _logger.warning("a published brief can not be read", problems=error.error_count())
        return None
