"""Mails over a real SMTP server on loopback, and into the outbox."""

import asyncio
import time
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from monitor.digest.mail import Outbox, Settings, Smtp, door
from monitor.errors import AddressRefused, DeliveryError
from tests.digest.office import HOST, PASSWORD, STRANGER, USER, Office, authority_file, opened, talking

DESK = "desk@example.org"
GREETING = b"220 office.example\r\n"


def letter(to: str = DESK, body: str = "Save Aleppo rose.\n.\n..\nأنقذوا حلب\n") -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Message-ID"] = "Monitor <monitor@example.org>", to, "<digest.1@example.org>"
    mail.set_content(body)
    return mail


def plain(port: int, **fields: object) -> Settings:
    return Settings(
        host=HOST, port=port, security="none", sender="Monitor <monitor@example.org>", timeout_seconds=2.0, **fields
    )


def covered(port: int, folder: Path, security: str = "starttls", **fields: object) -> Settings:
    login = {"user": USER, "password": SecretStr(PASSWORD), **fields}
    return Settings(
        host=HOST, port=port, security=security, authority_file=authority_file(folder), timeout_seconds=5.0, **login
    )


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def failure(settings: Settings, **fields: object) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await Smtp(settings, **fields).send(letter())
    return caught.value


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_mail_arrives_encrypted_after_a_login(security: str, tmp_path: Path):
    async with opened(Office(), security) as office:
        answer = await Smtp(covered(office.port, tmp_path, security)).send(letter())
    assert answer == "250 taken"
    assert (office.logins, office.encrypted) == ([USER.encode()], [True])
    assert office.taken[0].get_content().replace("\r\n", "\n") == "Save Aleppo rose.\n.\n..\nأنقذوا حلب\n"


async def test_a_server_of_ones_own_may_be_without_encryption():
    async with opened(Office()) as office:
        await Smtp(plain(office.port)).send(letter())
    assert [mail["To"] for mail in office.taken] == [DESK]


async def test_reports_of_failure_go_to_the_sender_or_where_the_operator_says():
    async with opened(Office()) as office:
        for told in ({}, {"return_path": "bounces@example.org"}):
            await Smtp(plain(office.port, **told)).send(letter())
    assert office.senders == ["monitor@example.org", "bounces@example.org"]
    assert {str(mail["From"]) for mail in office.taken} == {"Monitor <monitor@example.org>"}


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_that_does_not_verify_is_refused_before_the_login(security: str, tmp_path: Path):
    async with opened(Office(), security, authority=STRANGER) as office:
        error = await failure(covered(office.port, tmp_path, security))
    assert "certificate" in str(error).lower()
    assert not error.permanent
    assert not office.logins
    assert not office.taken


async def test_a_server_that_offers_no_starttls_gets_no_mail(tmp_path: Path):
    async with opened(Office()) as office:
        error = await failure(covered(office.port, tmp_path))
    assert not error.permanent
    assert not office.taken


async def test_a_wrong_password_waits_for_the_operator_and_is_not_told(tmp_path: Path):
    async with opened(Office(), "starttls") as office:
        error = await failure(covered(office.port, tmp_path, password=SecretStr("wrong one")))
    assert not error.permanent
    assert "535" in str(error)
    assert "wrong one" not in str(error)


@pytest.mark.parametrize(("where", "code"), [("rcpt", "450"), ("data", "451")])
async def test_a_4xx_is_a_matter_of_patience(where: str, code: str):
    async with opened(Office(**{where: iter([f"{code} greylisted"])})) as office:
        error = await failure(plain(office.port))
        assert not error.permanent
        assert f"{code} greylisted" in str(error)
        await Smtp(plain(office.port)).send(letter())
    assert len(office.taken) == 1


@pytest.mark.parametrize(("where", "code"), [("rcpt", "550"), ("data", "554")])
async def test_a_5xx_is_for_good(where: str, code: str):
    async with opened(Office(**{where: iter([f"{code} no such user"])})) as office:
        error = await failure(plain(office.port))
    assert error.permanent
    assert f"{code} no such user" in str(error)


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 no such user", "550 no such user", "552 5.2.2 mailbox full", "554 5.2.1 mailbox disabled"]
)
async def test_a_mailbox_that_is_refused_is_the_addresses_fault(answer: str):
    async with opened(Office(rcpt=iter([answer]))) as office:
        assert isinstance(await failure(plain(office.port)), AddressRefused)


@pytest.mark.parametrize("answer", ["530 5.7.0 must issue a STARTTLS command first", "530 authentication required"])
async def test_a_server_that_wants_more_of_the_operator_is_tried_again(answer: str):
    async with opened(Office(rcpt=iter([answer]))) as office:
        error = await failure(plain(office.port))
    assert (error.permanent, "correct the table [mail]" in str(error)) == (False, True)


@pytest.mark.parametrize(
    ("where", "answer"),
    [
        ("rcpt", "554 5.7.1 relay access denied"),
        ("rcpt", "550 5.1.8 bad sender"),
        ("rcpt", "451 4.1.1 greylisted"),
        ("data", "554 5.7.1 this looks like spam"),
        ("data", "554 spam"),
        ("data", "552 5.3.4 too large"),
    ],
)
async def test_a_refusal_of_us_or_of_the_mail_is_no_fault_of_an_address(where: str, answer: str):
    async with opened(Office(**{where: iter([answer])})) as office:
        assert not isinstance(await failure(plain(office.port)), AddressRefused)


async def test_an_address_may_be_refused_after_the_mail_was_read():
    async with opened(Office(data=iter(["550 5.1.1 no such user"]))) as office:
        assert isinstance(await failure(plain(office.port)), AddressRefused)


@pytest.mark.parametrize(
    "last",
    [
        b"",
        b"banana\r\n",
        b"\x00\xff\xfe\r\n",
        b"299 well\r\n",
        b"354 go on\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"999\r\n",
    ],
)
async def test_garbage_after_the_last_byte_is_no_acceptance_and_no_refusal(last: bytes):
    async with talking(GREETING, *[b"250 OK\r\n"] * 3, b"354 go on\r\n", last) as port:
        error = await failure(plain(port), acceptance_seconds=1.0)
    assert not error.permanent


async def test_a_server_that_stops_reading_in_the_middle_of_a_mail_times_out():
    huge = letter(body="x" * 70 + "\n" + ("y" * 70 + "\n") * 40_000)
    async with talking(GREETING, *[b"250 OK\r\n"] * 3, b"354 go on\r\n", close=False) as port:
        async with asyncio.timeout(10):
            with pytest.raises(DeliveryError) as caught:
                await Smtp(plain(port), acceptance_seconds=0.3).send(huge)
    assert not caught.value.permanent


async def test_an_answer_without_an_end_is_cut_off():
    async with talking(GREETING, b"250-" + b"x" * 2_000_000) as port:
        assert len(str(await failure(plain(port)))) < 400


async def test_a_server_that_accepts_and_closes_has_taken_the_mail():
    async with opened(Office(hangs_up=True)) as office:
        assert (await Smtp(plain(office.port)).send(letter())).startswith("250")
    assert len(office.taken) == 1


async def test_a_slow_acceptance_is_waited_for_longer_than_any_other_step():
    async with opened(Office(holds_back=1.3)) as office:
        settings = plain(office.port).model_copy(update={"timeout_seconds": 1.0})
        assert (await Smtp(settings).send(letter())).startswith("250")


async def test_a_server_that_goes_silent_after_the_last_byte_times_out():
    async with opened(Office(holds_back=1.0)) as office:
        begun = time.monotonic()
        error = await failure(plain(office.port), acceptance_seconds=0.2)
    assert not error.permanent
    assert time.monotonic() - begun < 5


async def test_a_server_that_never_says_hello_times_out():
    async with talking(close=False) as port:
        error = await failure(plain(port).model_copy(update={"timeout_seconds": 0.3}))
    assert not error.permanent


@pytest.mark.parametrize(
    "lines",
    [(), (b"HTTP/1.1 200 OK\r\n\r\n",), (b"\x00\xff\xfe" * 50 + b"\r\n",), (b"220 hello\r\n",), (b"554 go away\r\n",)],
)
async def test_what_is_no_mail_server_is_said_in_words(lines: tuple[bytes, ...]):
    async with talking(*lines) as port:
        error = await failure(plain(port))
    assert f"{HOST}:{port}" in str(error)
    assert "tried again later" in str(error)
    assert not error.permanent


async def test_a_server_that_is_not_there_is_tried_again_later():
    async with opened(Office()) as office:
        port = office.port
    error = await failure(plain(port))
    assert (error.permanent, "no mail server answers at this port" in str(error)) == (False, True)


async def test_an_answer_of_many_lines_is_one_short_line():
    async with opened(Office(rcpt=iter(["550-" + "x" * 400 + "\r\n550 end"]))) as office:
        words = str(await failure(plain(office.port)))
    assert "\n" not in words
    assert len(words) < 400


async def test_an_authority_file_that_is_missing_is_said_in_words(tmp_path: Path):
    settings = Settings(host=HOST, authority_file=tmp_path / "none.pem")
    assert not (await failure(settings)).permanent


async def test_without_a_server_mails_go_to_the_outbox(tmp_path: Path):
    box = door(Settings(outbox=tmp_path / "deep" / "outbox"))
    assert isinstance(box, Outbox)
    words = await box.send(letter())
    written = tmp_path / "deep" / "outbox" / "digest.1.eml"
    assert words == f"written to {written}"
    assert b"To: desk@example.org\r\n" in written.read_bytes()


async def test_the_same_mail_is_the_same_file_and_nothing_half_written_stays(tmp_path: Path):
    for _ in range(2):
        await Outbox(tmp_path, "monitor@example.org").send(letter())
    assert files(tmp_path) == ["digest.1.eml"]


async def test_an_outbox_that_can_not_be_written_says_so():
    with pytest.raises(DeliveryError, match="can not be written") as caught:
        await Outbox(Path(__file__), "monitor@example.org").send(letter())
    assert not caught.value.permanent


async def test_a_mail_id_never_leaves_the_outbox_folder(tmp_path: Path):
    mail = letter()
    mail.replace_header("Message-ID", "<../../escape@example.org>")
    await Outbox(tmp_path / "box", "monitor@example.org").send(mail)
    assert files(tmp_path) == ["box"]
    assert files(tmp_path / "box") == [".._.._escape.eml"]


def test_a_password_is_never_sent_in_the_clear():
    with pytest.raises(ValidationError, match="in the clear"):
        Settings(host=HOST, security="none", user=USER)


def test_a_password_is_never_printed():
    assert PASSWORD not in repr(Settings(password=SecretStr(PASSWORD)))


@pytest.mark.parametrize("sender", ["nobody", "A <a@b.org>\nBcc: c@d.org", "A <>", ""])
def test_a_sender_is_one_line_with_one_address(sender: str):
    for key in ("sender", "reply_to"):
        with pytest.raises(ValidationError):
            Settings(**{key: sender})
