"""The sentences about what keys have used of their allowances, for `monitor status` and the page."""

from datetime import datetime

from monitor.model.account import Period
from monitor.model.spending import DOLLARS, Spending
from monitor.words.voice import Voice, message, plural

NAMES = {
    "keyword searches": message("keyword searches"),
    "logins": message("logins"),
    "searches": message("searches"),
    "statistics": message("statistics"),
    "other calls": message("other calls"),
    "requests": message("requests"),
    "videos": message("videos"),
    "dollars a day": message("dollars a day"),
    "dollars a month": message("dollars a month"),
    "dollars a day for known posts": message("dollars a day for known posts"),
    "posts a day": message("posts a day"),
    "posts a month": message("posts a month"),
    "calls a week": message("calls a week"),
}
UNITS = {
    "calls": plural("{n} call", "{n} calls"),
    "posts": plural("{n} post", "{n} posts"),
    "logins": plural("{n} login", "{n} logins"),
    "units": plural("{n} unit", "{n} units"),
}
_NOW = {Period.DAY: message("today"), Period.WEEK: message("this week"), Period.MONTH: message("this month")}
_END = {
    Period.DAY: message("about {amount} by the end of the day at this pace"),
    Period.WEEK: message("about {amount} by the end of the week at this pace"),
    Period.MONTH: message("about {amount} by the end of the month at this pace"),
}


def sentence(spent: Spending, voice: Voice, now: datetime) -> str:
    """Say what was used, and when it runs out or where it leads."""
    told = voice.say(
        "{allowance}: {used} of {most} {period}",
        allowance=name(spent, voice),
        used=_number(spent.used, spent.unit, voice),
        most=amount(spent.most, spent.unit, voice),
        period=voice.say(_NOW[spent.period]),
    )
    leads = outlook(spent, voice, now)
    return voice.strung([told, leads]) if leads else told


def name(spent: Spending, voice: Voice) -> str:
    """Return what an allowance is called; one of a platform we do not know keeps its name."""
    return voice.say(NAMES[spent.allowance]) if spent.allowance in NAMES else voice.foreign(spent.allowance)


def outlook(spent: Spending, voice: Voice, now: datetime) -> str:
    """Return when an allowance runs out, or where it leads; empty while nobody can say."""
    if spent.used >= spent.most:
        return voice.say("used up, renewed {moment}", moment=_moment(spent.renewed_at, voice, now))
    if spent.runs_out_at is not None:
        return voice.say("runs out {moment} at this pace", moment=_moment(spent.runs_out_at, voice, now))
    return voice.say(_END[spent.period], amount=amount(spent.expected, spent.unit, voice)) if spent.expected else ""


def amount(value: float, unit: str, voice: Voice) -> str:
    """Return an amount with its unit."""
    if unit in UNITS:
        return voice.count(*UNITS[unit], value)
    number = _number(value, unit, voice)
    return number if unit == DOLLARS else f"{number} {voice.foreign(unit)}"


def _number(value: float, unit: str, voice: Voice) -> str:
    if unit != DOLLARS:
        return voice.number(value)
    return voice.foreign(f"${value:,.0f}" if value.is_integer() else f"${value:,.2f}")


def _moment(moment: datetime, voice: Voice, now: datetime) -> str:
    if moment.astimezone(voice.zone).date() == now.astimezone(voice.zone).date():
        return voice.say("at {clock}", clock=voice.clock(moment))
    return voice.say("on {moment}", moment=voice.moment(moment))
