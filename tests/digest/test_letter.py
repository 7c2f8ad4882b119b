"""The mail as receivers see it: headers, parts, and nothing that breaks out of a header."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from monitor.digest.leaving import HERE
from monitor.digest.letter import Envelope, addressed, letter, message_id
from monitor.digest.render import Rendered, rendered
from monitor.words.voice import voice
from tests.digest.briefs import PNG, SURGE

MORNING = datetime(2016, 4, 30, 4, tzinfo=UTC)
SENDER = "Campaign monitor <monitor@example.org>"
FACTS = (date(2016, 4, 29), "desk@example.org", ("save-aleppo",), SENDER)
ENVELOPE = Envelope(SENDER, "desk@example.org", message_id(*FACTS), MORNING)


def content(language: str = "en", **fields: object) -> Rendered:
    made = rendered([SURGE], voice(language, "Asia/Damascus"), {SURGE.campaign: PNG})
    return Rendered(**{**made.__dict__, **fields})


def received(rendered_mail: Rendered, **fields: str) -> EmailMessage:
    """Return the mail as it is parsed on the other side."""
    return message_from_bytes(letter(rendered_mail, replace(ENVELOPE, **fields)).as_bytes(), policy=policy.default)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("From", SENDER),
        ("To", "desk@example.org"),
        ("Subject", "Save Aleppo: jumped, at least 1,223,700 impressions"),
        ("Date", "Sat, 30 Apr 2016 04:00:00 +0000"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
        ("List-Id", "Campaign digest <digest.example.org>"),
        ("List-Unsubscribe", "<mailto:monitor@example.org?subject=unsubscribe>"),
        ("Content-Language", "en-GB"),
        ("MIME-Version", "1.0"),
    ],
)
def test_headers_are_what_receivers_expect(name: str, value: str):
    assert received(content())[name] == value


def test_the_parts_are_text_first_then_html_with_its_picture():
    kinds = [part.get_content_type() for part in received(content()).walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_both_texts_arrive_letter_by_letter(language: str):
    sent, mail = addressed(content(language), ENVELOPE), received(content(language))
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == sent.text
    assert mail.get_body(("html",)).get_content().split() == sent.html.split()


def test_the_picture_is_inline_under_the_id_the_html_names():
    picture = next(part for part in received(content()).walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"] == "<save-aleppo.en@chart>"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content() == PNG


def test_an_arabic_subject_arrives_without_invisible_isolates():
    subject = received(content("ar"))["Subject"]
    assert "أنقذوا حلب" in subject
    assert "\u2068" not in subject


def test_every_line_fits_smtp():
    raw = letter(content("ar"), ENVELOPE).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_the_same_mail_has_the_same_id_and_the_same_bytes():
    assert message_id(*FACTS) == message_id(*FACTS)
    assert letter(content(), ENVELOPE).as_bytes() == letter(content(), ENVELOPE).as_bytes()


@pytest.mark.parametrize(
    "other",
    [
        (date(2016, 4, 30), *FACTS[1:]),
        (FACTS[0], "other@example.org", *FACTS[2:]),
        (*FACTS[:2], ("save-aleppo", "bus-fares"), SENDER),
    ],
)
def test_another_day_recipient_or_campaign_is_another_mail(other: tuple[object, ...]):
    assert message_id(*other) != message_id(*FACTS)


def test_the_id_does_not_tell_the_address():
    assert "desk" not in message_id(*FACTS)


@pytest.mark.parametrize("evil", ["Save\r\nBcc: all@example.org", "Save\nX: y", "Save\x0bBcc: z", "Save\u2028Bcc: z"])
def test_a_subject_breaks_out_of_no_header(evil: str):
    mail = received(content(subject=evil))
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Save ")


def test_a_subject_of_thousands_of_characters_is_cut():
    assert len(received(content(subject="long " * 3000))["Subject"]) == 150


def test_a_sender_with_an_arabic_name_keeps_it():
    assert "راصد" in received(content(), sender="راصد الحملات <monitor@example.org>")["From"]


LEAVE = "https://monitor.example.org/unsubscribe/en.x"


def test_with_a_page_of_ours_one_click_ends_the_mails():
    mail = received(content(), leave=LEAVE)
    assert mail["List-Unsubscribe"] == f"<{LEAVE}>, <mailto:monitor@example.org?subject=unsubscribe>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("host", ["monitor.example.org", f"{'a-long-name.' * 9}example.org"])
def test_the_links_that_programs_read_are_never_encoded(host: str):
    leave = f"https://{host}/unsubscribe/ar-SY.t4Cy1Wq1_P9imas-TmeHF5hJDW3uA-Wb"
    raw = letter(content(), replace(ENVELOPE, sender=f"monitor@{host}", leave=leave)).as_bytes()
    head = raw.partition(b"\r\n\r\n")[0].decode()
    assert f" <{leave}>,\r\n <mailto:monitor@{host}?subject=unsubscribe>\r\n" in head
    assert f" <digest.{host}>\r\n" in head


@pytest.mark.parametrize("evil", ["x>\r\nBcc: <all@example.org", "x\ny: z"])
def test_a_link_makes_no_other_header(evil: str):
    with pytest.raises(ValueError, match="linefeed"):
        letter(content(), replace(ENVELOPE, leave=LEAVE + evil)).as_bytes()


def test_without_a_page_no_click_is_promised():
    assert received(content())["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(("fields", "link"), [({"leave": LEAVE}, LEAVE), ({}, ENVELOPE.mailto)])
def test_both_texts_link_the_way_out(fields: dict[str, str], link: str):
    mail = received(content("ar"), **fields)
    assert f"\n{link}" in mail.get_body(("plain",)).get_content()
    assert f'href="{link}"' in mail.get_body(("html",)).get_content()
    assert HERE not in mail.as_string()


def test_answers_go_to_whoever_reads_them():
    mail = received(content(), reply_to="Desk <desk+answers@example.org>")
    assert mail["Reply-To"] == "Desk <desk+answers@example.org>"
    assert mail["List-Unsubscribe"] == "<mailto:desk%2Banswers@example.org?subject=unsubscribe>"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_mail_is_well_formed(language: str):
    mail = received(content(language), leave=LEAVE, reply_to="راصد <desk@example.org>")
    assert not [part for part in mail.walk() if part.defects]
    assert not [value.defects for value in mail.values() if getattr(value, "defects", ())]
    for name in ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "List-Id", "List-Unsubscribe"):
        assert len(mail.get_all(name)) == 1


def test_the_body_is_in_letters_that_every_server_passes_on():
    kinds = {part["Content-Transfer-Encoding"] for part in received(content("ar")).walk() if not part.is_multipart()}
    assert kinds == {"quoted-printable", "base64"}


def test_headers_are_folded_where_old_servers_want_it():
    raw = letter(content("ar", subject="حلب " * 60), replace(ENVELOPE, leave=LEAVE + "x" * 150)).as_bytes()
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 250
