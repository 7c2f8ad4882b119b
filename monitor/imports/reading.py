"""Reading a file that was recognised, into piles of the campaign's posts that are written together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.imports.found import Damaged, Read, Rejected
from monitor.imports.job import Job
from monitor.imports.place import Place, moment
from monitor.imports.recognise import Opened, Portion
from monitor.imports.report import Report
from monitor.model.mention import Post
from monitor.model.sighting import Sighting
from monitor.model.window import Window

_TOGETHER = 300  # seconds: counters read within one cell of the series are written as if at one moment


@dataclass(frozen=True, slots=True)
class Pile:
    """What is written together: posts of the campaign, when their counters were read, and the place behind them."""

    posts: Sequence[Sighting]
    observed: datetime
    place: Place


@dataclass(slots=True)
class _Gathered:
    """Posts read one after the other whose counters were read at about the same time (`cell`; None: not told)."""

    cell: int | None = None
    observed: datetime | None = None
    asked: list[Post] = field(default_factory=list)
    beside: list[Post] = field(default_factory=list)

    def add(self, read: Read, cell: int | None) -> None:
        self.cell, self.observed = cell, read.observed
        self.asked += read.posts
        self.beside += read.beside

    def __len__(self) -> int:
        return len(self.asked) + len(self.beside)


class Reading:
    """One file that is read on from a place; `place` is how far it got, `report` what it met.

    Posts written in `counted` stretches were collected live and are forgotten by now: they would count twice.
    """

    def __init__(self, file: Opened, place: Place, job: Job, counted: Sequence[Window] = ()) -> None:
        self._file, self._job, self.place = file, job, place
        self._counted = [(window.start.timestamp(), window.end.timestamp()) for window in counted]
        self._part, self._pieces = place.part, place.pieces
        form = file.format
        self.report = Report(form.name, form.about, form.platform, form.note, resumed=place.pieces)

    def piles(self, at_once: int) -> Iterator[Pile]:
        """Yield about `at_once` posts at a time; a damage ends the file, and what came before is whole."""
        gathered = _Gathered()
        try:
            for read in self._reads():
                cell = None if read.observed is None else int(read.observed.timestamp()) // _TOGETHER
                if gathered and (len(gathered) >= at_once or cell != gathered.cell):
                    yield self._pile(gathered)
                    gathered = _Gathered()
                gathered.add(read, cell)
        except Damaged as error:
            self.report.damaged = str(error)
        yield self._pile(gathered)

    def _reads(self) -> Iterator[Read]:
        """Yield what each piece holds; a piece counts as read when the next one is asked for."""
        for number, portion in enumerate(self._file.portions[self._part :], start=self._part):
            skip = self._pieces if number == self._part else 0
            self._part, self._pieces = number, skip
            for read in self._of(portion, skip):
                if read.posts or read.beside:
                    yield read
                self._pieces += 1

    def _of(self, portion: Portion, skip: int) -> Iterator[Read]:
        translate, nothing = portion.read, Read()
        for piece in portion.pieces(self._job.at, skip):
            if isinstance(piece, Rejected):
                self._reject(replace(piece, part=portion.part))
                yield nothing
            elif piece.content is None:
                yield nothing
            else:
                read = translate(piece.content)
                for flaw in read.flaws:
                    self._reject(Rejected(piece.line, flaw.reason, flaw.shown, portion.part))
                self.report.add_aside(read)
                yield read

    def _reject(self, rejected: Rejected) -> None:
        self.report.add_rejected(rejected.reason)
        self._job.reject(rejected)

    def _pile(self, gathered: _Gathered) -> Pile:
        self._note(gathered)
        seen = self._job.observe((*gathered.asked, *gathered.beside))
        fresh = [one for one in seen.posts if not self._is_counted(one.created)] if self._counted else seen.posts
        posts = [_unnamed(one) if one.again is not None else one for one in fresh]
        self.report.refused += seen.refused
        self.report.counted += len(seen.posts) - len(fresh)
        self.report.add_kept(posts)
        return Pile(posts, self._observed(gathered), self.place)

    def _is_counted(self, created: int) -> bool:
        return any(start <= created < end for start, end in self._counted)

    def _observed(self, gathered: _Gathered) -> datetime:
        """Return when counters were read; a file that does not tell was read after the newest post in it so far."""
        newest = moment(self.place.newest) if self.place.newest else self._job.now
        return min(gathered.observed or newest, self._job.now)

    def _note(self, gathered: _Gathered) -> None:
        self.report.read += len(gathered.asked)
        self.report.beside += len(gathered.beside)
        asked, beside = self._epochs(gathered.asked), self._epochs(gathered.beside)
        self.place = Place(
            self._part,
            self._pieces,
            first=min((*asked, *_told(self.place.first)), default=None),
            last=max((*asked, *_told(self.place.last)), default=None),
            newest=max((*asked, *beside, *_told(self.place.newest)), default=None),
        )
        self.report.first = moment(self.place.first) if self.place.first else None
        self.report.last = moment(self.place.last) if self.place.last else None

    def _epochs(self, posts: Sequence[Post]) -> list[int]:
        """Return when posts were written, without those of the future."""
        now = self._job.now
        return [int(post.created_at.timestamp()) for post in posts if post.created_at <= now]


def _unnamed(one: Sighting) -> Sighting:
    """Return a sighting without its plain id: what was imported is never asked for again."""
    return replace(one, again=None)


def _told(epoch: int | None) -> tuple[int, ...]:
    return () if epoch is None else (epoch,)
