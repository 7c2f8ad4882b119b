import pytest

from monitor.imports.report import Report


@pytest.mark.parametrize(
    ("doubted", "read", "told"),
    [(0, 0, False), (0, 9, False), (1, 2, True), (1, 100, True), (1, 101, False), (9, 800, True)],
)
def test_ids_look_rounded_when_that_can_not_be_chance(doubted: int, read: int, *, told: bool) -> None:
    assert Report(doubted=doubted, read=read).looks_rounded is told
