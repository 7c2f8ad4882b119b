"""`monitor run`: the daemon."""

import asyncio
import os

from monitor.cli.options import CONFIG, Config
from monitor.daemon import service


def run(*, config: Config = CONFIG) -> None:
    """Start the daemon: collect, sum up every hour, and mail the daily digest.

    Stop it with SIGTERM or Ctrl-C. It takes up changed settings by itself, and at once on SIGHUP.
    """
    with asyncio.Runner() as runner:
        runner.run(service.run(config, os.environ))
        os._exit(
            0
        )  # all is closed: only threads are left that look a name up, for minutes where no name server answers
