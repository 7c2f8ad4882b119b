"""What tests and benchmarks start is gone when they are."""

import subprocess
import sys

import psutil

from bench.lifeline import bound
from monitor.store import embedded

KILLED = """
import os, signal, sys
from pathlib import Path
from bench.lifeline import bound
from monitor.store import embedded
with embedded.start(Path(sys.argv[1])) as server, bound(server):
    print(server.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_server_ends_with_whoever_was_killed(tmp_path):
    told = subprocess.run((sys.executable, "-c", KILLED, tmp_path), stdout=subprocess.PIPE, check=False)
    pid = int(told.stdout)
    if psutil.pid_exists(pid):
        psutil.Process(pid).wait(10)
    assert not psutil.pid_exists(pid)


def test_a_server_that_is_stopped_in_order_leaves_nobody_who_waits(tmp_path):
    with embedded.start(tmp_path) as server, bound(server):
        pid = server.pid
    assert not psutil.pid_exists(pid)
    running = [one.info["cmdline"] or [] for one in psutil.process_iter(["cmdline"])]  # None: it is over
    assert not [words for words in running if str(tmp_path) in " ".join(words)]
