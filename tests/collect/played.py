"""A source whose every page is written down beforehand; the way of a walk stands before a slash in its name."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import Ask, Page, Walk

Step = Page | Exception | Callable[[], Awaitable[Page]]
"""A page that is given, an error that is raised, or something that must happen before."""


class Played:
    """Gives the steps of each walk in order; `known` are the posts it can be asked for again."""

    platform = "mastodon"

    def __init__(
        self,
        walks: Mapping[str, Sequence[Step]],
        *,
        name: str = "social",
        again_at_once: int | None = 0,
        known: Sequence[Post] | Exception = (),
        canary: bool | Exception | None = None,
    ) -> None:
        self.name, self.again_at_once = name, again_at_once
        self.asked: list[Ask] = []
        self.asked_again: list[list[str]] = []
        self.canaries = 0
        self._walks, self._known, self._canary = walks, known, canary

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        return [Walk(name, campaign.spellings, way=name.rpartition("/")[0]) for name in self._walks]

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        self.asked.append(ask)
        for step in self._walks[ask.walk.name]:
            if isinstance(step, Exception):
                raise step
            yield step if isinstance(step, Page) else await step()

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        self.asked_again.append(list(marks))
        if isinstance(self._known, Exception):
            raise self._known
        return [post for post in self._known if post.again in marks]

    async def canary(self) -> bool | None:
        self.canaries += 1
        if isinstance(self._canary, Exception):
            raise self._canary
        return self._canary

    async def probe(self) -> str:
        return "played"
