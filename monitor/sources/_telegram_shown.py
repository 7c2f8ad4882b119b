"""What a preview page shows, as it is written there, before anybody says what it means. Pure."""

import re
from dataclasses import dataclass, field

from monitor.sources._telegram_markup import Element, Step

_MESSAGE = "tgme_widget_message"
_TEXT, _REPLIED_TO = "tgme_widget_message_text", "js-message_reply_text"
_ALBUM = "tgme_widget_message_grouped_wrap"
_DATES = ("tgme_widget_message_date", "tgme_widget_message_meta")  # a video's length stands in a <time>, too
_VIEWS, _REACTION = "tgme_widget_message_views", "tgme_reaction"
_LANDING = frozenset({"tgme_page", "tgme_page_extra", "tgme_widget_message_error"})  # what stands where no preview is
_FORWARDED = "tgme_widget_message_forwarded_from"
_COUNTER = ("counter_value", "counter_type")
REGIONS = frozenset({_TEXT, _REPLIED_TO, _ALBUM, *_DATES, _VIEWS, *_COUNTER})
_HASHTAG = "?q=%23"
_NUMBER = re.compile(r"/(\d{1,15})(?:\?single)?$", re.ASCII)


@dataclass(slots=True)
class Message:
    """What a message shows, as it is written; None for what it does not show."""

    element: Element
    date: str | None = None
    views: str | None = None
    is_forwarded: bool = False
    hashtags: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)  # of an album, by their links
    reactions: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)  # in pieces

    @property
    def place(self) -> str:
        return self.element.told("data-post") or ""

    @property
    def number(self) -> int | None:
        return number_of(self.place)

    @property
    def is_service(self) -> bool:
        return "service_message" in self.element.classes

    def meet(self, step: Step, element: Element) -> None:
        """Note an element inside the message."""
        if element.name == "a":
            self._follow(step, element.told("href") or "")
        elif element.name == "time" and any(step.inside[name] for name in _DATES):
            self.date = self.date or element.told("datetime")
        elif _VIEWS in element.classes:
            self.views = self.views or ""
        elif _REACTION in element.classes:
            self.reactions.append("")
        self.is_forwarded |= _FORWARDED in element.classes

    def _follow(self, step: Step, link: str) -> None:
        inside = step.inside
        if link.startswith(_HASHTAG) and inside[_TEXT] and not inside[_REPLIED_TO]:
            self.hashtags.append(link.removeprefix(_HASHTAG))
        elif "?single" in link and inside[_ALBUM]:
            self.parts.append(link)

    def hear(self, step: Step) -> None:
        """Note a text inside the message."""
        if step.inside[_VIEWS] and self.views is not None:
            self.views += step.text
        elif _REACTION in step.parent.classes and self.reactions:
            self.reactions[-1] += step.text
        elif step.inside[_TEXT] and not step.inside[_REPLIED_TO]:
            self.written.append(step.text)


@dataclass(slots=True)
class Preview:
    """What stands on a page: its messages, the counters of the channel, and what leads elsewhere."""

    messages: list[Message] = field(default_factory=list)
    counters: list[str] = field(default_factory=list)  # value, kind, value, kind
    goes_back: bool = False
    says_empty: bool = False
    is_landing: bool = False

    def take(self, step: Step) -> None:
        if step.element is not None:
            self._meet(step, step.element)
        elif any(step.inside[name] for name in _COUNTER):
            self.counters.append(step.text.strip())
        elif self.messages:
            self.messages[-1].hear(step)

    def _meet(self, step: Step, element: Element) -> None:
        if _MESSAGE in element.classes and element.told("data-post") is not None:
            self.messages.append(Message(element))
        elif element.name == "link":
            self.goes_back |= element.told("rel") == "prev"
        elif "tme_messages_more" in element.classes:
            self.goes_back |= element.told("data-before") is not None
        elif "tme_no_messages_found" in element.classes:
            self.says_empty = True
        elif not _LANDING.isdisjoint(element.classes):
            self.is_landing = True
        elif self.messages:
            self.messages[-1].meet(step, element)


def number_of(place: str) -> int | None:
    """Return the number at the end of a message's address."""
    match = _NUMBER.search(place)
    return int(match[1]) if match and int(match[1]) else None
