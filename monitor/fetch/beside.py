"""Heavy work beside the event loop, by few hands: each further one would make the loop wait longer for its turn."""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

TURN = 0.0005  # seconds that a hand may keep the interpreter while the loop waits for it; Python's own are ten times so
HANDS = 2  # one that is held up by a hostile page leaves the other

_P = ParamSpec("_P")
_T = TypeVar("_T")
_hands = ThreadPoolExecutor(HANDS, "beside", initializer=partial(sys.setswitchinterval, TURN))


async def beside(work: Callable[_P, _T], *given: _P.args, **named: _P.kwargs) -> _T:
    """Return what pure work returns, or raise what it raises, while the loop goes on."""
    return await asyncio.get_running_loop().run_in_executor(_hands, partial(work, *given, **named))
