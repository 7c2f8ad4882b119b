"""From a name to the street: how people and the press took up the name that won, against those that lost. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from monitor.model.figure import Headline, Level, Line, Point
from monitor.model.friday import Adopted, FridayReport, Rhythm
from monitor.model.metric import Metric
from monitor.model.poll import Tally
from monitor.model.race import Cycle
from monitor.model.series import Frame
from monitor.model.window import Window
from monitor.trends.frame import block, counted, sure, together, within
from monitor.trends.race import Race
from monitor.trends.rhythm import rhythms

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Street:
    """What was read for one week: the poll, and hours from its opening on.

    `hours` are posts of the subjects of `names` (by option key) and `own` (the campaign's hashtags, by how they are
    shown); `labels` say how each option is written, `hashtags` how it is posted; `printed` is the newest first. `apart`
    are platforms on which only the winner is looked for: no share is taken there.
    """

    cycle: Cycle
    tallies: Sequence[Tally]
    until: datetime
    hours: Frame
    labels: Mapping[str, str]
    hashtags: Mapping[str, str]
    names: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)
    printed: Sequence[Headline] = ()
    apart: frozenset[str] = frozenset()


def report(street: Street, closed: datetime) -> FridayReport | None:
    """Return the Friday report of a poll that closed at a moment; None while no name has won."""
    winner = street.cycle.winner
    if winner is None or winner not in street.names:
        return None
    seen = {key: _seen(street, subject) for key, subject in street.names.items()}
    rhythm = rhythms(Race.of(street.tallies).until(closed), _during(seen, closed))
    after = Window(closed, max(street.until, closed))
    found = {key: _found(street, subject) for key, subject in street.names.items()}
    levels = {key: _level(hours.sum(axis=1, min_count=1), after) for key, hours in found.items()}
    shares = _shares({key: hours.drop(columns=list(street.apart)) for key, hours in found.items()}, after)
    adopted = {
        key: Adopted(
            key=key,
            label=street.labels[key],
            hashtag=street.hashtags[key],
            posts=level,
            share=shares.get(key),
            first_used=_first(found[key].sum(axis=1)),
            line=_line(street.hashtags[key], seen[key]),
            rhythm=rhythm.get(key, Rhythm()),
        )
        for key, level in levels.items()
    }
    others = sorted((one for key, one in adopted.items() if key != winner), key=lambda one: -(one.posts.value or 0.0))
    printed = min(street.printed, key=lambda headline: headline.at, default=None)
    return FridayReport(
        since=closed,
        until=after.end,
        winner=adopted[winner],
        others=tuple(others),
        campaign=tuple(_line(tag, _seen(street, subject)) for tag, subject in street.own.items()),
        printed=printed,
        apart=tuple(sorted(street.apart)),
        printed_after=None if printed is None else (printed.at - closed) / HOUR,
    )


def _found(street: Street, subject: str) -> pd.DataFrame:
    """Return the posts of every hour that each platform found; NaN where it was blind and found nothing."""
    return counted(_posts(street, subject), _known(street))


def _shares(found: Mapping[str, pd.DataFrame], after: Window) -> dict[str, float]:
    """Return each name's share of the posts under all names."""
    levels = {key: _level(hours.sum(axis=1, min_count=1), after).value for key, hours in found.items()}
    whole = sum(value or 0.0 for value in levels.values())
    return {key: value / whole for key, value in levels.items() if value is not None and whole}


def _seen(street: Street, subject: str) -> pd.Series:
    """Return the posts of every hour; NaN where a platform that brought any was blind."""
    return together(sure(_posts(street, subject), _known(street)), _social(street))


def _posts(street: Street, subject: str) -> pd.DataFrame:
    return block(street.hours, Metric.POSTS, _social(street), subject)


def _known(street: Street) -> pd.DataFrame:
    return street.hours.known.astype(bool)


def _social(street: Street) -> list[str]:
    return [str(name) for name in street.hours.known.columns]


def _during(seen: Mapping[str, pd.Series], closed: datetime) -> pd.DataFrame:
    """Return the full hours in which people voted."""
    hours = pd.DataFrame(dict(seen))
    return hours[hours.index <= pd.Timestamp(closed - HOUR)]


def _level(hours: pd.Series, after: Window) -> Level:
    """Return the posts since the hour in which the poll closed; partial where something was not watched."""
    inside = within(hours.to_frame(), Window(after.start.replace(minute=0, second=0, microsecond=0), after.end))
    values = inside.to_numpy(dtype=np.float64)
    if np.isnan(values).all():
        return Level(value=None, partial=True)
    return Level(value=float(np.nansum(values)), partial=bool(np.isnan(values).any()))


def _first(hours: pd.Series) -> datetime | None:
    used = hours[hours > 0]
    return None if used.empty else pd.Timestamp(used.index[0]).to_pydatetime().astimezone(UTC)


def _line(name: str, hours: pd.Series) -> Line:
    moments = pd.DatetimeIndex(hours.index).to_pydatetime()
    points = tuple(
        Point(at=at, value=None if np.isnan(value) else float(value)) for at, value in zip(moments, hours, strict=True)
    )
    return Line(name=name, cell_seconds=int(HOUR.total_seconds()), points=points)
