"""The daily digest: who is due now, and each mail sent exactly once.

The ledger is written before the server is asked: pending → sending → sent or refused. Whoever moves an entry to
`sending` owns that attempt, so two daemons never send the same mail. A mail that was not taken goes back to pending
and waits longer each time. When a daemon dies while the outcome is unknown, the mail is sent again after `FORGOTTEN`,
with the same Message-ID: the one repeat that can not be avoided.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from monitor import log
from monitor.clock import Clock
from monitor.digest.edition import Edition, day_of
from monitor.digest.letter import Envelope, letter, message_id
from monitor.digest.mail import Mail
from monitor.digest.recipient import Recipient
from monitor.errors import DeliveryError, StoreError
from monitor.model.campaign import Campaign
from monitor.store import ledger
from monitor.store.ledger import Entry, State
from monitor.store.store import Store

SCOPE = "digest"
LONGEST_SENDING = timedelta(minutes=15)  # all steps of SMTP together
FORGOTTEN = timedelta(minutes=20)  # no sender is still at work after this: it must be more than LONGEST_SENDING
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=1)  # greylisting asks for minutes
ONE_DAY = timedelta(days=1)
AT_ONCE = 4  # mails on their way side by side: one silent server does not hold up all

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
    clock: Clock,
    *,
    edition: Edition | None = None,
) -> list[Delivery]:
    """Send every mail that is due and was not sent; return those that were tried, in the order they ended."""
    sending = _Round(edition or Edition(store, clock.now()), mail, clock)
    wanted = [
        (reader, tuple(campaign for campaign in campaigns if reader.wants(campaign.slug))) for reader in recipients
    ]
    waiting = iter([(reader, told) for reader, told in wanted if told])
    # a line that breaks off must not cancel the others: they may be in the middle of a mail
    lines = await asyncio.gather(*(sending.line(waiting) for _ in range(AT_ONCE)), return_exceptions=True)
    tried: list[Delivery] = []
    for line in lines:
        if isinstance(line, BaseException):
            raise line
        tried += line
    return tried


def due_day(recipient: Recipient, campaigns: Sequence[Campaign], now: datetime) -> date:
    """Return the latest day whose mail is due: the recipient's hour has come, and the day is over for each campaign."""
    day = recipient.yesterday(now)
    while any(day_of(campaign, day).end > now for campaign in campaigns):
        day -= ONE_DAY
    return day


@dataclass(frozen=True)
class _Round:
    """One round of sending. The clock is asked again for each mail: others may have taken long before it."""

    edition: Edition
    mail: Mail
    clock: Clock

    async def line(self, waiting: Iterator[tuple[Recipient, Sequence[Campaign]]]) -> list[Delivery]:
        """Send one mail after the other to those who wait; other lines take from the same queue."""
        tried = [await self._tried(recipient, campaigns) for recipient, campaigns in waiting]
        return [delivery for delivery in tried if delivery is not None]

    async def _tried(self, recipient: Recipient, campaigns: Sequence[Campaign]) -> Delivery | None:
        """Send one mail; whatever goes wrong with it stays with it, unless the store is gone."""
        day = due_day(recipient, campaigns, self.edition.now)
        identity = message_id(day, recipient.address, [campaign.slug for campaign in campaigns], self.mail.sender)
        try:
            return await self._sent(recipient, campaigns, day, identity)
        except StoreError:
            raise
        except Exception as error:  # the edge of a mail: a bug in one must keep no other reader waiting
            _logger.exception("digest failed unexpectedly", message_id=identity)
            note = f"a fault of the monitor ({type(error).__name__}): see its log; it is tried again later"
            return Delivery(recipient.address, day, identity, State.PENDING, note)

    async def _sent(
        self, recipient: Recipient, campaigns: Sequence[Campaign], day: date, identity: str
    ) -> Delivery | None:
        """Send one mail if it is its time and nobody else does."""
        store = self.edition.store
        entry = await ledger.open(store, SCOPE, day.isoformat(), recipient.address, identity)
        if not is_free(entry, self.clock.now()):
            return None
        content = await self.edition.content(campaigns, day, recipient.voice)
        now = self.clock.now()
        message = letter(content, Envelope(self.mail.sender, recipient.address, entry.message_id, now))
        if not await ledger.mark(store, entry, State.SENDING, now=int(now.timestamp())):
            return None
        state, note = await _handed_over(self.mail, message)
        claimed = entry.model_copy(update={"state": State.SENDING, "attempts": entry.attempts + 1})
        # the outcome is written down even when the daemon is stopped just now
        ended = int(self.clock.now().timestamp())
        await asyncio.shield(ledger.mark(store, claimed, state, now=ended, note=note))
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
