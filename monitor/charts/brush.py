"""The process that draws: pictures of what is asked on standard input, until nobody is there to ask.

The first argument is how many seconds it waits for the next one; without it, it waits for ever.
"""

import os
import select
import sys
from collections.abc import Callable

import fontpkg_noto_sans_arabic
import vl_convert

from monitor.charts.painter import ASKED, DRAWN, SHARPNESS, UNDRAWN, read, write

NOTHING = '{"data": {"values": []}, "mark": "bar"}'


def main() -> None:
    """Draw until the end of the input, or until nobody asks any more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever the library prints is no answer
    vl_convert.register_font_directory(str(fontpkg_noto_sans_arabic.ROOT / "files"))
    _svg(NOTHING)  # the first one takes half a second, which nobody need wait for
    draw: dict[bytes, Callable[[str], bytes]] = {ASKED["png"]: _png, ASKED["svg"]: _svg}
    patience = float(sys.argv[1]) if len(sys.argv) > 1 else None
    while select.select([sys.stdin], [], [], patience)[
        0
    ]:  # whoever asks waits for the answer: nothing lies in a buffer
        try:
            kind, spec = read(sys.stdin.buffer)
        except EOFError:
            return
        try:
            write(answers, DRAWN, draw[kind](spec.decode()))
        except ValueError as error:
            write(answers, UNDRAWN, str(error).encode())


def _png(spec: str) -> bytes:
    return bytes(vl_convert.vegalite_to_png(spec, scale=SHARPNESS))


def _svg(spec: str) -> bytes:
    return str(vl_convert.vegalite_to_svg(spec)).encode()


if __name__ == "__main__":
    main()
