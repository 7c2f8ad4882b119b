"""The colours of charts: fixed ones on paper, and on a page names that its style sheet fills by day and by night."""

from typing import NamedTuple


class Palette(NamedTuple):
    """One colour for each thing that is drawn; `parts` are told apart side by side."""

    counted: str
    partial: str
    spike: str
    around: str  # a spike's hours, behind its cells
    gap: str
    band: str
    usual: str
    beside: str
    parting: str  # where a platform began to count otherwise
    ink: str
    grid: str
    ground: str
    parts: tuple[str, ...]


PARTS = 8
PAPER = Palette(
    counted="#33658a", partial="#8fb0c8", spike="#d1495b", around="#f6d9dd", gap="#dcd6cc", band="#6b7684",
    usual="#4a4a4a", beside="#b26a00", parting="#6a3d9a", ink="#333333", grid="#e8e8e8", ground="white",
    parts=("#33658a", "#b26a00", "#4b8b3b", "#8e4585", "#b23a48", "#3a8f98", "#7a6a2f", "#7d7d7d"),
)  # fmt: skip
PAGE = Palette(
    counted="var(--chart-counted)", partial="var(--chart-partial)", spike="var(--chart-spike)",
    around="var(--chart-around)", gap="url(#hatch)", band="var(--chart-band)", usual="var(--chart-usual)",
    beside="var(--chart-beside)", parting="var(--chart-parting)", ink="var(--small)", grid="var(--track)",
    ground="transparent", parts=tuple(f"var(--chart-part-{number})" for number in range(1, PARTS + 1)),
)  # fmt: skip
