from typing import Any

import msgpack

from monitor.model.metric import WHOLE
from monitor.model.sighting import Sighting
from monitor.model.source import Standing
from monitor.store.parcel import parcel, standing_from, standing_json
from monitor.store.store import Store
from tests.store.batches import NOW, TAG, batch, sighting, window


def unpacked(store: Store, *sightings: Sighting, **fields: Any) -> dict[bytes, Any]:
    return msgpack.unpackb(parcel(store, batch(*sightings, **fields)), raw=True, strict_map_key=False)


def test_the_whole_campaign_is_always_the_first_subject(store):
    assert unpacked(store, sighting(1, subjects=(TAG, WHOLE)))[b"subjects"] == [b"*", TAG.encode()]


def test_posts_with_the_same_subjects_share_a_group(store):
    sent = unpacked(store, sighting(1), sighting(2), sighting(3, subjects=(WHOLE,)))
    assert sent[b"groups"] == [[1, 2], [1]]


def test_the_first_cell_is_that_of_the_observation(store):
    cells = unpacked(store, sighting(1, created=NOW - 86400), observed=NOW + 60)[b"cells"]
    assert cells[0] == [NOW, NOW, NOW - 15 * 3600, b"2016-04-29"]
    assert cells[1][3] == b"2016-04-28"


def test_posts_are_spread_by_hash_and_by_day_of_creation_articles_by_hash_alone(store):
    ones = [sighting(n, created=NOW - 86400 * n) for n in range(3)]
    days = {shard[0].split(b":")[2] for shard in unpacked(store, *ones)[b"shards"]}
    assert days == {b"2016-04-29", b"2016-04-28", b"2016-04-27"}
    assert {shard[0].split(b":")[2] for shard in unpacked(store, *ones, kind="articles")[b"shards"]} == {b"-"}


def test_no_id_of_a_post_or_a_person_leaves_for_the_server(store):
    assert b"social.example/1" not in parcel(store, batch(sighting(1)))


def test_a_standing_comes_back_as_it_was_kept():
    standing = Standing({"min_id": "9", "حلب": [1, None]}, (window(NOW - 9, NOW - 5), window(NOW, NOW + 1)))
    assert standing_from(standing_json(standing)) == standing
    assert standing_from(None) == Standing()
    assert standing_from(standing_json(Standing(None, ()))).covered == ()
