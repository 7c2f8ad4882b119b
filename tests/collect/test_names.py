from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.collect.cycle import advanced, awaited, decided
from monitor.collect.names import Voted, hashtag_of, watched
from monitor.model.campaign import Campaign, Family
from monitor.model.metric import WHOLE
from monitor.model.option import option_key
from monitor.model.poll import Option, Poll, State, Tally, Votes, Weekly
from monitor.model.race import Cycle, Event, Kind, Line, Stage, Standing
from tests.people import ALEPPO

FRIDAY = date(2016, 5, 6)
POLL = Poll("friday", "UTC", opens=Weekly(1, 18), closes=Weekly(2, 24))
OPENED, CLOSES = datetime(2016, 5, 3, 18, tzinfo=UTC), datetime(2016, 5, 5, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIEGE, BREAD = "كسر الحصار", "خبز وحرية"


def week(*labels: str, stage: Stage = Stage.OPEN, winner: str | None = None, day: date = FRIDAY) -> Cycle:
    names = {option_key(label): label for label in labels}
    lines = tuple(Line(key=key, label=label, votes=100 - place) for place, (key, label) in enumerate(names.items()))
    return Cycle(
        poll="friday",
        day=day,
        stage=stage,
        place="poll/1",
        opened_at=OPENED + (day - FRIDAY),
        closes_at=CLOSES + (day - FRIDAY),
        names=names,
        winner=winner and option_key(winner),
        standing=Standing(at=OPENED, lines=lines),
    )


def at(moment: datetime, *cycles: Cycle, poll: Poll = POLL, campaign: Campaign = ALEPPO) -> Campaign:
    return watched(campaign, [Voted(poll, cycle) for cycle in cycles], moment)


def tags(families: Sequence[Family]) -> list[str]:
    return sorted(family.tag for family in families)


def closed(*labels: str) -> Cycle:
    return week(*labels, stage=Stage.CONFIRMED, winner=labels[0])


def test_while_people_vote_every_name_is_compared_and_none_is_the_campaigns():
    during = at(OPENED + HOUR, week(SIEGE, BREAD))
    assert tags(during.compared) == ["جمعة_خبز_وحرية", "جمعة_كسر_الحصار"]
    assert during.families == ALEPPO.families
    assert during.spellings == ALEPPO.spellings


def test_a_name_is_looked_for_with_its_day_and_without_and_in_english_where_the_poll_has_it():
    during = at(OPENED, week(f"{SIEGE} / Break the Siege"))
    (name,) = during.compared
    assert name.spellings == ("جمعة_كسر_الحصار", "fridayofbreakthesiege", "كسر_الحصار")


@pytest.mark.parametrize(("label", "tag"), [("جمعة الغضب", "جمعة_الغضب"), ("Friday of Rage", "FridayOfRage")])
def test_a_name_of_one_word_is_not_looked_for_without_its_day(label, tag):
    (name,) = at(OPENED, week(label), poll=replace(POLL, spellings=0)).compared
    assert (name.tag, len(name.spellings)) == (tag, 1)
    (name,) = at(OPENED, week(label)).compared
    assert not {"الغضب", "rage"} & set(name.spellings)


def test_no_more_spellings_than_the_operator_pays_for():
    (name,) = at(OPENED, week(SIEGE), poll=replace(POLL, spellings=4)).compared
    assert len(name.spellings) == 5


def test_the_winner_is_a_family_from_the_closing_until_a_week_after_its_friday():
    after = at(CLOSES + HOUR, closed(SIEGE, BREAD))
    assert (tags(after.named), tags(after.compared)) == (["جمعة_كسر_الحصار"], ["جمعة_خبز_وحرية"])
    assert after.named[0].reign is not None
    assert (after.named[0].reign.start, after.named[0].reign.end) == (CLOSES, datetime(2016, 5, 14, tzinfo=UTC))


def test_a_post_with_the_winners_name_counts_for_the_whole_in_its_reign_only():
    after = at(CLOSES + HOUR, closed(SIEGE, BREAD))
    tag = "جمعة_كسر_الحصار"
    assert after.subjects([tag], CLOSES)[0] == WHOLE
    assert WHOLE not in after.subjects([tag], CLOSES - HOUR)
    assert after.subjects([tag], CLOSES - HOUR)[0] == "tag/جمعه_كسر_الحصار"


def test_a_post_with_a_losing_name_counts_for_the_name_and_not_for_the_whole():
    after = at(CLOSES + HOUR, closed(SIEGE, BREAD))
    subjects = after.subjects(["جمعة_خبز_وحرية"], CLOSES + HOUR)
    assert subjects == ("tag/جمعه_خبز_وحريه", "tag/جمعه_خبز_وحريه/جمعة_خبز_وحرية")
    assert WHOLE in after.subjects(["جمعة_خبز_وحرية", "SaveAleppo"], CLOSES + HOUR)


def test_names_go_a_set_number_of_days_after_their_friday():
    cycle, brief = closed(SIEGE, BREAD), replace(POLL, days=2)
    assert at(datetime(2016, 5, 13, 23, tzinfo=UTC), cycle).named
    assert at(datetime(2016, 5, 14, tzinfo=UTC), cycle) == ALEPPO
    assert at(datetime(2016, 5, 9, tzinfo=UTC), cycle, poll=brief) == ALEPPO


def test_while_nobody_can_say_who_won_all_names_are_compared():
    assert not at(CLOSES + HOUR, week(SIEGE, BREAD, stage=Stage.CLOSED)).named


def test_a_winner_that_is_overturned_makes_room_for_the_name_that_was_taken():
    later = CLOSES + 5 * HOUR
    cycle = decided(closed(SIEGE, BREAD), option_key(BREAD), later)
    overturned = at(later, cycle)
    assert (tags(overturned.named), tags(overturned.compared)) == (["جمعة_خبز_وحرية"], ["جمعة_كسر_الحصار"])
    assert overturned.subjects(["جمعة_خبز_وحرية"], CLOSES + HOUR)[0] == WHOLE
    assert [event.kind.value for event in cycle.events] == ["overturned", "other-winner"]


def test_a_name_that_was_no_option_can_be_taken():
    cycle = decided(closed(SIEGE, BREAD), option_key("ثورة لن تموت"), CLOSES + HOUR, "جمعة ثورة لن تموت")
    assert tags(at(CLOSES + HOUR, cycle).named) == ["جمعة_ثورة_لن_تموت"]


def test_a_hashtag_that_the_operator_lists_stays_the_operators():
    own = replace(ALEPPO, families=(*ALEPPO.families, Family("كسر_الحصار", ("كسر_الحصار",))))
    (name,) = at(OPENED, week(SIEGE), campaign=own).compared
    assert "كسر_الحصار" not in name.spellings
    listed = replace(ALEPPO, families=(Family("جمعة_كسر_الحصار", ("جمعة_كسر_الحصار",)),))
    assert at(CLOSES, closed(SIEGE), campaign=listed) == listed


def test_of_two_polls_with_the_same_name_it_is_one_and_the_winners():
    other = replace(POLL, name="women")
    both = [Voted(POLL, closed(SIEGE, BREAD)), Voted(other, closed(BREAD, SIEGE))]
    named = watched(ALEPPO, both, CLOSES + HOUR)
    assert (tags(named.named), named.compared) == (["جمعة_خبز_وحرية", "جمعة_كسر_الحصار"], ())


def test_last_weeks_names_stay_beside_this_weeks():
    last = week(SIEGE, BREAD, stage=Stage.CONFIRMED, winner=SIEGE, day=FRIDAY - timedelta(days=7))
    both = at(OPENED + HOUR, week("لن نركع", BREAD), last)
    assert tags(both.named) == ["جمعة_كسر_الحصار"]
    assert tags(both.compared) == ["جمعة_خبز_وحرية", "جمعة_لن_نركع"]


def test_a_poll_with_very_many_options_has_the_first_of_them_looked_for_and_always_the_winner():
    labels = [f"اسم رقم {number}" for number in range(40)]
    many = week(*labels, stage=Stage.CONFIRMED, winner=labels[30])
    named = at(CLOSES, many)
    assert (tags(named.named), len(named.compared)) == (["جمعة_اسم_رقم_30"], 11)


@pytest.mark.parametrize("stage", [Stage.AWAITED, Stage.MISSED])
def test_without_a_poll_there_are_no_names(stage):
    assert at(OPENED, week(SIEGE, stage=stage)) == ALEPPO


@pytest.mark.parametrize("label", ["🔥", "", "…"])
def test_a_label_without_words_is_no_hashtag(label):
    assert at(OPENED, week(label)) == ALEPPO
    assert hashtag_of(ALEPPO, POLL, label) is None


def test_an_options_hashtag_is_found_however_it_is_written():
    during = at(OPENED, week(SIEGE))
    family = hashtag_of(during, POLL, "1) جمعة «كسر الحصار»")
    assert family is not None
    assert family.key == "جمعه_كسر_الحصار"
    assert hashtag_of(during, POLL, "another") is None


def test_names_that_did_not_change_make_no_other_campaign():
    before, after = week(SIEGE, BREAD), week(BREAD, SIEGE)
    assert at(OPENED + HOUR, before) == at(OPENED + 2 * HOUR, after)


def test_what_is_printed_of_a_name_is_its_words_not_its_hashtag():
    during = at(OPENED, week(f"{SIEGE} / Break the Siege"))
    key = "جمعه_كسر_الحصار"
    assert [name.key for name in during.printed("مظاهرات في جمعة كسر الحصار")] == [key]
    assert [name.key for name in during.printed("Thousands break the siege, they say")] == [key]
    assert during.printed("Nothing of it") == ()
    assert not during.names("a march to break the siege", at=CLOSES)


def test_names_are_looked_for_though_the_poll_hides_its_votes():
    hidden = Tally(
        place="poll/1",
        at=OPENED + HOUR,
        question="?",
        options=(Option.of(SIEGE), Option.of(BREAD)),
        votes=(Votes(), Votes()),
        state=State.HIDDEN,
    )
    cycle = advanced(awaited(POLL, FRIDAY), POLL, [hidden], OPENED + HOUR)
    assert cycle.standing is None
    assert tags(at(OPENED + HOUR, cycle).compared) == ["جمعة_خبز_وحرية", "جمعة_كسر_الحصار"]


def test_what_a_renamed_option_was_called_is_looked_for_with_it():
    renamed = Event(kind=Kind.RENAMED, at=OPENED, option=BREAD, other="جمعة الخبز")
    (name,) = at(OPENED + HOUR, week(BREAD).model_copy(update={"events": (renamed,)})).compared
    assert name.spellings[0] == "جمعة_خبز_وحرية"
    assert name.spellings[-1] == "جمعة_الخبز"


def test_an_option_that_is_removed_is_not_looked_for_any_more():
    assert tags(at(OPENED + HOUR, week(SIEGE)).compared) == ["جمعة_كسر_الحصار"]


def test_indexes_of_the_press_are_asked_for_the_winner_as_it_is_printed():
    during, after = at(OPENED, week(SIEGE, BREAD)), at(CLOSES, closed(SIEGE, BREAD))
    assert during.press_words == ALEPPO.press_words
    assert after.press_words == (*ALEPPO.press_words, "جمعة كسر الحصار", "كسر الحصار")
