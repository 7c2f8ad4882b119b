"""Redirects are followed one by one, so that none leads where it should not and no key goes to another host."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import httpx

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import Answer, shown
from monitor.fetch.exchange import Question, is_web

MOST_HOPS = 5
Private = Callable[[str], Awaitable[bool]]

_SAME_METHOD = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})
_MOVED = _SAME_METHOD | {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER}


async def onward(question: Question, answer: Answer, private: Private) -> Question | None:
    """Return what to ask next, None when the answer is the end; UnexpectedPayload where nobody should follow."""
    place = answer.headers.get("location")
    if not question.follow or answer.status not in _MOVED or place is None:
        return None
    target = question.url.join(place)
    if question.body is not None and not (answer.status in _SAME_METHOD and question.leads(target)):
        return None  # what a POST carries is for this server only
    await _check(question.url, target, private)
    return question.moved(target)


async def _check(origin: httpx.URL, target: httpx.URL, private: Private) -> None:
    if not is_web(target):
        raise UnexpectedPayload(f"{shown(origin)} redirects to something that is no web page; check the address")
    if target.host != origin.host and await private(target.host) and not await private(origin.host):
        raise UnexpectedPayload(
            f"{shown(origin)} redirects into a private network ({target.host}), which is not followed; "
            "if that server is yours, write its own address in the settings",
        )
