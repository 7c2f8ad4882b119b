"""The daemon shows its naming polls to Prometheus."""

from monitor import app
from monitor.clock import Simulated
from monitor.daemon.duties import Duties
from monitor.settings.load import load
from monitor.store import polls
from monitor.web.metrics import Metrics
from tests.daemon.machine import Machine
from tests.digest.races import HOUR, OPEN, OPENS

POLL = (
    '[[polls]]\n[polls.at]\nplatform = "page"\nurl = "https://poll.example/1"\nkind = "csv"\nlabel = "a"\nvotes = "b"\n'
)
TOTAL = f'monitor_poll_votes{{campaign="aleppo",poll="friday"}} {OPEN.standing.total}.0'


async def test_polls_are_shown_from_the_start_and_no_more_when_they_are_taken_out(house: Machine, store, server: str):
    house.campaign("aleppo", server)
    file = house.config / "campaigns" / "aleppo.toml"
    plain = file.read_text()
    file.write_text(f"{plain}\n{POLL}")
    await polls.put(store, "aleppo", OPEN)
    async with app.built(load(house.config, {}), store, Simulated(OPENS + 24 * HOUR)) as monitor:
        metrics = Metrics()
        duties = Duties(monitor, metrics)
        await duties.begin()
        assert TOTAL in metrics.text().decode()
        file.write_text(plain)
        await duties.change(monitor.rebuilt(load(house.config, {})))
        assert "monitor_poll_votes{" not in metrics.text().decode()
