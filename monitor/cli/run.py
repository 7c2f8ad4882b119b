"""`monitor run`: the daemon."""

import asyncio
import os

from monitor.cli.options import CONFIG, Config
from monitor.daemon import service


def run(*, config: Config = CONFIG) -> None:
    """Start the daemon: collect, sum up every hour, and mail the daily digest.

    Stop it with SIGTERM or Ctrl-C. It takes up changed settings by itself, and at once on SIGHUP.
    """
    asyncio.run(service.run(config, os.environ))
