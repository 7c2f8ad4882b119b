"""`python -m monitor.web.alive`: whether the daemon beside us is well; for the image, so it reads only [web]."""

import os
import sys
import tomllib
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from monitor.web.server import Settings

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what is listened at, and where to ask then


def said(folder: Path) -> str:
    """Return what /healthz answers; OSError when it is not well or does not answer."""
    web = settings(folder)
    if not web.enabled:
        return "the web server is switched off"
    host = ANYWHERE.get(web.host, web.host)
    url = f"http://{f'[{host}]' if ':' in host else host}:{web.port}/healthz"
    with build_opener(ProxyHandler({})).open(url, timeout=5) as answer:
        return str(answer.read().decode())


def settings(folder: Path) -> Settings:
    """Return [web] of monitor.toml; the defaults when it cannot be read, as the daemon started with a good one."""
    try:
        file = (folder / "monitor.toml").read_text("utf-8-sig")
        return Settings.model_validate(tomllib.loads(file).get("web", {}))
    except (OSError, ValueError):
        return Settings()


if __name__ == "__main__":
    try:
        sys.stdout.write(said(Path(os.environ.get("MONITOR_CONFIG", "config"))) + "\n")
    except HTTPError as unwell:
        sys.exit(unwell.read().decode())
    except OSError as error:
        sys.exit(str(error))
