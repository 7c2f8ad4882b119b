"""What is handed out: the wheel, the lock, the image, the compose file, the gate. Docker itself is not asked."""

import http.server
import json
import os
import re
import socket
import subprocess
import sys
import threading
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from monitor.settings.load import load
from monitor.web import alive
from monitor.web.server import Settings

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
STEPS = [(line.split()[0], line.split(maxsplit=1)[1]) for line in DOCKERFILE.splitlines() if re.match(r"[A-Z]+ ", line)]
PINNED = {match[1]: match[2] for match in re.finditer(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE)}


def wanted(*lists: list[str]) -> set[str]:
    return {Requirement(text).name.lower() for each in lists for text in each}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "-w", str(folder), str(ROOT)], check=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "monitor").rglob("*") if path.is_file()}
    assert {name for name in files if "__pycache__" not in name} <= held


@pytest.mark.slow
def test_the_wheel_holds_the_example_settings_and_they_load(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    assert load(tmp_path / "monitor" / "config", {}).campaigns
    assert "monitor = monitor.cli:main" in "".join(p.read_text() for p in tmp_path.rglob("entry_points.txt"))


@pytest.mark.slow
def test_the_wheel_holds_no_tests_and_nothing_of_this_machine(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if not name.startswith(("monitor/", "campaign_monitor-"))]


def test_everything_that_is_needed_is_pinned():
    extras = PROJECT["project"]["optional-dependencies"].values()
    needed = wanted(PROJECT["project"]["dependencies"], *extras, PROJECT["dependency-groups"]["dev"])
    assert needed - PINNED.keys() == set()


def test_every_pin_has_a_hash_and_no_address():
    pins = re.split(r"^(?=[a-z0-9-]+==)", LOCK, flags=re.MULTILINE)
    assert [pin.split()[0] for pin in pins if "==" in pin and "--hash=sha256:" not in pin] == []
    assert re.findall(r"https?://|--index|--find-links|file:", LOCK) == []


def test_pins_agree_with_what_is_asked_for():
    asked = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
    assert [
        str(each) for each in asked if not each.specifier.contains(PINNED[each.name.lower()], prereleases=True)
    ] == []


@pytest.mark.parametrize("target", ["setup", "demo", "test", "run", "lint", "bench"])
def test_make_knows_the_target(target):
    told = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "No rule" not in told.stderr


def test_make_says_what_to_do_about_a_python_that_is_too_old(tmp_path):
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    command = ["make", "-B", "setup", f"PYTHON={tmp_path}/python3"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode != 0
    assert "This needs Python 3.11 to 3.13" in told.stdout


def test_the_gate_ends_with_the_tests():
    gate = ROOT / ".ci" / "run"
    lines = gate.read_text().strip().splitlines()
    assert os.access(gate, os.X_OK)
    assert "set -euo pipefail" in lines
    assert [line.split(" PYTHON")[0] for line in lines[-2:]] == ["make lint", "make test"]
    subprocess.run(["bash", "-n", gate], check=True)


def test_the_image_is_built_in_two_stages_and_runs_as_its_own_user():
    assert [kind for kind, _ in STEPS].count("FROM") == 2
    assert [what for kind, what in STEPS if kind == "USER"] == ["monitor"]
    assert "useradd --uid 10001" in DOCKERFILE


def test_the_image_installs_only_what_the_lock_names_by_hash():
    installs = [
        part for _, what in STEPS for part in what.split("&&") if re.search(r"pip .*(install|download|wheel) ", part)
    ]
    assert installs
    assert [part for part in installs if "--require-hashes" not in part and "--no-index" not in part] == []
    assert "apt-get" not in DOCKERFILE


def test_what_the_image_copies_is_there_and_is_sent_to_the_builder():
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {name for kind, what in STEPS if kind == "COPY" and "--from" not in what for name in what.split()[:-1]}
    assert copied == sent
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_image_stores_only_in_its_volumes():
    (volumes,) = [json.loads(what) for kind, what in STEPS if kind == "VOLUME"]
    (folder,) = [what for kind, what in STEPS if kind == "WORKDIR" and what != "/src"]
    assert volumes == ["/config", folder]
    assert "MONITOR_CONFIG=/config" in DOCKERFILE


class Daemon(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()
        self.wfile.write(b"so it is")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def asked(config: Path) -> tuple[int, str]:
    """Run the image's command of health on a folder of settings."""
    command = json.loads(re.search(r"HEALTHCHECK .*CMD (\[.*\])", DOCKERFILE)[1])
    env = {"MONITOR_CONFIG": str(config), "http_proxy": "http://127.0.0.1:9"}
    told = subprocess.run([sys.executable, *command[1:]], env=env, capture_output=True, text=True, check=False)
    return told.returncode, told.stdout + told.stderr


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])  # noqa: S104 - nothing listens there
def test_the_image_asks_the_daemon_for_its_health_where_it_listens(tmp_path, host, status, code):
    handler = type("Daemon", (Daemon,), {"status": status})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        (tmp_path / "monitor.toml").write_text(f'[web]\nport = {server.server_port}\nhost = "{host}"\n[wrong]\n')
        assert asked(tmp_path) == (code, "so it is\n")
        server.shutdown()


def test_a_container_without_a_web_server_is_well(tmp_path):
    (tmp_path / "monitor.toml").write_text("[web]\nenabled = false\n")
    assert asked(tmp_path) == (0, "the web server is switched off\n")


def test_a_container_that_does_not_answer_is_not_well(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    (tmp_path / "monitor.toml").write_text(f"[web]\nport = {port}\n")
    code, words = asked(tmp_path)
    assert (code, "refused" in words, "Traceback" in words) == (1, True, False)


@pytest.mark.parametrize("text", [None, "[web", "[web]\nport = 'no'\n"])
def test_files_that_tell_no_port_leave_the_usual_one(tmp_path, text):
    if text:
        (tmp_path / "monitor.toml").write_text(text)
    assert alive.settings(tmp_path) == Settings()


def test_compose_gives_the_monitor_a_redis_that_forgets_nothing():
    redis = COMPOSE["services"]["redis"]
    command = redis["command"]
    assert redis["image"].startswith("redis:8")
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert "redis:/data" in redis["volumes"]


def test_compose_publishes_the_page_to_its_own_machine_alone_and_keeps_redis_inside():
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert published == {"monitor": ["127.0.0.1:8787:8787"]}
    assert COMPOSE["services"]["redis"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"]


def test_compose_waits_for_a_healthy_redis_and_writes_only_to_volumes():
    monitor = COMPOSE["services"]["monitor"]
    assert monitor["depends_on"]["redis"]["condition"] == "service_healthy"
    assert all(service["read_only"] for service in COMPOSE["services"].values())
    assert "./secrets:/run/secrets:ro" in monitor["volumes"]
    named = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service["volumes"]}
    assert {name for name in named if not name.startswith("./")} == COMPOSE["volumes"].keys()


def test_what_compose_says_to_the_monitor_is_valid(tmp_path):
    settings = load(ROOT / "config", COMPOSE["services"]["monitor"]["environment"])
    assert settings.monitor.redis.url.get_secret_value() == "redis://redis:6379/0"


def test_secrets_and_what_the_monitor_keeps_are_not_committed():
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"/secrets/", "/var/", ".venv/"} <= set(ignored)
