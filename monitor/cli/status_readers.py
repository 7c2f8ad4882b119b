"""The readers of the digest: who gets it, who left, whose address takes no mails; addresses come from the settings."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from monitor.digest.due import SCOPE, due_day
from monitor.digest.recipient import Recipient
from monitor.model.campaign import Campaign
from monitor.model.table import Record
from monitor.settings.schema import Settings
from monitor.store import ledger, readers
from monitor.store.ledger import Entry
from monitor.store.readers import Standing
from monitor.store.store import Store


class ReaderReport(Record):
    """One reader: `state` is served, paused (by the settings), refused (by servers) or unsubscribed, `since` when."""

    address: str
    state: str
    since: datetime | None
    refusals: dict[str, str]  # by day, what a server said to a mail; three in a row pause
    day: date | None  # of which the latest mail that is due tells; None without a campaign
    mail: str  # how far that mail is


async def reports(store: Store, settings: Settings, now: datetime) -> list[ReaderReport]:
    """Return how it stands with every reader of the settings."""
    campaigns = [watched.campaign for watched in settings.campaigns]
    return [await _report(store, one, campaigns, now) for one in settings.monitor.digest.recipients]


def remarks(found: Iterable[ReaderReport], zone: str) -> Iterator[str]:
    """Yield a line for each reader who gets no mails, or will soon get none, and what to do about it."""
    for one in found:
        if said := _remark(one, zone):
            yield f"{one.address}: {said}"


def lines(found: Sequence[ReaderReport], zone: str) -> Iterator[str]:
    """Yield a line for each reader."""
    for one in found:
        yield f"{one.address}: {_remark(one, zone) or 'gets the digest'}; {_mail(one)}"


async def _report(store: Store, recipient: Recipient, campaigns: Sequence[Campaign], now: datetime) -> ReaderReport:
    standing = await readers.standing(store, readers.reader(store, recipient.address))
    told = [campaign for campaign in campaigns if recipient.wants(campaign.slug)]
    day = due_day(recipient, told, now) if told else None
    entry = await ledger.look(store, SCOPE, day.isoformat(), recipient.address) if day else None
    state, since = _state(recipient, standing)
    return ReaderReport(
        address=recipient.address,
        state=state,
        since=None if since is None else datetime.fromtimestamp(since, UTC),
        refusals=standing.refusals,
        day=day,
        mail=_words(entry),
    )


def _state(recipient: Recipient, standing: Standing) -> tuple[str, int | None]:
    if standing.unsubscribed is not None:
        return "unsubscribed", standing.unsubscribed
    if standing.paused is not None:
        return "refused", standing.paused
    return ("paused" if recipient.pause else "served"), None


def _words(entry: Entry | None) -> str:
    if entry is None:
        return "not begun"
    return f"{entry.state.value} ({entry.note})" if entry.note else entry.state.value


def _mail(report: ReaderReport) -> str:
    return f"mail about {report.day}: {report.mail}" if report.day else "none of its campaigns is watched"


def _remark(report: ReaderReport, zone: str) -> str:
    since = f"{report.since.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if report.since else ""
    again = f"`monitor readers --resume {report.address}`"
    last = list(report.refusals.values())[-1:]
    if report.state == "unsubscribed":
        return (
            f"unsubscribed on {since}; whoever asks to come back presses the button behind the link, or you run {again}"
        )
    if report.state == "refused":
        return (
            f"paused since {since}, as {len(report.refusals)} mails were refused ({last[0]}); correct it, then {again}"
        )
    if report.state == "paused":
        return "paused in monitor.toml"
    if last:
        return f"{len(report.refusals)} of {readers.MOST_REFUSALS} refusals in a row ({last[0]})"
    return ""
