"""What a file is: recognised by what stands in it, not by its name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from monitor.errors import UnexpectedPayload
from monitor.imports import bluesky, mapping, mastodon, rows, table, values, x_old, x_pages
from monitor.imports.found import Piece, Reader, Rejected
from monitor.imports.lines import in_utf8
from monitor.imports.mapping import Mapping as ColumnMapping
from monitor.imports.packed import At, Part, parts
from monitor.imports.start import start
from monitor.model.campaign import Campaign

_LOOKED_AT = 200  # values at most, until one is recognised


@dataclass(frozen=True)
class Format:
    """One kind of file; `complete` says whether a search made it, so that a silence in it is one."""

    name: str
    about: str
    platform: str
    complete: bool = True
    note: str = ""


@dataclass(frozen=True)
class _OfJson:
    """A format of JSON: how a value of it looks, and what translates it."""

    format: Format
    fits: Callable[[Mapping[str, Any]], bool]
    reader: Callable[[Campaign], Reader]


@dataclass(frozen=True)
class Asked:
    """What the operator says about a file instead of having it recognised."""

    format: str | None = None
    mapping: ColumnMapping | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Portion:
    """One part of a file: its pieces but the first so many, and what translates them."""

    part: str
    pieces: Callable[[At, int], Iterator[Piece | Rejected]]
    read: Reader


@dataclass(frozen=True)
class Opened:
    """A file that was recognised."""

    format: Format
    portions: Sequence[Portion]


_JSON = (
    _OfJson(Format("twarc", "JSON lines of twarc 2 (X API v2)", "x"), x_pages.fits, lambda _: x_pages.read),
    _OfJson(
        Format("x-archive", "the archive an account downloads of itself (X)", "x", complete=False),
        x_old.fits_archive,
        lambda _: x_old.read_archive,
    ),
    _OfJson(Format("twarc1", "JSON lines of twarc 1 (X API 1.1)", "x"), x_old.fits, lambda _: x_old.read),
    _OfJson(
        Format("zeeschuimer-x", "JSON lines of Zeeschuimer (X)", "x", complete=False),
        x_old.fits_website,
        lambda _: x_old.read_website,
    ),
    _OfJson(
        Format("bluesky", "JSON of Bluesky: views, records, Jetstream", "bluesky"), bluesky.fits, lambda _: bluesky.read
    ),
    _OfJson(Format("mastodon", "JSON of Mastodon: statuses", "mastodon"), mastodon.fits, mastodon.reader),
)


def formats() -> Sequence[Format]:
    """Return every kind of file that is recognised."""
    return [*(one.format for one in _JSON), *(_format(one) for one in mapping.known())]


def opened(path: Path, campaign: Campaign, asked: Asked) -> Opened:
    """Recognise a file; raises UnexpectedPayload, with what can be read, for one that is none of it."""
    known = {one.name for one in formats()}
    if asked.format is not None and asked.format not in known:
        raise UnexpectedPayload(f"no format is called {asked.format}; there are: {', '.join(sorted(known))}")
    found = [_portion(path, part, campaign, asked) for part in parts(path)]
    names = {format_.name: format_ for format_, _ in found}
    if len(names) > 1:
        raise UnexpectedPayload(f"{path.name} holds files of several kinds ({', '.join(names)}): unpack it, one by one")
    return Opened(found[0][0], [portion for _, portion in found])


def _portion(path: Path, part: Part, campaign: Campaign, asked: Asked) -> tuple[Format, Portion]:
    called = f"{part.name} in {path.name}" if part.name else path.name
    begin = start(called, part, asked.encoding)
    if values.is_json(begin) or asked.format in {one.format.name for one in _JSON}:
        of_json = _of_json(called, part, asked)
        return of_json.format, Portion(part.name, partial(_values, part, asked.encoding), of_json.reader(campaign))
    for one in _mappings(asked):
        if found := table.layout(begin, one.needed.issubset):
            pieces = partial(_rows, part, asked.encoding, found)
            return _format(one), Portion(part.name, pieces, rows.reader(one, found.columns))
    raise UnexpectedPayload(_unknown_table(called, begin, asked))


def _mappings(asked: Asked) -> Sequence[ColumnMapping]:
    """Return the mappings that come into question."""
    if asked.mapping:
        return (asked.mapping,)
    return [one for one in mapping.known() if asked.format in {None, one.name}]


def _of_json(called: str, part: Part, asked: Asked) -> _OfJson:
    """Return what a JSON file is: a format of JSON, or a table whose rows were written as objects."""
    own = [one for one in _JSON if asked.format in {None, one.format.name} and not asked.mapping]
    formats = [*own, *map(_of_objects, _mappings(asked))]
    if asked.format is not None and own:
        return own[0]
    for piece in islice(_values(part, asked.encoding, lambda _: None, 0), _LOOKED_AT):
        if isinstance(piece, Piece) and isinstance(piece.content, dict):
            found = next((one for one in formats if one.fits(piece.content)), None)
            if found:
                return found
    raise UnexpectedPayload(f"{called} holds no posts that are recognised.\n{_readable()}")


def _of_objects(one: ColumnMapping) -> _OfJson:
    return _OfJson(_format(one), lambda row: one.needed <= row.keys(), lambda _: rows.reader_of_objects(one))


def _values(part: Part, encoding: str | None, at: At, skip: int) -> Iterator[Piece | Rejected]:
    return values.pieces(in_utf8(part.chunks(at), encoding), skip)


def _rows(part: Part, encoding: str | None, found: table.Layout, at: At, skip: int) -> Iterator[Piece | Rejected]:
    return table.pieces(in_utf8(part.chunks(at), encoding), found, skip)


def _format(one: ColumnMapping) -> Format:
    return Format(one.name, one.about or one.name, one.platform, one.complete, one.remark)


def _unknown_table(called: str, start: bytes, asked: Asked) -> str:
    columns = ", ".join(table.columns(start)[:30])
    if asked.mapping:
        missing = ", ".join(sorted(asked.mapping.needed - set(table.columns(start))))
        return f"{called} has no row with the columns {missing}; its first row is: {columns or 'no table'}"
    seen = f"its columns are {columns}" if columns else "it is neither JSON nor a table"
    return f"{called} is not recognised: {seen}.\n{_readable()}"


def _readable() -> str:
    kinds = "\n".join(f"  {one.name:22}{one.about}" for one in formats())
    return (
        f"These files can be read, also packed (.gz, .zip):\n{kinds}\n"
        "Any other table with a mapping of its columns: --mapping FILE.toml (docs/imports.md)"
    )
