"""The charts of a campaign: read and drawn once for all who look at the same, and the same again for scripts."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from monitor.charts.drawing import Drawing
from monitor.digest import sentences
from monitor.exports import drawn
from monitor.exports.drawn import Link
from monitor.exports.series import Split
from monitor.fetch.beside import beside
from monitor.model.brief import Brief, Spike
from monitor.model.campaign import Campaign
from monitor.model.window import Window
from monitor.web.desk import Desk
from monitor.web.kept import Kept
from monitor.web.site import pictures
from monitor.web.site.choice import Choice
from monitor.web.site.pictures import Picture
from monitor.words.voice import Voice

MOST = 200  # charts in memory: some hundred kilobytes each
MOMENT = "%Y-%m-%dT%H:%MZ"
BEFORE, AFTER = timedelta(hours=36), timedelta(hours=24)  # what is drawn around a spike


class View(NamedTuple):
    """What is looked at, by whom: `base` is where the page lies behind a proxy."""

    campaign: Campaign
    choice: Choice
    voice: Voice
    base: str

    @property
    def key(self) -> tuple[object, ...]:
        """What the address says, not until when that is just now: a chart answers while the next one is drawn."""
        voice = self.voice
        return self.campaign, self.choice.picked, voice.language, voice.digits, self.base


@dataclass
class Charts:
    """Draws what a visitor picked."""

    desk: Desk
    _kept: Kept[tuple[object, ...], Picture] = field(init=False)

    def __post_init__(self) -> None:
        self._kept = Kept(self.desk.clock, MOST)

    async def main(self, view: View) -> Picture:
        """Return the chart of the number that was picked, else of the brief's headline."""
        return await self._kept.get(("main", *view.key), partial(self._main, view))

    async def plain(self, view: View) -> Picture:
        """Return the main chart for strangers: it leads nowhere, and names no source."""
        return await self._kept.get(("plain", *view.key), partial(self._plain, view))

    async def split(self, view: View, by: Split) -> Picture:
        """Return the parts of the same number."""
        return await self._kept.get(("split", by, *view.key), partial(self._split, view, by))

    async def drawing(self, view: View, brief: Brief, link: Link | None = None) -> Drawing:
        """Return what the main chart shows; where nothing else is said, spikes lead to their reasons."""
        desk, choice = self.desk, view.choice
        number = choice.number or brief.headline_metric
        told = await drawn.read(desk.store, view.campaign, brief, number, choice.compare, desk.clock.now())
        return drawn.drawing(told, brief, view.voice, choice.zone, link or partial(reasons, view))

    async def around(self, view: View, brief: Brief, spike: Spike) -> Picture:
        """Return the hours around a spike."""
        return await self._kept.get(
            ("around", spike.name, spike.start, *view.key), partial(self._around, view, brief, spike)
        )

    async def _around(self, view: View, brief: Brief, spike: Spike) -> Picture:
        near = Window(spike.start - BEFORE, min(spike.end + AFTER, max(brief.made_at, spike.end)))
        whole = await self.desk.brief(view.campaign, near)
        desk = self.desk
        told = await drawn.read(desk.store, view.campaign, whole, spike.name, None, desk.clock.now())
        shown = drawn.drawing(told, whole, view.voice, view.choice.zone, nowhere)
        return await beside(pictures.number, shown, view.voice, alt(whole, spike.name, view.voice))

    async def _main(self, view: View) -> Picture:
        brief = await self.desk.brief(view.campaign, view.choice.window)
        drawing = await self.drawing(view, brief)
        return await beside(pictures.number, drawing, view.voice, alt(brief, drawing.number, view.voice))

    async def _plain(self, view: View) -> Picture:
        brief = await self.desk.brief(view.campaign, view.choice.window)
        drawing = await self.drawing(view, brief, nowhere)
        unnamed = [gap._replace(words="") for gap in drawing.gaps]
        shown = drawing._replace(gaps=tuple(unnamed), breaks=())
        return await beside(pictures.number, shown, view.voice, alt(brief, drawing.number, view.voice))

    async def _split(self, view: View, by: Split) -> Picture:
        brief = await self.desk.brief(view.campaign, view.choice.window)
        number = view.choice.number or brief.headline_metric
        held = await drawn.parts(self.desk.store, view.campaign, brief, number, by, self.desk.clock.now(), view.voice)
        words = alt(brief, number, view.voice)
        return await beside(pictures.parts, held, view.voice, words, shares=bool(view.choice.picked.share))


def alt(brief: Brief, number: str, voice: Voice) -> str:
    """Return what the chart of a number shows, for readers who do not see it."""
    return sentences.chart_alt(brief.model_copy(update={"headline_metric": number}), voice)


def nowhere(_: Spike) -> str:
    """Lead nowhere."""
    return ""


def reasons(view: View, spike: Spike) -> str:
    """Return where the reasons of a spike stand, found in the same window."""
    picked = view.choice.picked
    query = picked.but(metric=spike.name) if picked.start else picked.but(metric=spike.name, last=picked.last or "24h")
    return f"{view.base}/campaigns/{view.campaign.slug}/spikes/{spike.start:{MOMENT}}{query.link()}"
