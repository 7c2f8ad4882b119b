"""Where the walk of a feed stands, and what follows from it for the next request. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.model.table import Record
from monitor.sources import _feed_rhythm
from monitor.sources._feed_memory import Known

ANEW = timedelta(days=1)  # how often a feed is fetched unconditionally: some caches confirm a stale body for ever
SOON = timedelta(hours=1)  # the same for one that stands still


class Place(Record):
    """The cursor: what makes the next request conditional, until when all is known, and the articles seen.

    `words` are those that the articles were read for: others are looked for in the same body again. `is_site` says that
    the address of the settings is a page, whose feed was looked for.
    """

    etag: str = ""
    modified: str = ""
    digest: str = ""
    whole: datetime  # the last unconditional request
    at: datetime
    known: tuple[Known, ...] = ()
    words: str = ""
    is_site: bool = False

    @property
    def standstill(self) -> str:
        """What to say of a feed that has stood still until `at`."""
        return _feed_rhythm.standstill((datetime.fromtimestamp(one.created, UTC) for one in self.known), self.at)


@dataclass(frozen=True)
class Question:
    """One request for a feed that stood at `place`, on behalf of some words."""

    place: Place | None
    words: str
    now: datetime

    @property
    def headers(self) -> dict[str, str]:
        """What makes it conditional, word for word as the server gave it; else what passes by caches that are stuck."""
        place = self.place
        if place is None or not self._may_be_confirmed:
            return {"Cache-Control": "no-cache"} if place and place.standstill else {}
        return _told(**{"If-None-Match": place.etag, "If-Modified-Since": place.modified})

    def answered(self, answer: Answer, *, is_site: bool) -> Place:
        """Return where the walk stands after an answer, before its articles are read."""
        told = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
        if answer.status == HTTPStatus.NOT_MODIFIED:
            if self.place is None:
                raise UnexpectedPayload("the server says that nothing changed, and was never asked before")
            return self.place.model_copy(update={"at": self.now, **_told(**told)})
        return Place(
            **told,
            digest=hashlib.sha256(answer.body).hexdigest(),
            whole=self.place.whole if self.place and self._may_be_confirmed else self.now,
            at=self.now,
            known=self.place.known if self.place else (),
            words=self.words,
            is_site=is_site,
        )

    @property
    def _may_be_confirmed(self) -> bool:
        """Whether "not modified" is a good answer: not to new words, and not for ever."""
        if self.place is None or self.place.words != self.words:
            return False
        return self.now - self.place.whole < (SOON if self.place.standstill else ANEW)


def _told(**headers: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value}
