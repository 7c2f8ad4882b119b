"""What an alert says, in both languages, and what foreign text can not do to it."""

from datetime import timedelta

import pytest

from monitor.alerts.finding import Finding, Kind, Message
from monitor.alerts.rules import HOUSE
from monitor.alerts.text import LONGEST_TITLE, Speaker, Words
from monitor.errors import Reason
from monitor.words.voice import voice
from tests.alerts.cases import found, message, spike
from tests.people import ALEPPO, NOON

ENGLISH = Speaker(voice("en", "Asia/Damascus"), {"aleppo": ALEPPO})
ARABIC = Speaker(voice("ar", "Asia/Damascus"), {"aleppo": ALEPPO})
HOSTILE = "\u202eevil<script>alert(1)</script>\0\r\nBcc: all@example.org\u2066" + "x" * 10_000


def first_outlet(**fields: object) -> Finding:
    return found("first-outlet/any", Kind.FIRST_OUTLET, name="The Example", of="Aleppo burns", topic="any", **fields)


CASES = {
    "spike": (found(), "1,200 posts since Fri 29 Apr 15:00, 5 times the usual level (240)."),
    "spike where nothing is usual": (
        found(against=0.0),
        "1,200 posts since Fri 29 Apr 15:00, where hardly any are usual.",
    ),
    "drop": (found("d", Kind.DROP, value=3.0), "Only 3 posts since Fri 29 Apr 15:00, where 240 are usual."),
    "nothing": (found("d", Kind.DROP, value=0.0), "Nothing came since Fri 29 Apr 15:00, where 240 are usual."),
    "above": (
        found("a", Kind.ABOVE, against=1000.0, hours=6),
        "1,200 posts within 6 hours: the limit of 1,000 is reached.",
    ),
    "below": (
        found("b", Kind.BELOW, value=1.0, against=10.0, hours=6),
        "Only 1 post in the last 6 full hours: the limit is 10.",
    ),
    "hashtag": (found(of="Aleppo"), "#Aleppo: 1,200 posts since Fri 29 Apr 15:00, 5 times the usual level (240)."),
    "first outlet": (
        first_outlet(),
        "The first article of all: The Example printed “Aleppo burns” (Fri 29 Apr 15:00).",
    ),
    "blind": (
        found("s", Kind.BLIND, name="x", source="x"),
        "Save Aleppo / x is blind since Fri 29 Apr 15:00: it brings nothing, not even what is always there.",
    ),
    "failing": (
        found("s", Kind.SILENT, name="x", source="x", reason=Reason.KEY),
        "Save Aleppo / x gave no answer since Fri 29 Apr 15:00: its key is refused.",
    ),
    "silent": (found("s", Kind.SILENT, name="x", source="x"), "Save Aleppo / x gave no answer since Fri 29 Apr 15:00."),
    "budget": (
        found("b", Kind.BUDGET, name="reads", of="x", value=90.0, against=100.0, until=NOON + timedelta(hours=1)),
        "x: reads is used to 90%; at this pace it is used up on Fri 29 Apr 16:00.",
    ),
    "test": (found("t", Kind.TEST), "This is a test: alerts arrive here."),
}


@pytest.mark.parametrize("case", CASES)
def test_each_kind_is_one_english_sentence(case: str):
    finding, sentence = CASES[case]
    assert ENGLISH.sentence(finding) == sentence


@pytest.mark.parametrize("case", CASES)
def test_each_kind_is_said_in_arabic(case: str):
    said = ARABIC.sentence(CASES[case][0])
    assert any("\u0600" <= letter <= "\u06ff" for letter in said)
    assert not set(said) & set("{}")


def test_a_spike_says_why_in_the_words_of_the_digest():
    words = Words(why=lambda told, _voice: f"{told.name}: mostly #SaveAleppo.")
    speaker = Speaker(voice("en", "UTC"), {}, words)
    assert speaker.sentence(found(spike=spike())).endswith("usual level (240). posts: mostly #SaveAleppo.")


def test_every_line_of_an_arabic_text_reads_from_right_to_left():
    assert {line[0] for line in ARABIC.body([message(), message(2)]).splitlines() if line} == {"\u200f"}
    assert "\u200f" not in ENGLISH.body([message()])


def test_the_title_is_the_campaign_and_the_first_sentence():
    assert ENGLISH.title([message()]) == f"Save Aleppo: {CASES['spike'][1]}"


def test_the_title_leaves_the_reason_to_the_body():
    speaker = Speaker(voice("en", "UTC"), {}, Words(why=lambda *_: "Mostly #SaveAleppo."))
    told = message(1, found(spike=spike()))
    assert "Mostly" not in speaker.title([told])
    assert "Mostly" in speaker.body([told])


def test_the_house_speaks_for_itself():
    told = message(1, found("s", Kind.SILENT, name="x", source="x"), scope=HOUSE)
    assert ENGLISH.title([told]).startswith("The monitor: Save Aleppo / x gave no answer")


def test_what_was_held_stands_campaign_by_campaign():
    body = ENGLISH.body([message(1), message(2, scope="buses")])
    assert body.split("\n\n")[1].startswith("buses\n1,200 posts")


def test_what_goes_on_and_what_is_over_say_so():
    told = Message(id="m", scope="aleppo", group="numbers", at=NOON, again=(found(),), over=(found("b", of="Aleppo"),))
    _, again, over, *_ = ENGLISH.body([told]).split("\n")
    assert again.startswith("Still: 1,200 posts")
    assert over == "#Aleppo: Over: the spike since Fri 29 Apr 15:00 has ended."


def test_a_low_limit_of_one_hour_counts_the_last_full_one():
    assert "in the last full hour: the limit" in ENGLISH.sentence(found("b", Kind.BELOW, hours=1))


@pytest.mark.parametrize(
    ("hours", "form"), [(1, "آخر ساعة كاملة"), (2, "آخر ساعتين كاملتين"), (3, "3 ساعات كاملة"), (24, "24 ساعة كاملة")]
)
def test_a_low_limit_says_that_it_counts_full_hours_in_arabic_too(hours: int, form: str):
    assert form in ARABIC.sentence(found("b", Kind.BELOW, hours=hours))


def test_what_the_settings_ended_says_so():
    said = ENGLISH.ended(CASES["above"][0])
    assert said == f"Ended by the settings: {CASES['above'][1]}"


@pytest.mark.parametrize("speaker", [ENGLISH, ARABIC], ids=["en", "ar"])
@pytest.mark.parametrize("finding", [
    found(of=HOSTILE), first_outlet().model_copy(update={"name": HOSTILE, "of": HOSTILE}),
    found("s", Kind.SILENT, name=HOSTILE, source=HOSTILE), found("b", Kind.BUDGET, name=HOSTILE, of=HOSTILE),
])  # fmt: skip
def test_foreign_text_stays_on_its_line_and_turns_nothing_around(speaker: Speaker, finding: Finding):
    said = speaker.sentence(finding)
    assert not set(said) & set("\0\r\n\u202e\u2066")
    assert len(said) < 1000


def test_a_title_is_short_however_long_the_names_are():
    assert len(ENGLISH.title([message(1, found(of=HOSTILE))])) == LONGEST_TITLE


def test_braces_in_foreign_text_are_only_braces():
    assert "{what} {0}" in ENGLISH.sentence(found("s", Kind.SILENT, name="{what} {0}", source="s"))
