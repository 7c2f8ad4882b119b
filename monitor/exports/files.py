"""The door: from a wish to a file with a name, a media type and its bytes, pure of web and command line."""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO
from zoneinfo import ZoneInfo

from monitor.exports import pictures, report
from monitor.exports.asked import Asked, Format, What
from monitor.exports.book import Book, Desk, book
from monitor.exports.formats import comma, excel, objects, packed
from monitor.exports.note import lines
from monitor.fetch.beside import beside
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.store.store import Store

AT_ONCE = 1 << 16  # bytes

Write = Callable[[Book, Asked, BinaryIO], None]


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
    made = await book(Desk(store, campaign, brief, asked, now))
    body: BinaryIO = TemporaryFile()  # noqa: SIM115 - closed by whoever reads it
    try:
        await beside(_writer(asked), made, asked, body)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    ending, media_type = _kind(asked)
    return File(f"{_stem(campaign, asked)}.{ending}", media_type, body)


def _writer(asked: Asked) -> Write:
    return _zipped if _is_zipped(asked) else WRITERS[asked.format]


def _kind(asked: Asked) -> tuple[str, str]:
    """Return how the file's name ends, and its media type."""
    return ("zip", "application/zip") if _is_zipped(asked) else KINDS[asked.format]


def _is_zipped(asked: Asked) -> bool:
    """Tell whether several sheets go into a format that holds one."""
    return asked.wanted is What.ALL and asked.format in {Format.CSV, Format.PARQUET}


def _zipped(book: Book, asked: Asked, file: BinaryIO) -> None:
    """Write each sheet as a file of its own, and the method note beside them."""
    ending, _ = KINDS[asked.format]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("method.txt", "\n".join(lines(book.note)) + "\n")
        for sheet in book.sheets:
            with folder.open(f"{sheet.name}.{ending}", "w", force_zip64=True) as member:
                part = Book(book.campaign, book.brief, (sheet,), book.note, book.voice)
                WRITERS[asked.format](part, asked, member)  # type: ignore[arg-type]


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


WRITERS: dict[Format, Write] = {
    Format.CSV: comma.write,
    Format.XLSX: excel.write,
    Format.PARQUET: packed.write,
    Format.JSON: objects.write,
    Format.PNG: pictures.png,
    Format.SVG: pictures.svg,
    Format.REPORT: report.write,
}
KINDS = {
    Format.CSV: ("csv", "text/csv; charset=utf-8"),
    Format.XLSX: ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Format.PARQUET: ("parquet", "application/vnd.apache.parquet"),
    Format.JSON: ("json", "application/json"),
    Format.PNG: ("png", "image/png"),
    Format.SVG: ("svg", "image/svg+xml"),
    Format.REPORT: ("html", "text/html; charset=utf-8"),
}
