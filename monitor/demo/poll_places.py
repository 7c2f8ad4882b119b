"""Where people vote in a world, as an operator would write it: the same weekly names in a channel and on a page."""

from typing import Final

from monitor.demo.ballot import OVER
from monitor.demo.contests import CHANNEL, PAGE
from monitor.demo.plan import ZONE
from monitor.demo.stage import PREVIEWS, Stage
from monitor.model.poll import Poll, Weekly
from monitor.model.poll_source import PollSettings
from monitor.model.words import Phrase
from monitor.sources.polls import places

_OPENS, _CLOSES = Weekly(1, 18), Weekly(2, 24)
POLLS: Final = {
    CHANNEL: Poll("friday", ZONE, _OPENS, _CLOSES, questions=(Phrase("الجمعة"),)),
    PAGE: Poll("page", ZONE, _OPENS, _CLOSES),
}


def poll_places(on: Stage) -> tuple[tuple[Poll, PollSettings], ...]:
    """Return the polls that the campaign follows, and where on a stage they appear."""
    channel = {"channel": CHANNEL, "server": on.urls[PREVIEWS], "pages": 1, "accept_terms": True}
    page = {
        "url": f"{on.urls[PAGE]}/",
        "kind": "html",
        "rows": "li.name",
        "label": "span",
        "votes": "b",
        "total": "$$.total",
        "question": "$$h1",
        "closes_at": "$$time::attr(datetime)",
        "closed_if": {"path": "$$.state", "equals": OVER},
    }
    known = places()
    return (
        (POLLS[CHANNEL], known["telegram"].Settings.model_validate(channel)),
        (POLLS[PAGE], known["page"].Settings.model_validate(page)),
    )
