"""Naming polls in the mail: the whole race while it runs, one line in quiet weeks."""

from datetime import timedelta

import pytest

from monitor.collect.cycle import decided
from monitor.digest.naming import MOST_EVENTS, alt, is_drawn, sections
from monitor.digest.section import Section
from monitor.model.brief import Brief
from monitor.model.poll_week import PollWeek
from monitor.model.race import Stage
from monitor.trends import poll_week
from monitor.words.voice import voice
from tests.digest.briefs import SURGE, VOTE
from tests.digest.races import (
    AWAITED,
    BREAD,
    CLOSE,
    COMING,
    CONFIRMED,
    FLAG,
    FLAGGED,
    HOPE,
    HOUR,
    OPENS,
    PATIENCE,
    RUNNING,
    SILENT,
    looked,
)  # fmt: skip

ENGLISH, ARABIC = voice("en", "Asia/Damascus"), voice("ar", "Asia/Damascus", "arabic")


def told(week: PollWeek, brief: Brief = VOTE, language=ENGLISH) -> Section:
    (section,) = sections(brief.model_copy(update={"polls": (week,)}), language)
    return section


def lines(section: Section) -> list[str]:
    return [f"{row.text}: {row.note}".translate(dict.fromkeys((0x2068, 0x2069))) for row in section.rows]


def test_a_campaign_without_a_poll_has_no_section():
    assert list(sections(VOTE.model_copy(update={"polls": ()}), ENGLISH)) == []


def test_a_running_race_is_told_whole():
    said = lines(told(RUNNING))
    assert said[0].startswith(f"{HOPE} leads {PATIENCE} by 101 votes, 2.7% of all votes. It closes Thu 28 Apr 00:00")
    assert said[1].startswith(f"{HOPE}: 1,559 votes, 42% (at the end 36% to 48%; chance to win 9")
    assert "Lately 195 votes an hour. Seen Wed 27 Apr 17:00.: " in said
    assert f"{HOPE} took the lead from {PATIENCE}: Wed 27 Apr 14:00" in said
    assert said[-1].startswith(f"⚑ Unusual increase: {BREAD}")


def test_in_quiet_weeks_there_is_a_single_line():
    (line,) = lines(told(COMING, VOTE.model_copy(update={"made_at": OPENS - 9 * HOUR})))
    assert line == "The poll of this week was not found yet. It usually opens Tue 26 Apr 18:00.: "
    assert lines(told(COMING)) == ["The poll of this week was not found yet.: "]
    missed = COMING.model_copy(update={"cycle": AWAITED.model_copy(update={"stage": Stage.MISSED})})
    assert lines(told(missed)) == ["No poll was found for this day.: "]


def test_a_poll_that_ended_before_the_window_is_one_line_too():
    (section,) = sections(SURGE, ENGLISH)
    assert lines(section) == [f"The name is {HOPE}: it has most votes. It closed Thu 28 Apr 00:00.: "]
    assert section.picture is None


def test_bars_are_as_long_as_the_shares():
    shares = [row.share for row in told(RUNNING).rows if row.share is not None]
    assert shares == [line.share for line in RUNNING.cycle.standing.lines]


def test_a_winner_that_was_taken_otherwise_is_told_with_who_had_most_votes():
    overturned = decided(CONFIRMED, "الصبر", OPENS + 44 * HOUR)
    week = poll_week.week(overturned, looked(32), OPENS, OPENS + 30 * HOUR)
    said = lines(told(week))
    assert said[0].startswith(f"The name is {PATIENCE}, although {HOPE} had most votes.")
    assert f"{PATIENCE} was taken as the name instead of {HOPE}: Thu 28 Apr 14:00" in said


def test_a_name_that_was_confirmed_late_is_told_on_its_day():
    week = poll_week.week(decided(CONFIRMED, "الامل", OPENS + 60 * HOUR), [], OPENS, OPENS + 50 * HOUR)
    assert f"{HOPE} was confirmed as the name: Fri 29 Apr 06:00" in lines(told(week, SURGE))


def test_a_look_in_vain_is_told_with_its_reason_and_the_age_of_the_numbers():
    week = RUNNING.model_copy(update={"cycle": SILENT})
    assert any("the page asks for a login. The numbers are" in line for line in lines(told(week)))


def test_where_bounds_overlap_nobody_leads():
    assert lines(told(RUNNING.model_copy(update={"cycle": CLOSE})))[0].startswith("Too close to call between")


def test_each_flag_names_its_two_looks_and_no_cause():
    (flag,) = [line for line in lines(told(RUNNING)) if line.startswith("⚑")]
    assert flag.endswith("seen between the looks of Wed 27 Apr 12:00 and Wed 27 Apr 13:00; cause unknown")


def test_many_flags_are_counted_and_not_all_listed():
    cycle = FLAGGED.model_copy(update={"events": (FLAG,) * 20})
    said = lines(told(RUNNING.model_copy(update={"cycle": cycle})))
    assert sum(line.startswith("⚑") for line in said) == MOST_EVENTS
    assert said[-1] == "and 12 more: "


def test_the_words_for_the_chart_tell_the_finding():
    said = alt(RUNNING, ENGLISH).translate(dict.fromkeys((0x2068, 0x2069)))
    assert said.startswith(f"Chart of the shares: {HOPE} leads {PATIENCE} by 101 votes")
    assert said.endswith("The lead changed 1 time.")


def test_only_a_race_of_some_looks_is_drawn():
    assert is_drawn(RUNNING, VOTE)
    assert not is_drawn(RUNNING.model_copy(update={"courses": ()}), VOTE)
    assert not is_drawn(RUNNING, VOTE.model_copy(update={"window": SURGE.window}))


@pytest.mark.parametrize("week", [RUNNING, COMING, poll_week.week(SILENT, looked(23), OPENS, OPENS)])
def test_arabic_speaks_in_the_readers_digits_and_month_names(week):
    said = " ".join(lines(told(week, language=ARABIC))) + told(week, language=ARABIC).title
    assert "نيسان" in said
    assert not set("0123456789") & set(said)


def test_the_readers_clock_is_used():
    utc = voice("en", "UTC")
    assert "It closes Wed 27 Apr 21:00, in 7 hours." in lines(told(RUNNING, language=utc))[0]
    assert timedelta(hours=7) == RUNNING.cycle.closes_at - VOTE.made_at


def test_two_polls_of_one_friday_have_different_headings():
    other = RUNNING.model_copy(update={"cycle": RUNNING.cycle.model_copy(update={"poll": "on-telegram"})})
    titles = [section.title for section in sections(VOTE.model_copy(update={"polls": (RUNNING, other)}), ENGLISH)]
    assert titles == ["Naming poll for Friday 29 April (friday)", "Naming poll for Friday 29 April (on-telegram)"]
