"""Where the monitor is to look in a world: one source per server, channel and feed, as an operator would write them."""

from collections.abc import Iterator

from monitor.demo.cast import OUTLETS
from monitor.demo.messages import CHANNELS
from monitor.demo.stage import PREVIEWS, Stage
from monitor.demo.toots import SERVERS
from monitor.model.source import SourceSettings
from monitor.sources import platforms

HOUR = 60.0
_SWEEPS = {"sweep_hours": 12.0, "sweep_pages": 60}


def places(on: Stage) -> tuple[SourceSettings, ...]:
    """Return the settings of every source of a world that is on stage."""
    return tuple(_places(on))


def _places(on: Stage) -> Iterator[SourceSettings]:
    known = {name: platform.Settings for name, platform in platforms().items()}
    for server, minutes in zip(SERVERS, (HOUR, 2 * HOUR), strict=True):
        given = {"server": on.urls[server], "name": server.partition(".")[0], **_SWEEPS}
        yield known["mastodon"].model_validate({**given, "every_minutes": minutes})
    for channel in CHANNELS:
        given = {"channel": channel, "server": on.urls[PREVIEWS], "accept_terms": True, "every_minutes": HOUR}
        yield known["telegram"].model_validate(given)
    for language, (outlet, host) in OUTLETS.items():
        given = {
            "url": f"{on.urls[host]}/rss",
            "outlet": outlet,
            "language": language,
            "name": host,
            "every_minutes": HOUR,
        }
        yield known["feeds"].model_validate(given)
