"""The mail as it is read: golden mails compared whole, hostile content harmless, size bounded."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.digest.leaving import HERE
from monitor.digest.render import HTML_LIMIT, Rendered, draft, ordered, rendered
from monitor.model.brief import Brief, Lag, Share, Spike, State
from monitor.model.finding import Cause, Doubt, Driver
from monitor.model.poll_week import PollWeek
from monitor.words.voice import RIGHT_TO_LEFT_MARK, voice
from tests.digest.briefs import BLIND, MADE_AT, PNG, QUIET, SURGE, UNASKED, VOTE, headline, told, total
from tests.digest.races import RUNNING

DAMASCUS = "Asia/Damascus"
EVIL = '<script>alert(1)</script>\u202e"><img src=x onerror=y>\x00{{ 7*7 }}{% raw %}<mj-text>&amp;'


def mail(*briefs: Brief, language: str = "en", digits: str = "western") -> Rendered:
    charts = {brief.campaign: PNG for brief in briefs if brief.lines}
    charts |= {f"{brief.campaign}.{week.picture}": PNG for brief in briefs for week in brief.polls}
    return rendered(briefs, voice(language, DAMASCUS, digits), charts)


def page(content: Rendered) -> LexborHTMLParser:
    return LexborHTMLParser(content.html)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("name", "briefs"), [("surge", (SURGE,)), ("three", (QUIET, BLIND, SURGE)), ("quiet", (QUIET,)), ("vote", (VOTE,))]
)
def test_mails_are_the_golden_ones(
    golden: Callable[[str, str], None], name: str, briefs: tuple[Brief, ...], language: str
):
    content = mail(*briefs, language=language)
    golden(f"{name}.{language}.txt", content.text)
    golden(f"{name}.{language}.html", content.html)


def test_a_mail_in_arabic_digits_is_the_golden_one(golden: Callable[[str, str], None]):
    golden("surge.ar-indic.txt", mail(SURGE, language="ar", digits="arabic").text)


def test_the_verdict_comes_before_everything():
    assert mail(SURGE).text.startswith("Save Aleppo jumped")
    assert page(mail(SURGE)).body.text(strip=True).startswith("Save Aleppo jumped")


def test_all_quiet_is_a_mail_too():
    content = mail(QUIET)
    assert "All quiet about Bus fares" in content.text
    assert content.subject == "Bus fares: all quiet, 2 posts"


def test_what_jumped_comes_first_then_where_we_were_blind_and_the_quiet_last():
    assert [brief.campaign for brief in ordered([QUIET, BLIND, SURGE])] == ["save-aleppo", "water", "bus-fares"]


def test_of_two_that_rose_the_one_that_moved_more_comes_first():
    def rose(slug: str, posts: float) -> Brief:
        totals = (total("posts", posts, 100.0, 100.0),)
        return QUIET.model_copy(update={"campaign": slug, "state": State.RISING, "totals": totals})

    assert [brief.campaign for brief in ordered([rose("a", 150.0), rose("b", 900.0)])] == ["b", "a"]


def test_several_campaigns_have_a_table_on_top_and_the_subject_counts_them():
    content = mail(QUIET, BLIND, SURGE)
    assert content.text.startswith("All campaigns\n1. Save Aleppo: jumped")
    assert content.subject == "Save Aleppo: jumped, at least 1,223,700 impressions, and 2 more campaigns"


def test_several_campaigns_tell_how_each_moved_and_its_part_of_all_posts():
    first, second = mail(QUIET, BLIND, SURGE).text.splitlines()[1:3]
    assert first.endswith("(72% more than the Friday before, 100% of all posts counted)")
    assert "posts counted" not in second


def test_arabic_html_runs_from_right_to_left_everywhere():
    tree = page(mail(SURGE, language="ar"))
    assert tree.css_first("html").attributes["dir"] == "rtl"
    assert not [node for node in tree.css("[dir]") if node.attributes["dir"] != "rtl"]


def test_every_line_of_arabic_text_begins_from_the_right_but_a_bare_link():
    lines = [line for line in mail(SURGE, language="ar").text.splitlines() if line]
    assert all(line.startswith(RIGHT_TO_LEFT_MARK) or line.strip().startswith("http") for line in lines)


def test_english_text_needs_no_marks():
    assert RIGHT_TO_LEFT_MARK not in mail(SURGE).text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_isolate_that_is_opened_is_closed_on_its_line(language: str):
    for line in mail(SURGE, BLIND, language=language).text.splitlines():
        assert line.count("\u2068") == line.count("\u2069")


def test_the_chart_is_inline_and_its_alt_text_tells_the_finding():
    content = mail(SURGE)
    picture = page(content).css_first("img")
    assert picture.attributes["src"] == "cid:save-aleppo.en@chart"
    assert picture.attributes["alt"].startswith("Chart of Impressions: highest with 183,000")
    assert content.charts == {"save-aleppo.en@chart": PNG}


def test_a_race_is_drawn_in_its_section_and_the_words_for_it_tell_the_finding():
    content = mail(VOTE)
    picture = page(content).css_first("img")
    assert picture.attributes["src"] == "cid:fridays.poll-friday.en@chart"
    assert "leads" in picture.attributes["alt"]
    assert content.charts == {"fridays.poll-friday.en@chart": PNG}


def test_a_campaign_without_a_chart_has_no_picture():
    assert page(mail(QUIET)).css_first("img") is None


def hostile_poll() -> PollWeek:
    """A running race whose names, question and troubles are made to break out."""
    cycle = RUNNING.cycle
    lines = tuple(line.model_copy(update={"label": EVIL * 9}) for line in cycle.standing.lines)
    events = tuple(event.model_copy(update={"option": EVIL, "other": EVIL}) for event in cycle.events)
    changed = {
        "standing": cycle.standing.model_copy(update={"lines": lines}),
        "events": events,
        "question": EVIL,
        "looked_in_vain": EVIL,
        "looked_at": cycle.last_look.at,
        "remark": EVIL,
        "last_look": cycle.last_look.model_copy(update={"at": SURGE.window.start}),
    }
    return RUNNING.model_copy(update={"cycle": cycle.model_copy(update=changed)})


def hostile_spike() -> Spike:
    """A spike of which every driver has a name and a link that are made to break out."""
    drivers = [Driver(cause=cause, name=EVIL, at=MADE_AT, link="javascript:alert(1)") for cause in Cause]
    return SURGE.spikes[0].model_copy(update={"drivers": tuple(drivers)})


def hostile() -> Brief:
    return SURGE.model_copy(
        update={
            "title": EVIL,
            "spikes": (hostile_spike(),),
            "spellings": (Share(name="#" + EVIL, value=1.0, share=1.0, before=0.0),),
            "outlets": (Share(name=EVIL * 300, value=1.0, share=0.5),),
            "headlines": (
                headline(EVIL, EVIL, EVIL, 2, "javascript:alert(1)"),
                headline("a", "b", "en", 3, 'https://x.example/"onmouseover="y'),
                headline("c", "d", "en", 3, "https://x.example/\r\nBcc: all@x.example"),
            ),
            "stories": (
                SURGE.stories[0].model_copy(
                    update={"title": EVIL, "first_outlet": EVIL, "url": "javascript:alert(1)", "outlets": (EVIL, EVIL)}
                ),
            ),
            "lags": (Lag(group=EVIL, hours=1.0), Lag(group=f"region/{EVIL}", reason=Doubt.WIDE)),
            "reported": (),
            "polls": (hostile_poll(),),
            "sources": tuple(source.model_copy(update={"name": EVIL, "message": EVIL}) for source in SURGE.sources),
        }
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_hostile_names_bring_no_markup_no_script_and_no_handler(language: str):
    tree = page(mail(hostile(), language=language))
    assert not tree.css("script, mj-text, iframe, object, form")
    assert all(node.attributes["src"].startswith("cid:") for node in tree.css("img"))
    assert len(tree.css("img")) == 2
    assert not [node for node in tree.css("*") if any(name.startswith("on") for name in node.attributes)]


def test_only_web_links_are_links():
    links = {node.attributes["href"] for node in page(mail(hostile())).css("a")}
    assert links == {'https://x.example/"onmouseover="y', HERE}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_hostile_names_bring_no_override_and_no_control_character(language: str):
    content = mail(hostile(), language=language)
    for text in (content.text, content.html, content.subject):
        assert "\u202e" not in text
        assert not [c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t"]


def test_braces_of_a_headline_are_no_template():
    assert "{{ 7*7 }}" in mail(hostile()).text
    assert "49" not in mail(hostile()).subject


def test_a_name_of_thousands_of_characters_is_cut():
    assert max(len(line) for line in mail(hostile()).text.splitlines()) < 1500


def test_a_long_list_says_how_many_it_leaves_out():
    many = tuple(Share(name=f"#tag{number}", value=1.0, share=0.01) for number in range(30))
    assert "and 22 more" in mail(SURGE.model_copy(update={"spellings": many})).text


def numbered(count: int) -> list[Brief]:
    return [
        SURGE.model_copy(update={"campaign": f"c{number:02}", "title": f"Campaign {number:02}"})
        for number in range(count)
    ]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_twenty_campaigns_stay_under_the_size_at_which_gmail_cuts(language: str):
    content = mail(*numbered(20), language=language)
    assert len(content.html.encode()) <= HTML_LIMIT
    assert 1 < len(content.charts) < 20


def test_as_many_campaigns_as_fit_are_told_in_full():
    told = draft(numbered(20), voice("en", DAMASCUS))
    charts = {f"c{number:02}": PNG for number in range(20)}
    assert len(told.finished(charts).html.encode()) <= HTML_LIMIT
    assert len(replace(told, full=told.full + 1).finished(charts).html.encode()) > HTML_LIMIT


def test_what_html_leaves_out_stands_in_its_table_and_in_the_text():
    content = mail(*numbered(20))
    assert content.html.count("Campaign 19") == 1
    assert content.text.count("Campaign 19") > 1
    assert "campaigns stand in the text part only." in page(content).body.text()


def test_totals_nobody_told_are_one_line():
    unknown = tuple(total(t.name, told(None), told(None), told(None)) for t in SURGE.totals)
    content = mail(SURGE.model_copy(update={"totals": unknown, "compared": ()}))
    assert "No number is known of this time" in content.text
    assert content.text.count("n/a") == 2  # in the verdict and in the method note


def test_a_campaign_that_was_never_asked_fills_no_screen():
    content = mail(UNASKED)
    assert "No source was asked yet." in content.text
    assert content.text.count("n/a") == 1
    assert len(content.text.splitlines()) < 15
