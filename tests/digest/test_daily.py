"""Each mail exactly once: on the real store, with sinks that fail at every step, and over real SMTP."""

# ruff: noqa: ARG002 - fakes take what the real ones take

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from monitor.clock import Simulated
from monitor.digest.daily import AT_ONCE, Delivery, send_due
from monitor.digest.due import FORGOTTEN, LONGEST_SENDING, MOST_BEFORE, due_day
from monitor.digest.edition import Edition
from monitor.digest.leaving import holder
from monitor.digest.mail import Settings as Post
from monitor.digest.mail import Smtp
from monitor.digest.recipient import CatchUp, Recipient, Settings
from monitor.errors import AddressRefused, DeliveryError, StoreError
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.model.window import Window
from monitor.store import ledger, readers, runs
from monitor.store.ledger import State
from monitor.store.store import Store
from monitor.words.voice import Voice
from tests.digest.briefs import FRIDAY, PNG, SURGE
from tests.digest.office import HOST, Office, opened
from tests.digest.test_gather import cover
from tests.people import ALEPPO

MORNING = datetime(2016, 4, 30, 4, tzinfo=UTC)  # Saturday 07:00 in Damascus
NEXT_MORNING = MORNING + timedelta(days=1)
DESK = Recipient(address="desk@example.org", timezone="Asia/Damascus")
LINA = Recipient(address="lina@example.org", timezone="Asia/Damascus", language="ar")
BUSES = Campaign(slug="buses", title="Bus fares", zone="Asia/Damascus", families=())


@dataclass
class Sink:
    """Takes mails, or does what it is told to in turn."""

    steps: list[Callable[[], None]] = field(default_factory=list)
    sender: str = "Monitor <monitor@example.org>"
    reply_to: str | None = None
    taken: list[EmailMessage] = field(default_factory=list)

    async def send(self, mail: EmailMessage) -> str:
        await asyncio.sleep(0)
        if self.steps:
            self.steps.pop(0)()
        self.taken.append(mail)
        return "250 taken"

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.taken]


class Killed(BaseException):
    """Stands for a process that ends here."""


def fail(words: str = "451 later", *, permanent: bool = False) -> Callable[[], None]:
    def step() -> None:
        raise DeliveryError(words, permanent=permanent)

    return step


def die() -> None:
    raise Killed


@dataclass
class Desk:
    """One daemon's sending, with briefs from a table and the calls counted."""

    store: Store
    read: list[Window] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    catch_up: CatchUp = "one"
    public_url: str | None = None

    async def gather(self, store: Store, campaign: Campaign, window: Window, now: datetime) -> Brief:
        self.read.append(window)
        return SURGE.model_copy(update={"campaign": campaign.slug, "title": campaign.title})

    def draw(self, brief: Brief, voice: Voice) -> bytes:
        self.drawn.append(voice.language)
        return PNG

    async def send(
        self,
        mail: Sink | Smtp,
        now: datetime | Simulated = MORNING,
        recipients: tuple[Recipient, ...] = (DESK,),
        campaigns: tuple[Campaign, ...] = (ALEPPO,),
    ) -> list[Delivery]:
        clock = now if isinstance(now, Simulated) else Simulated(now)
        edition = Edition(self.store, clock.now(), self.gather, self.draw)
        rules = Settings(recipients=recipients, catch_up=self.catch_up)
        return await send_due(self.store, campaigns, rules, mail, clock, public_url=self.public_url, edition=edition)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def states(deliveries: list[Delivery]) -> list[str]:
    return [delivery.state.value for delivery in deliveries]


async def test_a_mail_is_sent_at_its_hour_and_never_again_that_day(desk: Desk):
    sink = Sink()
    assert states(await desk.send(sink)) == ["sent"]
    for hours in (0, 1, 12, 23):
        assert await desk.send(sink, MORNING + timedelta(hours=hours)) == []
    assert len(sink.taken) == 1


async def test_it_tells_of_the_campaigns_yesterday(desk: Desk):
    await desk.send(Sink())
    assert desk.read == [Window(FRIDAY.start, FRIDAY.end)]


async def test_the_next_morning_brings_the_next_mail(desk: Desk):
    sink = Sink()
    await desk.send(sink)
    await desk.send(sink, NEXT_MORNING)
    assert len(set(sink.ids)) == 2


async def test_after_three_days_of_sleep_there_is_one_mail_about_yesterday(desk: Desk):
    sink = Sink()
    await desk.send(sink)
    (delivery,) = await desk.send(sink, MORNING + timedelta(days=3, hours=5))
    assert delivery.day == date(2016, 5, 2)
    assert len(sink.taken) == 2


DAY = timedelta(days=1)


def days(sink: Sink) -> list[str]:
    """Return of which days the mails tell, in the order they came."""
    return [identity.removeprefix("<digest.")[:10] for identity in sink.ids]


def text(mail: EmailMessage) -> str:
    return str(mail.get_body(("plain",)).get_content())


async def asleep_for_three_days(desk: Desk, recipients: tuple[Recipient, ...] = (DESK,)) -> Sink:
    """Send on one morning, and again when the lid is opened three days later."""
    sink = Sink()
    await desk.send(sink, recipients=recipients)
    await desk.send(sink, MORNING + 3 * DAY, recipients=recipients)
    await desk.send(sink, MORNING + 3 * DAY + timedelta(hours=2), recipients=recipients)
    return sink


async def test_one_mail_catches_up_and_tells_the_missed_days_in_a_line_each(desk: Desk):
    sink = await asleep_for_three_days(desk)
    first, second = sink.taken
    assert days(sink) == ["2016-04-29", "2016-05-02"]
    assert "On these days no mail could be sent" not in text(first)
    assert text(second).startswith("On these days no mail could be sent:\n- Friday 29 April: Save Aleppo: jumped")
    assert text(second).count("\n- Friday 29 April: ") == 2


async def test_what_catches_up_stands_in_the_html_too(desk: Desk):
    arab = LINA.model_copy(update={"address": DESK.address})
    sink = await asleep_for_three_days(desk, (arab,))
    first, second = (mail.get_body(("html",)).get_content() for mail in sink.taken)
    assert second.count("<br />الجمعة 29 نيسان: ") == 2
    assert "في هذه الأيام" not in first
    assert second.index("في هذه الأيام") < second.index("<table")


async def test_each_missed_day_may_have_its_mail_the_oldest_first(store: Store):
    sink = await asleep_for_three_days(Desk(store, catch_up="each"))
    assert days(sink) == ["2016-04-29", "2016-04-30", "2016-05-01", "2016-05-02"]


async def test_the_latest_alone_may_be_enough(store: Store):
    sink = await asleep_for_three_days(Desk(store, catch_up="latest"))
    assert days(sink) == ["2016-04-29", "2016-05-02"]
    assert "On these days" not in text(sink.taken[1])


@pytest.mark.parametrize("catch_up", ["one", "each"])
async def test_after_a_month_no_pile_of_old_mails_comes(store: Store, catch_up: CatchUp):
    desk, sink = Desk(store, catch_up=catch_up), Sink()
    await desk.send(sink)
    await desk.send(sink, MORNING + 30 * DAY)
    assert len(sink.taken) == {"one": 2, "each": 1 + 1 + MOST_BEFORE}[catch_up]
    assert text(sink.taken[-1]).count("\n- Friday 29 April: ") == {"one": MOST_BEFORE, "each": 0}[catch_up]


async def test_the_first_mail_is_about_the_first_day_that_was_watched(desk: Desk):
    sink, began = Sink(), MORNING + timedelta(hours=2)  # nine on Saturday, when Friday's mail was due
    await runs.declare(desk.store, ALEPPO.slug, {"mastodon": "mastodon"}, began)
    for hours in (0, 1, 12):
        assert await desk.send(sink, began + timedelta(hours=hours)) == []
    await desk.send(sink, NEXT_MORNING)
    assert days(sink) == ["2016-04-30"]
    assert "On these days" not in text(sink.taken[0])


async def test_who_watches_nothing_from_the_first_day_on_is_told_so_all_the_same(desk: Desk):
    await runs.declare(desk.store, ALEPPO.slug, {"mastodon": "mastodon"}, FRIDAY.end - timedelta(minutes=1))
    assert states(await desk.send(Sink())) == ["sent"]


async def test_a_day_before_the_first_is_told_where_a_source_makes_up_for_it(desk: Desk):
    began = MORNING + timedelta(hours=2)
    await runs.declare(desk.store, ALEPPO.slug, {"mastodon": "mastodon"}, began)
    for share, told in ((0.4, []), (0.6, ["sent"])):
        covered = Window(FRIDAY.end - share * DAY, FRIDAY.end)
        await cover(desk.store, "mastodon", [], covered)
        assert states(await desk.send(Sink(), began)) == told


async def test_a_reader_of_two_campaigns_gets_the_mail_when_one_of_them_was_watched(desk: Desk):
    await runs.declare(desk.store, ALEPPO.slug, {"mastodon": "mastodon"}, MORNING)
    assert await desk.send(Sink()) == []
    await runs.declare(desk.store, BUSES.slug, {"mastodon": "mastodon"}, MORNING - DAY)
    assert states(await desk.send(Sink(), campaigns=(ALEPPO, BUSES))) == ["sent"]


@pytest.mark.parametrize("catch_up", ["one", "each"])
async def test_a_new_reader_has_missed_nothing(store: Store, catch_up: CatchUp):
    desk, sink = Desk(store, catch_up=catch_up), Sink()
    for before in range(4, 0, -1):
        await desk.send(Sink(), MORNING - before * DAY, recipients=(LINA,))
    for minutes in range(3):
        await desk.send(sink, MORNING + timedelta(minutes=minutes), recipients=(DESK,))
    assert days(sink) == ["2016-04-29"]


async def test_who_was_paused_is_not_told_what_they_missed(store: Store):
    desk, sink = Desk(store, catch_up="each"), Sink()
    for day in range(4):
        resting = DESK.model_copy(update={"pause": 0 < day < 3})
        await desk.send(sink, MORNING + day * DAY, recipients=(resting,))
    assert days(sink) == ["2016-04-29", "2016-05-02"]


@pytest.mark.parametrize("catch_up", ["one", "each"])
async def test_a_server_that_was_down_for_days_loses_no_day(store: Store, catch_up: CatchUp):
    desk, sink = Desk(store, catch_up=catch_up), Sink(steps=[fail()] * 100)
    for hours in range(0, 48, 6):
        await desk.send(sink, MORNING + timedelta(hours=hours))
    sink.steps.clear()
    await desk.send(sink, MORNING + 2 * DAY)
    await desk.send(sink, MORNING + 2 * DAY + timedelta(hours=1))
    whole = ["2016-04-29", "2016-04-30", "2016-05-01"]
    assert days(sink) == (whole if catch_up == "each" else whole[-1:])
    assert text(sink.taken[-1]).count("\n- Friday 29 April: ") == (0 if catch_up == "each" else 2)


async def test_a_catching_up_that_is_tried_again_still_tells_all(desk: Desk):
    sink = Sink()
    await desk.send(sink)
    sink.steps = [fail()]
    for minutes in (0, 5):
        await desk.send(sink, MORNING + 3 * DAY + timedelta(minutes=minutes))
    assert text(sink.taken[1]).count("\n- Friday 29 April: ") == 2
    await desk.send(sink, MORNING + 4 * DAY)
    assert "On these days" not in text(sink.taken[2])


async def test_mails_come_on_the_mornings_that_are_wanted(desk: Desk):
    weekend = DESK.model_copy(update={"days": ("saturday", "monday")})
    sink = Sink()
    for hours in range(0, 8 * 24, 6):
        await desk.send(sink, MORNING + timedelta(hours=hours), recipients=(weekend,))
    assert days(sink) == ["2016-04-29", "2016-05-01", "2016-05-06"]


async def test_whoever_unsubscribed_gets_nothing_until_they_come_back(desk: Desk):
    sink, who = Sink(), readers.reader(desk.store, DESK.address)
    await readers.unsubscribe(desk.store, who, int(MORNING.timestamp()))
    await desk.send(sink, recipients=(DESK, LINA))
    assert [mail["To"] for mail in sink.taken] == [LINA.address]
    await readers.serve_again(desk.store, who)
    await desk.send(sink)
    assert sink.taken[1]["To"] == DESK.address


async def test_a_mail_links_its_own_reader_out(store: Store):
    desk, sink = Desk(store, public_url="https://monitor.example.org"), Sink()
    await desk.send(sink, recipients=(DESK, DESK.model_copy(update={"address": "other@example.org"})))
    for mail in sink.taken:
        url = str(mail["List-Unsubscribe"]).partition(",")[0].strip("<>")
        assert holder(store, url.rpartition("/")[2]).who == readers.reader(store, str(mail["To"]))
        assert url in text(mail)


def refuse() -> None:
    raise AddressRefused("550 no such user")


async def test_three_refusals_in_a_row_pause_a_reader(desk: Desk):
    sink = Sink(steps=[refuse] * 3)
    for day in range(5):
        await desk.send(sink, MORNING + day * DAY)
    standing = await readers.standing(desk.store, readers.reader(desk.store, DESK.address))
    assert standing.paused == int((MORNING + 2 * DAY).timestamp())
    assert list(standing.refusals.values()) == ["550 no such user"] * 3
    assert not sink.taken


async def test_a_mail_that_is_taken_between_ends_the_count(desk: Desk):
    for day, step in enumerate([refuse, refuse, lambda: None, refuse, refuse, lambda: None]):
        await desk.send(Sink(steps=[step]), MORNING + day * DAY)
    assert (await readers.standing(desk.store, readers.reader(desk.store, DESK.address))).is_served


async def test_a_server_that_refuses_the_mail_itself_blames_no_reader(desk: Desk):
    for day in range(4):
        await desk.send(Sink(steps=[fail("554 spam", permanent=True)]), MORNING + day * DAY)
    assert (await readers.standing(desk.store, readers.reader(desk.store, DESK.address))).is_served


async def test_readers_get_their_own_language_and_campaigns(desk: Desk):
    sink, buses_only = Sink(), LINA.model_copy(update={"campaigns": ("buses",)})
    await desk.send(sink, recipients=(DESK, buses_only), campaigns=(ALEPPO, BUSES))
    english, arabic = sorted(sink.taken, key=lambda mail: str(mail["To"]))
    assert "and 1 more campaign" in english["Subject"]
    assert arabic["Content-Language"] == "ar-SY"
    assert "Save Aleppo" not in arabic.get_body(("plain",)).get_content()


async def test_a_reader_of_nothing_that_is_watched_gets_no_mail(desk: Desk):
    gone = DESK.model_copy(update={"campaigns": ("gone",)})
    assert await desk.send(Sink(), recipients=(gone,)) == []


async def test_each_campaign_is_read_once_and_drawn_once_per_language(desk: Desk):
    readers = tuple(DESK.model_copy(update={"address": f"r{n}@example.org"}) for n in range(4))
    await desk.send(Sink(), recipients=(*readers, LINA))
    assert len(desk.read) == 1
    assert sorted(desk.drawn) == ["ar", "en"]


async def test_a_mail_waits_until_the_day_is_over_where_the_campaign_is():
    west = Campaign(slug="west", title="West", zone="America/Los_Angeles", families=())
    assert due_day(DESK, [ALEPPO], MORNING) == date(2016, 4, 29)
    assert due_day(DESK, [ALEPPO, west], MORNING) == date(2016, 4, 28)
    assert due_day(DESK, [ALEPPO, west], MORNING + timedelta(hours=3)) == date(2016, 4, 29)


async def test_a_4xx_is_tried_again_with_patience_under_the_same_id(desk: Desk):
    sink = Sink(steps=[fail(), fail()])
    assert states(await desk.send(sink)) == ["pending"]
    assert await desk.send(sink, MORNING + timedelta(minutes=4)) == []
    assert states(await desk.send(sink, MORNING + timedelta(minutes=5))) == ["pending"]
    assert await desk.send(sink, MORNING + timedelta(minutes=14)) == []
    (delivery,) = await desk.send(sink, MORNING + timedelta(minutes=15))
    assert (delivery.state, sink.ids) == (State.SENT, [delivery.message_id])


async def test_patience_grows_to_an_hour_and_ends_with_the_next_mail(desk: Desk):
    sink, minutes = Sink(steps=[fail()] * 1000), 24 * 60
    tries = [minute for minute in range(minutes) if await desk.send(sink, MORNING + timedelta(minutes=minute))]
    assert tries[:5] == [0, 5, 15, 35, 75]
    assert {later - earlier for earlier, later in pairwise(tries[4:])} == {60}
    sink.steps.clear()
    (delivery,) = await desk.send(sink, NEXT_MORNING)
    assert delivery.day == date(2016, 4, 30)


async def test_a_5xx_is_recorded_and_not_tried_again(desk: Desk):
    sink = Sink(steps=[fail("550 no such user", permanent=True)])
    (delivery,) = await desk.send(sink)
    assert (delivery.state, delivery.note) == (State.REFUSED, "550 no such user")
    assert await desk.send(sink, MORNING + timedelta(hours=9)) == []
    assert not sink.taken


async def test_one_bad_recipient_harms_no_other(desk: Desk):
    sink = Sink(steps=[fail(permanent=True), fail()])
    others = tuple(DESK.model_copy(update={"address": f"r{n}@example.org"}) for n in range(2))
    sent = await desk.send(sink, recipients=(LINA, DESK, *others))
    assert sorted(states(sent)) == ["pending", "refused", "sent", "sent"]


async def test_two_daemons_send_one_mail(store: Store):
    sink, readers = Sink(), tuple(DESK.model_copy(update={"address": f"r{n}@example.org"}) for n in range(5))
    await asyncio.gather(*(Desk(store).send(sink, recipients=readers) for _ in range(4)))
    assert len(sink.ids) == len(set(sink.ids)) == 5


async def test_two_daemons_pick_up_one_forgotten_mail_once(store: Store):
    with pytest.raises(Killed):
        await Desk(store).send(Sink(steps=[die]))
    sink = Sink()
    await asyncio.gather(*(Desk(store).send(sink, MORNING + FORGOTTEN) for _ in range(4)))
    assert len(sink.taken) == 1


async def test_a_kill_before_acceptance_delays_the_mail_and_sends_it_once(desk: Desk):
    with pytest.raises(Killed):
        await desk.send(Sink(steps=[die]))
    sink = Sink()
    assert await desk.send(sink, MORNING + FORGOTTEN - timedelta(seconds=1)) == []
    assert states(await desk.send(sink, MORNING + FORGOTTEN)) == ["sent"]
    assert await desk.send(sink, MORNING + timedelta(hours=5)) == []
    assert len(sink.taken) == 1


async def test_a_kill_after_acceptance_repeats_the_mail_under_the_same_id(desk: Desk):
    sink = Sink()
    taking = sink.send

    async def send_and_die(mail: EmailMessage) -> str:
        await taking(mail)
        raise Killed

    sink.send = send_and_die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        await desk.send(sink)
    sink.send = taking  # type: ignore[method-assign]
    await desk.send(sink, MORNING + FORGOTTEN)
    assert len(sink.taken) == 2
    assert len(set(sink.ids)) == 1


async def test_a_kill_while_rendering_leaves_the_mail_free(desk: Desk):
    async def dying(*_: object) -> Brief:
        raise Killed

    edition = Edition(desk.store, MORNING, dying, desk.draw)
    with pytest.raises(Killed):
        await send_due(desk.store, [ALEPPO], Settings(recipients=(DESK,)), Sink(), Simulated(MORNING), edition=edition)
    assert states(await desk.send(Sink())) == ["sent"]


async def test_a_daemon_that_is_stopped_while_sending_sends_later(desk: Desk):
    hanging = Sink()
    begun = asyncio.Event()

    async def hang(mail: EmailMessage) -> str:
        begun.set()
        await asyncio.Event().wait()
        return ""

    hanging.send = hang  # type: ignore[method-assign]
    task = asyncio.create_task(desk.send(hanging))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert states(await desk.send(Sink(), MORNING + FORGOTTEN)) == ["sent"]


async def test_the_mail_of_a_reader_whose_turn_came_late_is_not_taken_for_forgotten(desk: Desk):
    readers = tuple(DESK.model_copy(update={"address": f"r{n}@example.org"}) for n in range(AT_ONCE + 1))
    clock, other = Simulated(MORNING), Sink()

    async def send(mail: EmailMessage) -> str:
        if not sink.taken:
            clock.move_to(MORNING + timedelta(minutes=14))  # whoever is first
        if mail["To"] == readers[-1].address:
            clock.move_to(clock.now() + timedelta(minutes=8))
            await Desk(desk.store).send(other, clock, recipients=readers[-1:])
        return await taking(mail)

    sink = Sink()
    taking, sink.send = sink.send, send  # type: ignore[method-assign]
    await desk.send(sink, clock, recipients=readers)
    assert (len(sink.taken), len(other.taken)) == (len(readers), 0)


async def test_patience_begins_when_the_server_has_answered(desk: Desk):
    clock = Simulated(MORNING)

    def fail_late() -> None:
        clock.move_to(MORNING + timedelta(minutes=10))
        raise DeliveryError("451 later")

    slow = Sink(steps=[fail_late])
    assert states(await desk.send(slow, clock)) == ["pending"]
    assert await desk.send(slow, MORNING + timedelta(minutes=14)) == []
    assert states(await desk.send(slow, MORNING + timedelta(minutes=15))) == ["sent"]


async def test_one_silent_server_holds_up_no_other_reader(desk: Desk):
    readers = tuple(DESK.model_copy(update={"address": f"r{n}@example.org"}) for n in range(2 * AT_ONCE))
    sink, others_sent = Sink(), asyncio.Event()

    async def send(mail: EmailMessage) -> str:
        if mail["To"] == readers[0].address:
            await others_sent.wait()
        answer = await taking(mail)
        if len(sink.taken) == len(readers) - 1:
            others_sent.set()
        return answer

    taking, sink.send = sink.send, send  # type: ignore[method-assign]
    async with asyncio.timeout(20):
        await desk.send(sink, recipients=readers)
    assert sink.taken[-1]["To"] == readers[0].address


@dataclass
class Faulty(Desk):
    """A desk that can not read, or not draw, the bus fares."""

    wrong: Exception = field(default_factory=lambda: KeyError("a bug"))
    broken_in: str = "gather"

    async def gather(self, store: Store, campaign: Campaign, window: Window, now: datetime) -> Brief:
        if self.broken_in == "gather" and campaign is BUSES:
            raise self.wrong
        return await super().gather(store, campaign, window, now)

    def draw(self, brief: Brief, voice: Voice) -> bytes:
        if self.broken_in == "draw" and brief.campaign == BUSES.slug:
            raise self.wrong
        return super().draw(brief, voice)


RIDERS = tuple(
    Recipient(address=f"rider{n}@example.org", timezone="Asia/Damascus", campaigns=("buses",)) for n in range(AT_ONCE)
)
ALEPPINES = DESK.model_copy(update={"campaigns": (ALEPPO.slug,)})


@pytest.mark.parametrize("broken_in", ["gather", "draw"])
async def test_a_campaign_that_can_not_be_told_stops_no_other_readers_mail(store: Store, broken_in: str):
    sink, readers, both = Sink(), (*RIDERS, ALEPPINES), (BUSES, ALEPPO)
    with capture_logs() as logged:
        tried = await Faulty(store, broken_in=broken_in).send(sink, recipients=readers, campaigns=both)
    assert [mail["To"] for mail in sink.taken] == [DESK.address]
    assert sorted(states(tried)) == ["pending"] * len(RIDERS) + ["sent"]
    assert [line["event"] for line in logged if line.get("exc_info")] == ["digest failed unexpectedly"] * len(RIDERS)
    assert "rider" not in str(logged)


async def test_a_mail_that_could_not_be_made_is_sent_when_it_can(store: Store):
    sink = Sink()
    (failed,) = await Faulty(store).send(sink, recipients=RIDERS[:1], campaigns=(BUSES,))
    (sent,) = await Desk(store).send(sink, MORNING + timedelta(minutes=1), recipients=RIDERS[:1], campaigns=(BUSES,))
    assert "KeyError" in failed.note
    assert (sent.state, sink.ids) == (State.SENT, [failed.message_id])


async def test_a_fault_in_handing_over_is_not_sent_twice_at_once(desk: Desk):
    def break_down() -> None:
        raise RuntimeError

    sink = Sink(steps=[break_down])
    assert sorted(states(await desk.send(sink, recipients=(DESK, LINA)))) == ["pending", "sent"]
    assert await desk.send(sink, MORNING + FORGOTTEN - timedelta(seconds=1), recipients=(DESK, LINA)) == []


async def test_without_a_store_the_round_ends(store: Store):
    gone = Faulty(store, wrong=StoreError("nothing answers"))
    with pytest.raises(StoreError, match="nothing answers"):
        await gone.send(Sink(), recipients=RIDERS, campaigns=(BUSES,))


def test_a_mail_is_forgotten_only_when_nobody_can_still_be_sending_it():
    assert FORGOTTEN > LONGEST_SENDING


async def test_the_ledger_does_not_know_addresses(desk: Desk):
    await desk.send(Sink())
    keys = [key async for key in desk.store.redis.scan_iter(f"{desk.store.keys.prefix}:*")]
    assert keys
    assert not [key for key in keys if b"desk@" in key]


async def test_what_became_of_a_mail_is_in_the_ledger(desk: Desk):
    (delivery,) = await desk.send(Sink())
    entry = await ledger.open(desk.store, "digest", "2016-04-29", DESK.address, "<other@example.org>")
    assert (entry.state, entry.attempts, entry.note) == (State.SENT, 1, "250 taken")
    assert entry.message_id == delivery.message_id


async def test_greylisting_over_real_smtp_ends_with_one_mail(desk: Desk):
    async with opened(Office(rcpt=iter(["450 greylisted, come back"]))) as office:
        mail = Smtp(Post(host=HOST, port=office.port, security="none", timeout_seconds=5.0))
        first = await desk.send(mail)
        second = await desk.send(mail, MORNING + timedelta(minutes=6))
        third = await desk.send(mail, MORNING + timedelta(hours=1))
    assert (states(first), states(second), third) == (["pending"], ["sent"], [])
    assert [taken["Message-ID"] for taken in office.taken] == [second[0].message_id]


async def test_a_line_that_breaks_after_acceptance_sends_nothing_twice(desk: Desk):
    async with opened(Office(hangs_up=True)) as office:
        mail = Smtp(Post(host=HOST, port=office.port, security="none", timeout_seconds=5.0))
        assert states(await desk.send(mail)) == ["sent"]
        assert await desk.send(mail, MORNING + timedelta(hours=3)) == []
    assert len(office.taken) == 1


async def test_an_answer_lost_on_its_way_repeats_the_mail_under_the_same_id(desk: Desk):
    async with opened(Office(lost=iter([True]))) as office:
        mail = Smtp(Post(host=HOST, port=office.port, security="none", timeout_seconds=5.0))
        tried = [await desk.send(mail), await desk.send(mail, MORNING + timedelta(minutes=6))]
    assert list(map(states, tried)) == [["pending"], ["sent"]]
    assert [taken["Message-ID"] for taken in office.taken] == [tried[0][0].message_id] * 2


async def test_the_real_store_and_the_real_chart_make_a_whole_mail(store: Store):
    sink = Sink()
    (delivery,) = await send_due(store, [ALEPPO], Settings(recipients=(LINA,)), sink, Simulated(MORNING))
    assert delivery.state is State.SENT
    assert "Save Aleppo" in sink.taken[0].get_body(("plain",)).get_content()
