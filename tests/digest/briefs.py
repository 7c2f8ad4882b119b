"""Example briefs as plain values: the Friday of Aleppo, a quiet day, a blind one."""

import struct
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.model.brief import (
    Brief,
    Headline,
    Level,
    Line,
    Point,
    Reported,
    Seen,
    Share,
    SourceHealth,
    Spike,
    State,
    Stretch,
    Total,
)  # fmt: skip
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
        ),
    ),
    spellings=(
        Share(name="#أنقذوا_حلب", value=1702.0, share=0.53, before=640.0),
        Share(name="#savealeppo", value=1011.0, share=0.32, before=502.0),
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
        "window": WEDNESDAY,
        "made_at": OPENS + 23 * HOUR,
        "spikes": (),
        "spellings": (),
        "platforms": (),
        "outlets": (),
        "languages": (),
        "regions": (),
        "headlines": (),
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
        "spikes": (),
        "spellings": (Share(name="#busfares", value=2.0, share=1.0, before=2.0),),
        "platforms": (),
        "outlets": (),
        "languages": (),
        "regions": (),
        "countries": (),
        "headlines": (),
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
        "totals": (total("posts", told(None), 14.0, 20.0), total("articles", told(0.0, partial=True), 1.0, 2.0)),
        "spellings": (),
        "sources": (
            SourceHealth(name="mastodon.social", platform="mastodon", outcome=Outcome.UNAVAILABLE, message="no answer"),
        ),
    }
)


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
