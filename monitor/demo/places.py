"""Where the monitor is to look in a world: one source per server, channel and feed, as an operator would write them."""

from collections.abc import Iterator, Mapping
from typing import cast

from monitor.demo import sessions, x, youtube
from monitor.demo.cast import OUTLETS
from monitor.demo.manners import GDELT, PDS, YOUTUBE, X
from monitor.demo.messages import CHANNELS
from monitor.demo.stage import APPVIEW, PREVIEWS, STREAM, Stage
from monitor.demo.toots import SERVERS
from monitor.fetch.client import Client
from monitor.model.source import SourceSettings
from monitor.sources import platforms

HOUR = 60.0
_SWEEPS = {"sweep_hours": 24.0, "sweep_pages": 60}


def places(on: Stage) -> tuple[SourceSettings, ...]:
    """Return the settings of every source of a world that is on stage."""
    return tuple(_named(source) for source in _places(on))


def _named(source: SourceSettings) -> SourceSettings:
    """Return a source with the name that it makes up where it was given none, as from a file of settings."""
    made_up = platforms()[source.platform].Source(source, cast("Client", None)).name
    return source.model_copy(update={"name": made_up})


def _places(on: Stage) -> Iterator[SourceSettings]:
    known = {name: platform.Settings for name, platform in platforms().items()}
    for server, minutes in zip(SERVERS, (4 * HOUR, 8 * HOUR), strict=True):
        given = {"server": on.urls[server], "name": server.partition(".")[0], **_SWEEPS}
        yield known["mastodon"].model_validate({**given, "every_minutes": minutes})
    for channel, minutes in zip(CHANNELS, (2 * HOUR, 3 * HOUR), strict=True):
        given = {"channel": channel, "server": on.urls[PREVIEWS], "accept_terms": True, "every_minutes": minutes}
        yield known["telegram"].model_validate(given)
    for language, (outlet, host) in OUTLETS.items():
        given = {
            "url": f"{on.urls[host]}/rss",
            "outlet": outlet,
            "language": language,
            "name": host,
            "every_minutes": 2 * HOUR,
        }
        yield known["feeds"].model_validate(given)
    yield from _keyed(on, known)


def _keyed(on: Stage, known: Mapping[str, type[SourceSettings]]) -> Iterator[SourceSettings]:
    """Yield the sources that an operator has an account for, and GDELT."""
    session = {"handle": sessions.HANDLE, "app_password": sessions.PASSWORD, "server": on.urls[PDS], "canary": "Syria"}
    yield known["bluesky"].model_validate({**session, "appview": on.urls[APPVIEW], "every_minutes": 6 * HOUR})
    stream = {"hosts": (on.urls[STREAM],), "appview": on.urls[APPVIEW], "followers": False, "every_minutes": 4 * HOUR}
    yield known["jetstream"].model_validate(stream)
    account = {"token": x.TOKEN, "server": on.urls[X], "accept_terms": True, "dollars_per_day": 50.0}
    yield known["x"].model_validate({**account, "dollars_per_month": 500.0, "every_minutes": 2 * HOUR})
    account = {"key": youtube.KEY, "server": on.urls[YOUTUBE], "accept_terms": True, "canary": ""}
    sparing = {"searches_per_day": 60, "followers": False}
    yield known["youtube"].model_validate({**account, **sparing, "every_minutes": 2 * HOUR})
    yield known["gdelt"].model_validate({"server": on.urls[GDELT], "every_minutes": 6 * HOUR})
