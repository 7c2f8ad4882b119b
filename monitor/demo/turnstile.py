"""Counts requests by the clock on the wall, as servers with limits do."""


class Turnstile:
    """So many seconds at a time, whatever is counted apart by its name."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self._used: dict[str, tuple[int, int]] = {}

    def count(self, what: str, now: float, amount: int = 1) -> tuple[int, int]:
        """Count a request; return when its stretch of time began and how many there were in it."""
        begin = int(now) - int(now) % self.seconds
        last, used = self._used.get(what, (begin, 0))
        self._used[what] = (begin, (used if last == begin else 0) + amount)
        return self._used[what]
