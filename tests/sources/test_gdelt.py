import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from monitor.errors import AccessRefused, RateLimited, SourceUnavailable
from monitor.fetch.throttle import Hosts
from monitor.model.campaign import Campaign
from monitor.model.metric import Metric
from monitor.model.window import Window, merged
from monitor.model.words import Phrase
from monitor.sources import _gdelt_places as places
from monitor.sources._gdelt_query import beside, queries, term
from monitor.sources.gdelt import Settings, Source
from tests.people import ALEPPO, NOON
from tests.sources import ask

# https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/

SETTINGS = Settings()
CAMPAIGN = ALEPPO
MARKS = ()
RECORDED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "other"
TOO_OFTEN = "Please limit requests to one every 5 seconds or contact someone@example.org for larger queries."
Row = dict[str, Any]


def article(number: int, hours: float = 0, **fields: Any) -> Row:
    seen = (NOON + timedelta(hours=hours)).strftime("%Y%m%dT%H%M%SZ")
    told = {"url": f"https://news.example/{number}", "url_mobile": "", "title": f"Aleppo , part {number}"}
    return {**told, "seendate": seen, "socialimage": "", "domain": "news.example", "language": "English",
            "sourcecountry": "Jordan", **fields}  # fmt: skip


def bucket(hours: float, value: int = 3, norm: int = 900) -> Row:
    return {"date": (NOON + timedelta(hours=hours)).strftime("%Y%m%dT%H%M%SZ"), "value": value, "norm": norm}


def timeline(buckets: Iterable[Row], width: str = "hour") -> Row:
    series = [{"series": "Article Count", "data": list(buckets)}]
    return {"query_details": {"title": "aleppo", "date_resolution": width}, "timeline": series}


def told(body: Row | str, status: int = 200, **headers: str) -> httpx.Response:
    content = body if isinstance(body, str) else json.dumps(body)
    return httpx.Response(status, content=content.encode(), headers={"content-type": "application/json", **headers})


def always(body: Row | str) -> ask.Answers:
    return lambda _request: told(body)


def moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


@dataclass
class Gdelt:
    """Plays GDELT: lists by seendate inside the span that is asked, at most `maxrecords`, and keeps the questions."""

    rows: list[Row] = field(default_factory=lambda: [article(1, -1), article(2, -5), article(3, -30), article(4, -60)])
    buckets: list[Row] = field(default_factory=lambda: [bucket(-3), bucket(-2), bucket(-1)])
    width: str = "hour"
    finds_arabic: bool = True
    asked: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        params = dict(request.url.params)
        self.asked.append(params)
        if params["mode"] == "timelinevolraw":
            return told(timeline(self.buckets, self.width) if self.buckets else {})
        if "protest" in params["query"]:
            return told({"articles": [article(100)]})
        if any("\u0600" <= letter <= "\u06ff" for letter in params["query"]):
            return told({"articles": [article(101)]} if self.finds_arabic and "7d" in params.values() else {})
        start, end = moment(params["startdatetime"]), moment(params["enddatetime"])
        inside = [row for row in self.rows if start <= datetime.fromisoformat(row["seendate"]) <= end]
        found = sorted(inside, key=lambda row: row["seendate"])[: int(params["maxrecords"])]
        return told({"articles": found} if found else {})

    def queries(self, mode: str = "artlist") -> list[str]:
        return [params["query"] for params in self.asked if params["mode"] == mode]


def answer(request: httpx.Request) -> httpx.Response:
    return Gdelt()(request)


def damaged(request: httpx.Request) -> httpx.Response:
    gdelt = Gdelt()
    gdelt.rows[0] = {**gdelt.rows[0], "url": None}
    return gdelt(request)


def unreadable(request: httpx.Request) -> httpx.Response:
    if "protest" in request.url.params["query"] or "7d" in request.url.params.values():
        return Gdelt()(request)
    return told({"articles": [{"link": "https://news.example/1"}, {"link": "https://news.example/2"}]})


def named(*words: str, excluded: tuple[str, ...] = ()) -> Campaign:
    """Return a campaign that is known by these words alone."""
    phrases, apart = tuple(map(Phrase, words)), tuple(map(Phrase, excluded))
    return Campaign("c", "C", "UTC", families=(), phrases=phrases, excluded=apart)


async def run(gdelt: Any, campaign: Campaign = CAMPAIGN, settings: Settings = SETTINGS, **options: Any) -> ask.Reading:
    return await ask.run(ask.source(settings, gdelt), campaign, **options)


# What is read


async def test_an_article_is_told_in_our_words() -> None:
    [found, *_] = (await run(Gdelt([article(1, -1, title='Rally on " Aleppo " today')]))).mentions
    assert (found.title, found.outlet, found.language, found.country, found.created_at, found.dated) == (
        'Rally on " Aleppo " today', "news.example", "en", "JO", NOON - timedelta(hours=1), False
    )  # fmt: skip


@pytest.mark.parametrize("address", ["http://www.news.example/1/?utm_source=x", "https://amp.news.example/1#top"])
async def test_an_article_has_the_same_id_however_its_address_is_written(address: str) -> None:
    assert (await run(Gdelt([article(1, -1), article(1, -2, url=address)]))).ids == (
        await run(Gdelt([article(1, -1)]))
    ).ids


async def test_control_characters_and_a_mark_of_byte_order_are_read_over() -> None:
    def gdelt(request: httpx.Request) -> httpx.Response:
        return told("\ufeff" + Gdelt()(request).text.replace("part", "\x01part"))

    assert len((await run(gdelt)).ids) == 3


@pytest.mark.parametrize("stray", [r"\d", r"\\ \d", r"\" \d \u0041"])
async def test_a_stray_backslash_in_a_headline_loses_nothing(stray: str) -> None:
    def gdelt(request: httpx.Request) -> httpx.Response:
        return told(Gdelt()(request).text.replace("part", f"part {stray}"))

    assert len((await run(gdelt)).ids) == 3


async def test_a_language_or_country_that_nobody_listed_is_not_told() -> None:
    [found] = (await run(Gdelt([article(1, -1, language="Klingon", sourcecountry="")]), named("Aleppo"))).mentions
    assert (found.language, found.country) == (None, None)


async def test_headlines_alone_count_unless_whole_texts_are_wanted() -> None:
    gdelt = Gdelt([article(1, -1, title="Quiet night")])
    for whole_texts in (False, True):
        [found] = (await run(gdelt, named("Aleppo"), Settings(whole_texts=whole_texts))).mentions
        assert found.vouched is whole_texts


# Nothing is missed


async def test_a_full_answer_is_asked_for_again_in_halves() -> None:
    many = [article(number, -number / 10) for number in range(400)]
    gdelt = Gdelt(many)
    reading = await run(gdelt, named("Aleppo"))
    assert len(reading.ids) == 400
    assert merged_of(reading) == (Window(ask.SINCE, NOON - timedelta(minutes=15)),)


async def test_halves_come_oldest_first_so_that_a_broken_run_goes_on_where_it_stopped() -> None:
    ends = [page.cursor["until"] for page in (await run(Gdelt([article(n, -n / 10) for n in range(400)]))).pages]
    assert ends == sorted(ends)


async def test_more_than_fit_in_a_quarter_of_an_hour_are_a_gap_that_stays() -> None:
    reading = await run(Gdelt([article(number, -10 - number / 3000) for number in range(300)]), named("Aleppo"))
    assert [page.truncated for page in reading.pages].count(True) >= 1
    assert len(merged_of(reading)) == 2


async def test_the_next_run_overlaps_the_last_and_asks_no_further_back() -> None:
    gdelt = Gdelt()
    first = await run(gdelt, named("Aleppo"))
    gdelt.asked.clear()
    await run(gdelt, named("Aleppo"), cursors=first.cursors, now=NOON + timedelta(hours=1))
    assert gdelt.asked[0]["startdatetime"] == "20160429103000"


async def test_other_words_are_looked_for_from_the_beginning() -> None:
    gdelt = Gdelt()
    first = await run(gdelt, named("Aleppo"))
    gdelt.asked.clear()
    await run(gdelt, named("Aleppo", "Homs"), cursors=first.cursors)
    assert moment(gdelt.asked[0]["startdatetime"]) == ask.SINCE


# Silence


async def test_silence_is_believed_when_a_common_word_is_found_in_the_same_time() -> None:
    gdelt = Gdelt([])
    reading = await run(gdelt, named("Aleppo"))
    assert (reading.mentions, bool(merged_of(reading))) == ([], True)
    assert [params["startdatetime"] for params in gdelt.asked[:2]] == ["20160427120000"] * 2


async def test_silence_is_an_outage_when_not_even_a_common_word_is_found() -> None:
    with pytest.raises(SourceUnavailable, match="not even a word that is in the news every day"):
        await run(always({}), named("Aleppo"))


@pytest.mark.parametrize(("rows", "seen"), [([article(1)], True), ([], False)])
async def test_the_canary_is_a_word_that_is_always_in_the_news(rows: list[Row], *, seen: bool) -> None:
    assert await ask.source(SETTINGS, always({"articles": rows})).canary() is seen


# Errors that come as text


@pytest.mark.parametrize("status", [200, 429])
async def test_being_told_off_leaves_gdelt_alone_for_every_campaign(status: int) -> None:
    hosts, calls = Hosts(), []

    def gdelt(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return told(TOO_OFTEN, status)

    for _ in range(3):
        asked = Source(SETTINGS, ask.client(gdelt, hosts=hosts))
        with pytest.raises(RateLimited) as raised:
            await ask.run(asked, named("Aleppo"))
        assert raised.value.retry_after == pytest.approx(300, abs=2)
    assert len(calls) == 1


async def test_who_is_told_off_again_waits_longer() -> None:
    asked, waits = Source(SETTINGS, client := ask.client(always(TOO_OFTEN))), []
    for _ in range(4):
        with pytest.raises(RateLimited) as raised:
            await asked.probe()
        waits.append(raised.value.retry_after)
        await client._clock.sleep(waits[-1])
    assert waits == pytest.approx([300, 600, 1200, 1200], abs=2)


@pytest.mark.parametrize(
    "words",
    [
        "Your query was too short or too long.",
        "The specified phrase is too short.",
        "Queries containing OR'd terms must be surrounded by ().",
        "One or more of your keywords were too short, too long or too common.",
        "Your query contained an illegal character.",
    ],
)
async def test_a_question_that_is_refused_asks_for_other_words(words: str) -> None:
    with pytest.raises(AccessRefused, match="write other `words`"):
        await run(always(words), named("Aleppo"))


@pytest.mark.parametrize("body", ["", "<html><body>Busy</body></html>"])
async def test_a_page_or_nothing_means_that_it_is_overloaded(body: str) -> None:
    with pytest.raises(SourceUnavailable, match="overloaded"):
        await run(always(body), named("Aleppo"))


# Words in Arabic letters


async def test_the_two_alphabets_are_two_questions() -> None:
    gdelt = Gdelt()
    assert [walk.name for walk in ask.source(SETTINGS, gdelt).walks(CAMPAIGN)] == ["latin", "arabic"]
    await run(gdelt)
    assert {"(Aleppo OR savealeppo)", '(حلب OR "أنقذوا حلب" OR "انقذوا حلب")'} <= set(gdelt.queries())


async def test_where_arabic_is_not_found_it_is_said_and_never_taken_for_zero() -> None:
    reading = await run(Gdelt(finds_arabic=False))
    assert "arabic" not in reading.cursors
    assert "finds no words in Arabic letters at present" in "".join(page.remark for page in reading.pages)


async def test_a_campaign_of_arabic_words_alone_is_told_to_add_others() -> None:
    with pytest.raises(AccessRefused, match="add an English one"):
        await run(Gdelt(finds_arabic=False), named("حلب"))


async def test_whether_arabic_is_found_is_asked_once_a_week() -> None:
    gdelt = Gdelt()
    asked = ask.source(SETTINGS, gdelt)
    for _ in range(3):
        await ask.run(asked, named("حلب"))
    assert sum("7d" in params.values() for params in gdelt.asked) == 1


@pytest.mark.parametrize("finds_arabic", [True, False])
async def test_the_probe_says_whether_arabic_is_found(*, finds_arabic: bool) -> None:
    said = await ask.source(SETTINGS, Gdelt(finds_arabic=finds_arabic)).probe()
    assert ("finds words in Arabic letters" in said) is finds_arabic


# What GDELT counts itself


def hours_of(reading: ask.Reading, metric: Metric = Metric.REPORTED_ARTICLES) -> dict[float, float]:
    found = [one for page in reading.pages for one in page.reported if one.metric is metric]
    return {(one.start - NOON) / timedelta(hours=1): one.value for one in found}


async def test_each_hour_is_told_with_all_that_was_monitored() -> None:
    reading = await run(Gdelt(buckets=[bucket(-3, 14, 9120), bucket(-2, 22, 8877)]), named("Aleppo"))
    assert hours_of(reading) == {-3: 14, -2: 22}
    assert hours_of(reading, Metric.ALL_ARTICLES) == {-3: 9120, -2: 8877}
    assert {one.seconds for page in reading.pages for one in page.reported} == {3600}


async def test_quarters_are_summed_and_an_hour_that_lacks_one_is_unknown() -> None:
    quarters = [bucket(-3 + part / 4, 2) for part in range(7)]
    assert hours_of(await run(Gdelt(buckets=quarters, width="15m"), named("Aleppo"))) == {-3: 8}


async def test_an_hour_that_still_grows_is_not_told() -> None:
    assert hours_of(await run(Gdelt(buckets=[bucket(-2), bucket(-1), bucket(0)]), named("Aleppo"))) == {-2: 3}


async def test_the_counts_of_the_two_alphabets_are_kept_apart_because_they_overlap() -> None:
    subjects = {one.subject for page in (await run(Gdelt())).pages for one in page.reported}
    assert subjects == {"index/gdelt/latin", "index/gdelt/arabic"}


async def test_counts_are_asked_for_once_an_hour_and_no_timeline_is_no_zero() -> None:
    gdelt = Gdelt(buckets=[])
    first = await run(gdelt, named("Aleppo"))
    again = await run(gdelt, named("Aleppo"), cursors=first.cursors, now=NOON + timedelta(minutes=30))
    assert len(gdelt.queries("timelinevolraw")) == 1
    assert not any(page.reported for page in (*first.pages, *again.pages))


async def test_words_that_fill_several_questions_are_all_asked_but_not_counted() -> None:
    gdelt = Gdelt()
    reading = await run(gdelt, named(*(f"Aleppo{number:03}" for number in range(60))))
    assert len({query for query in gdelt.queries() if "Aleppo" in query}) == 4
    assert gdelt.queries("timelinevolraw") == []
    assert "GDELT's own count is left out" in reading.pages[0].remark


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recordings are not here")
async def test_recorded_shapes_are_read() -> None:
    shape = json.loads((RECORDED / "gdelt_doc_timelinevolraw_shape.json").read_text())
    gdelt = Gdelt(buckets=shape["timeline"][0]["data"], width=shape["query_details"]["date_resolution"])
    assert hours_of(await run(gdelt, named("Aleppo"))) == {}
    with pytest.raises(RateLimited):
        await run(always((RECORDED / "gdelt_rate_limit_body.txt").read_text()), named("Aleppo"))


# Questions


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("Aleppo", "Aleppo"),
        ("Friday of Hope", '"Friday of Hope"'),
        ("#Save_Aleppo", '"Save Aleppo"'),
        ("al-Bab", '"al-Bab"'),
        ("جمعة الأمل", '"جمعة الأمل"'),
        ("#أنقذوا_حلــب", '"أنقذوا حلب"'),
        ("UN", None),
        ("the", None),
        ("في", None),
        ("!!", None),
    ],
)
def test_a_word_is_asked_for_as_gdelt_wants_it(words: str, asked: str | None) -> None:
    assert term(words) == asked


def test_alternatives_stand_in_brackets_and_a_single_word_does_not() -> None:
    asked = [query.text for query in queries(["Aleppo", "Homs", "حلب"], [], "", 250)]
    assert asked == ["(Aleppo OR Homs)", "حلب"]


def test_excluded_words_are_left_out_in_the_question() -> None:
    [query] = queries(["Homs"], ["hummus recipe", "chickpea"], "", 250)
    assert query.text == 'Homs -"hummus recipe" -chickpea'


def test_languages_and_countries_are_asked_for_by_gdelts_names() -> None:
    assert beside(["ar", "en"], ["PS"]) == (
        " (sourcelang:arabic OR sourcelang:english) (sourcecountry:GZ OR sourcecountry:WE)"
    )


async def test_words_that_gdelt_refuses_are_named() -> None:
    reading = await run(Gdelt(), named("UN", "Aleppo"))
    assert "does not search UN" in reading.pages[0].remark
    with pytest.raises(AccessRefused, match="none of this campaign's words"):
        await run(Gdelt(), named("UN"))


@pytest.mark.parametrize(
    ("name", "code", "fips"), [("Syria", "SY", "SY"), ("Oman", "OM", "MU"), ("Saudi Arabia", "SA", "SA"),
    ("Gaza Strip", "PS", "GZ"), ("United Kingdom", "GB", "UK"), ("Bahrain", "BH", "BA"), ("Turkey", "TR", "TU")],
)  # fmt: skip
def test_countries_are_iso_with_us_and_fips_with_gdelt(name: str, code: str, fips: str) -> None:
    assert places.country(name) == code
    assert fips in places.fips(code)


@pytest.mark.parametrize("fields", [{"countries": ("UK",)}, {"languages": ("arabic",)}, {"every_minutes": 5.0}])
def test_settings_that_gdelt_would_not_understand_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**fields)


def merged_of(reading: ask.Reading) -> tuple[Window, ...]:
    return merged([page.covered for page in reading.pages if page.covered])
