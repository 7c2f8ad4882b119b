"""A trial of the operator's templates with an example: `monitor check` and `monitor status` tell of slips."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.digest.layout import Layout
from monitor.digest.render import rendered
from monitor.model.brief import Brief, Compared, Headline, Level, Share, SourceHealth, State, Stretch, Total
from monitor.model.metric import MetricClass
from monitor.words.voice import voice

_START = datetime(2016, 4, 29, tzinfo=UTC)
_DAY = Stretch(start=_START, end=_START + timedelta(days=1))
_POSTS = Total(
    name="posts",
    definition="posts/1",
    class_of=MetricClass.VOLUME,
    now=Level(value=12),
    before=Level(value=10),
    week_before=Level(value=11),
    change=0.2,
)
EXAMPLE = Brief(
    campaign="example",
    title="Example",
    zone="UTC",
    made_at=_DAY.end,
    window=_DAY,
    state=State.STEADY,
    headline_metric="posts",
    totals=(_POSTS,),
    compared=(Compared(days=7, window=_DAY, totals=(_POSTS,)),),
    spellings=(Share(name="#example", value=12, share=1, before=10),),
    headlines=(Headline(title="An example", outlet="Example", link="https://example.org", at=_START),),
    sources=(SourceHealth(name="example", platform="mastodon"),),
)


def troubles(folder: Path | None) -> tuple[str, ...]:
    """Return what is wrong with the templates of a folder, in words; nothing where all is well or none are set."""
    if folder is None:
        return ()
    layout = Layout(folder)
    rendered([EXAMPLE, EXAMPLE.model_copy(update={"campaign": "another"})], voice("en"), {}, layout)
    return tuple(layout.told())
