"""The cast of all tests: one campaign, two authors, one noon, and posts made of what a test cares about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.model.campaign import Campaign, Family
from monitor.model.mention import Counts, Post
from monitor.model.words import Phrase

NOON = datetime(2016, 4, 29, 12, 0, tzinfo=UTC)  # a Friday
ADA, BEA = "https://social.example/users/ada", "https://social.example/users/bea"

ALEPPO = Campaign(
    slug="aleppo",
    title="Save Aleppo",
    zone="Asia/Damascus",
    families=(Family("SaveAleppo", ("savealeppo",)), Family("أنقذوا_حلب", ("أنقذوا_حلب", "انقذوا_حلب"))),
    phrases=(Phrase("حلب"), Phrase("Aleppo")),
)


def post(number: int = 1, *, hours: float = 0, tags: tuple[str, ...] = ("SaveAleppo",), **fields: Any) -> Post:
    """Return a post `hours` after NOON; counters by name (likes=3), everything else as in `Post`."""
    told = {name: fields.pop(name) for name in Counts.__dataclass_fields__ if name in fields}
    details = {"platform": "mastodon", "author": ADA, "again": str(number), **fields}
    return Post(
        id=f"https://social.example/{number}",
        created_at=NOON + timedelta(hours=hours),
        tags=tags,
        counts=Counts(**told),
        **details,
    )
