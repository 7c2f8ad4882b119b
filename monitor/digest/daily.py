"""The daily digest: who is due now, and each mail sent exactly once.

The ledger is written before the server is asked: pending → sending → sent or refused. Whoever moves an entry to
`sending` owns that attempt, so two daemons never send the same mail. A mail that was not taken goes back to pending
and waits longer each time. When a daemon dies while the outcome is unknown, the mail is sent again after `FORGOTTEN`,
with the same Message-ID: that, and an answer that is lost on its way, are the repeats that can not be avoided.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage

from monitor import log
from monitor.clock import Clock
from monitor.digest.due import LONGEST_SENDING, PATIENCE, SCOPE, due_day, is_owed, missed
from monitor.digest.edition import Edition
from monitor.digest.kept import Archive
from monitor.digest.layout import Layout
from monitor.digest.leaving import link
from monitor.digest.letter import Envelope, letter, message_id
from monitor.digest.mail import Mail
from monitor.digest.recipient import Recipient, Settings
from monitor.digest.render import Rendered
from monitor.errors import AddressRefused, DeliveryError, StoreError
from monitor.model.campaign import Campaign
from monitor.store import ledger, readers
from monitor.store.ledger import Entry, State
from monitor.store.store import Store

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
    rules: Settings,
    mail: Mail,
    clock: Clock,
    *,
    public_url: str | None = None,
    edition: Edition | None = None,
) -> list[Delivery]:
    """Send every mail that is due and was not sent; return those that were tried, in the order they ended."""
    edition = edition or Edition(store, clock.now(), layout=Layout(rules.templates, rules.methods))
    sending = _Round(edition, rules, mail, clock, public_url, await ledger.last_round(store))
    waiting = iter([reader for reader in rules.recipients if not reader.pause])
    # a line that breaks off must not cancel the others: they may be in the middle of a mail
    lines = await asyncio.gather(*(sending.line(waiting, campaigns) for _ in range(AT_ONCE)), return_exceptions=True)
    tried: list[Delivery] = []
    for line in lines:
        if isinstance(line, BaseException):
            raise line
        tried += line
    for said in edition.layout.told():
        _logger.warning("template", said=said)
    await ledger.end_round(store, int(edition.now.timestamp()))
    return tried


@dataclass(frozen=True)
class _Letter:
    """One mail to be written: to whom, about what, and the days before it that it tells in a line each."""

    recipient: Recipient
    campaigns: Sequence[Campaign]
    day: date
    before: tuple[date, ...] = ()


@dataclass(frozen=True)
class _Outcome:
    state: State
    note: str
    blames_the_address: bool = False


@dataclass(frozen=True)
class _Round:
    """One round of sending. The clock is asked again for each mail: others may have taken long before it."""

    edition: Edition
    rules: Settings
    mail: Mail
    clock: Clock
    public_url: str | None
    last: datetime | None

    @property
    def store(self) -> Store:
        return self.edition.store

    @property
    def archive(self) -> Archive:
        return Archive(self.store, self.clock, self.mail.sender, self.rules.keep_days)

    async def line(self, waiting: Iterator[Recipient], campaigns: Sequence[Campaign]) -> list[Delivery]:
        """Serve one reader after the other; other lines take from the same queue."""
        tried: list[Delivery | None] = []
        for recipient in waiting:
            told = tuple(campaign for campaign in campaigns if recipient.wants(campaign.slug))
            tried += [await self._tried(written) for written in await self._due(recipient, told)] if told else []
        return [delivery for delivery in tried if delivery is not None]

    async def _due(self, recipient: Recipient, campaigns: Sequence[Campaign]) -> list[_Letter]:
        """Return what a reader is owed: one mail, or after a pause of ours as many as the operator wants."""
        if not (await readers.standing(self.store, readers.reader(self.store, recipient.address))).is_served:
            return []
        day = due_day(recipient, campaigns, self.edition.now)
        if not await is_owed(self.store, campaigns, day, self.edition.now):
            return []
        seen = due_day(recipient, campaigns, self.last) if self.last else None
        before = await missed(self.store, recipient, day, seen)
        if self.rules.catch_up == "each":
            return [_Letter(recipient, campaigns, one) for one in (*before, day)]
        return [_Letter(recipient, campaigns, day, before if self.rules.catch_up == "one" else ())]

    async def _tried(self, written: _Letter) -> Delivery | None:
        """Send one mail; whatever goes wrong with it stays with it, unless the store is gone."""
        try:
            return await self._sent(written)
        except StoreError:
            raise
        except Exception as error:  # the edge of a mail: a bug in one must keep no other reader waiting
            identity = self._identity(written, written.day)
            _logger.exception("digest failed unexpectedly", message_id=identity)
            note = f"a fault of the monitor ({type(error).__name__}): see its log; it is tried again later"
            return Delivery(written.recipient.address, written.day, identity, State.PENDING, note)

    async def _sent(self, written: _Letter) -> Delivery | None:
        """Send one mail if it is its time and nobody else does."""
        recipient = written.recipient
        *before, entry = [await self._entry(written, day) for day in (*written.before, written.day)]
        if not PATIENCE.is_over(entry, self.clock.now()):
            return None
        content = await self.edition.content(written.campaigns, written.day, recipient.voice, written.before)
        message = self._message(written, content, entry.message_id)
        if not await ledger.mark(self.store, entry, State.SENDING, now=self._seconds()):
            return None
        outcome = await _handed_over(self.mail, message)
        claimed = entry.model_copy(update={"state": State.SENDING, "attempts": entry.attempts + 1})
        # the outcome is written down even when the daemon is stopped just now
        await asyncio.shield(self._write_down(claimed, outcome, before))
        state, note = outcome.state, outcome.note
        _logger.info("digest", state=state.value, message_id=entry.message_id, attempt=claimed.attempts, note=note)
        if state is State.SENT:
            slugs = [campaign.slug for campaign in written.campaigns]
            await self.archive.keep(content, written.day, slugs, recipient.address)
        return Delivery(recipient.address, written.day, entry.message_id, state, note)

    def _message(self, written: _Letter, content: Rendered, identity: str) -> EmailMessage:
        recipient = written.recipient
        url, store = self.public_url, self.store
        leave = link(url, store, recipient.address, recipient.language) if url else None
        sender, now = self.mail.sender, self.clock.now()
        return letter(content, Envelope(sender, recipient.address, identity, now, self.mail.reply_to, leave))

    async def _write_down(self, claimed: Entry, outcome: _Outcome, before: Sequence[Entry]) -> None:
        now, who = self._seconds(), readers.reader(self.store, claimed.recipient)
        if outcome.blames_the_address:  # first: who dies before the mark will say it again, and that counts once
            await readers.refused(self.store, who, claimed.date, outcome.note, now)
        await ledger.mark(self.store, claimed, outcome.state, now=now, note=outcome.note)
        if outcome.state is State.SENT:
            await readers.taken(self.store, who)
            for old in before:
                note = f"told in the mail about {claimed.date}"
                await ledger.mark(self.store, old, State.SKIPPED, now=now, note=note)

    async def _entry(self, written: _Letter, day: date) -> Entry:
        identity = self._identity(written, day)
        return await ledger.open(self.store, SCOPE, day.isoformat(), written.recipient.address, identity)

    def _identity(self, written: _Letter, day: date) -> str:
        slugs = [campaign.slug for campaign in written.campaigns]
        return message_id(day, written.recipient.address, slugs, self.mail.sender)

    def _seconds(self) -> int:
        return int(self.clock.now().timestamp())


async def _handed_over(mail: Mail, message: EmailMessage) -> _Outcome:
    """Return how the server took the mail, and its words."""
    try:
        async with asyncio.timeout(LONGEST_SENDING.total_seconds()):
            return _Outcome(State.SENT, await mail.send(message))
    except AddressRefused as error:
        return _Outcome(State.REFUSED, str(error), blames_the_address=True)
    except DeliveryError as error:
        return _Outcome(State.REFUSED if error.permanent else State.PENDING, str(error))
    except TimeoutError:
        return _Outcome(State.PENDING, "the mail server took too long; it is tried again later")
