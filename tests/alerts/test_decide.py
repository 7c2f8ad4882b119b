"""One cause, one message: grouping, cool-down, repeats, silences, inhibition, and what is over."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.decide import Policy, decide
from monitor.alerts.finding import FORGET, Finding, Kind, Message, Muted, Silence, State
from monitor.alerts.muting import Blind
from tests.alerts.cases import HOUR, MINUTE, POLICY, found, spike
from tests.people import NOON

DARK = Blind(partly={"mastodon", "x"}, wholly={"mastodon", "x"})
PART = found("spike/posts/tag/aleppo", of="#Aleppo", part_of=("spike/posts/*",))


class Story:
    """A scope that is looked at again and again."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self.state, self.policy = State(), policy

    def at(self, moment: timedelta, *findings: Finding, **around: object) -> tuple[Message, ...]:
        decision = decide("aleppo", findings, self.state, NOON + moment, policy=self.policy, **around)
        self.state = decision.state
        return decision.messages


def silence(**wanted: str) -> Silence:
    return Silence(id="s", begun=NOON, until=NOON + 2 * HOUR, **wanted)


def keys(messages: tuple[Message, ...], part: str = "new") -> list[str]:
    return [finding.key for message in messages for finding in getattr(message, part)]


def test_nothing_found_tells_nothing():
    assert Story().at(MINUTE) == ()


def test_what_goes_on_is_told_once():
    story = Story()
    assert keys(story.at(0 * MINUTE, found())) == ["spike/posts/*"]
    assert [story.at(minute * MINUTE, found()) for minute in range(1, 300, 7)] == [()] * 43


def test_causes_of_one_campaign_found_together_are_one_message():
    (told,) = Story().at(MINUTE, found(), found("above/articles/*", Kind.ABOVE))
    assert len(told.new) == 2


def test_two_rules_that_see_the_same_are_told_as_the_more_severe():
    (told,) = Story().at(MINUTE, found(), found(rule="sharp", severity="critical"))
    assert [one.rule for one in told.new] == ["sharp"]
    assert told.severity == "critical"


def test_what_comes_within_the_cool_down_waits_for_its_end():
    story, late = Story(), found("above/articles/*", Kind.ABOVE)
    story.at(0 * MINUTE, found())
    assert story.at(10 * MINUTE, found(), late) == ()
    assert keys(story.at(30 * MINUTE, found(), late)) == [late.key]


def test_a_poll_does_not_wait_for_the_cool_down_of_numbers():
    story = Story()
    story.at(0 * MINUTE, found())
    assert keys(story.at(MINUTE, found(), found("poll/closed", Kind.POLL))) == ["poll/closed"]


def test_what_goes_on_for_long_is_told_again():
    story = Story()
    story.at(0 * MINUTE, found())
    assert story.at(23 * HOUR, found()) == ()
    assert keys(story.at(24 * HOUR, found()), "again") == ["spike/posts/*"]


def test_what_grew_out_of_proportion_is_told_anew():
    story = Story()
    story.at(0 * MINUTE, found(spike=spike()))
    grown = found(spike=spike(escalated=NOON + 2 * HOUR))
    assert keys(story.at(2 * HOUR, grown)) == ["spike/posts/*"]
    assert story.at(3 * HOUR, grown) == ()


def test_what_became_more_severe_is_told_anew():
    story = Story()
    story.at(0 * MINUTE, found())
    assert keys(story.at(HOUR, found(severity="critical"))) == ["spike/posts/*"]


def test_what_is_over_is_told_once_it_stayed_away():
    story = Story()
    story.at(0 * MINUTE, found())
    assert story.at(60 * MINUTE) == ()
    assert story.at(69 * MINUTE) == ()
    assert keys(story.at(70 * MINUTE), "over") == ["spike/posts/*"]
    assert story.state.active == {}


def test_a_flicker_is_not_over():
    story = Story()
    story.at(0 * MINUTE, found())
    quiet = [story.at((30 + minute) * MINUTE, *[found()] * (minute % 8 == 0)) for minute in range(60)]
    assert set(quiet) == {()}


def test_who_wants_no_word_of_the_end_gets_none():
    story = Story(Policy(resolve=False))
    story.at(0 * MINUTE, found())
    assert [story.at(hour * HOUR) for hour in (1, 2, 3)] == [()] * 3
    assert story.state.active == {}


def test_what_was_never_told_has_no_end_to_tell():
    story = Story()
    story.at(0 * MINUTE, found(), silences=[silence(campaign="aleppo")])
    assert [story.at(hour * HOUR) for hour in (1, 2, 3)] == [()] * 3


def test_what_happened_is_told_once_however_long_it_is_seen():
    story, closed = Story(), found("poll/closed", Kind.POLL)
    story.at(0 * MINUTE, closed)
    assert [story.at(hour * HOUR, *[closed] * (hour % 2)) for hour in range(1, 100)] == [()] * 99


def test_what_happened_during_a_silence_is_not_told_when_it_ends():
    story = Story()
    story.at(0 * MINUTE, found("poll/closed", Kind.POLL), silences=[silence(campaign="aleppo")])
    assert [story.at(hour * HOUR) for hour in range(1, 9)] == [()] * 8


def test_what_lasts_beyond_a_silence_is_told_when_it_ends():
    story = Story()
    assert story.at(0 * MINUTE, found(), silences=[silence(campaign="aleppo")]) == ()
    assert keys(story.at(3 * HOUR, found(), silences=[silence(campaign="aleppo")])) == ["spike/posts/*"]


def test_what_happened_is_forgotten_at_last():
    story = Story()
    story.at(0 * MINUTE, found("poll/closed", Kind.POLL))
    story.at(FORGET + HOUR)
    assert story.state.active == {}


@pytest.mark.parametrize("wanted", [{"campaign": "aleppo"}, {"rule": "spike"}, {"source": "mastodon"}, {}])
def test_a_silence_mutes_what_it_covers_until_it_ends(wanted: dict[str, str]):
    story, quiet = Story(), [silence(**wanted)]
    assert story.at(MINUTE, found(), silences=quiet) == ()
    assert story.state.active["spike/posts/*"].muted is Muted.SILENCED
    assert keys(story.at(2 * HOUR, found(), silences=quiet)) == ["spike/posts/*"]


@pytest.mark.parametrize("wanted", [{"campaign": "buses"}, {"rule": "drop"}, {"campaign": "aleppo", "source": "x"}])
def test_a_silence_of_something_else_mutes_nothing(wanted: dict[str, str]):
    assert Story().at(MINUTE, found(), silences=[silence(**wanted)])


def test_a_spike_of_the_whole_mutes_those_of_its_parts():
    story = Story()
    assert keys(story.at(MINUTE, found(), PART)) == ["spike/posts/*"]
    assert story.state.active[PART.key].muted is Muted.PART


def test_a_part_alone_is_told():
    assert keys(Story().at(MINUTE, PART)) == [PART.key]


def test_a_part_that_outlasts_the_whole_is_no_news():
    story = Story()
    story.at(0 * MINUTE, found(), PART)
    told = [story.at(2 * HOUR + minute * MINUTE, PART) for minute in range(60)]
    assert sum(map(len, told)) == 1  # the end of the whole
    assert keys(next(one for one in told if one), "over") == ["spike/posts/*"]


def test_a_part_that_came_later_and_outlasts_the_whole_is_no_news():
    story = Story()
    story.at(0 * MINUTE, found())
    assert story.at(HOUR, found(), PART) == ()
    told = [story.at(2 * HOUR + minute * MINUTE, PART) for minute in range(60)]
    assert [keys(one, "over") for one in told if one] == [["spike/posts/*"]]


@pytest.mark.parametrize("kind", [Kind.DROP, Kind.BELOW])
def test_a_fall_is_muted_while_a_source_it_depends_on_is_blind(kind: Kind):
    fall = found("fall", kind, platforms=("mastodon", "x"))
    assert Story().at(MINUTE, fall, blind=Blind(partly={"x"})) == ()
    assert Story().at(MINUTE, fall, blind=Blind(partly={"bluesky"}))


def test_a_spike_is_muted_only_when_nothing_of_it_is_seen():
    rise = found(platforms=("mastodon", "x"))
    assert Story().at(MINUTE, rise, blind=Blind(partly={"x", "mastodon"}, wholly={"x"}))
    assert Story().at(MINUTE, rise, blind=DARK) == ()


def test_a_limit_that_is_reached_is_told_whoever_is_blind():
    assert Story().at(MINUTE, found("above", Kind.ABOVE, platforms=("mastodon", "x")), blind=DARK)


@pytest.mark.parametrize("kind", [Kind.DROP, Kind.BELOW, Kind.ABOVE, Kind.SPIKE])
def test_what_nobody_can_see_is_not_over(kind: Kind):
    story, told = Story(), found("told", kind)
    story.at(0 * MINUTE, told)
    assert [story.at(hour * HOUR, blind=Blind(partly={"mastodon"})) for hour in range(1, 30)] == [()] * 29
    story.at(30 * HOUR)
    assert keys(story.at(31 * HOUR), "over") == [told.key]


def test_a_number_is_below_its_limit_again_only_where_all_of_it_is_seen():
    story, reached = Story(), found("above", Kind.ABOVE, platforms=("mastodon", "x"))
    story.at(0 * MINUTE, reached)
    assert [story.at(hour * HOUR, blind=Blind(partly={"x"})) for hour in range(1, 30)] == [()] * 29
    assert story.state.active["above"].muted is Muted.BLIND


def test_what_begins_anew_after_an_end_that_nobody_saw_is_news():
    story, half = Story(), Blind(partly={"mastodon"})
    story.at(0 * MINUTE, found())
    assert [story.at(hour * HOUR, blind=half) for hour in (1, 2, 3)] == [()] * 3
    assert story.at(4 * HOUR, found(), blind=half) == ()
    story.at(5 * HOUR, blind=half)
    assert keys(story.at(7 * HOUR, found(at=NOON + 6 * HOUR), blind=half)) == ["spike/posts/*"]


def test_an_end_that_goes_out_of_sight_is_told_when_it_is_seen():
    story = Story()
    story.at(0 * MINUTE, found())
    story.at(60 * MINUTE)
    assert story.at(75 * MINUTE, blind=DARK) == ()
    assert story.at(90 * MINUTE) == ()
    assert keys(story.at(100 * MINUTE), "over") == ["spike/posts/*"]


SOUGHT = {("aleppo", "new", None)}


@pytest.mark.parametrize("kind", [Kind.SPIKE, Kind.ABOVE, Kind.BELOW, Kind.BLIND])
def test_what_is_looked_for_no_more_ends_at_once_and_is_told_to_nobody(kind: Kind):
    story, old = Story(), found("old", kind, condition="old")
    story.at(0 * MINUTE, old)
    assert [story.at(minute * MINUTE, sought=SOUGHT) for minute in range(1, 60)] == [()] * 59
    assert story.state.active == {}


def test_what_is_looked_for_no_more_stays_in_the_history():
    old = found("old", Kind.BELOW, condition="old")
    state = decide("aleppo", [old], State(), NOON, policy=POLICY).state
    ended = decide("aleppo", [], state, NOON + MINUTE, policy=POLICY, sought=SOUGHT).ended
    assert ended is not None
    assert (ended.ended, ended.findings) == ((old,), (old,))


def test_what_was_never_told_leaves_no_trace_when_it_is_looked_for_no_more():
    old, quiet = found("old", condition="old"), [silence(campaign="aleppo")]
    state = decide("aleppo", [old], State(), NOON, policy=POLICY, silences=quiet).state
    after = decide("aleppo", [], state, NOON + MINUTE, policy=POLICY, sought=SOUGHT)
    assert (after.ended, after.state.active) == (None, {})


def test_what_a_changed_rule_still_finds_goes_on():
    story = Story()
    story.at(0 * MINUTE, found(condition="old"))
    assert story.at(HOUR, found(condition="new"), sought=SOUGHT) == ()
    assert keys(story.at(24 * HOUR, found(condition="new"), sought=SOUGHT), "again") == ["spike/posts/*"]


def test_what_happened_is_no_news_again_when_its_rule_changes():
    story, closed = Story(), found("poll/closed", Kind.POLL, condition="old")
    story.at(0 * MINUTE, closed)
    story.at(HOUR, sought=SOUGHT)
    assert story.at(2 * HOUR, closed.model_copy(update={"condition": "new"}), sought=SOUGHT) == ()


def test_a_blind_source_is_told_itself():
    assert Story().at(MINUTE, found("source/x", Kind.BLIND, source="x", platforms=("x",)), blind=DARK)


def test_the_first_of_a_group_waits_for_the_others_of_its_cause():
    story = Story(Policy(gather=2 * MINUTE))
    assert story.at(0 * MINUTE, found("a", Kind.BLIND)) == ()
    (told,) = story.at(2 * MINUTE, found("a", Kind.BLIND), found("b", Kind.BLIND))
    assert len(told.new) == 2


def test_the_same_story_makes_the_same_messages():
    first, second = Story(), Story()
    assert first.at(MINUTE, found()) == second.at(MINUTE, found())
    assert first.state == second.state


def test_what_is_remembered_survives_being_written_down():
    story = Story()
    story.at(MINUTE, found(spike=spike()), PART)
    assert State.model_validate_json(story.state.model_dump_json()) == story.state


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 50), st.sets(st.sampled_from(["a", "b", "c"]))), max_size=25))
def test_no_group_ever_speaks_twice_within_its_cool_down(steps: list[tuple[int, set[str]]]):
    story, now, spoke = Story(), 0, []
    for minutes, seen in steps:
        now += minutes
        spoke += [now] * len(story.at(now * MINUTE, *(found(key) for key in seen)))
    assert all(later - earlier >= 30 for earlier, later in pairwise(spoke))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sets(st.sampled_from(["a", "b", "c"])), max_size=25))
def test_whatever_stays_long_enough_is_told(steps: list[set[str]]):
    story = Story()
    told = {key for at, seen in enumerate(steps) for key in keys(story.at(at * MINUTE, *map(found, seen)))}
    after = [story.at((len(steps) + minute) * MINUTE, *map(found, "abc")) for minute in range(0, 40, 10)]
    assert told | {key for messages in after for key in keys(messages)} == {"a", "b", "c"}


def test_a_clock_that_was_a_year_ahead_keeps_nobody_silent():
    story, year = Story(), 365 * 24 * HOUR
    story.at(year, found())
    assert story.at(0 * MINUTE, found()) == ()
    assert keys(story.at(MINUTE, found(), found("above/articles/*", Kind.ABOVE))) == []
    assert keys(story.at(POLICY.cool_down, found(), found("above/articles/*", Kind.ABOVE))) == ["above/articles/*"]
    assert keys(story.at(POLICY.repeat, found()), "again") == ["spike/posts/*"]


def test_what_was_over_by_a_clock_that_was_ahead_is_told_as_over():
    story, year = Story(), 365 * 24 * HOUR
    story.at(year, found())
    story.at(year + MINUTE)
    assert keys(story.at(0 * MINUTE), "over") == []
    assert keys(story.at(POLICY.cool_down), "over") == ["spike/posts/*"]
