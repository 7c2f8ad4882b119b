"""What went wrong, in words that say what to do next and never hold a key."""

import re

import httpx

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import Answer, shown
from monitor.fetch.exchange import Question
from monitor.fetch.fields import rows, table

_ADVICE = {
    401: "it wants to know who asks: add a token to this source, or renew it",
    402: "it wants to be paid: look at the plan and the balance of this key",
    403: "it refuses us: it may block this machine, or show this to nobody; open the address in a browser",
    404: "there is nothing at this address: check its spelling",
    408: "it took too long: try again later",
    410: "it is gone for good: remove or replace the source",
    422: "it does not accept the question: check this source's settings",
    429: "we asked too often: it is left alone for a while, then asked again; raise `every_minutes` if this repeats",
    451: "it may not answer for legal reasons: only its operator can tell why",
}
_SIGNED = {403: "it refuses us: check the token's rights, or whether the server blocks this machine"}
_SAYING = ("message", "detail", "error_description", "error")  # what platforms call it, the wordiest first
_TROUBLE = "the server has trouble of its own: try again later"
_ODD = "this is not what its documentation promises: check the address"
_CONNECTING = {
    "CERTIFICATE": "shows a certificate that is not trusted here; check the address, and this machine's clock",
    "Name or service": "is not known by that name; check its spelling, and the network of this machine",
    "resolution": "could not be looked up; check the network of this machine",
    "refused": "does not listen there; check the address and its port, or try again later",
}
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectTimeout, "did not accept the connection in time; try again later"),
    (httpx.PoolTimeout, "had to wait too long for a free connection; fewer sources at once, or try again later"),
    (httpx.TimeoutException, "fell silent in the middle; try again later"),
    (
        httpx.LocalProtocolError,
        "was not asked: the token or address holds characters that can not be sent; copy it again",
    ),
    (httpx.DecodingError, "answered with a damaged (compressed) body; try again later"),
    (httpx.InvalidURL, "redirects to something that is no address; check it in a browser"),
    (httpx.TransportError, "broke off the connection; try again later"),
)


def refusal(answer: Answer) -> str:
    """Say which status came and what to do, with the server's own words where it has some."""
    known = _ADVICE | (_SIGNED if answer.is_signed else {})
    advice = known.get(answer.status) or (_TROUBLE if httpx.codes.is_server_error(answer.status) else _ODD)
    said = _said(answer)
    for secret in sorted(answer.secrets, key=len, reverse=True):
        said = said.replace(secret, "***")
    quoted = f" ({said[:120]!r})" if said else ""
    return f"{shown(answer.url)} answered {answer.status}{quoted}; {advice}"


def broken_off(question: Question, error: Exception) -> str:
    """Say what the network did."""
    place = shown(question.url)
    if isinstance(error, TimeoutError):
        return f"{place} was not done after {question.deadline:g} s; try again later"
    if isinstance(error, httpx.ConnectError):
        told = str(error)
        known = (words for part, words in _CONNECTING.items() if part in told)
        return f"{place} {next(known, 'could not be reached; check the address and the network of this machine')}"
    return f"{place} {next(words for kind, words in _REASONS if isinstance(error, kind))}"


def _said(answer: Answer) -> str:
    """Return what a JSON answer says of its error, on one line; pages for people are not repeated."""
    try:
        told = answer.json()
    except UnexpectedPayload:
        return ""
    tables = [table(told), table(table(told).get("error")), *rows(table(told).get("errors"))[:1]]
    words = (found.get(name) for found in tables for name in _SAYING)
    return next((re.sub(r"\s+", " ", word).strip() for word in words if isinstance(word, str) and word), "")
