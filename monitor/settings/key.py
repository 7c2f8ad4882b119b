"""The key that ids of people and posts are hashed with: the operator's, else one made once and kept for good.

With another key the same post would count once more, so a key that was made is never made again.
"""

import os
import secrets
import tempfile
from hashlib import sha256
from pathlib import Path

from monitor.settings.files import refused
from monitor.settings.schema import SHORTEST_KEY, Privacy
from monitor.settings.secret import read_secret


def privacy_key(privacy: Privacy) -> bytes:
    """Return 32 bytes: from the operator's key, else from `privacy.key` in the folder, which is made at first."""
    written = privacy.key.get_secret_value() if privacy.key else _kept(privacy.folder / "privacy.key")
    return sha256(written.encode()).digest()


def _kept(path: Path) -> str:
    try:
        if not path.exists():
            _make(path)
    except OSError as error:
        raise refused(
            path, f"the privacy key cannot be made ({error.strerror}); give this folder to the monitor"
        ) from error
    key = read_secret(path)
    if len(key) < SHORTEST_KEY:
        raise refused(path, "the privacy key is cut off; bring it back from a copy, as another one would count twice")
    return key


def _make(path: Path) -> None:
    """Write a new key aside and link it in place: two daemons that start at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".privacy-")  # 0600 from the start
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(aside)
    except FileExistsError:
        return
    finally:
        Path(aside).unlink()
