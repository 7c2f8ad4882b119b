"""The chart of a brief: gaps are holes, classes have axes of their own, and Arabic is joined and runs right to left."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import altair as alt
import numpy as np
import pytest

from monitor.charts import numbers, paper
from monitor.charts.painter import SHARPNESS
from monitor.model.brief import Brief, Line, Point, Stretch
from monitor.trends.stirred import WATCHED
from monitor.words.voice import Voice, voice
from tests.digest.briefs import FRIDAY, SURGE
from tests.pictures import ink, size

ENGLISH, ARABIC, INDIC = voice("en"), voice("ar"), voice("ar", digits="arabic")
ZWNJ = "\u200c"  # keeps two letters apart


def line(name: str = "posts", values: tuple[float | None, ...] = (3.0,) * 24, *, seconds: int = 3600) -> Line:
    cells = [FRIDAY.start + timedelta(seconds=seconds * number) for number in range(len(values))]
    points = tuple(Point(at=at, value=value) for at, value in zip(cells, values, strict=True))
    return Line(name=name, cell_seconds=seconds, points=points)


def brief(*lines: Line, **changed: Any) -> Brief:
    return SURGE.model_copy(update={"lines": lines, **changed})


def rows(spec: dict[str, Any], panel: int, layer: int) -> list[dict[str, Any]]:
    """Return the rows of one layer (gaps, bars, usual level) of a panel."""
    return spec["datasets"][spec["vconcat"][panel]["layer"][layer]["data"]["name"]]


def title(text: str) -> np.ndarray:
    """Return the ink of a title as it is drawn in an Arabic chart, cut to where there is any."""
    image = ink(numbers.png(brief(titles={"ar": text}), ARABIC))[: 26 * SHARPNESS]
    columns, lines = np.flatnonzero(image.max(axis=0) > 0.2), np.flatnonzero(image.max(axis=1) > 0.2)
    return image[lines[0] : lines[-1] + 1, columns[0] : columns[-1] + 1]


@pytest.mark.parametrize("reader", [ENGLISH, ARABIC])
def test_a_chart_is_what_the_schema_allows(reader):
    drawn = {**numbers.chart(SURGE, reader), "config": {}}  # some of what the drawer can be told is in no schema
    alt.Chart.from_dict(drawn, validate=True)


def test_a_chart_is_as_wide_as_a_mail_and_sharp_on_phones():
    width, height = size(numbers.png(SURGE))
    assert width <= paper.WIDTH * SHARPNESS
    assert 0.2 < height / width < 1.1


def test_a_chart_weighs_little():
    assert len(numbers.png(SURGE, ARABIC)) < 120_000


def test_the_ground_is_light():
    assert np.median(ink(numbers.png(SURGE))) == 0


def test_classes_never_share_an_axis():
    spec = numbers.chart(brief(line("posts"), line("impressions"), headline_metric="posts"))
    assert [panel["title"]["text"] for panel in spec["vconcat"]] == [
        "Posts per hour",
        "Impressions (measured) per hour",
    ]


@pytest.mark.parametrize("name", WATCHED)
def test_every_line_of_a_brief_has_its_name_in_arabic(name: str):
    (panel,) = numbers.chart(brief(line(name)), ARABIC)["vconcat"]
    assert name not in panel["title"]["text"]


def test_an_axis_of_time_is_marked_only_where_bars_can_stand():
    """A window from 23:50 on draws the hours that begin in it; where midnight is half past, it lies before them."""
    drawn, late = line(), timedelta(hours=2)
    points = tuple(point.model_copy(update={"at": point.at - late}) for point in drawn.points)
    window = Stretch(start=FRIDAY.start - timedelta(minutes=160), end=FRIDAY.end - timedelta(minutes=160))
    told = brief(drawn.model_copy(update={"points": points}), window=window, zone="Asia/Kolkata")
    x = numbers.chart(told)["vconcat"][0]["layer"][1]["encoding"]["x"]
    first, last = (paper.wall(end - late, "Asia/Kolkata") for end in (FRIDAY.start, FRIDAY.end))
    assert x["scale"]["domain"] == [first, last]
    assert all(first <= tick <= last for tick in x["axis"]["values"])


def test_the_headline_comes_first():
    spec = numbers.chart(brief(line("posts"), line("impressions"), headline_metric="impressions"))
    assert spec["vconcat"][0]["title"]["text"].startswith("Impressions")


def test_a_gap_is_a_shaded_hole_and_no_bar():
    spec = numbers.chart(brief(line(values=(5.0, None, None, 0.0))))
    assert [row["value"] for row in rows(spec, 0, 1)] == [5.0, 0.0]
    (gap,) = rows(spec, 0, 0)
    assert gap["to"] - gap["from"] == 2 * 3600 * 1000


def test_what_lies_ahead_is_no_gap():
    spec = numbers.chart(brief(line(values=(5.0, None)), made_at=FRIDAY.start + timedelta(hours=1)))
    assert rows(spec, 0, 0) == []


def test_spikes_are_marked():
    spec = numbers.chart(SURGE)
    kinds = [row["kind"] for row in rows(spec, 0, 1)]
    assert {"spike", "counted"} == set(kinds)


def test_the_usual_level_stands_beside():
    points = len(SURGE.lines[0].expected)
    assert len(rows(numbers.chart(SURGE), 0, 2)) == points + 1  # the last step has an end


def legends(spec: dict[str, Any], channel: str) -> list[Any]:
    """Return what the legends of a channel explain, a panel after the other."""
    encodings = [layer["encoding"].get(channel) for panel in spec["vconcat"] for layer in panel["layer"]]
    return [one["legend"]["values"] for one in encodings if one and one["legend"]]


def test_the_legend_explains_only_what_is_drawn():
    spec = numbers.chart(brief(line()))
    assert legends(spec, "color") == [["counted"], ["counted"]]  # gaps and bars share it
    assert legends(spec, "strokeDash") == []


def test_the_dashed_line_is_explained_by_a_dashed_line():
    (layer,) = [one for one in numbers.chart(SURGE)["vconcat"][0]["layer"] if one["mark"]["type"] == "line"]
    assert layer["encoding"]["strokeDash"]["legend"]["symbolType"] == "stroke"
    assert layer["encoding"]["strokeDash"]["scale"] == {"domain": ["usual"], "range": [numbers.DASHES]}
    assert "usual" not in legends(numbers.chart(SURGE), "color")[0]


def test_a_second_panel_explains_nothing_again():
    spec = numbers.chart(brief(line("posts"), line("impressions")))
    assert len(legends(spec, "color")) == 2  # of the first panel alone


def test_an_arabic_legend_is_read_from_the_right():
    assert legends(numbers.chart(SURGE, ARABIC), "color")[0] == ["gap", "spike", "counted"]
    assert numbers.chart(SURGE, ARABIC)["config"]["legend"]["layout"]["bottom"]["anchor"] == "end"


def test_times_are_on_the_campaigns_clock():
    first = rows(numbers.chart(brief(line())), 0, 1)[0]
    assert first["from"] % 86_400_000 == 0  # midnight in Damascus


def test_days_are_drawn_as_days():
    spec = numbers.chart(brief(line(values=(4.0,) * 12, seconds=86400)))
    assert spec["vconcat"][0]["title"]["text"] == "Posts per day"


@pytest.mark.parametrize("days", [1, 2, 7, 40, 400])
def test_every_length_of_window_can_be_drawn(days: int):
    window = Stretch(start=FRIDAY.start, end=FRIDAY.start + timedelta(days=days))
    seconds = 3600 if days < 9 else 86400
    cells = (window.end - window.start) // timedelta(seconds=seconds)
    drawn = brief(line(values=(1.0,) * cells, seconds=seconds), window=window)
    assert size(numbers.png(drawn))[0] <= paper.WIDTH * SHARPNESS


@pytest.mark.parametrize("lines", [(), (line(values=()),), (line(values=(None,) * 24),), (line(values=(0.0,) * 24),)])
@pytest.mark.parametrize("reader", [ENGLISH, ARABIC, INDIC])
def test_a_chart_without_anything_is_still_a_chart(lines: tuple[Line, ...], reader: Voice):
    assert numbers.png(brief(*lines), reader).startswith(b"\x89PNG")


@pytest.mark.parametrize("value", [None, 0.0])
def test_an_axis_that_nothing_is_measured_by_has_a_nought_and_a_one_apart(value: float | None):
    (panel,) = numbers.chart(brief(line(values=(value,) * 24)))["vconcat"]
    y = panel["layer"][1]["encoding"]["y"]
    assert (y["scale"]["domain"], y["axis"]["values"]) == ([0, 1], [0, 1])


def test_a_title_can_not_break_the_chart():
    odd = 'A "quote" <b>\n\u202e{x} ' + "long " * 60
    assert numbers.svg(brief(line(), titles={}, title=odd)).startswith("<svg")


def test_an_arabic_chart_has_its_numbers_at_the_right_and_syrian_months():
    spec = numbers.chart(SURGE, ARABIC)
    assert spec["config"]["axisY"]["orient"] == "right"
    assert "نيسان" in str(spec["title"])


def test_arabic_titles_turn_by_themselves():
    text = numbers.chart(brief(line(), titles={"ar": "SaveAleppo: حلب"}), ARABIC)["title"]["text"]
    assert (text[0], text[-1]) == (paper.RIGHT_TO_LEFT, paper.END)


def test_arabic_letters_are_joined():
    joined, apart = title("سلام"), title(ZWNJ.join("سلام"))
    assert joined.shape[1] < 0.85 * apart.shape[1]


def test_arabic_runs_from_right_to_left():
    tall = title("سسسسا").max(axis=1) > 0.2  # the last letter, an alef, stands taller than the others
    assert tall.any()
    top = title("سسسسا")[: int(len(tall) * 0.3)]
    columns = np.flatnonzero(top.max(axis=0) > 0.2)
    assert columns.max() < 0.3 * top.shape[1]


def test_arabic_words_stand_in_their_order():
    """The first word of 'ا ببببب' is at the right: only there something is tall."""
    image = title("ا بببببببب")
    columns = np.flatnonzero(image[: int(len(image) * 0.3)].max(axis=0) > 0.2)
    assert columns.min() > 0.7 * image.shape[1]


def test_arabic_is_drawn_at_the_right():
    image = ink(numbers.png(brief(line(), titles={"ar": "حلب"}), ARABIC))[: 26 * SHARPNESS]
    assert np.flatnonzero(image.max(axis=0) > 0.2).min() > 0.7 * image.shape[1]


def test_the_digits_of_a_chart_are_those_of_its_reader():
    western, indic = numbers.chart(SURGE, ARABIC), numbers.chart(SURGE, INDIC)
    assert "٢٩ نيسان ٢٠١٦" in str(indic["title"])
    assert "٠٤:٠٠" in labels(indic)
    assert "04:00" in labels(western)
    assert indic["config"]["locale"]["number"]["numerals"] == list("٠١٢٣٤٥٦٧٨٩")


def written(axis: dict[str, Any]) -> list[str]:
    """Return what is written below a chart, from left to right."""
    labels = json.loads(axis["labelExpr"].partition(")")[0].lstrip("("))
    return [label.strip(paper.RIGHT_TO_LEFT + paper.END) for label in labels.values()]


def labels(spec: dict[str, Any]) -> list[str]:
    return written(spec["vconcat"][0]["layer"][0]["encoding"]["x"]["axis"])


def axis(days: int, reader: Voice) -> dict[str, Any]:
    return paper.time_axis(FRIDAY.start, FRIDAY.start + timedelta(days=days), "Asia/Damascus", reader).to_dict()


@pytest.mark.parametrize(("language", "first"), [("ar", "30 نيسان"), ("en", "2 May"), ("en-US", "1 May")])
def test_long_charts_are_marked_where_the_readers_weeks_begin(language: str, first: str):
    """On Saturday in Syria, on Monday in Britain, on Sunday in America."""
    assert written(axis(30, voice(language)))[0] == first


def test_years_are_marked_by_months():
    assert written(axis(300, ENGLISH))[:3] == ["May", "Jun", "Jul"]


def test_ticks_stay_on_the_full_hours_of_a_day_whose_clock_changes():
    start = datetime(2024, 3, 30, 23, tzinfo=UTC)
    ticks = paper.time_axis(start, start + timedelta(hours=23), "Europe/Berlin", ENGLISH).to_dict()["values"]
    assert [tick // 3_600_000 % 24 for tick in ticks] == [0, 4, 8, 12, 16, 20, 0]


def test_letters_are_tall_enough_on_a_phone():
    """Shrunk to the 344 pixels that a phone of 360 leaves, the smallest letters are 10 pixels tall or more."""
    config = numbers.chart(SURGE)["config"]
    smallest = min(config["axis"]["labelFontSize"], config["legend"]["labelFontSize"], paper.HEADING)
    assert smallest * min(1, 344 / paper.WIDTH) >= 10
