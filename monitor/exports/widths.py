"""How wide the cells of a series are where nobody says: few of them, and all kept, in the store or the archive."""

from datetime import datetime

from monitor.model.window import Resolution, Window
from monitor.store import beyond
from monitor.store.store import Store

FEW = 1000
"""Cells that a line has where nobody asks for more."""


async def chosen(store: Store, campaign: str, window: Window, now: datetime) -> Resolution:
    """Return the narrowest width of which a window has few cells and all are kept."""
    reach = await beyond.reach(store.older, campaign, now)
    few = (width for width in Resolution if window.length.total_seconds() / width.seconds <= FEW)
    return next((width for width in few if reach.since(width, window.end) <= window.start), Resolution.DAY)
