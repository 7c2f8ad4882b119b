"""Drawing in a process of its own: the library keeps the interpreter while it draws, and everything else would wait.

It begins with the first picture, serves all threads in turn, and ends with whoever began it, however that ends; or
by itself where nobody draws for long, for it needs more memory than a campaign.
"""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from struct import Struct
from threading import Lock, Timer
from typing import IO, Any, Literal, cast

from monitor.errors import MonitorError

LONGEST = 60.0  # seconds for one picture, the start of the process included
IDLE = 600.0  # seconds without a picture until it ends by itself, unless it was begun ahead
TRIES = 2  # one that was killed may have been killed by chance
SHARPNESS = 2  # image pixels per pixel, for the screens of phones

HEAD = Struct(">cI")  # the kind of what follows, and its length in bytes
COMMAND = (sys.executable, "-P", "-m", "monitor.charts.brush")
ASKED: Mapping[str, bytes] = {"png": b"P", "svg": b"S"}
DRAWN, UNDRAWN = b"D", b"U"

Kind = Literal["png", "svg"]


class Painter:
    """The other process as one sees it from here."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._turn = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Begin the process, if it does not run, so that the first picture need not wait for it; it stays.

        Raises MonitorError when it can not be started, as drawing does.
        """
        if not _runs(self._process):
            with self._turn:
                self._running(())

    def draw(self, kind: Kind, spec: Mapping[str, Any]) -> bytes:
        """Return a Vega-Lite chart as a picture; raises MonitorError when it can not be drawn."""
        asked = json.dumps(spec).encode()
        with self._turn:
            for _ in range(TRIES):
                with suppress(BrokenPipeError, EOFError):
                    outcome, answer = self._answered(ASKED[kind], asked)
                    break
            else:
                raise MonitorError(f"a chart could not be drawn within {LONGEST:g} seconds, or its process was killed")
        if outcome == UNDRAWN:
            raise MonitorError(f"a chart could not be drawn: {answer.decode()}")
        return answer

    def end(self) -> None:
        """End the process, if it runs; the next picture begins another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # it keeps nothing
            process.communicate()

    def leave(self) -> None:
        """Forget a process that belongs to whom this one was forked from."""
        self._turn, self._process = Lock(), None

    def _answered(self, kind: bytes, asked: bytes) -> tuple[bytes, bytes]:
        """Return what the process says; one that was not heard to the end is ended."""
        process = self._running([str(IDLE)])
        patience = Timer(LONGEST, process.kill)
        with ExitStack() as after, ExitStack() as failed:
            patience.start()
            after.callback(patience.cancel)
            failed.callback(self.end)
            write(cast("IO[bytes]", process.stdin), kind, asked)
            answer = read(cast("IO[bytes]", process.stdout))
            failed.pop_all()
        return answer

    def _running(self, how: Sequence[str]) -> subprocess.Popen[bytes]:
        """Return the process, begun if it does not run."""
        if self._process is None or not _runs(self._process):
            self.end()
            self._process = _begun([*self._command, *how])
        return self._process


def _runs(process: subprocess.Popen[bytes] | None) -> bool:
    return process is not None and process.poll() is None


def _begun(command: Sequence[str]) -> subprocess.Popen[bytes]:
    around = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        return subprocess.Popen(  # noqa: S603 - our own; in a session of its own: who types Ctrl-C means us
            command, env=around, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
    except OSError as error:  # no memory, or no more processes allowed
        raise MonitorError(f"the process that draws charts can not be started: {error.strerror}") from error


def write(stream: IO[bytes], kind: bytes, body: bytes) -> None:
    """Send one message."""
    stream.write(HEAD.pack(kind, len(body)) + body)
    stream.flush()


def read(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """Return the next message; raises EOFError when nobody sends any more."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        raise EOFError
    kind, length = HEAD.unpack(head)
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return kind, body


PAINTER = Painter()
"""The one of this process."""

atexit.register(PAINTER.end)
os.register_at_fork(after_in_child=PAINTER.leave)
