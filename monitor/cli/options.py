"""The options that several verbs have."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path,
    typer.Option("--config", metavar="DIR", envvar="MONITOR_CONFIG", help="The folder of monitor.toml and campaigns/."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]

CONFIG = Path("config")
"""Where the settings are looked for, below the folder the command is started in."""
