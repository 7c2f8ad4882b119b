"""A folder of settings as an operator has it, made of what a test cares about."""

from pathlib import Path

from monitor.settings.load import load
from monitor.settings.schema import Settings

BUSES = 'title = "Buses"\nhashtags = ["#buses"]\n'


def folder(path: Path, *, monitor: str | bytes = "", **campaigns: str | bytes) -> Path:
    """Write monitor.toml and one file for each campaign; without any, the campaign `buses`."""
    files = {f"campaigns/{name.replace('_', '-')}.toml": text for name, text in (campaigns or {"buses": BUSES}).items()}
    for name, text in {"monitor.toml": monitor, **files}.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def loaded(path: Path, *, monitor: str = "", env: dict[str, str] | None = None, **campaigns: str) -> Settings:
    return load(folder(path, monitor=monitor, **campaigns), env or {})
