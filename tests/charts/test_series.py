"""The chart of a number over time: what is drawn, what it says, and that strangers' words stay words."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.charts import paper, series, split, stage
from monitor.charts.drawing import Cell, Drawing, Mark, Part, Parts
from monitor.charts.palette import PAGE, PAPER, PARTS
from monitor.model.window import Window
from monitor.words.voice import voice

START, HOUR = datetime(2016, 4, 28, 21, tzinfo=UTC), timedelta(hours=1)
ZONE = "Asia/Damascus"
DAY = Window(START, START + 24 * HOUR)
SPEAKS = {language: voice(language, ZONE) for language in ("en", "ar")}
EVIL = "</script><script>alert(1)</script>\u202e" + "x" * 10_000


def cell(number: int, value: float | None = 3.0, **more: Any) -> Cell:
    return Cell(START + number * HOUR, START + (number + 1) * HOUR, value, **more)


def drawing(*cells: Cell, **marks: tuple[Mark, ...]) -> Drawing:
    return Drawing("posts", DAY, ZONE, cells, **marks)


def held(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["datasets"][layer["data"]["name"]]


def rows(told: Drawing, kind: str) -> list[list[dict[str, Any]]]:
    """Return what the layers of one mark draw, from the ground up."""
    spec = series.chart(told, SPEAKS["en"])
    return [held(spec, one) for one in spec["layer"] if one["mark"]["type"] == kind]


def test_a_gap_has_no_bar_and_no_zero():
    (bars,) = rows(drawing(cell(0), cell(1, None), cell(2, 0.0)), "bar")
    assert [row["value"] for row in bars] == [3, 0]


def test_the_usual_level_breaks_off_where_nothing_is_known():
    (steps,) = rows(drawing(cell(0, usual=1.0), cell(1, None), cell(2, usual=2.0)), "line")
    assert [(row["run"], row["value"]) for row in steps] == [(0, 1), (0, 1), (1, 2), (1, 2)]


def test_the_last_step_of_a_run_is_as_wide_as_its_cell():
    (steps,) = rows(drawing(cell(0, usual=1.0)), "line")
    assert steps[1]["from"] - steps[0]["from"] == HOUR.total_seconds() * 1000


@pytest.mark.parametrize("cells", [(), (cell(0, None),), (cell(0),), (cell(0, 0.0, usual=1.0),)])
def test_no_axis_is_measured_by_nothing(cells):
    spec = series.chart(drawing(*cells), SPEAKS["en"])
    measured = [one for one in spec["layer"] if "y" in one["encoding"]]
    assert all(held(spec, one) or one["encoding"]["y"]["scale"].get("domain") == [0, 1] for one in measured)


def test_both_ends_of_a_cell_lie_on_one_axis_of_time():
    layers = series.chart(drawing(cell(0)), SPEAKS["en"])["layer"]
    ends = [paper.wall(moment, ZONE) for moment in (DAY.start, DAY.end)]
    assert [json.loads(one["encoding"]["x"]["scale"]["domain"]["expr"]) for one in layers] == [ends] * len(layers)


LATE = Window(START + HOUR / 4, START + 24 * HOUR + HOUR / 4)  # begins and ends inside an hour


@pytest.mark.parametrize("width", [1, 24])
def test_an_axis_is_wide_enough_for_every_bar_of_a_window_that_begins_inside_a_cell(width: int):
    cells = [Cell(START + at * HOUR, START + (at + width) * HOUR, 3.0) for at in range(0, 25, width)]
    spec = series.chart(Drawing("posts", LATE, ZONE, tuple(cells)), SPEAKS["en"])
    ends = json.loads(spec["layer"][0]["encoding"]["x"]["scale"]["domain"]["expr"])
    assert ends == [paper.wall(moment, ZONE) for moment in (cells[0].at, cells[-1].until)]


def test_what_lies_ahead_of_the_last_bar_keeps_its_place():
    assert drawing(cell(0), cell(1)).across == DAY


def test_parts_reach_across_whole_cells_too():
    told = parts((1.0,) * 25)._replace(window=LATE)
    assert told.across == Window(START, START + 25 * HOUR)
    assert parts((1.0,) * 24)._replace(at=(), until=(), parts=()).across == DAY


def test_cells_of_a_spike_and_cells_that_are_lower_bounds_have_colours_of_their_own():
    (bars,) = rows(
        drawing(cell(0), cell(1, partial=True), cell(2), spikes=(Mark(cell(2).at, cell(2).until, "up"),)), "bar"
    )
    assert [row["kind"] for row in bars] == ["counted", "partial", "spike"]


def test_only_a_spike_that_has_reasons_leads_to_them():
    spikes = (Mark(cell(0).at, cell(0).until, "one", "/why"), Mark(cell(2).at, cell(2).until, "two"))
    *_, links = rows(drawing(cell(0), spikes=spikes), "rect")
    assert [row["link"] for row in links] == ["/why"]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (cell(9, 1234.0, usual=800.0), "Fri 29 Apr 09:00: 1,234; 800 would be usual"),
        (cell(9, 5.0, partial=True), "Fri 29 Apr 09:00: at least 5"),
        (cell(9, None, beside=7.0), "Fri 29 Apr 09:00: n/a; 7 in the window beside it"),
        (Cell(START, DAY.end, 5.0), "Fri 29 Apr: 5"),
    ],
)
def test_a_cell_says_what_it_holds(one: Cell, words: str):
    assert series.words(one, drawing(one), SPEAKS["en"]) == words


def test_a_legend_explains_what_is_drawn_and_nothing_else():
    assert drawing(cell(0)).kinds == ("counted",)
    assert drawing(cell(0, usual=1.0, low=0.0, high=2.0), gaps=(Mark(START, START + HOUR, "down"),)).kinds == (
        "counted", "usual", "band", "gap",
    )  # fmt: skip


def test_an_empty_window_is_drawn_as_one():
    assert "<svg" in paper.svg(series.chart(drawing(), SPEAKS["en"]))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_drawing_for_a_page_has_no_style_of_its_own_and_colours_by_name(language: str):
    drawn = paper.svg(stage.fitted(series.chart(drawing(cell(0)), SPEAKS[language], palette=PAGE), stage.NARROW))
    assert ("style=" in drawn, "var(--chart-counted)" in drawn) == (False, True)


@pytest.mark.parametrize("size", [stage.WIDE, stage.NARROW])
def test_a_drawing_for_a_page_is_exactly_as_large_as_its_place(size: stage.Size):
    told = drawing(cell(0, 123_456.0))
    drawn = paper.svg(stage.fitted(series.chart(told, SPEAKS["en"], palette=PAGE), size))
    assert f'width="{size.width}" height="{size.height}"' in drawn


@pytest.mark.parametrize(
    ("language", "shown"), [("en", (">0<", ">200K<", ">1M<")), ("ar", (">0<", "200\u00a0ألف", "1\u00a0مليون"))]
)
def test_large_numbers_stand_beside_a_chart_in_the_words_of_the_reader(language: str, shown: tuple[str, ...]):
    drawn = paper.svg(series.chart(drawing(cell(0, 1_000_000.0)), SPEAKS[language]))
    assert all(label in drawn for label in shown)


def test_arabic_labels_are_written_in_their_own_letters_in_reading_order():
    drawn = paper.svg(
        series.chart(Drawing("posts", Window(START, START + 7 * 24 * HOUR), ZONE, (cell(0),)), SPEAKS["ar"])
    )
    assert "الجمعة 29" in drawn


def test_words_of_strangers_do_not_leave_the_drawing():
    told = drawing(
        cell(0), spikes=(Mark(START, START + HOUR, EVIL, "/x?a=<script>"),), gaps=(Mark(START, DAY.end, EVIL),)
    )
    assert "<script" not in paper.svg(series.chart(told, SPEAKS["en"]))


def parts(*values: tuple[float | None, ...], name: str = "Mastodon") -> Parts:
    at = tuple(START + place * HOUR for place in range(len(values[0])))
    return Parts(DAY, ZONE, at, tuple(moment + HOUR for moment in at), tuple(Part(name, column) for column in values))


def pieces_of(told: Parts, **more: Any) -> list[dict[str, Any]]:
    spec = split.chart(told, SPEAKS["en"], **more)
    return held(spec, spec["layer"][1])


def test_parts_stand_upon_each_other():
    pieces = pieces_of(parts((1.0, None), (2.0, 4.0)))
    assert [(row["part"], row["low"], row["high"]) for row in pieces] == [("0", 0, 1), ("1", 1, 3), ("1", 0, 4)]


def test_shares_of_each_cell_are_one_together_and_nothing_is_no_share():
    pieces = pieces_of(parts((1.0, 0.0, None), (3.0, 0.0, None)), shares=True)
    assert [(row["low"], row["high"]) for row in pieces] == [(0, 0.25), (0.25, 1)]


def test_parts_of_a_cell_that_was_counted_in_part_are_paler_and_lower_bounds():
    told = parts((1.0, 2.0), (3.0, 2.0))
    told = told._replace(parts=(told.parts[0]._replace(partial=(False, True)), told.parts[1]))
    assert [(row["pale"], row["words"]) for row in pieces_of(told)] == [
        (False, "Mastodon: 1 (25%)"),
        (False, "Mastodon: 3 (75%)"),
        (True, "Mastodon: at least 2 (50%)"),
        (False, "Mastodon: 2 (50%)"),
    ]
    assert told.kinds == ("partial",)


def test_behind_parts_it_is_hatched_where_nobody_watched():
    gap = Mark(START + 3 * HOUR, START + 5 * HOUR, "mastodon was not watched: not asked")
    told = parts((1.0,))._replace(gaps=(gap,))
    spec = split.chart(told, SPEAKS["en"], palette=PAGE)
    (hole,) = held(spec, spec["layer"][0])
    assert (hole["to"] - hole["from"], hole["words"]) == (2 * HOUR.total_seconds() * 1000, gap.words)
    assert spec["layer"][0]["mark"]["fill"] == "url(#hatch)"
    assert told.kinds == ("gap",)


def test_names_of_parts_stay_words():
    drawn = split.chart(parts((1.0,), name=EVIL), SPEAKS["en"])
    assert "<script" not in paper.svg(drawn)
    assert json.loads(json.dumps(drawn)) == drawn


def test_every_part_has_a_colour_on_paper_and_on_the_page():
    assert len(PAPER.parts) == len(PAGE.parts) == PARTS
