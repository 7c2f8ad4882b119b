"""How concentrated it is, in both languages: signals, not verdicts."""

from datetime import timedelta
from typing import Any

from monitor.digest import gather, outline
from monitor.model.brief import Brief
from monitor.model.finding import Concentration
from monitor.model.mention import Counts
from monitor.model.sighting import Batch, Sighting
from monitor.model.window import Window
from monitor.store import ingest
from monitor.words.voice import END_ISOLATE, ISOLATE, Voice, voice
from tests.digest.briefs import SURGE
from tests.digest.test_crowd import FRIDAY, NOW
from tests.people import ALEPPO

ENGLISH, ARABIC = voice("en", "Asia/Damascus"), voice("ar", "Asia/Damascus")
TOLD = Concentration(
    start=FRIDAY, end=FRIDAY + timedelta(days=1), posts=1200, authors=312, top=3, top_share=0.18, texts=900,
    alike_share=0.27, largest=64,
)  # fmt: skip
CAUTION = "These are signals, not verdicts: newsrooms and people who pray or call for help repeat themselves, too."


def lines(tongue: Voice, **fields: Any) -> list[str]:
    """Return what is said of it in the outline, which mail, page and report show."""
    brief = SURGE.model_copy(update={"concentration": TOLD.model_copy(update=fields)})
    title = {"en": "How concentrated it is", "ar": "مدى التركّز"}[tongue.language]
    shown = outline.outline(brief, tongue).sections
    return [row.text for section in shown if section.title == title for row in section.rows]


def test_both_shares_are_told_with_their_caution():
    assert lines(ENGLISH) == [
        "The most active one in a hundred (3 authors) wrote 18% of 1,200 posts.",
        "Of 900 posts with enough words, 27% say what others say, too; at most, the same words stand in 64 posts.",
        f"{CAUTION} Counted by whole days: Friday 29 April.",
    ]


def test_the_same_in_arabic():
    first, second, caution = lines(ARABIC)
    assert first == f"نصيب الواحد في المئة الأنشط (3 كتّاب): {ISOLATE}18%{END_ISOLATE} من أصل 1,200 منشور."
    assert "يتكرر النص نفسه في 64 منشورًا" in second
    assert caution.startswith("هذه إشارات لا أحكام")


def test_what_nobody_can_say_is_left_out_and_alone_needs_no_caution():
    assert len(lines(ENGLISH, top_share=None)) == 2
    assert len(lines(ENGLISH, alike_share=None, largest=None)) == 2
    assert lines(ENGLISH, top_share=None, alike_share=None, largest=None) == []


def test_no_group_is_said_so():
    assert lines(ENGLISH, alike_share=0.0, largest=None)[1] == "Of 900 posts with enough words, no three say the same."


def test_several_days_are_named_from_the_first_to_the_last():
    assert lines(ENGLISH, end=FRIDAY + timedelta(days=3))[-1].endswith("Friday 29 April to Sunday 1 May.")


def test_a_brief_without_it_says_nothing():
    assert not [part for part in outline.outline(SURGE, ENGLISH).sections if part.title.startswith("How concentrated")]


def post(number: int, author: int, wording: str | None) -> Sighting:
    at = int(FRIDAY.timestamp()) + 60 * number
    return Sighting(
        f"post {number}", at, ALEPPO.subjects(["SaveAleppo"]), Counts(), author=f"{author:016x}", wording=wording
    )


async def stored(store) -> Brief:
    """Return the brief of a day of 100 posts by 21 authors: one wrote 40 alike, twenty three others each."""
    loud = [post(number, 0, "a plea that is pasted") for number in range(40)]
    others = [post(40 + number, 1 + number % 20, f"{number} in my own words") for number in range(60)]
    now = int(NOW.timestamp())
    batch = Batch(ALEPPO.slug, ALEPPO.zone, "mastodon", "mastodon", "posts", now, now, [*loud, *others])
    await ingest.write(store, batch)
    return await gather.brief(store, ALEPPO, Window(FRIDAY, NOW), NOW)


async def test_a_loud_author_is_found_from_the_store_to_the_brief(store):
    told = (await stored(store)).concentration
    assert (told.posts, told.authors, told.top, told.top_share) == (100, 21, 1, 0.4)
    assert (told.texts, told.alike_share, told.largest) == (100, 0.4, 40)
    assert (told.start, told.end) == (FRIDAY, FRIDAY + timedelta(days=1))
