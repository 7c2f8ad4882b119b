"""The private server: a real Redis with time series on a Unix socket, shared by all who name its folder.

Whoever comes first starts it, the last to leave stops it; locks of the kernel tell who is still there, so a process
that was killed is simply gone. A server that outlived its starter is taken over by the next start.
"""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from monitor.errors import StoreError
from monitor.store.programs import Program, programs
from monitor.store.repair import cut_unfinished

LONGEST_SOCKET = 107  # bytes; the kernel's limit on the path of a Unix socket
PATIENCE = 60.0  # seconds for a start: reading a large append-only file takes a while
ADVICE = "start Redis 8 and set `url` in the table [redis] of monitor.toml (or MONITOR_REDIS_URL)"


class Server:
    """A running private server, in use until `stop`; a context manager."""

    def __init__(self, folder: Path, program: Program) -> None:
        self.folder = folder
        self.socket = _socket(folder)
        self.pid = 0
        self._program = program
        self._in_use = (folder / "users.lock").open("a")
        with ExitStack() as failed:
            failed.callback(self._in_use.close)
            self.revive()
            failed.pop_all()

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def revive(self) -> None:
        """Start the server again if it is gone, on the data it left; do nothing if it runs."""
        try:
            with _alone(self.folder):
                fcntl.flock(self._in_use, fcntl.LOCK_SH)
                _keep_private(self.socket.parent)
                if self.pid:
                    _has_ended(self.pid)
                self.pid = _running(self._program, self.folder, self.socket)
        except OSError as error:
            raise StoreError(f"the private Redis cannot live in {self.folder} ({error}): {ADVICE}") from error

    def stop(self) -> None:
        """Leave; the last user to leave stops the server. Stopping twice is fine."""
        if self._in_use.closed:
            return
        with _alone(self.folder), self._in_use:
            try:
                fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            _shut_down(self.socket, self.folder)
            if self.socket.parent != self.folder:
                with suppress(OSError):  # a server that was killed has left its socket there
                    self.socket.parent.rmdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()


def start(folder: Path, *, found: Iterable[Program] | None = None) -> Server:
    """Start the private server of `folder`, or join the one that already runs there."""
    program = next(iter(programs() if found is None else found), None)
    if program is None:
        raise StoreError(f"this machine has no Redis with time series that can be started privately: {ADVICE}")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        return Server(folder.resolve(), program)
    except OSError as error:
        raise StoreError(f"the private Redis cannot live in {folder} ({error}): {ADVICE}") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One start or stop at a time."""
    with (folder / "start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _socket(folder: Path) -> Path:
    """Return where the socket lies: in the folder, or where the path is too long, in a short one of this user."""
    socket = folder / "redis.sock"
    if len(os.fsencode(socket)) <= LONGEST_SOCKET:
        return socket
    name = hashlib.blake2b(os.fsencode(folder), digest_size=8).hexdigest()
    return Path(tempfile.gettempdir()) / f"monitor-{os.getuid()}-{name}" / "redis.sock"


def _keep_private(folder: Path) -> None:
    """Make a folder that nobody else may enter; one that was made by somebody else is not ours."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
        raise StoreError(f"{folder} is open to others: remove it, or choose a shorter `folder` in the table [redis]")


def _running(program: Program, folder: Path, socket: Path) -> int:
    """Wait until the server, started now if there is none, answers; return its process id."""
    until, started = time.monotonic() + PATIENCE, None
    while (pid := _pid(socket)) is None:
        started = started or _launch(program, folder, socket)
        if started is not None and _has_ended(started):
            last = (folder / "redis.log").read_text(errors="replace").strip().rpartition("\n")[2]
            raise StoreError(f"the private Redis stopped at once ({last}): {ADVICE}")
        if time.monotonic() > until:
            raise StoreError(f"the private Redis in {folder} does not answer; see redis.log there, or {ADVICE}")
        time.sleep(0.01)  # nothing tells a waiter that a server is ready
    return pid


def _launch(program: Program, folder: Path, socket: Path) -> int | None:
    """Start the server and return its process id; None while another lives, for a server holds the lock of its log."""
    settings = {
        "port": "0", "unixsocket": str(socket), "unixsocketperm": "700", "dir": str(folder), "databases": "1",
        "appendonly": "yes", "appendfsync": "everysec", "save": "", "maxmemory-policy": "noeviction",
        "hash-max-listpack-entries": "512", "loadmodule": str(program.module),
    }  # fmt: skip
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    log = os.open(folder / "redis.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:  # no subprocess.Popen: the server may outlive us, and Popen complains of children that run on
        fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(log, 0)
        cut_unfinished(folder)
        return os.posix_spawn(
            program.binary,
            [str(program.binary), *options],
            os.environ | _library_path(program, folder / "libraries"),
            file_actions=[(os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)],
            setsid=True,  # Ctrl-C in a terminal is for the daemon, which then stops the server in order
        )
    except BlockingIOError:
        return None
    finally:
        os.close(log)


def _library_path(program: Program, folder: Path) -> dict[str, str]:
    """Lay out the libraries of the program under the names it asks for, for its process alone."""
    if not program.libraries:
        return {}
    folder.mkdir(exist_ok=True)
    for name, file in program.libraries.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(file)
    return {"LD_LIBRARY_PATH": str(folder)}


def _pid(socket: Path) -> int | None:
    """Return the process id of the server behind the socket; None when nobody answers or it still reads its file."""
    try:
        with _client(socket) as client:
            told = client.info()
    except (redis.ConnectionError, redis.TimeoutError):
        return None
    return None if told["loading"] else int(told["process_id"])


def _has_ended(child: int) -> bool:
    """Tell whether a process has ended, and if it was our child, let the system forget it."""
    try:
        return os.waitpid(child, os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return True


def _shut_down(socket: Path, folder: Path) -> None:
    """End the server, if one answers, and wait until it lets go of its log."""
    pid = _pid(socket)
    if pid is None:
        return
    with suppress(redis.ConnectionError), _client(socket) as client:
        client.shutdown(nosave=True)  # the append-only file is written out all the same
    with (folder / "redis.log").open("a") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
    _has_ended(pid)


def _client(socket: Path) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(socket), socket_timeout=5, protocol=3, retry=Retry(NoBackoff(), 0))
