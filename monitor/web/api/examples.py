"""An example of each answer, for the description of the API; typed, so that none can be out of date."""

from datetime import UTC, date, datetime, timedelta

from monitor.alerts.board import Board
from monitor.alerts.finding import Active, Finding, Kind, Message, Silence
from monitor.collect.report import Report
from monitor.digest.trial import EXAMPLE as BRIEF
from monitor.exports.coverage import Coverage, Watched
from monitor.exports.series import Gap, Points, Series, Split
from monitor.model.account import Period
from monitor.model.brief import Stretch
from monitor.model.finding import Cause, Driver, Spike
from monitor.model.metric import Metric, MetricClass
from monitor.model.poll_week import Course, PollWeek
from monitor.model.race import Cycle, Line, Look, Stage, Standing
from monitor.model.run import Outcome, Run
from monitor.model.spending import Spending
from monitor.model.window import Resolution
from monitor.store.mails import Sent

__all__ = ("BRIEF",)

SLUG, POLL, SOURCE, SHA256 = "save-aleppo", "friday", "mastodon.social", "9f" * 32
NOON = datetime(2016, 4, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FRIDAY = date(2016, 4, 29)

_WINDOW = Stretch(start=NOON, end=NOON + 3 * HOUR)
_AT = tuple(NOON + hours * HOUR for hours in range(3))
_GAP = Gap(
    source=SOURCE, platform="mastodon", start=_AT[2], end=_WINDOW.end, reason="the server does not answer: HTTP 503"
)

SPIKE = Spike(
    name="posts",
    start=NOON,
    peak=NOON + HOUR,
    end=NOON + 3 * HOUR,
    total=1240,
    expected=210,
    low=160,
    high=270,
    peak_value=620,
    score=9.4,
    drivers=(Driver(cause=Cause.SPELLING, name="#SaveAleppo", share=0.7),),
)
SERIES = Series(
    campaign=SLUG,
    metric=Metric.POSTS,
    definition="posts/1",
    class_of=MetricClass.VOLUME,
    resolution=Resolution.HOUR,
    split=Split.PLATFORM,
    window=_WINDOW,
    zone="Asia/Damascus",
    at=_AT,
    partial=(False, False, True),
    lines=(Points(name="mastodon", values=(12, 0, None), partial=(False, False, True)),),
    gaps=(_GAP,),
)
COVERAGE = Coverage(
    campaign=SLUG,
    resolution=Resolution.HOUR,
    window=_WINDOW,
    zone="Asia/Damascus",
    at=_AT,
    platforms=(Watched(platform="mastodon", cells=(True, True, False), share=2 / 3),),
    gaps=(_GAP,),
)
REPORT = Report(
    campaign=SLUG,
    source=SOURCE,
    platform="mastodon",
    outcome=Outcome.OK,
    last_run=NOON,
    last_up=NOON,
    next_run=NOON + HOUR,
    kept=40,
    new=12,
    quota_left=280,
)
RUN = Run(
    campaign=SLUG,
    source=SOURCE,
    platform="mastodon",
    started_at=NOON,
    seconds=1.2,
    outcome=Outcome.OK,
    read=40,
    kept=40,
    new=12,
    calls=2,
)
SPENDING = Spending(
    account="x-1f0c",
    platform="x",
    allowance="posts",
    unit="posts",
    period=Period.MONTH,
    used=4200,
    most=10_000,
    renewed_at=datetime(2016, 5, 1, tzinfo=UTC),
    expected=9100,
    sources=("x",),
)
FINDING = Finding(
    key="spike/posts/*",
    campaign=SLUG,
    rule="spike",
    kind=Kind.SPIKE,
    severity="warning",
    at=NOON,
    name="posts",
    value=1240,
    against=210,
    platforms=("mastodon",),
    spike=SPIKE,
)
MESSAGE = Message(id="5f0a", scope=SLUG, group="numbers", at=NOON, new=(FINDING,))
SILENCE = Silence(
    id="3f9a1c04",
    campaign=SLUG,
    rule="spike",
    begun=NOON,
    until=NOON + 2 * HOUR,
    because="the march of today",
    by="desk",
)
BOARD = Board(
    active=(Active(finding=FINDING, since=NOON, seen=NOON, told=NOON, told_as="warning"),),
    silences=(SILENCE,),
    history=(MESSAGE,),
    waiting=0,
)
SENT = Sent(
    id="6c1f" * 6,
    day=FRIDAY,
    campaigns=(SLUG,),
    language="ar-SY",
    subject="أنقذوا حلب: قفزة",
    sent_at=datetime(2016, 4, 30, 4, 0, 12, tzinfo=UTC),
    readers=14,
)
CYCLE = Cycle(
    poll=POLL,
    day=FRIDAY,
    stage=Stage.OPEN,
    place="https://poll.example/1",
    question="ما اسم الجمعة القادمة؟",
    last_look=Look(at=NOON, digest=SHA256),
    standing=Standing(
        at=NOON,
        lines=(Line(key="a", label="جمعة أنقذوا حلب", votes=640, share=0.64), Line(key="b", label="جمعة الصبر")),
        total=1000,
        margin=280,
        margin_points=28,
    ),
)
WEEK = PollWeek(
    cycle=CYCLE,
    opens_at=NOON - 24 * HOUR,
    courses=(Course(key="a", label="جمعة أنقذوا حلب", points=((NOON - HOUR, 0.61), (NOON, 0.64))),),
)
