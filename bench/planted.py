"""Surges with a known cause, as facts: posts drawn one by one over five weeks, and one stretch in which something grew.

Platforms, languages and spellings depend on each other as they do outside (an Arabic spelling is written in Arabic),
their mix strays from day to day, and a part of every surge is ordinary posts. The posts of a surge are drawn from the
ordinary ones that have its cause, so everything else about them is as usual.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.model.campaign import OTHER, Campaign, Family
from monitor.model.figure import Headline
from monitor.model.finding import Cause
from monitor.model.metric import WHOLE, Metric, language_subject, outlet_subject
from monitor.model.rise import COLUMNS as RISES
from monitor.model.series import COLUMNS, Frame
from monitor.model.sighting import SourceState
from monitor.model.window import Resolution, Window
from monitor.trends.compare import windows
from monitor.trends.facts import Facts
from monitor.trends.shares import named_spellings

ZONE = "Asia/Damascus"
START = datetime(2016, 3, 31, 21, tzinfo=UTC)  # midnight in Damascus
DAYS = 36  # the last one has the surge
HOURS = DAYS * 24
FAMILIES = (
    Family("#SaveAleppo", ("savealeppo",)),
    Family("#أنقذوا_حلب", ("أنقذوا_حلب", "انقذوا_حلب", "أنقذوا_حلـــب")),
)
CAMPAIGN = Campaign("planted", "Planted", ZONE, FAMILIES)
SPELLINGS = {name: tag for name, tag in named_spellings(CAMPAIGN).items() if not name.endswith(OTHER)}
PLATFORMS = ("bluesky", "mastodon", "telegram", "x")
SEEING = ("telegram", "x")  # tell impressions
LANGUAGES = ("ar", "en", "de")
OUTLETS = ("Courier", "Herald", "Post", "الرصيف", "الشاهد")
TAGS = tuple(f"#tag{number}" for number in range(12))
KEPT = 15 * 24  # hours for which tags and the largest posts are kept
NOISE = 0.15  # of every surge are ordinary posts
LARGEST = 20  # posts of an hour

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Posts:
    """Posts side by side: hour, what they carry (places in the tuples above), which tags, how often they were seen."""

    hour: Numbers
    platform: Numbers
    language: Numbers
    spelling: Numbers
    tags: npt.NDArray[np.bool_]
    views: npt.NDArray[np.float64]

    def __getitem__(self, chosen: Any) -> "Posts":
        return Posts(**{name: getattr(self, name)[chosen] for name in self.__dataclass_fields__})

    def with_(self, other: "Posts") -> "Posts":
        return Posts(
            **{name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in self.__dataclass_fields__}
        )


@dataclass(frozen=True)
class Planted:
    """The facts of a day with one surge, its stretch, and what is true of it: a cause and its name, or none."""

    facts: Facts
    stretch: Window
    cause: Cause | None
    name: str = ""


def planted(cause: Cause | None, seed: int, *, times: float | None = None, an_hour: float | None = None) -> Planted:
    """Draw a world by its seed, and plant one cause in it; None: everything rises alike.

    With HEADLINE everything rises alike, too, and an article stands at its beginning. `times` the usual is the surge,
    `an_hour` the usual posts of an hour; both are drawn where they are not given.
    """
    dice = np.random.default_rng(seed)
    times = times or float(dice.choice([3.0, 5.0, 10.0]))
    an_hour = an_hour or float(np.exp(dice.uniform(np.log(6), np.log(80))))
    first = (DAYS - 1) * 24 + int(dice.integers(2, 19))
    stretch = range(first, first + int(dice.integers(2, 6)))
    if cause is Cause.OUTLET:
        return _press(dice, stretch, times, an_hour)
    posts = _ordinary(dice, an_hour)
    usual = posts[(posts.hour >= stretch.start) & (posts.hour < stretch.stop)]
    many = max(int(dice.poisson((times - 1) * max(len(usual.hour), an_hour * len(stretch) / 2))), 1)
    if cause is Cause.POST:
        return _one_post(dice, posts, stretch, times)
    more, name = _surge(dice, posts, many, cause)
    more = replace(more, hour=dice.integers(stretch.start, stretch.stop, len(more.hour)))
    told = facts(posts.with_(more))
    if cause is Cause.HEADLINE:
        event = Headline(title="Hospital hit", outlet=OUTLETS[0], at=_at(stretch.start))
        told, name = replace(told, headlines=[event]), event.title
    return Planted(told, Window(_at(stretch.start), _at(stretch.stop)), cause, name)


def facts(posts: Posts, written: Mapping[str, npt.NDArray[np.float64]] | None = None) -> Facts:
    """Return facts of the last day; `written` are articles of each outlet by the hour."""
    columns: dict[tuple[str, str, Metric], npt.NDArray[np.float64]] = {}
    for place, platform in enumerate(PLATFORMS):
        own = posts[posts.platform == place]
        columns |= _counted(own, WHOLE, platform)
        for number, subject in enumerate(SPELLINGS):
            columns |= _counted(own[own.spelling == number], subject, platform)
        for number, language in enumerate(LANGUAGES):
            columns |= _counted(own[own.language == number], language_subject(language), platform)
    press: dict[tuple[str, str, Metric], npt.NDArray[np.float64]] = {}
    for outlet, hours in (written or {}).items():
        press[outlet_subject(outlet), "feeds", Metric.ARTICLES] = hours
    columns[WHOLE, "feeds", Metric.ARTICLES] = np.sum([np.zeros(HOURS), *press.values()], axis=0)
    whole = _frame({name: values for name, values in columns.items() if name[0] == WHOLE})
    day = Window(_at((DAYS - 1) * 24), _at(DAYS * 24))
    return Facts(
        campaign=CAMPAIGN,
        windows=windows(day, ZONE),
        now=day.end,
        cells=whole,
        hours=whole,
        days=_frame({}),
        spellings=_frame({name: values for name, values in columns.items() if name[0] in SPELLINGS}),
        outlets=_frame(press),
        parts=_frame({name: values for name, values in columns.items() if name[0] != WHOLE}),
        press=frozenset({"feeds"}),
        sources=[SourceState(name, name, (), {}, day.end) for name in (*PLATFORMS, "feeds")],
        tags=_tags(posts),
        largest=_largest(posts),
    )


def _ordinary(dice: np.random.Generator, an_hour: float) -> Posts:
    """Draw five weeks of posts: more in the evening and on Fridays, of a mix that strays from day to day."""
    clock, day = np.arange(HOURS) % 24, np.arange(HOURS) // 24
    rhythm = 0.3 + np.clip(np.sin((clock - 6) / 18 * np.pi), 0, None) * (1 + (day % 7 == 0))
    hour = np.repeat(np.arange(HOURS), dice.poisson(an_hour * rhythm / rhythm.mean()))
    platform = _drawn(dice, dice.dirichlet(np.full(len(PLATFORMS), 3.0)), hour // 24)
    spoken = [_drawn(dice, dice.dirichlet((4.0, 3.0, 1.0)), hour // 24) for _ in PLATFORMS]
    language = np.choose(platform, spoken)
    latin, arabic = dice.dirichlet((8, 2, 1, 1)), dice.dirichlet((1, 6, 4, 2))
    spelling = np.where(language == 0, _drawn(dice, arabic, hour // 24), _drawn(dice, latin, hour // 24))
    tags = dice.random((len(hour), len(TAGS))) < dice.uniform(0.0, 0.25, len(TAGS))
    return Posts(hour, platform, language, spelling, tags, dice.lognormal(6, 1.2, len(hour)).round())


def _drawn(dice: np.random.Generator, mix: npt.NDArray[np.float64], day: Numbers) -> Numbers:
    """Draw one part for each post, by a mix that strays from day to day."""
    daily = np.array([dice.dirichlet(mix * 80 + 0.01) for _ in range(DAYS)])
    return np.asarray((dice.random(len(day))[:, None] > daily.cumsum(axis=1)[day][:, :-1]).sum(axis=1))


def _surge(dice: np.random.Generator, posts: Posts, many: int, cause: Cause | None) -> tuple[Posts, str]:
    """Return the posts of a surge, and the name of its cause."""
    ordinary = posts[dice.integers(0, len(posts.hour), many)]
    if cause in {None, Cause.HEADLINE}:
        return ordinary, ""
    if cause is Cause.TAG:
        tag = int(dice.integers(len(TAGS)))
        tags = ordinary.tags.copy()
        tags[:, tag] |= dice.random(many) >= NOISE
        return replace(ordinary, tags=tags), TAGS[tag]
    held, names = {
        Cause.PLATFORM: (posts.platform, PLATFORMS),
        Cause.LANGUAGE: (posts.language, LANGUAGES),
        Cause.SPELLING: (posts.spelling, tuple(SPELLINGS.values())),
    }[cause]
    present = np.unique(held)
    place = int(dice.choice(present))
    pool = np.flatnonzero(held == place)
    caused = posts[dice.choice(pool, many)]
    return caused[dice.random(many) >= NOISE].with_(ordinary[dice.random(many) < NOISE]), names[place]


def _one_post(dice: np.random.Generator, posts: Posts, stretch: range, times: float) -> Planted:
    """Plant a post that many saw; what it had in each hour is booked in that hour, as the store does."""
    seen = np.isin(posts.platform, [PLATFORMS.index(name) for name in SEEING])
    usual = float(posts.views[seen].sum()) / HOURS * len(stretch)
    place = PLATFORMS.index(str(dice.choice(SEEING)))
    share = dice.dirichlet(np.full(len(stretch), 3.0)) * usual * (times - 1)
    size = len(stretch)
    big = replace(
        posts[np.zeros(size, dtype=int)],
        hour=np.arange(stretch.start, stretch.stop),
        platform=np.full(size, place),
        views=share.round(),
    )
    told = facts(posts.with_(big))
    own = told.largest["post"].astype(int) >= len(posts.hour)
    known = replace(told, largest=told.largest.assign(post=told.largest["post"].mask(own, "big")))
    return Planted(known, Window(_at(stretch.start), _at(stretch.stop)), Cause.POST, PLATFORMS[place])


def _press(dice: np.random.Generator, stretch: range, times: float, an_hour: float) -> Planted:
    """Plant an outlet that wrote more than it does."""
    mix = dice.dirichlet(np.full(len(OUTLETS), 3.0))
    rate = min(max(an_hour / 8, 1.5), 8.0)
    hours = {name: dice.poisson(rate * part, HOURS).astype(float) for name, part in zip(OUTLETS, mix, strict=True)}
    name = str(dice.choice(OUTLETS))
    hours[name][stretch.start : stretch.stop] += dice.poisson((max(times, 5.0) - 1) * rate, len(stretch))
    told = facts(_ordinary(dice, an_hour), hours)
    return Planted(told, Window(_at(stretch.start), _at(stretch.stop)), Cause.OUTLET, name)


def _counted(posts: Posts, subject: str, platform: str) -> dict[tuple[str, str, Metric], npt.NDArray[np.float64]]:
    """Return what posts add to each hour."""
    many = np.bincount(posts.hour, minlength=HOURS).astype(float)
    found = {(subject, platform, Metric.POSTS): many}
    if platform in SEEING:
        found[subject, platform, Metric.MEASURED_POSTS] = many
        found[subject, platform, Metric.IMPRESSIONS] = np.bincount(posts.hour, posts.views, minlength=HOURS)
    return found


def _tags(posts: Posts) -> pd.DataFrame:
    counts = {tag: np.bincount(posts.hour[posts.tags[:, n]], minlength=HOURS) for n, tag in enumerate(TAGS)}
    return pd.DataFrame(counts, index=_index(), dtype=float)[-KEPT:]


def _largest(posts: Posts) -> pd.DataFrame:
    """Return the posts of each hour that most saw."""
    seen = np.isin(posts.platform, [PLATFORMS.index(name) for name in SEEING]) & (posts.hour >= HOURS - KEPT)
    place = np.flatnonzero(seen)
    rows = pd.DataFrame({"hour": posts.hour[place], "gained": posts.views[place], "post": place.astype(str)})
    most = rows.sort_values("gained", ascending=False).groupby("hour").head(LARGEST)
    told = most.assign(
        at=_index()[most["hour"]],
        metric=Metric.IMPRESSIONS.value,
        platform=np.array(PLATFORMS)[posts.platform[most["post"].astype(int)]],
        link=None,
    )
    return told[RISES]


def _frame(columns: Mapping[tuple[str, str, Metric], Iterable[float]]) -> Frame:
    index = _index()
    names = pd.MultiIndex.from_tuples(list(columns) or [], names=COLUMNS) if columns else _NONE
    values = pd.DataFrame(dict(enumerate(columns.values())), index=index, dtype=float)
    values.columns = names
    known = pd.DataFrame(True, index=index, columns=[*PLATFORMS, "feeds"])
    return Frame(Window(START, _at(HOURS)), Resolution.HOUR, ZONE, values, known)


def _index() -> pd.DatetimeIndex:
    return pd.date_range(START, periods=HOURS, freq="h", tz="UTC")


def _at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


_NONE = pd.MultiIndex.from_tuples([], names=COLUMNS)
