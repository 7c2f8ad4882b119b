"""How the runs of the sources went, as far as the daemon must know: when each ended, must wait, and went blind."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.collect.wire import Collector
from monitor.model.run import Outcome, Run
from monitor.web.health import Due


@dataclass
class Went:
    """What is remembered of the last runs, by the key of their collectors; they are watched `since` a moment."""

    since: datetime
    _ended: dict[str, datetime] = field(default_factory=dict)
    _parked: dict[str, datetime] = field(default_factory=dict)  # until when a source wants to be left alone
    _blind: dict[str, datetime] = field(default_factory=dict)  # since when it brings nothing

    def note(self, run: Run) -> None:
        """Remember how a run ended."""
        key = f"{run.campaign}/{run.source}"
        self._ended[key] = run.started_at + timedelta(seconds=run.seconds)
        if run.outcome is not Outcome.BLIND:
            self._blind.pop(key, None)
        else:
            self._blind.setdefault(key, run.started_at)
        if run.retry_at is not None:
            self._parked[key] = run.retry_at

    def forget(self, collector: Collector) -> None:
        """Complain no more of a source that is watched no more."""
        self._blind.pop(collector.key, None)

    def ran_lately(self, collector: Collector, now: datetime) -> bool:
        """Tell whether its next run is not due yet."""
        return collector.key in self._ended and now - self._ended[collector.key] < collector.every

    def is_parked(self, collector: Collector, now: datetime) -> bool:
        """Tell whether it wants to be left alone."""
        return now < self._parked.get(collector.key, self.since)

    def due(self, collector: Collector) -> Due:
        """Return when it was last asked, or wanted to be left alone; before its first run, since when it is watched."""
        last = max(self._ended.get(collector.key, self.since), self._parked.get(collector.key, self.since))
        return Due(campaign=collector.campaign.slug, source=collector.source.name, every=collector.every, last=last)

    def blind(self) -> Iterator[str]:
        """Yield a sentence about each source that is blind."""
        for key, since in sorted(self._blind.items()):
            yield f"{key} is blind since {since:%Y-%m-%d %H:%M} UTC: it brings nothing, not even what is always there"
