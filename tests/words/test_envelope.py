"""What is written into a mail is what is read from it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.words.envelope import MAIL

WORDS = st.sampled_from(["Save", "Aleppo:", "حلب", "مقال", "0", "(الأحد", "«x»", "18:59).", "أنقذوا_حلب"])


def read(subject: str) -> str:
    mail = EmailMessage(policy=MAIL)
    mail["Subject"] = subject
    mail.set_content("x")
    raw = mail.as_bytes()
    assert max(map(len, raw.splitlines())) <= 78
    return str(message_from_bytes(raw, policy=default)["Subject"])


@given(st.lists(WORDS, min_size=1, max_size=40).map(" ".join))
def test_no_space_of_a_subject_is_lost(subject: str):
    assert read(subject) == subject


def test_the_subject_that_lost_one_keeps_it():
    told = "Save Aleppo: أول مقال على الإطلاق: نشرت The Example «Save Aleppo: report 0» (الأحد 22 تشرين الثاني 18:59)."
    assert read(told) == told


def test_an_english_subject_can_be_read_as_it_is():
    mail = EmailMessage(policy=MAIL)
    mail["Subject"] = "Save Aleppo: 1,200 posts"
    assert b"Subject: Save Aleppo: 1,200 posts\r\n" in mail.as_bytes()


@pytest.mark.parametrize("subject", ["حلب\r\nBcc: all@example.org", "حلب\nX: y"])
def test_a_subject_makes_no_other_header(subject: str):
    mail = EmailMessage(policy=MAIL)
    mail["Subject"] = subject
    assert message_from_bytes(mail.as_bytes(), policy=default).keys() == ["Subject"]
