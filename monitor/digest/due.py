"""Which mail is due to a reader: the latest whose morning has come, and those before it that were never sent."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from monitor.digest.edition import day_of
from monitor.digest.recipient import Recipient
from monitor.model.campaign import Campaign
from monitor.model.gaps import gaps_of, is_imported
from monitor.model.window import Window
from monitor.store import ledger, runs
from monitor.store.ledger import Patience
from monitor.store.store import Store

SCOPE = "digest"
LONGEST_SENDING = timedelta(minutes=15)  # all steps of SMTP together
FORGOTTEN = timedelta(minutes=20)  # no sender is still at work after this: it must be more than LONGEST_SENDING
PATIENCE = Patience(FORGOTTEN, timedelta(minutes=5), timedelta(hours=1))  # greylisting asks for minutes
ONE_DAY = timedelta(days=1)
MOST_BEFORE = 6  # days beside the latest: who was away for longer than a week wants no pile of old mails


def due_day(recipient: Recipient, campaigns: Sequence[Campaign], now: datetime) -> date:
    """Return the latest day whose mail is due: the recipient's hour has come, and the day is over for each campaign."""
    day = recipient.yesterday(now)
    while not recipient.is_told_of(day) or any(day_of(campaign, day).end > now for campaign in campaigns):
        day -= ONE_DAY
    return day


async def missed(store: Store, recipient: Recipient, day: date, seen: date | None) -> tuple[date, ...]:
    """Return the days before `day` whose mails were owed and not sent, oldest first.

    They came due after `seen`, the latest due at the last round of sending, or were begun and never taken.
    """
    found: list[date] = []
    for before in islice(_earlier(recipient, day), MOST_BEFORE):
        entry = await ledger.look(store, SCOPE, before.isoformat(), recipient.address)
        is_settled = entry.state.is_final if entry else seen is None or before <= seen
        if is_settled:
            break
        found.append(before)
    return tuple(reversed(found))


async def is_owed(store: Store, campaigns: Sequence[Campaign], day: date, now: datetime) -> bool:
    """Tell whether there is anything to say of a day: not when it was over before its campaigns were watched.

    Sources that tell of the past may make up for that: half of the day is enough.
    """
    for campaign in campaigns:
        window, since = day_of(campaign, day), await runs.since(store, campaign.slug)
        if since is None or since < window.end or await _was_seen(store, campaign, window, now):
            return True
    return False


async def _was_seen(store: Store, campaign: Campaign, window: Window, now: datetime) -> bool:
    states = [state for state in await runs.states(store, campaign.slug) if not is_imported(state)]
    blind = (sum((gap.length for gap in gaps_of(state, window, now)), timedelta()) for state in states)
    return any(length <= window.length / 2 for length in blind)


def _earlier(recipient: Recipient, day: date) -> Iterator[date]:
    while True:
        day -= ONE_DAY
        if recipient.is_told_of(day):
            yield day
