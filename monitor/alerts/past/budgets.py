"""What rules of budgets would have found, each time something was spent and every hour."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from monitor.alerts.found import budgets
from monitor.alerts.past.replay import Look, Past
from monitor.alerts.rules import Budget
from monitor.collect.accounts import Course
from monitor.model.window import Window

HOUR = timedelta(hours=1)  # while nothing is spent, the pace slows down


def past(courses: Sequence[Course], rules: Sequence[Budget], window: Window) -> Past:
    """Return what rules would have found in the allowances of all accounts."""
    told = [course for course in courses if course.spent]
    if not told:
        return Past(None, doubts=("When allowances were spent is not kept yet: it is from the next run on.",))
    known = Window(max(min(course.spent[0][0] for course in told), window.start), window.end)
    moments = {at for course in told for at, _ in course.spent if at in known} | set(_hours(known))
    looks = []
    for moment in sorted(moments):
        spent = [course.at(moment) for course in told]
        looks.append(Look(moment, [one for rule in rules for one in budgets(spent, rule, moment)]))
    return Past(known, looks)


def _hours(known: Window) -> list[datetime]:
    many = int(known.length / HOUR) + 1
    return list(takewhile(lambda at: at in known, (known.start + number * HOUR for number in range(many))))
