"""A private server that does not outlive whoever began it, not even one that was killed.

Those who use a server share its lock. A small process waits to have the lock alone, which is when all of them are gone,
and ends the server. The daemon wants the opposite: its server is taken over by the next start.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.store.embedded import Server

WATCH = """
import fcntl, os, signal, sys
with open(sys.argv[1], "a") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.kill(int(sys.argv[2]), signal.SIGTERM)
"""


@contextmanager
def bound(server: Server) -> Iterator[Server]:
    """Have a server end with this process."""
    command = (sys.executable, "-I", "-S", "-c", WATCH, str(server.folder / "users.lock"), str(server.pid))
    with subprocess.Popen(command, start_new_session=True) as watch:
        try:
            yield server
        finally:
            watch.kill()
