"""Who may look, as the store keeps it."""

from datetime import timedelta

import pytest

from monitor.errors import MonitorError
from monitor.model.person import Role, Scope, User, checked_name
from monitor.store import people
from tests.people import NOON

SOON = timedelta(minutes=15)


def somebody(name: str = "desk", role: Role = Role.READER) -> User:
    return User(name=name, role=role, password="$argon2id$…", made_at=NOON)


async def test_users_are_found_by_name_and_listed_in_order(store):
    for name in ("zeina", "adam"):
        await people.put_user(store, somebody(name))
    assert [user.name for user in await people.users(store)] == ["adam", "zeina"]
    assert await people.user(store, "zeina") == somebody("zeina")
    assert await people.user(store, "nobody") is None


async def test_a_session_stands_for_its_user_and_knows_what_they_may_do_now(store):
    await people.put_user(store, somebody())
    cookie, session = await people.begin_session(store, somebody(), NOON)
    assert await people.session(store, cookie, NOON) == (session, Role.READER)
    assert await people.session(store, "another", NOON) is None


async def test_the_store_never_holds_a_cookie_or_a_key(store):
    await people.put_user(store, somebody())
    cookie, _ = await people.begin_session(store, somebody(), NOON)
    key = await people.make_token(store, "grafana", (Scope.READ,), NOON, None)
    for name in await store.redis.keys(f"{store.keys.prefix}:*"):
        held = await store.redis.dump(name)
        assert cookie.encode() not in name + held
        assert key.encode() not in held


async def test_a_session_ends_some_weeks_after_signing_in_however_often_it_is_used(store):
    await people.put_user(store, somebody())
    cookie, _ = await people.begin_session(store, somebody(), NOON)
    assert await people.session(store, cookie, NOON + people.LONGEST - people.IDLE)
    assert await people.session(store, cookie, NOON + people.LONGEST) is None
    assert await people.session(store, cookie, NOON) is None


async def test_signing_out_ends_one_session_only(store):
    await people.put_user(store, somebody())
    (first, _), (second, _) = [await people.begin_session(store, somebody(), NOON) for _ in range(2)]
    await people.end_session(store, first)
    assert await people.session(store, first, NOON) is None
    assert await people.session(store, second, NOON) is not None


@pytest.mark.parametrize("change", ["new password", "removed"])
async def test_whoever_is_changed_or_removed_is_signed_out_everywhere(store, change):
    await people.put_user(store, somebody())
    cookie, _ = await people.begin_session(store, somebody(), NOON)
    if change == "removed":
        await people.drop_user(store, "desk")
    else:
        await people.put_user(store, somebody(role=Role.OPERATOR))
    assert await people.session(store, cookie, NOON) is None


async def test_a_token_is_known_by_its_key_alone(store):
    key = await people.make_token(store, "grafana", (Scope.READ,), NOON, None)
    found = await people.token(store, key, NOON)
    assert (found.name, found.scopes) == ("grafana", (Scope.READ,))
    assert await people.token(store, key[:-1], NOON) is None


async def test_a_token_ends_at_its_time(store):
    key = await people.make_token(store, "visit", (Scope.READ,), NOON, NOON + SOON)
    assert await people.token(store, key, NOON + SOON - timedelta(seconds=1)) is not None
    assert await people.token(store, key, NOON + SOON) is None


async def test_two_tokens_of_one_name_are_refused(store):
    await people.make_token(store, "grafana", (Scope.READ,), NOON, None)
    with pytest.raises(MonitorError, match="is called grafana already"):
        await people.make_token(store, "grafana", (Scope.READ,), NOON, None)


async def test_a_removed_token_is_worth_nothing(store):
    key = await people.make_token(store, "grafana", (Scope.READ,), NOON, None)
    await people.drop_token(store, "grafana")
    assert await people.token(store, key, NOON) is None


@pytest.mark.parametrize("drop", [people.drop_user, people.drop_token])
async def test_removing_who_is_not_there_says_who_is(store, drop):
    await people.put_user(store, somebody("adam"))
    await people.make_token(store, "adam", (Scope.READ,), NOON, None)
    with pytest.raises(MonitorError, match="is called eve; there are: adam"):
        await drop(store, "eve")


async def test_attempts_are_counted_until_they_are_forgiven(store):
    assert [await people.guesses(store, "desk", SOON) for _ in range(3)] == [1, 2, 3]
    assert await people.guesses(store, "another", SOON) == 1
    await people.forgive(store, "desk")
    assert await people.guesses(store, "desk", SOON) == 1


@pytest.mark.parametrize("name", ["desk", "desk@example.org", "نور", "a.b-c_d+e"])
def test_names_of_people_in_any_script_are_fine(name):
    assert checked_name(name) == name


@pytest.mark.parametrize("name", ["", " ", "a b", "-a", "a\n", "a" * 61, "a/b", "<b>"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValueError, match="is no name"):
        checked_name(name)
