"""Files of a copy and of the folders they come from and go back to."""

import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.archive.copied import KEY, Manifest, parts, summed
from monitor.archive.files import own_folder
from monitor.errors import MonitorError

_PIECE = 1 << 20


class NotEmpty(MonitorError):
    """Something else is there already; nothing was changed."""


@dataclass(frozen=True)
class Places:
    """Where lies what is not in Redis: folders, and the file of the privacy key where the monitor made it itself.

    `apart` are folders of data, which are no settings even where they lie among them.
    """

    settings: Path
    archive: Path
    key: Path | None = None
    apart: tuple[Path, ...] = ()


def files_in(folder: Path, apart: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Yield the files below a folder, but none that is hidden, unfinished, or below a folder that is `apart`."""
    left_out = {path.resolve() for path in apart}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith(".") or path.resolve() in left_out:
            continue
        if path.is_dir():
            yield from files_in(path, apart)
        elif path.is_file():
            yield path


def missing(manifest: Manifest, kind: str, folder: Path, apart: tuple[Path, ...] = ()) -> set[str]:
    """Return which files of a kind are still to be written; raises NotEmpty when a folder holds any others."""
    expected = {part.name.removeprefix(kind): part for part in manifest.parts if part.name.startswith(kind)}
    for path in files_in(folder, apart):
        name = path.relative_to(folder).as_posix()
        with path.open("rb") as content:
            if name not in expected or summed(expected[name].name, content) != expected[name]:
                raise NotEmpty(f"{folder} is not empty ({name}): move it away, or name another folder in the settings")
    return {name for name in expected if not (folder / name).exists()}


def put_back(file: Path, kind: str, folder: Path, names: set[str]) -> None:
    """Write some files of a checked copy, each aside and then renamed."""
    left = set(names)
    for name, content in parts(file, kind) if left else ():
        if name in left:
            left.remove(name)
            _write(folder / name, iter(lambda content=content: content.read(_PIECE), b""))  # type: ignore[misc]
        if not left:
            return


def key_in(file: Path) -> bytes | None:
    """Return the privacy key in a checked copy; None in one without secrets."""
    return next((content.read() for _, content in parts(file, KEY)), None)


def put_key(key: bytes, place: Path) -> None:
    """Write the privacy key, where there is none."""
    if not place.exists():
        _write(place, [key])


def _write(place: Path, pieces: Iterable[bytes]) -> None:
    unfinished = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        own_folder(place.parent)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as written:
                for piece in pieces:
                    written.write(piece)
                written.flush()
                os.fsync(written.fileno())
            unfinished.rename(place)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        words = error.strerror or error
        raise MonitorError(f"{place} cannot be written ({words}): make room for it, and run this again") from error
