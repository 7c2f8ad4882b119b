import os
from datetime import date

import pyarrow.parquet as pq

from monitor.archive.evidence import Evidence, roll
from monitor.archive.files import digest, table_of
from monitor.archive.partitions import Kind, partitions, spools
from monitor.archive.report import faults, holdings
from tests.archive.older import SETTLED, SLUG, archived, collected, files
from tests.archive.test_evidence import NEXT_DAY, seen
from tests.people import post
from tests.store.batches import NOW


async def test_it_is_told_what_lies_there_by_campaign_and_kind(store, tmp_path):
    await collected(store, NOW, NOW)
    await archived(store, tmp_path)
    await Evidence(tmp_path).saw(seen(post()))
    cells, evidence = holdings(tmp_path)
    assert (cells.campaign, cells.kind, cells.days, cells.first) == (SLUG, "5m", 7, date(2016, 4, 25))
    assert cells.rows == len(table_of(files(tmp_path)[4]))
    assert (evidence.kind, evidence.files, evidence.waiting) == ("observations", 0, 1)


async def test_a_broken_file_is_told_and_the_others_are_counted(store, tmp_path):
    await collected(store, NOW)
    await archived(store, tmp_path)
    os.truncate(files(tmp_path)[0], 100)
    (cells,) = holdings(tmp_path)
    assert (cells.files, cells.days) == (7, 6)
    assert str(files(tmp_path)[0]) in cells.broken[0]


async def test_whole_files_have_no_faults(store, tmp_path):
    await collected(store, NOW)
    await archived(store, tmp_path, SETTLED)
    assert list(faults(tmp_path)) == [None] * 7


async def test_a_file_in_which_one_byte_changed_is_named(store, tmp_path):
    await collected(store, NOW)
    await archived(store, tmp_path)
    path = files(tmp_path)[2]
    content = bytearray(path.read_bytes())
    content[50] ^= 1
    path.write_bytes(content)
    (fault,) = filter(None, faults(tmp_path))
    assert str(path) in fault


async def test_an_item_that_was_rewritten_is_found_though_the_file_has_a_new_name(tmp_path):
    """Who can rename the file can give it a hash that fits; the item's own would have to be changed as well."""
    await Evidence(tmp_path).saw(seen(post(likes=3)))
    roll(tmp_path, SLUG, NEXT_DAY)
    (one,) = partitions(tmp_path, SLUG, Kind.OBSERVATIONS)
    path = one.path(tmp_path)
    frame = table_of(path).to_pandas()
    frame["item"] = frame["item"].str.replace('"likes":3', '"likes":9')
    table = table_of(path)
    changed = table.set_column(table.schema.get_field_index("item"), "item", [frame["item"].tolist()])
    pq.write_table(changed, path)
    path.rename(path.with_name(path.name.replace(one.digest, digest(path))))
    (fault,) = filter(None, faults(tmp_path))
    assert "1 items that are not what was read" in fault


def test_an_archive_that_is_not_there_holds_nothing(tmp_path):
    assert holdings(tmp_path / "none") == []
    assert spools(tmp_path / "none", SLUG) == []
