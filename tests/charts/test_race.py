"""The chart of a race: a line for each option, a wedge to where it may end, names in letters that are joined."""

from datetime import timedelta
from itertools import pairwise

import altair as alt
import pytest

from monitor.charts import paper, race
from monitor.charts.painter import SHARPNESS
from monitor.model.poll_week import Course
from monitor.trends import poll_week
from monitor.words.voice import voice
from tests.digest.races import BREAD, CLOSES, ENDED, HOPE, HOUR, OPENS, RUNNING, looked
from tests.pictures import ink, size

ZONE = "Asia/Damascus"
ENGLISH, ARABIC = voice("en"), voice("ar")


def layers(week=RUNNING, reader=ENGLISH):
    """The rows of each layer by its mark, in the order they are drawn."""
    spec = race.chart(week, ZONE, reader)
    rows = [(layer["mark"]["type"], layer["data"]) for layer in spec["layer"]]
    return [(mark, spec["datasets"][held["name"]] if "name" in held else held["values"]) for mark, held in rows]


def of(kind, week=RUNNING, reader=ENGLISH):
    return [rows for mark, rows in layers(week, reader) if mark == kind]


def named(*shares: float):
    """A week of options that end at these shares."""
    courses = tuple(
        Course(key=str(place), label=f"name {place}", points=((OPENS, share), (OPENS + HOUR, share)))
        for place, share in enumerate(shares)
    )
    cycle = ENDED.cycle.model_copy(update={"standing": None, "closes_at": None})
    return ENDED.model_copy(update={"courses": courses, "cycle": cycle})


@pytest.mark.parametrize("reader", [ENGLISH, ARABIC])
def test_a_race_is_what_the_schema_allows(reader):
    drawn = {**race.chart(RUNNING, ZONE, reader), "config": {}}
    alt.Chart.from_dict(drawn, validate=True)


def test_each_option_has_a_line_and_while_votes_come_a_wedge_to_its_end():
    assert len(of("line", ENDED)) == 4
    assert of("area", ENDED) == []
    assert len(of("area")) == 4
    assert len(of("line")) == 4 + 4  # the middle of each wedge is dashed


def test_a_wedge_ends_where_the_poll_does_at_the_bounds_of_the_forecast():
    last = of("area")[0][-1]
    low, middle, high = RUNNING.cycle.standing.lines[0].forecast
    assert (last["low"], last["share"], last["high"]) == (low, middle, high)
    assert last["at"] == paper.wall(CLOSES, ZONE)


def test_a_change_of_the_lead_is_an_upright_line():
    ((row,),) = of("rule")
    (change,) = RUNNING.cycle.standing.lead_changes
    assert row["at"] == paper.wall(change.at, ZONE)


def test_names_stand_at_the_ends_of_their_lines_and_none_on_another():
    heights = sorted(rows[0]["share"] for rows in of("text", named(0.30, 0.301, 0.302, 0.09)))
    least = race.APART / race.HEIGHT * 0.302
    assert all(after - before >= least * 0.999 for before, after in pairwise(heights))
    assert heights[0] == pytest.approx(0.09)


def test_crowded_names_stay_above_the_axis():
    assert min(rows[0]["share"] for rows in of("text", named(*[0.001] * 9))) >= 0


def test_arabic_names_are_drawn_in_letters_that_have_them_and_turned():
    spec = race.chart(RUNNING, ZONE, ARABIC)
    marks = {layer["mark"]["font"] for layer in spec["layer"] if layer["mark"]["type"] == "text"}
    assert marks == {paper.ARABIC, paper.LATIN}
    names = [rows[0]["name"] for rows in of("text", reader=ARABIC)]
    assert {HOPE, BREAD} <= {name.strip(paper.RIGHT_TO_LEFT + paper.END) for name in names}


def test_a_long_name_is_cut_and_a_hostile_one_is_harmless():
    course = RUNNING.courses[0].model_copy(update={"label": "\u202e" + "ا" * 400})
    ((row,),) = of("text", RUNNING.model_copy(update={"courses": (course,)}))
    assert len(row["name"]) == race.LONGEST_NAME
    assert "\u202e" not in row["name"]


def test_times_are_on_the_clock_of_the_campaign():
    first = of("line", ENDED)[0][0]["at"]
    assert first == paper.wall(OPENS + timedelta(minutes=30), ZONE)


@pytest.mark.parametrize(
    "week", [RUNNING, ENDED, named(0.2, 0.1), poll_week.week(RUNNING.cycle, looked(1), OPENS, OPENS)]
)
@pytest.mark.parametrize("reader", [ENGLISH, ARABIC])
def test_the_picture_has_ink_and_is_no_wider_than_a_mail(week, reader):
    picture = race.png(week, ZONE, reader)
    assert size(picture)[0] <= (paper.WIDTH + 10) * SHARPNESS
    assert ink(picture).mean() > 0.004


def test_only_while_there_is_a_wedge_it_is_explained():
    assert "Shaded" in str(race.chart(RUNNING, ZONE)["title"])
    assert "Shaded" not in str(race.chart(ENDED, ZONE)["title"])


def test_the_same_race_is_an_svg_too():
    assert race.svg(RUNNING, ZONE).startswith("<svg")


def test_the_upright_line_is_explained_where_there_is_one():
    steady = named(0.3, 0.2)
    assert "Upright" in str(race.chart(RUNNING, ZONE)["title"])
    assert "Upright" not in str(race.chart(steady, ZONE)["title"])
