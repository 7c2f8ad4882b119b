"""The daily digest: who is due now, and each mail sent exactly once.

The ledger is written before the server is asked: pending → sending → sent or refused. Whoever moves an entry to
`sending` owns that attempt, so two daemons never send the same mail. A mail that was not taken goes back to pending
and waits longer each time. When a daemon dies while the outcome is unknown, the mail is sent again after `FORGOTTEN`,
with the same Message-ID: the one repeat that can not be avoided.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from monitor import log
from monitor.digest.edition import Edition, day_of
from monitor.digest.letter import Envelope, letter, message_id
from monitor.digest.mail import Mail
from monitor.digest.recipient import Recipient
from monitor.errors import DeliveryError
from monitor.model.campaign import Campaign
from monitor.store import ledger
from monitor.store.ledger import Entry, State
from monitor.store.store import Store

SCOPE = "digest"
LONGEST_SENDING = timedelta(minutes=15)  # all steps of SMTP together
FORGOTTEN = timedelta(minutes=20)  # no sender is still at work after this: it must be more than LONGEST_SENDING
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=1)  # greylisting asks for minutes
ONE_DAY = timedelta(days=1)

_logger = log.get("digest")


@dataclass(frozen=True)
class Delivery:
    """What became of one mail just now: SENT, REFUSED for good, or PENDING until a later try."""

    address: str
    day: date
    message_id: str
    state: State
    note: str


async def send_due(
    store: Store,
    campaigns: Sequence[Campaign],
    recipients: Sequence[Recipient],
    mail: Mail,
    now: datetime,
    *,
    edition: Edition | None = None,
) -> list[Delivery]:
    """Send every mail that is due at `now` and was not sent; return those that were tried."""
    edition = edition or Edition(store, now)
    tried = []
    for recipient in recipients:
        wanted = tuple(campaign for campaign in campaigns if recipient.wants(campaign.slug))
        if wanted:
            tried.append(await _send(edition, wanted, recipient, mail))
    return [delivery for delivery in tried if delivery is not None]


def due_day(recipient: Recipient, campaigns: Sequence[Campaign], now: datetime) -> date:
    """Return the latest day whose mail is due: the recipient's hour has come, and the day is over for each campaign."""
    day = recipient.yesterday(now)
    while any(day_of(campaign, day).end > now for campaign in campaigns):
        day -= ONE_DAY
    return day


async def _send(edition: Edition, campaigns: Sequence[Campaign], recipient: Recipient, mail: Mail) -> Delivery | None:
    """Send one mail if it is its time and nobody else does."""
    store, now = edition.store, edition.now
    day = due_day(recipient, campaigns, now)
    identity = message_id(day, recipient.address, [campaign.slug for campaign in campaigns], mail.sender)
    entry = await ledger.open(store, SCOPE, day.isoformat(), recipient.address, identity)
    if not is_free(entry, now):
        return None
    content = await edition.content(campaigns, day, recipient.voice)
    if not await ledger.mark(store, entry, State.SENDING, now=int(now.timestamp())):
        return None
    envelope = Envelope(mail.sender, recipient.address, entry.message_id, now)
    state, note = await _handed_over(mail, letter(content, envelope))
    claimed = entry.model_copy(update={"state": State.SENDING, "attempts": entry.attempts + 1})
    # the outcome is written down even when the daemon is stopped just now
    await asyncio.shield(ledger.mark(store, claimed, state, now=int(now.timestamp()), note=note))
    _logger.info("digest", state=state.value, message_id=entry.message_id, attempt=claimed.attempts, note=note)
    return Delivery(recipient.address, day, entry.message_id, state, note)


def is_free(entry: Entry, now: datetime) -> bool:
    """Tell whether a mail may be tried at `now`: it is new, has waited long enough, or was forgotten by its sender."""
    since = now.timestamp() - entry.at
    if entry.state is State.SENDING:
        return since >= FORGOTTEN.total_seconds()
    if entry.state is State.PENDING:
        return not entry.attempts or since >= _wait(entry.attempts).total_seconds()
    return False


def _wait(attempts: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)


async def _handed_over(mail: Mail, message: EmailMessage) -> tuple[State, str]:
    """Return how the server took the mail, and its words."""
    try:
        async with asyncio.timeout(LONGEST_SENDING.total_seconds()):
            return State.SENT, await mail.send(message)
    except DeliveryError as error:
        return State.REFUSED if error.permanent else State.PENDING, str(error)
    except TimeoutError:
        return State.PENDING, "the mail server took too long; it is tried again later"
