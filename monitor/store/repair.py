"""Cut a transaction that a crash left unfinished off the append-only file, before Redis reads it.

Redis writes what a script did as one transaction. When it dies in the middle of that write, it cuts off no more than
the last broken command at its next start, and leaves the beginning of the transaction in the file; the start after that
one executes it: half a batch, counted twice (found by killing it; the same as valkey-io/valkey#4342).
"""

import mmap
import re
from pathlib import Path

_BEGIN, _END = b"*1\r\n$5\r\nMULTI\r\n", b"*1\r\n$4\r\nEXEC\r\n"
_INCREMENT = re.compile(r"^file (\S+) seq (\d+) type i", re.MULTILINE)


def cut_unfinished(folder: Path) -> bool:
    """Cut the unfinished transaction off the files of the server in `folder`, which must not run; tell if there was."""
    file = _last_increment(folder / "appendonlydir")
    if file is None or not file.is_file() or not file.stat().st_size:
        return False
    with file.open("r+b") as written:
        with mmap.mmap(written.fileno(), 0, access=mmap.ACCESS_READ) as content:
            begin = content.rfind(_BEGIN)
            finished = begin < 0 or content.find(_END, begin) >= 0
        if not finished:
            written.truncate(begin)
    return not finished


def _last_increment(folder: Path) -> Path | None:
    """Return the file that was written to last, by the server's own list."""
    manifest = folder / "appendonly.aof.manifest"
    if not manifest.is_file():
        return None
    found = [(int(number), name) for name, number in _INCREMENT.findall(manifest.read_text())]
    return folder / max(found)[1] if found else None
