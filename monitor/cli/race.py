"""A naming poll on the terminal: bars, sentences, flags; Arabic names stand at the right, and their bars grow there."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor.digest import race
from monitor.model.race import FLAGS, Cycle, Kind, Line, Stage
from monitor.words.voice import Voice, harmless

BAR = 24  # characters of a share of 100 %
COLOURS = {
    Stage.OPEN: "green", Stage.CLOSING: "yellow", Stage.CONFIRMED: "blue", Stage.OVERTURNED: "magenta",
    Stage.MISSED: "red",
}  # fmt: skip
RUNNING = frozenset({Stage.OPEN, Stage.CLOSING})
_UNTOLD = FLAGS | {Kind.FOUND, Kind.CLOSING, Kind.CLOSED}  # as events: told elsewhere, or by the stage


def shown(cycle: Cycle, voice: Voice, now: datetime) -> RenderableType:
    """Return a week's poll as it is printed: who leads, the bars, what happened, what looks odd, of when it all is."""
    stage = Text(f" {voice.say(race.STAGES[cycle.stage])} ", style=f"reverse {COLOURS.get(cycle.stage, '')}".strip())
    question = [Text(voice.foreign(cycle.question), style="dim")] if cycle.question else []
    parts: list[RenderableType] = [
        Text.assemble((race.title(cycle, voice), "bold"), "  ", stage),
        *question,
        Text(race.news(cycle, voice), style="bold"),
        *(Text(said) for said in _times(cycle, voice, now)),
    ]
    if cycle.standing:
        parts.append(Padding(bars(cycle, voice), (1, 0)))
    parts += [
        Text(f"{voice.moment(told.at)}  {race.event(told, voice)}") for told in cycle.events if _is_news(told.kind)
    ]
    parts += [Text.assemble(("⚑ ", "yellow"), race.flag(told, voice)) for told in race.flags(cycle)]
    if cycle.remark:
        parts.append(Text(harmless(cycle.remark), style="dim"))
    return Group(*parts)


def bars(cycle: Cycle, voice: Voice) -> Table:
    """Return a row for each option; where most names are Arabic the table begins at the right."""
    lines = cycle.standing.lines if cycle.standing else ()
    mirrored = 2 * sum(map(is_arabic, lines)) > len(lines)
    table = Table(box=None, pad_edge=False, show_header=False)
    sides = ("left", "left", "right", "right", "right", "left")
    for side in reversed(sides) if mirrored else sides:
        table.add_column(justify=_turned(side) if mirrored else side, overflow="fold")  # type: ignore[arg-type]
    for line in lines:
        row = list(_row(line, voice, is_running=cycle.stage in RUNNING))
        table.add_row(*(reversed(row) if mirrored else row))
    return table


def is_arabic(line: Line) -> bool:
    """Tell whether an option's name is read from right to left."""
    return next(("\u0590" <= letter <= "\u08ff" for letter in line.label if letter.isalpha()), False)


def _row(line: Line, voice: Voice, *, is_running: bool) -> Iterator[Text]:
    share = "" if line.share is None else voice.percent(line.share)
    yield Text(voice.foreign(line.label))
    yield bar(line)
    yield Text(share)
    yield Text(race.votes(line, voice))
    yield Text(race.hourly(line, voice) if is_running else "", style="dim")
    yield Text(race.expected(line, voice), style="dim")


def bar(line: Line) -> Text:
    """Return the share as a bar that grows from where the name begins to be read."""
    full = "█" * round(min(max(line.share or 0.0, 0.0), 1.0) * BAR)
    return Text(full.rjust(BAR) if is_arabic(line) else full.ljust(BAR), style="blue")


def _turned(side: str) -> str:
    return "left" if side == "right" else "right"


def _is_news(kind: Kind) -> bool:
    return kind not in _UNTOLD


def _times(cycle: Cycle, voice: Voice, now: datetime) -> Iterator[str]:
    told = (
        race.clock(cycle, voice, now),
        race.pace(cycle.standing, voice) if cycle.standing and cycle.stage in RUNNING else None,
        race.seen(cycle, voice, now),
    )
    yield from (said for said in told if said)


def history(cycles: Sequence[Cycle], voice: Voice) -> Table:
    """Return a line for each week: its day, how it ended, and the name."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for cycle in cycles:
        stood = cycle.standing
        total = voice.count(*race.VOTES, stood.total) if stood and stood.total is not None else ""
        said = [f"{cycle.day}", voice.say(race.STAGES[cycle.stage]), race.news(cycle, voice), total]
        table.add_row(*map(Text, said))
    return table
