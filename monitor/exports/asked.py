"""What can be asked of an export: which sheets, in which format, of which window, in which language."""

from dataclasses import dataclass
from enum import StrEnum

from monitor.exports.series import Split
from monitor.model.metric import Metric
from monitor.model.window import Resolution, Window
from monitor.words.voice import Voice


class Format(StrEnum):
    """What kind of file it becomes."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON = "json"
    PNG = "png"
    SVG = "svg"
    REPORT = "report"


class What(StrEnum):
    """Which sheets; `all` of them become one workbook, one JSON object, or a ZIP of files."""

    ALL = "all"
    TOTALS = "totals"
    SERIES = "series"
    SPIKES = "spikes"
    REASONS = "reasons"
    SHARES = "shares"
    POSTS = "posts"
    POLLS = "polls"
    HEADLINES = "headlines"
    STORIES = "stories"
    SOURCES = "sources"
    GAPS = "gaps"
    ALERTS = "alerts"


STANDARD = (Metric.POSTS, Metric.IMPRESSIONS, Metric.LIKES, Metric.REPOSTS, Metric.REPLIES, Metric.QUOTES,
            Metric.ARTICLES)  # fmt: skip
"""The series of an export that names none."""


@dataclass(frozen=True)
class Asked:
    """One wish. `picture` names the chart; `bom` puts a mark before a CSV by which old programs know UTF-8."""

    format: Format
    window: Window
    voice: Voice
    what: What | None = None
    metrics: tuple[Metric, ...] = STANDARD
    split: Split = Split.NONE
    resolution: Resolution | None = None
    picture: str = "numbers"
    bom: bool = False

    @property
    def wanted(self) -> What:
        """What is meant where nothing was said: all, where one file holds it, else the series."""
        return self.what or (What.SERIES if self.format in {Format.CSV, Format.PARQUET} else What.ALL)

    @property
    def is_picture(self) -> bool:
        """Whether a chart is asked for, not sheets."""
        return self.format in {Format.PNG, Format.SVG}
