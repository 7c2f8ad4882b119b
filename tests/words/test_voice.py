from datetime import UTC, datetime

import pytest

from monitor.words.voice import (
    END_ISOLATE,
    ISOLATE,
    LOCALES,
    LONGEST_FOREIGN,
    RIGHT_TO_LEFT_ISOLATE,
    bare,
    harmless,
    languages,
    voice,
)

NIGHT = datetime(2016, 4, 29, 22, 30, tzinfo=UTC)  # already Saturday in Damascus
ENGLISH = voice("en", "Asia/Damascus")
ARABIC = voice("ar", "Asia/Damascus")
INDIC = voice("ar", "Asia/Damascus", "arabic")
POSTS = ("{n} post", "{n} posts")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "لا منشورات"),
        (1, "منشور واحد"),
        (2, "منشوران"),
        (5, "5 منشورات"),
        (11, "11 منشورًا"),
        (99, "99 منشورًا"),
        (100, "100 منشور"),
        (103, "103 منشورات"),
        (1240, "1,240 منشورًا"),
    ],
)
def test_arabic_counts_in_six_forms(number: int, words: str):
    assert ARABIC.count(*POSTS, number) == words


def test_english_counts_in_two_forms():
    assert [ENGLISH.count(*POSTS, number) for number in (0, 1, 2)] == ["0 posts", "1 post", "2 posts"]


def test_syrians_say_nisan_and_egyptians_abril():
    assert ARABIC.day(NIGHT, "Asia/Damascus") == "السبت 30 نيسان"
    assert "أبريل" in voice("ar-EG").day(NIGHT, "UTC")


def test_digits_are_those_of_the_reader():
    assert INDIC.number(1204560) == "١٬٢٠٤٬٥٦٠"
    assert INDIC.day(NIGHT, "UTC") == "الجمعة ٢٩ نيسان"
    assert INDIC.clock(NIGHT) == "٠١:٣٠"
    assert "٢٥٪" in INDIC.percent(0.25)


def test_times_are_on_the_clock_of_the_reader_and_days_are_the_campaigns():
    assert ENGLISH.moment(NIGHT) == "Sat 30 Apr 01:30"
    assert ENGLISH.day(NIGHT, "UTC") == "Friday 29 April"


def test_a_clock_is_called_by_its_country_or_as_it_is_written_where_it_has_none():
    assert voice("en", "Asia/Damascus").zone_name() == "Syria Time"
    assert voice("en", "UTC").zone_name() == "UTC"
    assert voice("ar", "Etc/GMT-3").zone_name() == "\u2068Etc/GMT-3\u2069"


def test_a_change_keeps_its_sign_beside_it_in_both_directions():
    assert ENGLISH.percent(0.253, signed=True) == "+25%"
    assert ENGLISH.percent(-0.5, signed=True) == "-50%"
    assert ARABIC.percent(0.253, signed=True) == f"{ISOLATE}+25%{END_ISOLATE}"


def test_beside_arabic_digits_signs_stand_where_arabic_readers_look_for_them():
    """CLDR ends ٪ and begins + with an Arabic letter mark: both are read from the right, as the line is."""
    begin, end = RIGHT_TO_LEFT_ISOLATE, END_ISOLATE
    assert INDIC.percent(0.253, signed=True) == f"{begin}+٢٥٪{end}"
    assert (INDIC.points(-0.07), INDIC.error(50)) == (f"{begin}-٧{end}", f"{begin}±\xa0٥٠{end}")
    assert bare(f"{INDIC.percent(0.25)} {INDIC.foreign('x')}") == "٢٥٪ x"


def test_no_change_has_no_sign():
    assert ENGLISH.percent(0.001, signed=True) == ENGLISH.percent(-0.001, signed=True) == "0%"


def test_how_many_times_keeps_a_decimal_while_it_matters():
    assert [ENGLISH.times(ratio) for ratio in (1.25, 6.2, 14.4)] == ["1.2", "6.2", "14"]


def test_latin_hashtags_are_isolated_in_arabic_and_arabic_ones_in_english():
    assert ARABIC.foreign("#SaveAleppo") == f"{ISOLATE}#SaveAleppo{END_ISOLATE}"
    assert ENGLISH.foreign("#حلب") == f"{ISOLATE}#حلب{END_ISOLATE}"
    assert ENGLISH.foreign("#SaveAleppo") == "#SaveAleppo"


@pytest.mark.parametrize("evil", ["a\u202eb", "a\u2067b", "a\x00b", "a\u200fb", "a\u2069b", "a\ufeffb"])
def test_what_nobody_sees_is_left_out_of_foreign_text(evil: str):
    assert harmless(evil) == "ab"


def test_foreign_text_stays_on_one_line_and_at_a_bearable_length():
    assert harmless("two\r\nlines\tand more") == "two lines and more"
    assert len(harmless("x" * 10_000)) == LONGEST_FOREIGN


def test_a_language_is_named_in_the_readers_language():
    assert (ENGLISH.language_name("ar"), ARABIC.language_name("en-GB")) == ("Arabic", "الإنجليزية")
    assert ENGLISH.language_name("zz") == "zz"


def test_english_and_every_folder_are_languages():
    assert languages() == ("en", *sorted(path.name for path in LOCALES.iterdir()))


def test_large_numbers_are_said_in_few_digits():
    assert [ENGLISH.compact(value) for value in (0, 940, 1234, 1_250_000, 2**80)] == [
        "0",
        "940",
        "1.2K",
        "1.2M",
        "9007.2T",
    ]
    assert (ARABIC.compact(1_500_000), INDIC.compact(1_500_000)) == ("1.5\xa0مليون", "١٫٥\xa0مليون")


def test_points_of_a_share_keep_their_sign_beside_them():
    assert [ENGLISH.points(share) for share in (0.124, -0.07, 0.001, -0.001)] == ["+12", "-7", "0", "0"]
    assert ARABIC.points(0.12) == f"{ISOLATE}+12{END_ISOLATE}"
