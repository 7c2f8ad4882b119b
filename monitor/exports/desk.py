"""What an export is read from: the store as a campaign sees it at one moment, and the brief of the window."""

from dataclasses import dataclass
from datetime import datetime

from monitor.exports.asked import Asked
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.model.window import Window
from monitor.store.store import Store


@dataclass(frozen=True)
class Desk:
    """One wish, and where it is looked up. `brief` is that of the asked window, as page and API show it."""

    store: Store
    campaign: Campaign
    brief: Brief
    asked: Asked
    now: datetime

    @property
    def window(self) -> Window:
        """The window of the brief: of old times, the asked one from full hour to full hour, or from day to day."""
        return Window(self.brief.window.start, self.brief.window.end)
