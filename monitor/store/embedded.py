"""The private server: a real Redis with time series on a Unix socket, shared by all who name its folder.

Whoever comes first starts it, the last to leave stops it; locks of the kernel tell who is still there, so a process
that was killed is simply gone. A server that outlived its starter is taken over by the next start.
"""

import fcntl
import hashlib
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from monitor.errors import StoreError
from monitor.store.programs import Program, programs
from monitor.store.repair import cut_unfinished

LONGEST_SOCKET = 107  # bytes; the kernel's limit on the path of a Unix socket
PATIENCE = 60.0  # seconds for a start: reading a large append-only file takes a while
ANSWER_WITHIN = 1.0  # seconds for one question; a start asks again and again, an end does not wait for longer
END_WITHIN = 2.0  # seconds that a server that was told to end is waited for
ADVICE = "start Redis 8 and set `url` in the table [redis] of monitor.toml (or MONITOR_REDIS_URL)"


class GivenUp(StoreError):
    """Whoever waited for the private server was told to wait no longer."""


def _never() -> bool:
    return False


class Server:
    """A running private server, in use until `stop`; a context manager."""

    def __init__(self, folder: Path, program: Program, given_up: Callable[[], bool] = _never) -> None:
        self.folder = folder
        self.socket = _socket(folder)
        self.pid = 0
        self._program = program
        self._in_use = (folder / "users.lock").open("a")
        with ExitStack() as failed:
            failed.callback(self._in_use.close)
            self.revive(given_up)
            failed.pop_all()

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def revive(self, given_up: Callable[[], bool] = _never) -> None:
        """Start the server again if it is gone, on the data it left; do nothing if it runs.

        `given_up` is asked again and again while this waits; when it says so, the wait ends with GivenUp.
        """
        try:
            with _alone(self.folder, PATIENCE, given_up):
                fcntl.flock(self._in_use, fcntl.LOCK_SH)
                _keep_private(self.socket.parent)
                if self.pid:
                    _has_ended(self.pid)
                self.pid = _running(self._program, self.folder, self.socket, given_up)
        except OSError as error:
            raise StoreError(f"the private Redis cannot live in {self.folder} ({error}): {ADVICE}") from error

    def stop(self) -> None:
        """Leave; the last user to leave stops the server, and waits seconds at most. Stopping twice is fine."""
        if self._in_use.closed:
            return
        with suppress(StoreError), _alone(self.folder, ANSWER_WITHIN), self._in_use:
            if _locked(self._in_use, within=0.0):
                self._shut_down()
        self._in_use.close()  # where somebody is starting the server all this time, it is theirs now

    def _shut_down(self) -> None:
        pid = _pid(self.socket)
        if pid is not None:
            _end(pid, self.socket, self.folder)
        elif self.pid and not _has_ended(self.pid):
            os.kill(self.pid, signal.SIGTERM)  # our own child is alive but mute: it ends in order once it wakes
        if self.socket.parent != self.folder:
            with suppress(OSError):  # a server that was killed has left its socket there
                self.socket.parent.rmdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()


def start(folder: Path, *, found: Iterable[Program] | None = None, given_up: Callable[[], bool] = _never) -> Server:
    """Start the private server of `folder`, or join the one that already runs there."""
    program = next(iter(programs() if found is None else found), None)
    if program is None:
        raise StoreError(f"this machine has no Redis with time series that can be started privately: {ADVICE}")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        return Server(folder.resolve(), program, given_up)
    except OSError as error:
        raise StoreError(f"the private Redis cannot live in {folder} ({error}): {ADVICE}") from error


@contextmanager
def _alone(folder: Path, within: float, given_up: Callable[[], bool] = _never) -> Iterator[None]:
    """One start or stop at a time."""
    with (folder / "start.lock").open("a") as lock:
        if not _locked(lock, within, given_up):
            kind = GivenUp if given_up() else StoreError
            raise kind(f"somebody else is still starting the private Redis in {folder}: wait, or see redis.log there")
        yield


def _locked(file: IO[str], within: float, given_up: Callable[[], bool] = _never) -> bool:
    """Wait so many seconds for the kernel's lock on a file to be ours alone; return whether it is."""
    until = time.monotonic() + within
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until or given_up():
                return False
            time.sleep(0.01)  # the kernel's own wait for a lock could not be given up
        else:
            return True


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


def _running(program: Program, folder: Path, socket: Path, given_up: Callable[[], bool]) -> int:
    """Wait until the server, started now if there is none, answers; return its process id."""
    until, started = time.monotonic() + PATIENCE, None
    while (pid := _pid(socket)) is None:
        started = started or _launch(program, folder, socket)
        if started is not None and _has_ended(started):
            last = (folder / "redis.log").read_text(errors="replace").strip().rpartition("\n")[2]
            raise StoreError(f"the private Redis stopped at once ({last}): {ADVICE}")
        if given_up():
            if started is not None:
                os.kill(started, signal.SIGTERM)  # else it would read its file for nobody
            raise GivenUp(f"the start of the private Redis in {folder} was given up")
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


def _end(pid: int, socket: Path, folder: Path) -> None:
    """End the server, and wait until it lets go of its log."""
    with suppress(redis.ConnectionError, redis.TimeoutError), _client(socket) as client:
        client.shutdown(nosave=True)  # the append-only file is written out all the same
    with (folder / "redis.log").open("a") as log:
        _locked(log, END_WITHIN)
    _has_ended(pid)


def _client(socket: Path) -> redis.Redis:
    retry = Retry(NoBackoff(), 0)
    return redis.Redis(unix_socket_path=str(socket), socket_timeout=ANSWER_WITHIN, protocol=3, retry=retry)
