"""What a card of the overview says of a campaign."""

from dataclasses import replace
from datetime import timedelta

from monitor.digest.outline import outline
from monitor.model.run import Outcome
from monitor.sources import is_press
from monitor.web.site.cards import Sight, bare, card
from monitor.words.voice import voice
from tests.digest.briefs import BLIND, FRIDAY, QUIET, SURGE, UNASKED, VOTE
from tests.digest.races import RUNNING
from tests.people import ALEPPO

ENGLISH, ARABIC = voice("en", "Asia/Damascus"), voice("ar", "Asia/Damascus")
ISOLATES = dict.fromkeys((0x2068, 0x2069))


def test_a_card_says_what_the_mail_says():
    told, mailed = card(SURGE, ENGLISH), outline(SURGE, ENGLISH)
    assert (told.title, told.verdict, told.alt) == (mailed.title, mailed.verdict, mailed.chart_alt)
    assert set(told.numbers) <= set(mailed.figures)


def test_each_class_of_number_has_a_line_of_its_own():
    kinds = [number.kind for number in card(SURGE, ENGLISH).numbers]
    assert kinds == [
        "measured for 62% of posts, rounded: ±\xa098,200", "potential, estimated", "engagement", "volume", "press",
    ]  # fmt: skip


def test_a_campaign_that_watches_the_press_alone_shows_what_it_watches():
    papers = tuple(source for source in SURGE.sources if is_press(source.platform))
    told = card(SURGE.model_copy(update={"sources": papers}), ENGLISH)
    assert [number.label for number in told.numbers] == ["Articles", "Stories", "Outlets"]


def test_what_nobody_told_is_not_zero():
    numbers = {number.label: number.now for number in card(BLIND, ENGLISH).numbers}
    assert set(numbers.values()) == {"n/a"}


def test_a_poll_tells_who_leads_with_which_share_and_how_long_it_runs():
    (poll,) = card(VOTE, ENGLISH).polls
    assert poll.title == "Naming poll for Friday 29 April"
    assert "leads" in poll.news
    assert (poll.percent, poll.share is not None) == ("42%", True)
    assert poll.clock(ENGLISH, VOTE.made_at).endswith("in 7 hours.")


def test_two_polls_of_one_day_are_told_apart():
    page = RUNNING.model_copy(update={"cycle": RUNNING.cycle.model_copy(update={"poll": "page"})})
    told = card(VOTE.model_copy(update={"polls": (RUNNING, page)}), ENGLISH)
    assert [poll.title[-8:] for poll in told.polls] == ["(friday)", "l (page)"]


def test_the_time_left_is_that_of_whoever_looks_now():
    (poll,) = card(VOTE, ENGLISH).polls
    assert poll.clock(ENGLISH, VOTE.made_at + timedelta(hours=4)).endswith("in 3 hours.")


def test_a_source_in_trouble_is_named():
    told = card(SURGE, ENGLISH)
    assert (told.sight, told.seen) == (Sight.DOUBT, "1 source has trouble: t.me-halab")


def test_a_campaign_that_is_seen_well_says_so():
    seen = SURGE.model_copy(update={"sources": SURGE.sources[:1]})
    assert (card(seen, ENGLISH).sight, card(seen, ENGLISH).seen) == (Sight.GOOD, "1 source answered without a gap.")


def test_a_campaign_whose_sources_are_all_down_is_seen_badly():
    down = [source.model_copy(update={"outcome": Outcome.UNAVAILABLE, "name": source.name * 2}) for source in
            SURGE.sources * 2]  # fmt: skip
    told = card(SURGE.model_copy(update={"sources": tuple(down)}), ENGLISH)
    assert told.sight is Sight.BAD
    assert told.seen.startswith("6 sources have trouble: ")
    assert told.seen.endswith(" …")


def test_a_campaign_that_was_never_asked_about_says_so():
    assert card(UNASKED, ENGLISH).seen == "No source was asked yet."


def test_a_card_says_how_old_it_is_on_its_own_clock():
    told = card(QUIET, ENGLISH)
    assert (
        told.age(ENGLISH, QUIET.made_at + timedelta(minutes=12))
        == "As of Sat 30 Apr 07:00 (Syria Time), 12 minutes ago."
    )


def test_a_clock_that_was_set_back_makes_no_card_of_the_future():
    assert "-" not in card(QUIET, ENGLISH).age(ENGLISH, QUIET.made_at - timedelta(hours=2))


def test_a_card_of_nothing_has_a_name_in_the_language_of_whoever_looks():
    told = bare(replace(ALEPPO, titles={"ar": "أنقذوا حلب"}), ARABIC, is_coming=True)
    assert (told.title.translate(ISOLATES), told.verdict, told.age(ARABIC, FRIDAY.end)) == ("أنقذوا حلب", "", "")
