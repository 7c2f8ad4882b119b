"""What an import tells: its report in words, and the file of what could not be taken."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, TextIO

from monitor.errors import MonitorError
from monitor.imports.found import Rejected
from monitor.imports.report import Report
from monitor.model.campaign import OTHER

_SHOWN = 3  # of a long list on the screen
_ROUNDED = (
    "ids look rounded by a spreadsheet in {} rows: they end in zeros, repeat, or tell another day than the row; "
    "export again, and do not open the file in a spreadsheet in between"
)


@dataclass
class Rejects:
    """The file of what could not be taken; it is made when there is something to write, and goes on after a break.

    Without a path nothing is written; the `first` few are shown anyway.
    """

    path: Path | None
    mode: Literal["a", "w"] = "w"
    file: TextIO | None = None
    first: list[Rejected] = field(default_factory=list)

    def go_on(self, _pieces: int) -> None:
        self.mode = "a"

    def add(self, rejected: Rejected) -> None:
        if len(self.first) < _SHOWN:
            self.first.append(rejected)
        if self.path is None:
            return
        if self.file is None:
            try:
                self.file = self.path.open(self.mode, encoding="utf-8")
            except OSError as error:
                raise MonitorError(
                    f"{self.path} cannot be written ({error.strerror}); name another: --rejects"
                ) from error
        self.file.write(json.dumps(asdict(rejected)) + "\n")

    def close(self) -> None:
        if self.file:
            self.file.close()


def words(report: Report, noted: Rejects, *, dry_run: bool) -> list[str]:
    lines = [f"read as {report.format}: {report.about}"]
    if report.resumed:
        lines.append(f"went on after the {report.resumed:,} lines of an earlier run; --restart begins anew")
    span = (
        f", {report.first:%Y-%m-%d %H:%M} to {report.last:%Y-%m-%d %H:%M} UTC" if report.first and report.last else ""
    )
    lines += [
        f"{posts(report.read)} read{span}",
        f"{report.kept:,} with a hashtag of the campaign; impressions are told for {report.measured:,}",
        *(
            f"  {many:,} {'in other spellings' if name == OTHER else '#' + name}"
            for name, many in _most(report.spellings)
        ),
        *(f"    also seen: #{name}, {posts(many)}" for name, many in _most(report.unlisted)[:_SHOWN]),
        "nothing was written: --dry-run" if dry_run else f"{report.new:,} new; {report.raised:,} counters rose",
        *(told.format(f"{many:,}") for many, told in _beside(report) if many),
        *(f"{many:,} could not be taken: {reason}" for reason, many in _most(report.rejected)),
        *(f"  line {one.line}{' of ' + one.part if one.part else ''}: {one.reason}" for one in noted.first),
    ]
    return [*lines, *([f"see {noted.path}"] if report.rejected and noted.path else []), *filter(None, [report.note])]


def _beside(report: Report) -> Iterator[tuple[int, str]]:
    """Yield what else was met, and how it is told."""
    yield report.beside, "{} more came along with them (repeated, quoted, answered)"
    yield report.passed, "{} passed by: no posts"
    yield report.hidden, "{} passed by: not public"
    yield report.unchosen, "{} passed by: not among the rows that the mapping reads (only)"
    yield report.doubted if report.looks_rounded else 0, _ROUNDED
    yield report.refused, "{} left out: in the future, or before the campaign began"
    yield (
        report.counted,
        "{} left out: the monitor watched those days itself, and counted them (if they are others: --also-watched)",
    )


def posts(many: int) -> str:
    return f"{many:,} post{'' if many == 1 else 's'}"


def _most(named: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(named.items(), key=lambda pair: -pair[1])
