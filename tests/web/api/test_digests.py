"""Mails that were sent, asked for over HTTP."""

from email import message_from_bytes
from email.policy import default

import pytest

from monitor.store import mails
from tests.digest.test_daily import DESK, LINA, Desk, Sink
from tests.web.api.test_api import ask  # noqa: F401 - a fixture


@pytest.fixture
async def sent(store) -> list[mails.Sent]:
    """Two mails that were sent, the newest first."""
    await Desk(store, public_url="https://monitor.example.org").send(Sink(), recipients=(DESK, LINA))
    return await mails.listed(store, 10)


async def test_mails_are_listed_in_pages(ask, sent):  # noqa: F811
    told = (await ask.get("/digests")).json()
    assert [one["id"] for one in told] == [one.id for one in sent]
    first = (await ask.get("/digests", params={"limit": 1})).json()
    rest = (await ask.get("/digests", params={"limit": 1, "after": first[0]["id"]})).json()
    assert first + rest == told


async def test_each_tells_what_it_is(ask, sent):  # noqa: F811
    told = (await ask.get(f"/digests/{sent[0].id}")).json()
    assert (told["day"], told["campaigns"], told["readers"]) == ("2016-04-29", ["aleppo"], 1)


async def test_a_browser_sees_it_with_its_pictures_and_can_do_nothing_else(ask, sent):  # noqa: F811
    shown = await ask.get(f"/digests/{sent[0].id}/html")
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert "script" not in shown.headers["content-security-policy"].replace("default-src 'none'", "")
    assert "data:image/png;base64," in shown.text
    assert "cid:" not in shown.text


async def test_it_can_be_read_as_text_and_kept_as_a_file(ask, sent):  # noqa: F811
    text = (await ask.get(f"/digests/{sent[0].id}/text")).text
    file = await ask.get(f"/digests/{sent[0].id}/eml")
    kept = message_from_bytes(file.content, policy=default)
    assert kept.get_body(("plain",)).get_content().splitlines() == text.splitlines()
    assert file.headers["content-type"] == "message/rfc822"
    assert file.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("kind", ["", "/html", "/text", "/eml"])
async def test_nobody_finds_out_who_got_it(ask, sent, kind):  # noqa: F811
    for one in sent:
        told = (await ask.get(f"/digests/{one.id}{kind}")).text
        assert not any(word in told for word in ("desk@", "lina@", "monitor.example.org"))


@pytest.mark.parametrize("name", ["0" * 24, "..%2F..", "%00", "x"])
@pytest.mark.parametrize("kind", ["", "/html", "/text", "/eml"])
async def test_what_is_not_kept_is_not_found(ask, name, kind):  # noqa: F811
    assert (await ask.get(f"/digests/{name}{kind}")).status_code in {404, 422}
