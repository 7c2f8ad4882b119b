"""The operator's files while the daemon runs: changes are taken up, a bad file leaves the settings in force."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from monitor import log
from monitor.errors import SettingsError
from monitor.settings.load import load
from monitor.settings.outlets import FILE as OUTLETS
from monitor.settings.schema import Settings

EVERY = 1.0
"""Seconds between two looks; a file counts as changed when two looks in a row find the same new state of it."""

Read = Callable[[Path, Mapping[str, str]], Settings]

_Prints = Mapping[Path, tuple[int, int, int]]

_logger = log.get("settings")


class Watch:
    """What is in force, and what is wrong with what the files say now."""

    def __init__(self, folder: Path, env: Mapping[str, str], settings: Settings, *, read: Read = load) -> None:
        self.settings = settings
        self.problem: str | None = None
        """Why the files are not in force as they stand."""
        self._folder, self._env, self._read = folder, env, read
        self._taken = self._seen = _prints(folder)

    def look(self, *, at_once: bool = False) -> bool:
        """Return whether other settings came into force; `at_once` reads the files even if none has changed."""
        found = _prints(self._folder)
        settled = found == self._seen and found != self._taken
        self._seen = found
        if not (settled or at_once):
            return False
        self._taken = found
        return self._take_up()

    def _take_up(self) -> bool:
        try:
            wanted = self._read(self._folder, self._env)
        except SettingsError as error:
            self.problem = f"the settings in force are older than the files, which are wrong: {error}"
            _logger.warning("settings refused, the old ones stay in force", problems=[str(p) for p in error.problems])
            return False
        except Exception as error:  # the edge of the files: whatever is in them must not end a running daemon
            kind = type(error).__name__  # no more of it: this is shown to the world, and it may repeat a secret
            self.problem = f"the settings in force are older than the files, which cannot be read: {kind}, see the log"
            _logger.exception("settings refused, the old ones stay in force")
            return False
        fixed = {"redis": self.settings.monitor.redis, "privacy": self.settings.monitor.privacy}
        usable = replace(wanted, monitor=wanted.monitor.model_copy(update=fixed))
        self.problem = None
        if usable != wanted:
            self.problem = "restart the daemon to take up [redis] and [privacy]"
            _logger.warning("settings partly in force", problem=self.problem)
        changed = usable != self.settings
        self.settings = usable
        if changed:
            _logger.info("settings taken up")
        return changed


def _prints(folder: Path) -> _Prints:
    """Return what tells a changed file: when it was written, how long it is, and which file it is."""
    found = {}
    for path in sorted((*folder.glob("*.toml"), *folder.glob("campaigns/*.toml"), *folder.glob(OUTLETS))):
        try:
            state = path.stat()
        except OSError:  # taken away between the two calls, or not to be entered; reading them says so
            continue
        found[path] = (state.st_mtime_ns, state.st_size, state.st_ino)
    return found
