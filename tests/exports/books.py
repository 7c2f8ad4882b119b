"""A Friday of Aleppo in a real store, and what is exported of it."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import openpyxl
import orjson
from pyarrow import parquet

from monitor.digest import gather
from monitor.exports.asked import Asked, Format, What
from monitor.exports.files import File, export
from monitor.exports.sheet import Kind, columns, of_rows
from monitor.model.brief import Brief
from monitor.model.mention import Counts
from monitor.model.window import Resolution, Window
from monitor.store import polls
from monitor.store.store import Store
from monitor.words.voice import Voice, voice
from tests.digest import races
from tests.digest.test_gather import DAY, FRIDAY, NOW, seen, store_all, titled
from tests.people import ALEPPO

VOTING = replace(ALEPPO, polls=(races.POLL,))
_briefs: dict[tuple[str, Window], Brief] = {}
LINK = "https://t.me/halab/30"
UNSEEN = Window(FRIDAY + timedelta(hours=20), FRIDAY + timedelta(hours=24))
HOSTILE = '=HYPERLINK("http://evil.example";"click")<script>alert(1)</script>\u202e\0'


async def fill(store: Store) -> None:
    """Store a day: posts with likes, one rounded view, articles, a poll, and four hours that nobody watched."""
    covered = Window(FRIDAY - timedelta(days=9), UNSEEN.start)
    counts = [Counts(likes=number, reposts=2) for number in range(10)]
    posts = [seen(number, 2 * number, counts=counts[number]) for number in range(10)]
    arabic = [seen(30 + n, 5.2, ("أنقذوا_حلب",), counts=Counts(impressions=1200, likes=1), link=LINK) for n in range(3)]
    await store_all(store, posts, covered=covered)
    await store_all(store, arabic, platform="telegram", covered=covered)
    titles = ["حلب تحترق", "Aleppo, again", HOSTILE]
    press = [titled(title, number, 3 + number, "bbc") for number, title in enumerate(titles)]
    await store_all(store, press, platform="feeds", kind="articles")
    for hours in (1, 2, 3):
        await polls.keep(store, ALEPPO.slug, races.CONFIRMED, races.look(hours, races.counts(hours)))


async def made(store: Store, format: Format, what: What | None = None, **wish: Any) -> File:  # noqa: A002
    """Return what is exported of the Friday."""
    asked = Asked(format, **{"window": DAY, "voice": spoken(), "what": what, **wish})
    return await export(store, VOTING, await told(store, asked.window), asked, NOW)


async def told(store: Store, window: Window = DAY) -> Brief:
    """Return the brief of a store that only this Friday is in; it is read once."""
    key = store.keys.prefix, window
    if key not in _briefs:
        _briefs[key] = await gather.brief(store, VOTING, window, NOW)
    return _briefs[key]


def spoken(language: str = "en") -> Voice:
    return voice(language, ALEPPO.zone)


async def content(store: Store, format: Format, what: What | None = None, **wish: Any) -> bytes:  # noqa: A002
    return b"".join((await made(store, format, what, **wish)).parts())


async def table(store: Store, what: What, format: Format, **wish: Any) -> list[dict[str, Any]]:  # noqa: A002
    """Return the rows of a sheet as a reader of that format sees them."""
    return READERS[format](await content(store, format, what, **wish))


def from_csv(written: bytes) -> list[dict[str, Any]]:
    return [
        {name: _value(text) for name, text in row.items() if name != "method"}
        for row in csv.DictReader(io.StringIO(written.decode("utf-8-sig")))
    ]


def from_json(written: bytes) -> list[dict[str, Any]]:
    found = orjson.loads(written)
    (sheet,) = (part for name, part in found.items() if name not in {"campaign", "method"})
    return list(sheet)


def from_parquet(written: bytes) -> list[dict[str, Any]]:
    return list(parquet.read_table(io.BytesIO(written)).to_pylist())


def from_workbook(written: bytes) -> list[dict[str, Any]]:
    """Return the sheet behind the method note, by the headings as people read them."""
    heads, *rows = workbook(written).worksheets[1].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def workbook(written: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(written))


def members(written: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(written)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


def sheet(*texts: str | None, kind: Kind = Kind.TEXT) -> Any:
    """Return a sheet of one column."""
    return of_rows("headlines", columns(title=kind), "UTC", [[text] for text in texts])


def _value(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    try:
        return float(text) if text else None
    except ValueError:
        return text


READERS = {
    Format.CSV: from_csv,
    Format.JSON: from_json,
    Format.PARQUET: from_parquet,
    Format.XLSX: from_workbook,
}
HOURLY = {"resolution": Resolution.HOUR}
