"""From when to when a question to X looks: bounds are ids or moments, a moment makes an id, and a week is the most."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from monitor.demo.loopback import Request
from monitor.demo.statuses import iso
from monitor.demo.world import X_EPOCH, id_at

REACH = timedelta(days=7)
FRESH, FRESHEST = 30, 10  # seconds that search lags behind, and the least that may be asked for
_IDS, _TIMES = ("since_id", "until_id"), ("start_time", "end_time")


class Problem(Exception):
    """The server says no: a status, a title, its words and the tail of the problem's address."""

    def __init__(self, status: int, title: str, detail: str, kind: str = "") -> None:
        super().__init__(detail)
        self.status = status
        place = f"https://api.x.com/2/problems/{kind}" if kind else "about:blank"
        self.told = {"title": title, "detail": detail, "type": place, "status": status}


def bounds(request: Request, now: float) -> tuple[int, int]:
    """Return between which ids is searched, the first included: moments make ids, too."""
    if any(map(request.last, _IDS)) and any(map(request.last, _TIMES)):
        raise invalid("`since_id` and `until_id` can not be used with `start_time` or `end_time`")
    (since, until), (start, end) = map(_id, map(request.last, _IDS)), map(_moment, map(request.last, _TIMES))
    oldest = id_at(now - REACH.total_seconds())
    if (start is not None and id_at(start) < oldest) or (end is not None and end > now - FRESHEST):
        raise invalid("'start_time' must be within 7 days, and 'end_time' 10 seconds before now")
    if since is not None and since < oldest:
        raise invalid(
            f"'since_id' must be a tweet id created after {iso(time_of(oldest))}. "
            f"Please use a 'since_id' that is larger than {oldest}"
        )
    first = since + 1 if since is not None else id_at(start) if start is not None else oldest
    return first, until if until is not None else id_at(now - FRESH if end is None else end)


def invalid(detail: str) -> Problem:
    """Return the answer to a question that is none."""
    return Problem(400, "Invalid Request", detail, "invalid-request")


def _id(told: str | None) -> int | None:
    if told is None:
        return None
    if not told.isdigit():
        raise invalid(f"The id [{told}] is not valid")
    return int(told)


def time_of(id_: int) -> float:
    """Return the moment in an id."""
    return ((id_ >> 22) + X_EPOCH) / 1000


def _moment(told: str | None) -> float | None:
    if told is None:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", told):
        raise invalid(f"The moment [{told}] is not valid")
    return datetime.fromisoformat(told).astimezone(UTC).timestamp()


def stretches(low: float, high: float, step: int) -> Iterator[tuple[float, float]]:
    """Yield stretches that begin at full hours (minutes, days); the first and the last are parts of one."""
    start = low
    while start < high:
        end = min(start - start % step + step, high)
        yield start, end
        start = end
