"""What the operator may say about the archive."""

from pathlib import Path

from monitor.model.table import Table


class Settings(Table):
    """Where cells go that the store lets go of, and evidence where a campaign keeps it."""

    enabled: bool = True  # False: nothing is written there; what lies there is read all the same
    folder: Path = Path("var/archive")
