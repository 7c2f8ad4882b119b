"""What is allowed but probably not meant: said by `monitor check`, keeps nobody from starting."""

from collections.abc import Iterator

from monitor.digest import trial
from monitor.errors import Problem
from monitor.model.campaign import Campaign, Family
from monitor.model.spelling import fold, proposals
from monitor.settings.caps import uneven
from monitor.settings.schema import Settings, Watched

NO_OUTLETS = "no outlet is listed: Arab and Western press cannot be told apart; copy the outlets.csv that comes with it"


def warnings(settings: Settings) -> tuple[Problem, ...]:
    """Return everything in the settings that the operator may want to look at again."""
    campaigns = (said for watched in settings.campaigns for said in _about(watched))
    return (*_about_monitor(settings), *campaigns, *uneven(settings))


def _about_monitor(settings: Settings) -> Iterator[Problem]:
    if not settings.monitor.fetch.contact:
        advice = "is empty: owners of servers cannot write to you, and some refuse who names nobody"
        yield Problem("monitor.toml", "fetch.contact", advice)
    if not settings.monitor.digest.recipients:
        yield Problem("monitor.toml", "digest.recipients", "are empty: nobody gets the daily mail")
    for said in trial.troubles(settings.monitor.digest.templates):
        yield Problem("monitor.toml", "digest.templates", said)
    if settings.monitor.digest.recipients and settings.monitor.mail.host is None:
        advice = f"is not set: mails are written into {settings.monitor.mail.outbox}, not sent"
        yield Problem("monitor.toml", "mail.host", advice)
    alerts = settings.monitor.alerts
    has_rules = bool(alerts.rules) or any(watched.alerts for watched in settings.campaigns)
    if has_rules and not alerts.channels:
        yield Problem("monitor.toml", "alerts.channels", "are none: alerts stand in `monitor alerts`, nobody is told")
    elif alerts.channels and not has_rules:
        yield Problem("monitor.toml", "alerts.rules", "are none: nothing is ever told to a channel")


def _about(watched: Watched) -> Iterator[Problem]:
    file, campaign = str(watched.file), watched.campaign
    asked = {source.KIND for source in watched.sources if source.off is None}
    doubts = (
        (not asked, "sources", "no source is asked: nothing will be collected for this campaign"),
        ("articles" in asked and not campaign.phrases, "words", "are empty: only articles with the hashtag are found"),
        ("articles" in asked and not campaign.outlets.rows, "sources", NO_OUTLETS),
        ("posts" in asked and not campaign.families, "hashtags", "are empty: no post can be found"),
    )
    yield from (Problem(file, place, advice) for doubtful, place, advice in doubts if doubtful)
    unread = (source for source in watched.sources if source.enabled and source.off)
    yield from (Problem(file, source.name, f"is {source.off}: {source.TERMS}") for source in unread)
    unseen = (one for one in watched.polls if one.at.off)
    yield from (Problem(file, f"poll {one.poll.name}", f"is {one.at.off}: {one.at.TERMS}") for one in unseen)
    yield from (Problem(file, "spellings", _unlisted(family)) for family in _bare(campaign))


def _bare(campaign: Campaign) -> Iterator[Family]:
    """Yield the families with one spelling only, of which people type others that count as the same."""
    for family in campaign.families:
        if len(family.spellings) == 1 and any(fold(form) == family.key for form in proposals(family.tag)):
            yield family


def _unlisted(family: Family) -> str:
    return f"people type #{family.tag} in other ways too, which are not asked for; see `monitor spell '#{family.tag}'`"
