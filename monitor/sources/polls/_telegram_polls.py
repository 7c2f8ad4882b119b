"""Reading the polls of a page of Telegram's web preview: whole percents and a total, so bounds and no more. Pure."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from monitor.errors import UnexpectedPayload
from monitor.model.poll import Option, State, Tally, Votes
from monitor.sources._telegram_markup import Element, Step, steps
from monitor.sources._telegram_page import abbreviated
from monitor.sources.polls._numbers import Number, percent
from monitor.sources.polls._percent import between

_MESSAGE = "tgme_widget_message"
_QUESTION, _TYPE = "tgme_widget_message_poll_question", "tgme_widget_message_poll_type"
_TEXT, _PERCENT = "tgme_widget_message_poll_option_text", "tgme_widget_message_poll_option_percent"
_VOTERS = "tgme_widget_message_voters"
_DATES = ("tgme_widget_message_date", "tgme_widget_message_meta")
_REGIONS = frozenset({_QUESTION, _TYPE, _TEXT, _PERCENT, _VOTERS, *_DATES})
_MOST_TAGS = 50_000
_NUMBER = re.compile(r"[\d.,\s]*\d\s?[KMB]?", re.IGNORECASE)


@dataclass(slots=True)
class _Message:
    """What a message shows of a poll, as it is written."""

    place: str
    date: str | None = None
    question: str = ""
    kind: str = ""
    voters: str = ""
    texts: list[str] = field(default_factory=list)
    percents: list[str] = field(default_factory=list)


def read(body: bytes, at: datetime) -> list[Tally]:
    """Return the polls of a page, newest first; quizzes are none. UnexpectedPayload when one can not be read."""
    if body.count(b"<") > _MOST_TAGS:
        raise UnexpectedPayload("Telegram's preview is many times as long as any page of theirs; nothing was read")
    messages: list[_Message] = []
    for step in steps(body.decode("utf-8", "replace"), _REGIONS):
        _take(messages, step)
    found = [
        _tally(message, body, at) for message in messages if message.question and "quiz" not in message.kind.lower()
    ]
    return found[::-1]


def _take(messages: list[_Message], step: Step) -> None:
    if step.element is not None:
        place = step.element.told("data-post")
        if _MESSAGE in step.element.classes and place is not None:
            messages.append(_Message(place))
        elif messages:
            _meet(messages[-1], step, step.element)
    elif messages:
        _hear(messages[-1], step)


def _meet(message: _Message, step: Step, element: Element) -> None:
    if _TEXT in element.classes:
        message.texts.append("")
    elif _PERCENT in element.classes:
        message.percents.append("")
    elif element.name == "time" and message.date is None and any(step.inside[name] for name in _DATES):
        message.date = element.told("datetime")


def _hear(message: _Message, step: Step) -> None:
    inside = step.inside
    if inside[_QUESTION]:
        message.question += step.text
    elif inside[_TYPE]:
        message.kind += step.text
    elif inside[_VOTERS]:
        message.voters += step.text
    elif inside[_TEXT] and message.texts:
        message.texts[-1] += step.text
    elif inside[_PERCENT] and message.percents:
        message.percents[-1] += step.text


def _tally(message: _Message, body: bytes, at: datetime) -> Tally:
    labels = [" ".join(label.split()) for label in message.texts]
    if len(labels) < 2 or not all(labels) or len(message.percents) not in {0, len(labels)}:  # noqa: PLR2004
        raise UnexpectedPayload("a poll in Telegram's preview can not be read: its pages have changed")
    total = _total(message.voters)
    shares = [percent(written) for written in message.percents]
    votes = tuple(between(share, total) for share in shares) or (Votes(),) * len(labels)
    return Tally(
        place=message.place.lower(),
        at=at,
        question=" ".join(message.question.split()),
        options=tuple(map(Option.of, labels)),
        votes=votes,
        total=int(total.value) if total else None,
        state=_state(message, shares),
        opened_at=_date(message.date),
        raw=body,
    )


def _state(message: _Message, shares: list[Number | None]) -> State:
    if "final" in message.kind.lower() or "closed" in message.kind.lower():
        return State.CLOSED
    return State.OPEN if any(shares) else State.HIDDEN


def _total(written: str) -> Number | None:
    """Return the number of voters, which is rounded from a thousand on: 1.2K voters."""
    match = _NUMBER.search(written)
    told = abbreviated(match[0]) if match else None
    return Number(float(told[0]), float(told[1])) if told else None


def _date(written: str | None) -> datetime | None:
    try:
        date = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
