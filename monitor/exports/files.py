"""The door: from a wish to a file with a name, a media type and its bytes, pure of web and command line."""

import asyncio
import re
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from tempfile import TemporaryFile
from typing import Any, BinaryIO, NamedTuple, cast
from zoneinfo import ZoneInfo

from monitor.exports.asked import Asked, Format, What
from monitor.exports.book import Book
from monitor.exports.desk import Desk
from monitor.exports.note import lines
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.store.store import Store

AT_ONCE = 1 << 16  # bytes
_hands = ThreadPoolExecutor(2, "exports")  # of their own: a workbook of a million rows takes ten seconds

Read = Callable[[Desk], Awaitable[Any]]
Write = Callable[[Any, Asked, BinaryIO], None]


@dataclass(frozen=True)
class File:
    """A finished file; whoever reads its parts to the end, or closes it, gives its place on the disk back."""

    name: str
    media_type: str
    body: BinaryIO

    def parts(self) -> Iterator[bytes]:
        """Yield its bytes."""
        with self.body as body:
            while part := body.read(AT_ONCE):
                yield part


async def export(store: Store, campaign: Campaign, brief: Brief, asked: Asked, now: datetime) -> File:
    """Return what was asked for; `brief` is that of the asked window, as page and API show it."""
    kind = KINDS[asked.format]
    read = cast("Read", import_module(kind.reader).read)
    made = await read(Desk(store, campaign, brief, asked, now))
    body: BinaryIO = TemporaryFile()  # noqa: SIM115 - closed by whoever reads it
    try:
        write = _zipped if is_zipped(asked) else _writer(asked.format)
        await asyncio.get_running_loop().run_in_executor(_hands, write, made, asked, body)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    kind = ZIP if is_zipped(asked) else kind
    return File(f"{_stem(campaign, asked)}.{kind.ending}", kind.media_type, body)


def _writer(format: Format) -> Write:  # noqa: A002
    """Import how a format is written: a CSV needs nothing of what draws charts."""
    return cast("Write", getattr(import_module(KINDS[format].module), KINDS[format].function))


def is_zipped(asked: Asked) -> bool:
    """Tell whether several sheets go into a format that holds one."""
    return asked.wanted is What.ALL and asked.format in {Format.CSV, Format.PARQUET}


def _zipped(book: Book, asked: Asked, file: BinaryIO) -> None:
    """Write each sheet as a file of its own, and the method note beside them."""
    write, ending = _writer(asked.format), KINDS[asked.format].ending
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("method.txt", "\n".join(lines(book.note)) + "\n")
        for sheet in book.sheets:
            with folder.open(f"{sheet.name}.{ending}", "w", force_zip64=True) as member:
                write(replace(book, sheets=(sheet,)), asked, cast("BinaryIO", member))


def _stem(campaign: Campaign, asked: Asked) -> str:
    """Return the file's name: campaign, sheet, first day and last."""
    ends = (asked.window.start, asked.window.end - timedelta(seconds=1))
    days = dict.fromkeys(moment.astimezone(ZoneInfo(campaign.zone)).strftime("%Y%m%d") for moment in ends)
    stem = "-".join([campaign.slug, _subject(asked), *days])
    return re.sub(r"[^a-z0-9-]", "_", stem)


def _subject(asked: Asked) -> str:
    if asked.format is Format.REPORT:
        return "report"
    return asked.picture if asked.is_picture else asked.wanted.value


class Kind(NamedTuple):
    """How a file's name ends, its media type, what writes it (module and function), and the module that reads."""

    ending: str
    media_type: str
    module: str = ""
    function: str = "write"
    reader: str = "monitor.exports.book"


_FORMATS, _PICTURES = "monitor.exports.formats", "monitor.exports.pictures"
KINDS = {
    Format.CSV: Kind("csv", "text/csv; charset=utf-8", f"{_FORMATS}.comma"),
    Format.XLSX: Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", f"{_FORMATS}.excel"),
    Format.PARQUET: Kind("parquet", "application/vnd.apache.parquet", f"{_FORMATS}.packed"),
    Format.JSON: Kind("json", "application/json", f"{_FORMATS}.objects"),
    Format.PNG: Kind("png", "image/png", _PICTURES, "png", _PICTURES),
    Format.SVG: Kind("svg", "image/svg+xml", _PICTURES, "svg", _PICTURES),
    Format.REPORT: Kind("html", "text/html; charset=utf-8", "monitor.exports.report"),
}
ZIP = Kind("zip", "application/zip")
