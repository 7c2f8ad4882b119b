"""The link out of the digest: nobody can read an address from it, and nobody can make another's."""

from dataclasses import replace

import pytest

from monitor.digest.leaving import Holder, holder, link
from monitor.store import readers
from monitor.store.store import Store

URL = "https://monitor.example.org"
DESK = "desk@example.org"


def token(store: Store, address: str = DESK, language: str = "ar-EG") -> str:
    return link(URL, store, address, language).rpartition("/")[2]


def test_a_link_leads_to_the_page_of_the_daemon(store: Store):
    assert link(f"{URL}/deep", store, DESK, "en").startswith(f"{URL}/deep/unsubscribe/en.")


def test_a_link_names_its_reader_and_language(store: Store):
    assert holder(store, token(store)) == Holder(readers.reader(store, DESK), "ar-EG")


def test_a_link_does_not_tell_the_address(store: Store):
    assert "desk" not in link(URL, store, DESK, "en")
    assert "example.org" not in token(store)


def test_the_same_reader_always_has_the_same_link(store: Store):
    assert token(store, "Desk@Example.org") == token(store)


@pytest.mark.parametrize("place", range(0, 37, 4))
def test_a_link_that_was_changed_is_nobodys(store: Store, place: int):
    good = token(store, language="en")
    other = "B" if good[min(place, 34)] == "A" else "A"
    changed = good[: min(place, 34)] + other + good[min(place, 34) + 1 :]
    assert holder(store, changed) is None


@pytest.mark.parametrize("wrong", ["", "en.", "x", "en." + "é" * 32, "en." + "A" * 33, "../en." + "A" * 32, "e" * 9000])
def test_nonsense_is_nobodys_link(store: Store, wrong: str):
    assert holder(store, wrong) is None


def test_a_link_of_another_house_is_nobodys(store: Store):
    assert holder(replace(store, secret=b"another house"), token(store)) is None
