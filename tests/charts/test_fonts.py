"""Arabic is drawn on a machine that has no font with Arabic letters: the font comes with the libraries."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from monitor.charts import numbers
from monitor.charts.painter import SHARPNESS
from monitor.words.voice import voice
from tests.digest.briefs import SURGE
from tests.pictures import ink

ROOT = Path(__file__).parents[2]
DRAW = """
import sys
from monitor.charts import numbers
from monitor.words.voice import voice
from tests.digest.briefs import SURGE
sys.stdout.buffer.write(numbers.png(SURGE, voice(sys.argv[1])))
"""
NO_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{}</dir></fontconfig>"""


def drawn_without_fonts(language: str, folder: Path) -> np.ndarray:
    """Return the ink of a chart as a machine without any font draws it."""
    settings = folder / "fonts.conf"
    settings.write_text(NO_FONTS.format(folder))
    command = [sys.executable, "-c", DRAW, language]
    around = os.environ | {"FONTCONFIG_FILE": str(settings), "PYTHONPATH": str(ROOT)}
    return ink(subprocess.run(command, env=around, cwd=ROOT, capture_output=True, check=True).stdout)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ar", "en"])
def test_letters_are_drawn_where_the_system_has_none(language: str, tmp_path: Path):
    bare, here = drawn_without_fonts(language, tmp_path), ink(numbers.png(SURGE, voice(language)))
    titles = slice(0, 40 * SHARPNESS)
    assert here[titles].sum() > 100
    assert bare[titles].sum() == pytest.approx(here[titles].sum(), rel=0.03)
