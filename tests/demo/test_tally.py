"""The table tells when the store is wrong: by a number, by a spelling, by an hour."""

from datetime import UTC, datetime, timedelta

from monitor.demo.cast import CAMPAIGN, TYPED
from monitor.demo.life import Curve, Totals
from monitor.demo.plan import Plan
from monitor.demo.tally import Row, tally
from monitor.demo.world import Author, Copy, Tagged, Toot, World
from monitor.model.mention import Counts
from monitor.model.sighting import Batch, Sighting
from monitor.store import ingest
from monitor.store.store import Store
from tests.demo.play import SOUK

PLAN = Plan(days=1)
MADE = int(PLAN.start.timestamp()) + 1000
TOOT = Toot(
    1, MADE, Author(1, SOUK, 1), Tagged((), (TYPED[0],)), ("en", "Hi"), Curve(MADE, 60), Totals(likes=9, quotes=2),
    {SOUK: Copy(1, MADE)},
)  # fmt: skip
WORLD = World(PLAN, [TOOT], {}, {})


async def compared(store: Store, *, tag: str = "SaveAleppo", likes: int = 9, late: int = 0) -> dict[str, Row]:
    """Store one post, rightly or not, and return the rows of the table by their names."""
    subjects, counts = CAMPAIGN.subjects([tag]), Counts(likes=likes, quotes=2)
    now = MADE + 86_400
    sighting = Sighting("uri", MADE + late, subjects, counts)
    batch = Batch(CAMPAIGN.slug, CAMPAIGN.zone, "mastodon", "souk", "posts", now, now, [sighting], keep=86_400)
    await ingest.write(store, batch)
    return {row.metric: row for row in await tally(store, WORLD, datetime.fromtimestamp(now, UTC))}


async def test_a_right_store_agrees_in_every_row_and_resolution(store: Store) -> None:
    rows = await compared(store)
    assert all(row.equal for row in rows.values())
    assert rows["mastodon likes"] == Row("mastodon likes", 9, (9, 9, 9))


async def test_one_like_too_many_shows(store: Store) -> None:
    rows = await compared(store, likes=10)
    assert [name for name, row in rows.items() if not row.equal] == ["likes", "mastodon likes"]


async def test_a_post_under_the_wrong_hashtag_shows_although_its_totals_agree(store: Store) -> None:
    rows = await compared(store, tag="انقذوا_حلب")
    assert rows["posts"].equal
    assert not rows["mastodon posts #SaveAleppo"].equal
    assert not rows["mastodon posts #SaveAleppo as savealeppo"].equal


async def test_a_post_in_the_wrong_cell_shows_although_its_totals_agree(store: Store) -> None:
    rows = await compared(store, late=3600)
    wrong = {name for name, row in rows.items() if not row.equal}
    assert wrong == {"mastodon posts right in cells of 5m", "mastodon posts right in cells of 1h"}


async def test_what_a_platform_does_not_tell_has_no_row_of_its_own(store: Store) -> None:
    assert "impressions" not in await compared(store)


async def test_an_empty_store_disagrees(store: Store) -> None:
    rows = await tally(store, WORLD, PLAN.start + timedelta(days=2))
    assert not any(row.equal for row in rows if row.metric in {"posts", "likes", "mastodon posts"})
