"""The board of alerts as a terminal shows it: a line of facts for each alert, and below it what it says."""

from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from monitor.alerts.board import Board
from monitor.alerts.finding import Active, Muted
from monitor.alerts.silencing import PARTS
from monitor.alerts.text import Speaker

WHY = {  # it is not told
    Muted.SILENCED: "silenced",
    Muted.PART: "part of another alert",
    Muted.BLIND: "what it depends on is not seen",
}
INDENT = 2


def show(shown: Board, speaking: Speaker) -> None:
    """Print what goes on, the silences, what waits, and what was told."""
    console = Console(highlight=False)
    console.print(Group(*(_active(one, speaking) for one in shown.active)) if shown.active else "nothing goes on")
    for one in shown.silences:
        covers = " ".join(f"{part}={value}" for part in PARTS if (value := getattr(one, part))) or "all"
        console.print(Text(f"silence {one.id}: {covers} until {_moment(one.until)} UTC  {one.because}"))
    if shown.waiting:
        console.print(f"{shown.waiting} on their way: not taken yet, or held for the end of quiet hours")
    for told in shown.history:
        parts = (
            ("", told.new),
            ("still: ", told.again),
            ("over: ", told.over),
            ("ended by the settings: ", told.ended),
        )
        for word, findings in parts:
            for finding in findings:
                console.print(Text(f"{_moment(told.at)}  {finding.campaign}  {word}{speaking.sentence(finding)}"))
    if shown.active or shown.history:
        console.print(speaking.clock())


def _active(one: Active, speaking: Speaker) -> RenderableType:
    found, is_told = one.finding, one.told is not None and one.muted is not Muted.PART
    told = f"told {_moment(one.told)}" if one.told and is_told else "not told" if one.muted else "waits"
    facts = (_moment(one.since), found.severity, found.campaign, found.rule, told)
    said = [Text(speaking.sentence(found))]
    if one.muted:
        said.append(Text(f"{'muted since' if is_told else 'muted'}: {WHY[one.muted]}", style="dim"))
    return Group(Text("  ".join(facts), style="bold"), Padding.indent(Group(*said), INDENT))


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
