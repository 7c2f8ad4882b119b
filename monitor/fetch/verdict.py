"""What became of a question that brought no answer that can be used: the error, and whether to ask once more."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import httpx

from monitor.errors import AccessRefused, RateLimited, Reason, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.fetch.exchange import Question
from monitor.fetch.throttle import asked_wait
from monitor.fetch.words import broken_off, refusal

_REFUSED = frozenset({401, 402, 403, 451})
_PASSING = frozenset({408, 425})
_UNHEARD = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_SLOW = (TimeoutError, httpx.TimeoutException)
_NEVER = (httpx.LocalProtocolError, httpx.DecodingError, httpx.InvalidURL)
_REASONS = {
    401: Reason.KEY,
    402: Reason.PAID,
    403: Reason.RIGHTS,
    404: Reason.GONE,
    408: Reason.SLOW,
    410: Reason.GONE,
    422: Reason.QUESTION,
    451: Reason.RIGHTS,
    504: Reason.SLOW,
}


@dataclass(frozen=True, slots=True)
class Setback:
    """Why there is no answer, and for how many seconds the server asked us to wait, if it did.

    `passes`: the same question may be answered next time. `unheard`: it was not dealt with, so asking once more can
    not have an effect twice.
    """

    error: SourceError
    wait: float | None = None
    passes: bool = True
    unheard: bool = False


def is_welcome(answer: Answer, question: Question) -> bool:
    """Tell whether an answer is one that was asked for."""
    if httpx.codes.is_success(answer.status) or answer.status in question.accept:
        return True
    return httpx.codes.is_redirect(answer.status) and not question.follow


def judged(answer: Answer, now: datetime) -> Setback:
    """Judge an answer that is not welcome by its status."""
    words, status = refusal(answer), answer.status
    reason = _REASONS.get(status)
    if status in _REFUSED:
        return Setback(AccessRefused(words, reason=reason), passes=False)
    wait = asked_wait(answer.headers, now)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Setback(RateLimited(words, wait), wait, unheard=True)
    if status in _PASSING or httpx.codes.is_server_error(status):
        wait = wait if "retry-after" in answer.headers else None
        error = SourceUnavailable(words, reason=reason or Reason.TROUBLE)
        return Setback(error, wait, unheard=status == HTTPStatus.TOO_EARLY)
    return Setback(UnexpectedPayload(words, reason=reason), passes=False)


def lost(question: Question, error: Exception) -> Setback:
    """Judge what the network did, in our words: its own may hold a token."""
    words = broken_off(question, error)
    if isinstance(error, _NEVER):
        return Setback(UnexpectedPayload(words), passes=False)
    reason = Reason.SLOW if isinstance(error, _SLOW) else Reason.UNREACHED
    return Setback(SourceUnavailable(words, reason=reason), unheard=isinstance(error, _UNHEARD))
