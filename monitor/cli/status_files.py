"""The imported files in `monitor status`: which platforms' posts they brought, and of which time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo

from monitor.model.gaps import is_imported
from monitor.model.sighting import SourceState
from monitor.model.table import Record
from monitor.store import runs
from monitor.store.store import Store


class FileReport(Record):
    """All files of a platform that were brought in: when the first of their posts was written, and the last."""

    campaign: str
    source: str
    platform: str
    first: datetime
    last: datetime


async def reports(store: Store, campaigns: Iterable[str]) -> list[FileReport]:
    """Return what was imported into campaigns; files without a post of them are left out."""
    states = [(slug, state) for slug in campaigns for state in await runs.states(store, slug)]
    return [found for slug, state in states if (found := _report(slug, state))]


def remarks(found: Iterable[FileReport], zone: tzinfo) -> Iterator[str]:
    """Yield a line for each platform: `imported: x, posts from 2026-11-17 14:13 to 2026-11-21 14:02`."""
    for one in found:
        first, last = (moment.astimezone(zone) for moment in (one.first, one.last))
        yield f"imported: {one.platform}, posts from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"


def _report(campaign: str, state: SourceState) -> FileReport | None:
    places = [walk.cursor for walk in state.walks.values() if walk.cursor and walk.cursor.get("first")]
    if not is_imported(state) or not places:
        return None
    first, last = min(place["first"] for place in places), max(place["last"] for place in places)
    begin, end = (datetime.fromtimestamp(moment, UTC) for moment in (first, last))
    return FileReport(campaign=campaign, source=state.name, platform=state.platform, first=begin, last=end)
