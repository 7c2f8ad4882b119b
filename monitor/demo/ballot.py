"""Plays a home-made page with a poll on it: every vote in Arabic digits, and when it closes; a login page at times."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from monitor.clock import Clock
from monitor.demo.contests import QUESTION
from monitor.demo.loopback import Reply, Request
from monitor.demo.plan import Plan, Trouble
from monitor.demo.world import Contest

_HOUR = 3600
ASLEEP = (14 * _HOUR, 19 * _HOUR)
"""From when to when after its opening the page asks for a login, when it is to: five hours in the morning."""

OVER = "انتهى التصويت"
_OPEN = "التصويت مفتوح"
_DIGITS = str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٬")


class Ballot:
    """The page; between two polls it goes on showing how the last one ended. Call it with a request."""

    def __init__(self, contests: Sequence[Contest], plan: Plan, clock: Clock) -> None:
        self._contests, self._clock = contests, clock
        self._sleeps = Trouble.LOGIN in plan.troubles

    def __call__(self, request: Request) -> Reply:
        now = self._clock.now().timestamp()
        if request.path != "/":
            return _page("<p>404</p>", 404)
        begun = [contest for contest in self._contests if contest.opens <= now]
        if not begun:
            return _page("<p>لا تصويت الآن</p>")
        since = now - begun[-1].opens
        if self._sleeps and ASLEEP[0] <= since < ASLEEP[1]:
            return _page('<form method="post"><h1>تسجيل الدخول</h1><input type="password"></form>')
        return _page(_poll(begun[-1], now))


def arabic(number: int) -> str:
    """Return a number as the page writes it: ١٬٢٣٤."""
    return f"{number:,}".translate(_DIGITS)


def _poll(contest: Contest, now: float) -> str:
    counts = contest.votes(now)
    rows = "".join(
        f'<li class="name"><span>جمعة {escape(name)}</span> <b>{arabic(count)} صوت</b></li>'
        for name, count in zip(contest.names, counts, strict=True)
    )
    until = datetime.fromtimestamp(contest.closes, UTC).isoformat()
    state = OVER if now >= contest.closes else _OPEN
    return (
        f'<h1>{QUESTION}</h1><p class="state">{state}</p><time datetime="{until}">الأربعاء منتصف الليل</time>'
        f'<ol>{rows}</ol><p>المجموع <em class="total">{arabic(sum(counts))}</em></p>'
    )


def _page(body: str, status: int = 200) -> Reply:
    whole = f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"></head><body>{body}</body></html>'
    return Reply(status, whole.encode(), {"Content-Type": "text/html; charset=utf-8"})
