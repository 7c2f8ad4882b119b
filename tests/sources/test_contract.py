"""The promises of the port, for every platform of the folder; a platform without its test file is red here."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import AccessRefused, RateLimited, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.model.mention import Mention, Post
from monitor.model.source import Page, Source
from monitor.sources import platforms
from tests.sources import ask
from tests.sources.ask import Answers, PlatformTest, Reading

OFFERED = ("SETTINGS", "CAMPAIGN", "MARKS", "answer", "damaged", "unreadable")
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\x00\u202e#حلب"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_FUZZ = settings(deadline=None, max_examples=60)


TESTED = {name for name in platforms() if find_spec(f"tests.sources.test_{name}")}
TESTS = {name: cast("PlatformTest", import_module(f"tests.sources.test_{name}")) for name in TESTED}


def of(name: str) -> PlatformTest:
    assert name in TESTS, f"write tests/sources/test_{name}.py; tests/sources/ask.py says what stands in it"
    return TESTS[name]


def source(name: str, answers: Answers | None = None) -> Source:
    made: Callable[..., Source] = getattr(of(name), "made", ask.source)
    return made(of(name).SETTINGS, answers or of(name).answer)


async def run(name: str, answers: Answers | None = None, **options: Any) -> Reading:
    return await ask.run(source(name, answers), of(name).CAMPAIGN, **{"since": since_of(name), **options})


def since_of(name: str) -> datetime:
    return getattr(of(name), "SINCE", ask.SINCE)


def hosts_of(name: str) -> set[str]:
    return set(getattr(of(name), "HOSTS", ()))


def always(answer: httpx.Response | Exception) -> Answers:
    def answers(_request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    return answers


every = pytest.mark.parametrize("name", platforms())
each = pytest.mark.parametrize("name", [name for name in platforms() if not getattr(TESTS.get(name), "HEARD", False)])
"""Every platform that is asked; what is only heard (a stream) keeps these promises in its own tests."""


@every
def test_a_platform_has_a_test_file_with_all_that_is_needed(name: str) -> None:
    assert [part for part in OFFERED if not hasattr(of(name), part)] == []


@every
def test_a_source_is_called_by_a_name_that_can_stand_in_keys(name: str) -> None:
    assert source(name).name
    of(name).SETTINGS.model_validate(of(name).SETTINGS.model_dump() | {"name": source(name).name})


@every
def test_walks_have_names_of_their_own_that_stay(name: str) -> None:
    first, again = (source(name).walks(of(name).CAMPAIGN) for _ in range(2))
    assert list(first) == list(again)
    assert len({walk.name for walk in first}) == len(first) > 0


@each
async def test_mentions_come_with_aware_times_and_their_platform(name: str) -> None:
    mentions = (await run(name)).mentions
    assert len({mention.id for mention in mentions}) >= 3
    for mention in mentions:
        check(mention, name)


@each
async def test_nothing_was_created_before_the_beginning(name: str) -> None:
    assert all(mention.created_at >= since_of(name) for mention in (await run(name)).mentions)


SENDS_NO_ITEMS = {"feeds", "telegram"}
"""Of an entry of a feed everything stands in the article; a preview is a page and not made of items."""


@each
async def test_an_item_comes_as_it_was_sent_for_campaigns_that_keep_evidence(name: str) -> None:
    mentions = (await run(name)).mentions
    assert {mention.raw is None for mention in mentions} == {name in SENDS_NO_ITEMS}
    assert all("raw=" not in repr(mention) for mention in mentions)


@each
async def test_two_runs_give_the_same(name: str) -> None:
    assert (await run(name)).ids == (await run(name)).ids


@each
async def test_a_run_tells_which_time_it_covered(name: str) -> None:
    covered = [page.covered for page in (await run(name)).pages if page.covered]
    assert covered
    assert all(since_of(name) <= window.start < window.end <= ask.NOW for window in covered)
    assert ask.NOW - max(window.end for window in covered) < getattr(of(name), "LATE", timedelta(hours=1))


@each
async def test_a_cursor_is_small_json_and_goes_on(name: str) -> None:
    first = await run(name)
    kept = json.dumps(first.cursors)
    assert len(kept) < 20_000
    second = await run(name, cursors=json.loads(kept), now=ask.NOW + timedelta(minutes=5))
    assert second.ids <= first.ids


@each
async def test_only_the_configured_server_is_asked(name: str) -> None:
    hosts = set()

    def noting(request: httpx.Request) -> httpx.Response:
        hosts.add(request.url.host)
        return of(name).answer(request)

    await run(name, noting)
    assert hosts <= hosts_of(name) or len(hosts) == 1


@each
@pytest.mark.parametrize("code", [401, 403, 451])
async def test_a_refusal_asks_for_a_person(name: str, code: int) -> None:
    with pytest.raises(AccessRefused):
        await run(name, always(httpx.Response(code)))


@each
async def test_a_limit_tells_how_long_to_wait(name: str) -> None:
    with pytest.raises(RateLimited) as raised:
        await run(name, always(httpx.Response(429, headers={"retry-after": "600"})))
    assert raised.value.retry_after == pytest.approx(600, abs=1)


@each
@pytest.mark.parametrize(
    "trouble",
    [*map(httpx.Response, (500, 502, 503, 504)), httpx.ConnectError("no route"), httpx.ReadTimeout("silence")],
    ids=repr,
)
async def test_an_outage_is_no_silence(name: str, trouble: httpx.Response | Exception) -> None:
    with pytest.raises(SourceUnavailable):
        await run(name, always(trouble))


@each
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<html><title>Just a moment...</title></html>",
        b"\x00\xff\xfe garbage",
        b"{}",
        b'{"error": "no"}',
        b"null",
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/html; charset=no-such", ""])
async def test_an_answer_of_another_kind_is_no_silence(name: str, body: bytes, kind: str) -> None:
    with pytest.raises(SourceError, match=r"\w+ \w+ \w+"):
        await run(name, always(httpx.Response(200, headers={"content-type": kind}, content=body)))


@each
async def test_one_unreadable_mention_harms_no_other(name: str) -> None:
    good, damaged = await run(name), await run(name, of(name).damaged)
    assert damaged.ids < good.ids
    assert len(damaged.ids) == len(good.ids) - 1


@each
async def test_what_was_left_out_is_counted(name: str) -> None:
    damaged = await run(name, of(name).damaged)
    assert sum(page.refused for page in damaged.pages) >= 1


@each
async def test_an_answer_of_nothing_but_unreadable_mentions_is_no_silence(name: str) -> None:
    reading = Reading()
    with pytest.raises(UnexpectedPayload, match="changed"):
        await run(name, of(name).unreadable, into=reading)
    assert reading.pages == []


@every
async def test_known_posts_that_became_unreadable_are_not_taken_for_deleted(name: str) -> None:
    asked = source(name, of(name).unreadable)
    if asked.again_at_once:
        with pytest.raises(UnexpectedPayload, match="changed"):
            await asked.again(of(name).MARKS)


@each
@pytest.mark.parametrize("calls", [1, 2, 3])
async def test_what_was_read_before_a_failure_is_kept_and_the_rest_follows(name: str, calls: int) -> None:
    asked = 0

    def failing(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return of(name).answer(request) if asked <= calls else httpx.Response(500)

    reading = Reading()
    try:
        await ask.run(source(name, failing), of(name).CAMPAIGN, since=since_of(name), into=reading)
    except SourceUnavailable:
        rest = await run(name, cursors=reading.cursors)
        assert reading.ids | rest.ids == (await run(name)).ids


@each
async def test_a_server_that_repeats_itself_holds_nobody(name: str) -> None:
    asked, said = 0, dict[str, httpx.Response]()

    def repeating(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return always(said.setdefault(request.url.path, of(name).answer(request)))(request)

    with suppress(SourceError):
        await run(name, repeating)
    assert asked < 100


@each
async def test_known_posts_are_found_again(name: str) -> None:
    asked = source(name)
    asked.walks(of(name).CAMPAIGN)
    if not asked.again_at_once:
        assert of(name).MARKS == ()
        return
    posts = await asked.again(of(name).MARKS)
    assert {post.again for post in posts} == set(of(name).MARKS)
    assert {post.id for post in posts} <= (await run(name)).ids


@every
@pytest.mark.parametrize("trouble", [500, 403, 429])
async def test_asking_again_fails_in_our_words_too(name: str, trouble: int) -> None:
    asked = source(name, always(httpx.Response(trouble, headers={"retry-after": "600"})))
    if asked.again_at_once:
        with pytest.raises(SourceError):
            await asked.again(of(name).MARKS)


@each
async def test_a_probe_answers_in_a_sentence(name: str) -> None:
    assert len((await source(name).probe()).split()) >= 3
    with pytest.raises(SourceError):
        await source(name, always(httpx.Response(500))).probe()


@each
@_FUZZ
@given(value=ANY_JSON)
async def test_any_json_is_read_or_refused(name: str, value: Any) -> None:
    body = json.dumps(value).encode()
    await read_or_refused(name, always(httpx.Response(200, headers={"content-type": "application/json"}, content=body)))


@each
@_FUZZ
@given(chance=st.randoms(use_true_random=False), value=ANY_JSON)
async def test_a_good_answer_with_a_wrong_part_is_read_or_refused(name: str, chance: Any, value: Any) -> None:
    def spoiling(request: httpx.Request) -> httpx.Response:
        good = of(name).answer(request)
        headers = {"content-type": good.headers.get("content-type", "")}
        return httpx.Response(good.status_code, headers=headers, content=spoiled(good, chance, value))

    await read_or_refused(name, spoiling)


async def read_or_refused(name: str, answers: Answers) -> None:
    """Run, and ask again: whatever comes, it is mentions in order or an error in our words."""
    asked = source(name, answers)
    reading = Reading()
    try:
        await ask.run(asked, of(name).CAMPAIGN, since=since_of(name), into=reading)
        if asked.again_at_once:
            reading.pages.append(Page(await asked.again(of(name).MARKS)))
    except SourceError as error:
        assert str(error).isprintable()  # noqa: PT017 - both endings are fine
    json.dumps(reading.cursors)
    for mention in reading.mentions:
        check(mention, name)


def spoiled(good: httpx.Response, chance: Any, value: Any) -> bytes:
    """Return the body with one part replaced by `value`: a field of JSON, or some bytes of anything else."""
    body = good.content
    if "json" in good.headers.get("content-type", ""):
        return json.dumps(replaced(json.loads(body), chance, value)).encode()
    start = chance.randrange(len(body) + 1)
    end = min(len(body), start + chance.choice([0, 1, 5, 300]))
    return body[:start] + str(value).encode("utf-8", "replace") + body[end:]


def replaced(tree: Any, chance: Any, value: Any) -> Any:
    if not isinstance(tree, dict | list) or not tree or chance.random() < 0.15:
        return value
    place = chance.choice(list(tree) if isinstance(tree, dict) else range(len(tree)))
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    changed = ((key, replaced(part, chance, value) if key == place else part) for key, part in pairs)
    return dict(changed) if isinstance(tree, dict) else [part for _, part in changed]


def check(mention: Mention, name: str) -> None:
    """What every mention keeps to, whatever the server said."""
    assert mention.platform == source(name).platform
    assert mention.created_at.utcoffset() == timedelta(0)
    for words in texts(mention):
        words.encode()
    assert mention.id
    if isinstance(mention, Post):
        told = [getattr(mention.counts, counter) for counter in mention.counts.__dataclass_fields__]
        assert all(count is None or (type(count) is int and count >= 0) for count in (*told, mention.followers))
        assert mention.step >= 1


def texts(mention: Mention) -> Iterator[str]:
    for field in mention.__dataclass_fields__:
        value = getattr(mention, field)
        yield from (part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, str))
