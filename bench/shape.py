"""How honest headings, level shifts, forecasts of the day and moves of shares are, on simulated campaigns.

`forecast.held`: how often the total at midnight lay in the interval told some time that day. `heading.false`: how often
a stretch in which nothing happened was called rising or falling; `heading.found`: how often one with twice, or two
fifths, of what would have come. `shift.false_a_year`: shifts told in weekly briefs where the level only strays.
`share.false`: how often a share that did not move was told to. No campaign of these seeds was looked at while tuning.
"""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from bench.campaigns import DAY, LEVELS, WEEK, ZONE, campaign, with_gaps
from bench.show import flags, show
from monitor.model.finding import Direction, Forecast
from monitor.model.window import local_day
from monitor.trends.course import NEWS
from monitor.trends.forecast import SoFar, forecast
from monitor.trends.heading import HOURS, headings
from monitor.trends.shift import shifts
from monitor.trends.voice import move

QUICK, FULL = 6, 40  # campaigns of each level
SEEDS = 5000  # the first seed
HISTORY = 9 * WEEK  # hours, as a brief reads
MOMENTS = 8  # of each campaign
WANTED = {"forecast.held": "0.85 to 0.95", "heading.false": "about 0.1", "share.false": "at most 0.1"}


def forecasts(seeds: range) -> Iterator[tuple[float, Forecast, float]]:
    """Yield the hour of the day, what was told, and what it came to."""
    for level in LEVELS:
        for seed in seeds:
            series, dice = campaign(level, seed, 12), np.random.default_rng(seed)
            for end in dice.integers(4 * WEEK, len(series) - 2 * DAY, MOMENTS):
                now = series.index[end].to_pydatetime()
                day = local_day(now, ZONE)
                passed = with_gaps(series[max(0, end - HISTORY) : end], seed)
                so_far = SoFar(now, _sum(passed, day.start, now))
                told = forecast("posts", passed.to_frame("m"), ZONE, so_far)
                if told is not None:
                    yield now.astimezone(ZoneInfo(ZONE)).hour, told, so_far.value + _sum(series, now, day.end)


def called(seeds: range, times: float) -> dict[str, float]:
    """Return how often each stretch, its hours so many times as large, was called rising or falling."""
    moved: dict[int, list[bool]] = {hours: [] for hours in HOURS}
    for level in LEVELS:
        for seed in seeds:
            series = with_gaps(campaign(level, seed, surges=False), seed)
            for hours in HOURS:
                cells = series[: HISTORY + 5 * seed % WEEK].copy()
                cells.iloc[-hours:] = (cells.iloc[-hours:] * times).round()
                told = {one.hours: one.direction for one in headings("posts", cells.to_frame("m"), ZONE)}[hours]
                moved[hours].append(told in {Direction.RISING, Direction.FALLING})
    return {f"{hours} h": float(np.mean(found)) for hours, found in moved.items()}


def false_shifts(seeds: range) -> float:
    """Return how many shifts a year weekly briefs tell where none was made."""
    found, weeks = 0, 0
    for level in LEVELS:
        for seed in seeds:
            series, told = with_gaps(campaign(level, seed, 26), seed), set()
            for end in range(HISTORY, len(series) + 1, WEEK):
                news = series.index[end - 1] - NEWS
                found_now = shifts("posts", series[end - HISTORY : end].to_frame("m"), ZONE)
                told |= {one.at for one in found_now if one.at >= news}
                weeks += 1
            found += len(_apart(sorted(told)))
    return found * 52 / weeks


def found_shifts(seeds: range, times: float, days: int) -> float:
    """Return how often a level that changed so many days ago was told, on its day or up to three beside it."""
    hits = []
    for level in LEVELS:
        for seed in seeds:
            series = with_gaps(campaign(level, seed, 9), seed)
            at = series.index[-days * DAY]
            series[series.index >= at] *= times
            told = shifts("posts", series.to_frame("m"), ZONE)
            hits.append(any(abs(pd.Timestamp(one.at) - at) <= pd.Timedelta(days=3) for one in told))
    return float(np.mean(hits))


def moved(seeds: range, points: float) -> float:
    """Return how often the share of one of two platforms is told to have moved from one day to the next."""
    told = []
    for level in LEVELS[1:]:
        for seed in seeds:
            whole = [campaign(level, 10 * seed + day, 1).to_numpy()[:DAY] for day in range(2)]
            dice = np.random.default_rng(seed)
            shares = [0.4 + points * place + dice.normal(0, 0.03, DAY) for place in range(2)]
            parts = [dice.binomial(posts.astype(int), share) for posts, share in zip(whole, shares, strict=True)]
            found = move((parts[1].astype(float), parts[0].astype(float)), (whole[1], whole[0]))
            told.append(found is not None and found.is_clear)
    return float(np.mean(told))


def _sum(series: pd.Series, start: datetime, end: datetime) -> float:
    return float(series[(series.index >= start) & (series.index < end)].sum())


def _apart(moments: list[datetime]) -> list[datetime]:
    """Return the moments without those up to five days after another: the same shift, told by the next brief."""
    kept: list[datetime] = []
    for moment in moments:
        if not kept or (moment - kept[-1]).days > 5:  # days
            kept.append(moment)
    return kept


def main() -> None:
    asked = flags(__doc__ or "")
    seeds = range(SEEDS, SEEDS + (QUICK if asked.quick else FULL))
    told = list(forecasts(seeds))
    held = [(hour, one.low <= total <= one.high) for hour, one, total in told]
    figures = {
        "forecast.held": np.mean([inside for _, inside in held]),
        "forecast.held.before_noon": np.mean([inside for hour, inside in held if hour < DAY / 2]),
        "forecast.held.after_noon": np.mean([inside for hour, inside in held if hour >= DAY / 2]),
        "forecast.width": np.median([(one.high - one.low) / max(total, 1) for _, one, total in told]),
        "forecast.off": np.median([abs(one.middle - total) / max(total, 1) for _, one, total in told]),
    }
    for name, times in (("false", 1.0), ("found.x2", 2.0), ("found.x0.4", 0.4)):
        figures |= {f"heading.{name}.{hours}": share for hours, share in called(seeds, times).items()}
    figures["shift.false_a_year"] = false_shifts(seeds[: len(seeds) // 3])
    for times in (2.0, 0.5):
        figures |= {f"shift.found.x{times}.{days} d": found_shifts(seeds, times, days) for days in (7, 14, 21)}
    figures |= {"share.false": moved(seeds, 0.0), "share.found.10 points": moved(seeds, 0.1)}
    show("Shape", {name: float(value) for name, value in figures.items()}, WANTED, as_json=asked.json)


if __name__ == "__main__":
    main()
