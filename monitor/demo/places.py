"""Where the monitor is to look in a world: one source per server, channel and feed, as an operator would write them."""

from collections.abc import Iterator

from monitor.demo.cast import OUTLETS
from monitor.demo.messages import CHANNELS
from monitor.demo.stage import PREVIEWS, Stage
from monitor.demo.toots import SERVERS
from monitor.model.source import SourceSettings
from monitor.sources import platforms


def places(on: Stage) -> tuple[SourceSettings, ...]:
    """Return the settings of every source of a world that is on stage."""
    return tuple(_places(on))


def _places(on: Stage) -> Iterator[SourceSettings]:
    known = {name: platform.Settings for name, platform in platforms().items()}
    for server in SERVERS:
        given = {"server": on.urls[server], "name": server.partition(".")[0], "sweep_hours": 24.0}
        yield known["mastodon"].model_validate(given)
    for channel in CHANNELS:
        given = {"channel": channel, "server": on.urls[PREVIEWS], "accept_terms": True}
        yield known["telegram"].model_validate(given)
    for language, (outlet, host) in OUTLETS.items():
        given = {"url": f"{on.urls[host]}/rss", "outlet": outlet, "language": language, "name": host}
        yield known["feeds"].model_validate(given)
