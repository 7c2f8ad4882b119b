"""A table `timestamp,value` that somebody wrote, as a series: whatever its commas and its clock."""

import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from monitor.errors import UnexpectedPayload

COLUMNS = ["timestamp", "value"]
LARGEST = 200_000_000  # bytes; ten years of minutes are 150 MB

_ZONED = r"(?:Z|[+-]\d{2}:?\d{2})$"
_EPOCH = r"\d{9,10}(?:\.\d+)?"
_GAPS = ("", "nan", "na", "n/a", "null")


@dataclass(frozen=True)
class Measured:
    """The rows in their order: the times as they were written, the series, and doubts in words.

    Its index is UTC, NaT where a time can not be read, or never was because clocks changed.
    """

    written: list[str]
    series: pd.Series
    doubts: tuple[str, ...]


def read(path: Path, zone: str) -> Measured:
    """Return the table of a file, or raise UnexpectedPayload; times without a zone are on the clock of `zone`."""
    rows = _table(path, _text(path))
    times = _times(rows["timestamp"], zone)
    values = pd.to_numeric(rows["value"], errors="coerce")
    if bool(times.isna().all()):
        raise UnexpectedPayload(f"{path}: no time can be read; write them as 2015-02-26 21:42:53, or in ISO 8601")
    odd = int((values.isna() & ~rows["value"].str.lower().isin(_GAPS)).sum())
    doubts = (f"Values that are no numbers, which are gaps: {odd}.",) if odd else ()
    return Measured(rows["timestamp"].tolist(), pd.Series(values.to_numpy(float), index=times), doubts)


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise UnexpectedPayload(f"{path} is a folder; give one file")
        if path.stat().st_size > LARGEST:
            raise UnexpectedPayload(f"{path} has more than {LARGEST // 1_000_000} MB; give sums of minutes or hours")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnexpectedPayload(f"{path} is not text in UTF-8; save it as CSV (UTF-8)") from error
    except OSError as error:
        raise UnexpectedPayload(f"{path} can not be read: {error.strerror}") from error


def _table(path: Path, text: str) -> pd.DataFrame:
    """Return the two columns as they were written."""
    head = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    names, *rows = _rows(path, text, delimiter)
    places = _places(path, [name.strip().lower() for name in names], head.strip())
    if not rows:
        raise UnexpectedPayload(f"{path} has no row below its first line")
    short = next((number for number, row in enumerate(rows, start=2) if len(row) != len(names)), None)
    if short is not None:
        raise UnexpectedPayload(f"{path}: row {short} has not {len(names)} columns, as the first line has")
    table = pd.DataFrame([[row[place].strip() for place in places] for row in rows], columns=COLUMNS, dtype="str")
    return table.replace({"value": {",": "."}}, regex=True) if delimiter != "," else table


def _rows(path: Path, text: str, delimiter: str) -> list[list[str]]:
    """Return the rows that hold anything; of an empty file, one without a cell."""
    try:
        return [row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter) if row] or [[]]
    except csv.Error as error:
        raise UnexpectedPayload(f"{path} is no table: {error}") from error


def _places(path: Path, names: list[str], head: str) -> list[int]:
    """Return where the columns stand that are read."""
    missing = [name for name in COLUMNS if names.count(name) != 1]
    if missing:
        told = f"its first line is {head[:100]!r}" if head else "it is empty"
        raise UnexpectedPayload(f"{path} needs one column {' and one column '.join(missing)}; {told}")
    return [names.index(name) for name in COLUMNS]


def _times(written: pd.Series, zone: str) -> pd.DatetimeIndex:
    """Return the times in UTC. Of an hour that comes twice when clocks change, what is written first came first."""
    zoned, epoch = written.str.contains(_ZONED), written.str.fullmatch(_EPOCH)
    found = pd.Series(pd.NaT, index=written.index, dtype="datetime64[us, UTC]")
    found[zoned] = pd.to_datetime(written[zoned], format="ISO8601", utc=True, errors="coerce")
    found[epoch] = pd.to_datetime(pd.to_numeric(written[epoch]), unit="s", utc=True)
    plain = written[~zoned & ~epoch]
    local = pd.DatetimeIndex(pd.to_datetime(plain, format="ISO8601", errors="coerce"))
    is_first = ~local.duplicated()
    found[plain.index] = local.tz_localize(ZoneInfo(zone), ambiguous=is_first, nonexistent="NaT").tz_convert("UTC")
    return pd.DatetimeIndex(found)
