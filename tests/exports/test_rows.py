"""Rows of a workbook as they stand in its file."""

from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest

from monitor.exports.formats.rows import Styles, rows
from monitor.exports.sheet import AT_ONCE, Kind, Sheet, columns, of_rows

STYLES = Styles({Kind.TIME: 2, Kind.DAY: 3, Kind.COUNT: 4, Kind.RATIO: 5}, whole=1)


def told(sheet: Sheet) -> list[ET.Element]:
    return list(ET.fromstring(f"<rows>{''.join(rows(sheet, STYLES, str.upper))}</rows>"))  # noqa: S314 - our own


def cell(value: object, kind: Kind) -> ET.Element | None:
    [row] = told(of_rows("any", columns(only=kind), "Asia/Damascus", [[value]]))
    return next(iter(row), None)


@pytest.mark.parametrize(
    ("value", "kind", "style", "number"),
    [
        (2090, Kind.COUNT, "1", "2090"),
        (0.1 + 0.2, Kind.COUNT, "4", "0.30000000000000004"),
        (-0.25, Kind.RATIO, "5", "-0.25"),
        (1, Kind.RATIO, "5", "1"),
        (date(1970, 1, 2), Kind.DAY, "3", "25570"),
        (datetime(2016, 4, 29, 9, tzinfo=UTC), Kind.TIME, "2", "42489.5"),
    ],
)
def test_a_number_keeps_every_digit_and_has_the_style_of_its_kind(value, kind, style, number):
    found = cell(value, kind)
    assert (found.get("s"), found.findtext("v")) == (style, number)


@pytest.mark.parametrize(("value", "told"), [(True, "1"), (False, "0")])
def test_truth_is_neither_a_number_nor_a_text(value, told):
    found = cell(value, Kind.FLAG)
    assert (found.get("t"), found.findtext("v")) == ("b", told)


def test_a_text_stands_in_its_cell_as_it_was_made_fit():
    assert cell("aleppo", Kind.TEXT).findtext("is/t") == "ALEPPO"


@pytest.mark.parametrize("kind", Kind)
def test_what_nobody_knows_leaves_no_cell(kind):
    assert cell(None, kind) is None


def test_a_row_of_a_later_batch_knows_its_place():
    last = told(of_rows("any", columns(name=Kind.TEXT, value=Kind.COUNT), "UTC", [["a", 1]] * (AT_ONCE + 1)))[-1]
    assert [last.get("r"), *(found.get("r") for found in last)] == ["20002", "A20002", "B20002"]


def test_a_wide_sheet_goes_on_after_z():
    wide = columns(**{f"c{number}": Kind.COUNT for number in range(28)})
    [row] = told(of_rows("any", wide, "UTC", [range(28)]))
    assert [found.get("r") for found in row][25:] == ["Z2", "AA2", "AB2"]
