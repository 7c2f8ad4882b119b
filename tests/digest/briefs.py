"""Example briefs as plain values: the Friday of Aleppo, a quiet day, a blind one."""

import struct
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.errors import Reason
from monitor.model.brief import (
    Brief,
    Compared,
    Headline,
    Lag,
    Level,
    Line,
    Point,
    Reported,
    Seen,
    Share,
    SourceHealth,
    Spike,
    State,
    Story,
    Stretch,
    Total,
)  # fmt: skip
from monitor.model.finding import Cause, Crowd, Direction, Doubt, Driver, Heading, Move, Shift
from monitor.model.metric import MetricClass
from monitor.model.run import Outcome
from tests.digest.races import ENDED, HOUR, OPENS, RUNNING

FRIDAY = Stretch(start=datetime(2016, 4, 28, 21, tzinfo=UTC), end=datetime(2016, 4, 29, 21, tzinfo=UTC))
MADE_AT = datetime(2016, 4, 30, 4, tzinfo=UTC)
EVENING = datetime(2016, 4, 29, 17, tzinfo=UTC)  # 20:00 in Damascus


def told(value: float | None, *, partial: bool = False) -> Level:
    return Level(value=value, partial=partial)


def total(name: str, now: Any, before: Any = 0.0, week: Any = 0.0, **fields: Any) -> Total:
    """Return a total; changes follow from the plain numbers, a Level stands for itself."""
    levels = [value if isinstance(value, Level) else told(value) for value in (now, before, week)]
    ratios = [_ratio(levels[0], other) for other in levels[1:]]
    return Total(
        name=name,
        definition=f"{name}/1",
        class_of=CLASSES[name],
        now=levels[0],
        before=levels[1],
        week_before=levels[2],
        **{"change": ratios[0], "week_change": ratios[1], **fields},
    )


def _ratio(now: Level, before: Level) -> float | None:
    return now.value / before.value - 1 if now.value is not None and before.value else None


CLASSES = {
    "impressions": MetricClass.MEASURED,
    "posts": MetricClass.VOLUME,
    "authors": MetricClass.VOLUME,
    "engagement": MetricClass.ENGAGEMENT,
    "potential_reach": MetricClass.POTENTIAL,
    "articles": MetricClass.COVERAGE,
    "stories": MetricClass.COVERAGE,
    "outlets": MetricClass.COVERAGE,
}

TOTALS = (
    total("posts", told(3182.0, partial=True), 1274.0, 2460.0),
    total("authors", told(1904.0, partial=True), 806.0, told(None)),
    total(
        "impressions",
        told(1223700.0, partial=True),
        402_120.0,
        told(712_400.0, partial=True),
        measured_share=0.62,
        rounding=196_400.0,
    ),
    total(
        "engagement",
        told(18_422.0, partial=True),
        6_204.0,
        12_007.0,
        parts={"likes": 11_020.0, "reposts": 6_391.0, "replies": 1_011.0, "quotes": None},
    ),
    total("potential_reach", 2_870_000.0, 1_120_000.0, 1_930_000.0, low=184_000.0),
    total("articles", 41.0, 17.0, 22.0),
    total("stories", 23.0, 11.0, 14.0),
    total("outlets", 12.0, 7.0, 9.0),
)


def over(days: int, *totals: Total) -> Compared:
    """Return the totals of the days that end with FRIDAY."""
    return Compared(days=days, window=Stretch(start=FRIDAY.end - timedelta(days=days), end=FRIDAY.end), totals=totals)


LONGER = (
    over(
        7,
        total("posts", told(12_840.0, partial=True), 9_120.0),
        total("authors", 5_210.0, 4_004.0),
        total("impressions", told(4_120_300.0, partial=True), 3_000_100.0, measured_share=0.58),
        total("potential_reach", 9_300_000.0, 7_115_000.0, low=190_000.0),
        total("articles", 188.0, 96.0),
    ),
    over(
        30,
        total("posts", told(41_200.0, partial=True), told(12_770.0, partial=True), change=None),
        total("authors", told(15_000.0, partial=True), told(None)),
        total("impressions", told(None), told(None)),
        total("potential_reach", told(31_000_000.0, partial=True), told(None), low=190_000.0),
        total("articles", 612.0, 588.0),
    ),
)

SHAPE = (40, 30, 22, 18, 15, 14, 20, 34, 60, 75, 90, 110, 160, 180, 170, 150, 190, 260, 420, 530, 610, 420, 310, 184)


def line(holes: tuple[int, ...] = ()) -> Line:
    """Return the impressions of FRIDAY by the hour."""
    hours = [FRIDAY.start + timedelta(hours=hour) for hour in range(24)]
    points = (Point(at=at, value=None if hour in holes else SHAPE[hour] * 300.0) for hour, at in enumerate(hours))
    usual = (Point(at=at, value=SHAPE[hour] * 55.0) for hour, at in enumerate(hours))
    return Line(name="impressions", cell_seconds=3600, points=tuple(points), expected=tuple(usual))


def reported(platform: str, now: Any, **fields: Any) -> Reported:
    """Return what a platform counts itself: articles where it tells a share of all, else posts."""
    is_press = "share" in fields
    return Reported(
        platform=platform,
        name="reported_articles" if is_press else "reported_posts",
        definition="reported/1",
        class_of=MetricClass.COVERAGE if is_press else MetricClass.VOLUME,
        now=now if isinstance(now, Level) else told(now),
        **fields,
    )


def headline(title: str, outlet: str, language: str, hour: float, link: str | None = None) -> Headline:
    return Headline(title=title, outlet=outlet, language=language, link=link, at=FRIDAY.start + timedelta(hours=hour))


SURGE = Brief(
    campaign="save-aleppo",
    title="Save Aleppo",
    titles={"ar": "أنقذوا حلب"},
    zone="Asia/Damascus",
    made_at=MADE_AT,
    window=FRIDAY,
    state=State.SPIKE,
    headline_metric="impressions",
    totals=TOTALS,
    compared=LONGER,
    spikes=(
        Spike(
            name="impressions",
            start=EVENING - timedelta(hours=2),
            peak=EVENING,
            end=EVENING + timedelta(hours=4),
            total=742_200.0,
            expected=136_070.0,
            peak_value=183_000.0,
            score=14.2,
            drivers=(
                Driver(cause=Cause.SPELLING, name="#أنقذوا_حلب", value=566_800.0, expected=68_000.0, share=0.82),
                Driver(cause=Cause.PLATFORM, name="telegram", value=421_300.0, expected=44_900.0, share=0.62),
                Driver(
                    cause=Cause.POST,
                    name="telegram",
                    value=193_000.0,
                    share=0.32,
                    at=EVENING,
                    link="https://t.me/halab/41",
                ),
                Driver(
                    cause=Cause.HEADLINE,
                    name="وسم «أنقذوا حلب» يتصدر بعد قصف مستشفى القدس",
                    at=EVENING - timedelta(hours=2.5),
                    link="https://halab.example/aleppo",
                ),
                Driver(cause=Cause.POLL, name="closed", at=EVENING - timedelta(hours=1)),
            ),
            sole=True,
            crowd=Crowd(posts=1204.0, authors=811.0, top=10, top_share=0.57),
        ),
    ),
    spellings=(
        Share(name="#أنقذوا_حلب", value=1702.0, share=0.53, before=640.0),
        Share(
            name="#savealeppo",
            value=1011.0,
            share=0.32,
            before=502.0,
            move=Move(points=-0.07, low=-0.12, high=-0.02),
        ),
        Share(name="#انقذوا_حلب", value=690.0, share=0.22, before=0.0),
        Share(name="#SaveAleppo ~", value=12.0, share=0.004, before=9.0),
    ),
    platforms=(
        Share(name="telegram", value=1973.0, share=0.62, before=610.0),
        Share(name="mastodon", value=1209.0, share=0.38, before=664.0),
    ),
    outlets=(
        Share(name="Halab Press", value=18.0, share=0.44, before=9.0),
        Share(name="الشاهد", value=14.0, share=0.34, before=5.0),
        Share(name="Northern Herald", value=9.0, share=0.22, before=3.0),
    ),
    languages=(
        Share(name="ar", value=29.0, share=0.71, before=12.0),
        Share(name="en", value=12.0, share=0.29, before=5.0),
    ),
    regions=(
        Share(name="arab", value=32.0, share=0.78, before=14.0),
        Share(name="western", value=9.0, share=0.22, before=3.0),
    ),
    countries=(Share(name="SY", value=32.0, share=0.78, before=14.0),),
    headlines=(
        headline(
            "وسم «أنقذوا حلب» يتصدر بعد قصف مستشفى القدس", "Halab Press", "ar", 18.5, "https://halab.example/aleppo"
        ),
        headline(
            "Aleppo hospital strike: hashtag spreads worldwide",
            "Northern Herald",
            "en",
            21,
            "https://news.example/1?a=1&b=2",
        ),
    ),
    stories=(
        Story(
            title="Aleppo hospital strike: hashtag spreads worldwide",
            url="https://news.example/1?a=1&b=2",
            first=FRIDAY.start + timedelta(hours=20),
            first_outlet="Northern Herald",
            articles=9,
            outlets=("Northern Herald", "Isles Post", "الشاهد"),
        ),
        Story(
            title="وسم «أنقذوا حلب» يتصدر بعد قصف مستشفى القدس",
            url="https://halab.example/aleppo",
            first=FRIDAY.start + timedelta(hours=18.5),
            first_outlet="Halab Press",
            articles=2,
            outlets=("Halab Press", "الشاهد"),
        ),
    ),
    headings=(
        Heading(name="posts", hours=6, direction=Direction.RISING, change=0.8, low=0.3, high=1.5),
        Heading(name="posts", hours=24, direction=Direction.RISING, change=0.42, low=0.12, high=0.81),
        Heading(name="posts", hours=168, direction=Direction.STEADY, change=0.08, low=-0.2, high=0.4),
        Heading(name="articles", hours=24, direction=Direction.BLIND),
    ),
    shifts=(Shift(name="posts", at=FRIDAY.start - timedelta(days=9), before=812.0, after=1460.0, low=1.31, high=2.42),),
    tongues=(
        Share(name="ar", value=2291.0, share=0.72, before=1010.0),
        Share(name="en", value=764.0, share=0.24, before=153.0, move=Move(points=0.12, low=0.05, high=0.19)),
    ),
    lags=(
        Lag(group="region/arab", hours=3.0, low=2.0, high=5.0, strength=0.41),
        Lag(group="region/western", reason=Doubt.ARTICLES),
        Lag(group="language/en", hours=-2.0, low=-4.0, high=1.0, strength=0.22),
        Lag(group="language/fr", reason=Doubt.ARTICLES),
    ),
    lines=(line(holes=(3, 4)),),
    sources=(
        SourceHealth(name="mastodon.social", platform="mastodon", outcome=Outcome.OK, last_up=MADE_AT),
        SourceHealth(
            name="t.me-halab",
            platform="telegram",
            outcome=Outcome.RATE_LIMITED,
            last_up=MADE_AT - timedelta(hours=3),
            message="the server asked us to wait 1800 s",
            gaps=(Stretch(start=FRIDAY.start + timedelta(hours=3), end=FRIDAY.start + timedelta(hours=5)),),
            lost=118.4,
        ),
        SourceHealth(name="halab-press", platform="feeds", outcome=Outcome.UNCHANGED, last_up=MADE_AT),
    ),
    reported=(
        reported("x", 12_400.0, of="#SaveAleppo", read=3_100.0),
        reported("gdelt", told(340.0, partial=True), of="arabic", share=0.000118),
    ),
    seen=(
        Seen(spelling="#save_aleppo", family="#SaveAleppo", posts=412),
        Seen(spelling="#انقذو_حلب", family="#أنقذوا_حلب", posts=1),
    ),
    polls=(ENDED,),
)

WEDNESDAY = Stretch(start=FRIDAY.start - timedelta(days=2), end=FRIDAY.end - timedelta(days=2))
VOTE = SURGE.model_copy(
    update={
        "campaign": "fridays",
        "title": "Fridays",
        "titles": {"ar": "أيام الجمعة"},
        "state": State.STEADY,
        "headline_metric": "posts",
        "totals": (total("posts", 310.0, 300.0, 290.0),),
        "compared": (),
        "window": WEDNESDAY,
        "made_at": OPENS + 23 * HOUR,
        "spikes": (),
        "spellings": (),
        "platforms": (),
        "outlets": (),
        "languages": (),
        "regions": (),
        "headings": (),
        "shifts": (),
        "tongues": (),
        "headlines": (),
        "stories": (),
        "lags": (),
        "lines": (),
        "sources": SURGE.sources[:1],
        "reported": (),
        "seen": (),
        "polls": (RUNNING,),
    }
)

QUIET = SURGE.model_copy(
    update={
        "campaign": "bus-fares",
        "title": "Bus fares",
        "titles": {"ar": "أجور الباصات"},
        "state": State.QUIET,
        "headline_metric": "posts",
        "totals": (total("posts", 2.0, 2.0, 3.0), total("articles", 0.0, 1.0, 0.0)),
        "compared": (over(7, total("posts", 11.0, 15.0)), over(30, total("posts", 61.0, 58.0))),
        "spikes": (),
        "spellings": (Share(name="#busfares", value=2.0, share=1.0, before=2.0),),
        "platforms": (),
        "outlets": (),
        "languages": (),
        "regions": (),
        "headings": (),
        "shifts": (),
        "tongues": (),
        "countries": (),
        "headlines": (),
        "stories": (),
        "lags": (),
        "lines": (),
        "sources": SURGE.sources[:1],
        "reported": (),
        "seen": (),
        "polls": (),
    }
)

BLIND = QUIET.model_copy(
    update={
        "campaign": "water",
        "title": "Water for Daraya",
        "titles": {},
        "state": State.BLIND,
        "compared": (),
        "totals": (total("posts", told(None), 14.0, 20.0), total("articles", told(0.0, partial=True), 1.0, 2.0)),
        "spellings": (),
        "sources": (
            SourceHealth(
                name="mastodon.social",
                platform="mastodon",
                outcome=Outcome.UNAVAILABLE,
                message="no answer",
                reason=Reason.UNREACHED,
            ),
        ),
    }
)

UNASKED = BLIND.model_copy(
    update={
        "campaign": "new",
        "title": "New campaign",
        "totals": tuple(total(name, told(None), told(None), told(None)) for name in CLASSES),
        "sources": (),
    }
)
"""A campaign that nobody was asked about yet."""


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress(b"\x00\xff")),
        _chunk(b"IEND", b""),
    ]
)
"""The smallest picture: one white point."""
