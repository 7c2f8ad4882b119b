"""Whatever a brief holds, it becomes a mail: nothing crashes, nothing breaks out, no number is invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digest.letter import Envelope, letter
from monitor.digest.render import rendered
from monitor.model.brief import (
    Brief,
    Compared,
    Headline,
    Level,
    Line,
    Point,
    Share,
    SourceHealth,
    Spike,
    State,
    Stretch,
    Total,
)
from monitor.model.finding import Cause, Crowd, Doubt, Driver, Lag, Story, Way
from monitor.model.metric import MetricClass
from monitor.model.poll_week import PollWeek
from monitor.model.race import Cycle, Event, Kind, Look, Stage, Standing
from monitor.model.race import Line as RaceLine
from monitor.model.run import Outcome
from monitor.words.voice import voice
from tests.digest.briefs import FRIDAY, MADE_AT, PNG
from tests.digest.races import DAY

START = FRIDAY.start
numbers = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.0, 11.0, 1e15]), st.floats(0, 1e300))
ratios = st.one_of(st.none(), st.floats(-1, 1e9))
names = st.one_of(
    st.text(max_size=40), st.sampled_from(["<b>&", "\u202eevil", "#حلب ~", "a\r\nBcc: b", "", "{n}", "%s"])
)
moments = st.integers(0, 400_000).map(lambda seconds: START + timedelta(seconds=seconds))
levels = st.builds(Level, value=numbers, partial=st.booleans())
parts = st.lists(
    st.builds(Share, name=names, value=st.floats(0, 1e12), share=st.floats(0, 3), before=numbers), max_size=12
).map(tuple)
totals = st.builds(
    Total,
    name=st.sampled_from(["posts", "authors", "impressions", "engagement", "potential_reach", "articles", "votes"]),
    definition=st.just("x/1"),
    class_of=st.sampled_from(MetricClass),
    now=levels,
    low=numbers,
    before=levels,
    week_before=levels,
    change=ratios,
    week_change=ratios,
    measured_share=st.one_of(st.none(), st.floats(0, 1)),
    rounding=st.one_of(st.none(), st.floats(0, 1e300)),
    parts=st.dictionaries(names, numbers, max_size=3),
)


def few(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


drivers = st.builds(
    Driver,
    cause=st.sampled_from(Cause),
    name=names,
    value=st.one_of(st.none(), st.floats(0, 1e12)),
    expected=st.one_of(st.none(), st.floats(0, 1e12)),
    share=st.one_of(st.none(), st.floats(0, 1)),
    at=st.one_of(st.none(), moments),
    link=st.one_of(st.none(), names),
)
crowds = st.builds(
    Crowd,
    posts=st.one_of(st.none(), st.floats(0, 1e12)),
    authors=st.one_of(st.none(), st.floats(0, 1e12)),
    top=st.integers(0, 10),
    top_share=st.one_of(st.none(), st.floats(0, 1)),
)
spikes = st.builds(
    Spike,
    name=names,
    start=moments,
    peak=moments,
    end=moments,
    total=st.floats(0, 1e12),
    expected=st.floats(0, 1e12),
    peak_value=st.floats(0, 1e12),
    score=st.floats(0, 100),
    way=st.sampled_from(Way),
    drivers=few(drivers),
    sole=st.booleans(),
    crowd=st.one_of(st.none(), crowds),
)
headlines = st.builds(
    Headline,
    title=names,
    outlet=names,
    language=st.one_of(st.none(), names),
    link=st.one_of(st.none(), names),
    at=moments,
)
gaps = st.builds(Stretch, start=moments, end=moments)
sources = st.builds(
    SourceHealth,
    name=names,
    platform=names,
    outcome=st.one_of(st.none(), st.sampled_from(Outcome)),
    last_up=st.one_of(st.none(), moments),
    message=names,
    gaps=st.lists(gaps, max_size=6).map(tuple),
    since=st.one_of(st.none(), moments),
)
lines = st.builds(
    Line,
    name=names,
    cell_seconds=st.just(3600),
    points=st.lists(st.builds(Point, at=moments, value=numbers), max_size=4).map(tuple),
)


events = st.builds(
    Event,
    kind=st.sampled_from(Kind),
    at=moments,
    option=st.one_of(st.none(), names),
    other=st.one_of(st.none(), names),
    number=st.one_of(st.none(), st.floats(-1e300, 1e300)),
    before=st.one_of(st.none(), st.builds(Look, at=moments, digest=st.just("a" * 64))),
    after=st.one_of(st.none(), st.builds(Look, at=moments, digest=st.just("b" * 64))),
)
votes = st.one_of(st.none(), st.integers(0, 2**60))
options = st.builds(
    RaceLine,
    key=names,
    label=names,
    votes=votes,
    low=votes,
    high=votes,
    share=st.one_of(st.none(), st.floats(0, 3)),
    pace=st.one_of(st.none(), st.floats(-1e9, 1e9)),
    forecast=st.one_of(st.none(), st.just((0.1, 0.2, 0.3))),
    chance=st.one_of(st.none(), st.floats(0, 1)),
)
standings = st.builds(
    Standing,
    at=moments,
    lines=st.lists(options, max_size=4).map(tuple),
    total=votes,
    margin=votes,
    margin_points=st.one_of(st.none(), st.floats(0, 100)),
    is_close=st.booleans(),
)
cycles = st.builds(
    Cycle,
    poll=st.just("friday"),
    day=st.just(DAY),
    stage=st.sampled_from(Stage),
    closes_at=st.one_of(st.none(), moments),
    last_look=st.one_of(st.none(), st.builds(Look, at=moments, digest=st.just("c" * 64))),
    looked_at=st.one_of(st.none(), moments),
    looked_in_vain=st.one_of(st.none(), names),
    winner=st.one_of(st.none(), names),
    standing=st.one_of(st.none(), standings),
    events=st.lists(events, max_size=4).map(tuple),
)
weeks = st.builds(PollWeek, cycle=cycles, opens_at=moments)

stories = st.builds(
    Story,
    title=names,
    url=st.one_of(names, st.just("https://x.example/1")),
    first=moments,
    first_outlet=names,
    articles=st.integers(2, 400),
    outlets=few(names),
)
hours = st.one_of(st.none(), st.integers(-24, 48).map(float))
groups = st.one_of(names, st.sampled_from(["region/arab", "region/x", "language/ar", "language/zz"]))
reasons = st.one_of(st.none(), st.sampled_from(Doubt))
lags = st.builds(Lag, group=groups, hours=hours, low=hours, high=hours, reason=reasons)


briefs = st.builds(
    Brief,
    campaign=st.sampled_from(["a", "b-c"]),
    title=names,
    titles=st.dictionaries(st.sampled_from(["ar", "en"]), names),
    zone=st.sampled_from(["Asia/Damascus", "UTC", "America/St_Johns"]),
    made_at=st.just(MADE_AT),
    window=st.builds(lambda hours: Stretch(start=START, end=START + timedelta(hours=hours)), st.integers(0, 800)),
    state=st.sampled_from(State),
    headline_metric=st.sampled_from(["posts", "impressions", "articles", "votes"]),
    totals=few(totals, 5),
    compared=few(st.builds(Compared, days=st.integers(0, 400), window=gaps, totals=few(totals)), 2),
    spikes=few(spikes),
    spellings=parts,
    platforms=parts,
    outlets=parts,
    languages=parts,
    regions=parts,
    countries=parts,
    headlines=few(headlines),
    stories=few(stories),
    lags=few(lags),
    lines=few(lines),
    sources=few(sources),
    polls=few(weeks, 2),
)


@pytest.mark.slow
@given(brief=briefs, language=st.sampled_from(["en", "ar"]), digits=st.sampled_from(["western", "arabic"]))
@settings(max_examples=30, deadline=None)
def test_any_brief_becomes_a_mail(brief: Brief, language: str, digits: str):
    content = rendered([brief], voice(language, "Asia/Damascus", digits), {brief.campaign: PNG})
    envelope = Envelope("m@example.org", "d@example.org", "<1@example.org>", datetime(2016, 4, 30, tzinfo=UTC))
    mail = letter(content, envelope)
    assert mail["Bcc"] is None
    assert "\n" not in content.subject
    assert mail.as_bytes().isascii()
    assert "\u202e" not in content.text + content.html
