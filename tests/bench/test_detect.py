"""What the detector is measured by."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.detect import fridays, low


def test_a_folder_without_labels_is_refused_in_words(tmp_path: Path):
    asked = [sys.executable, "-m", "bench.detect", "--data", str(tmp_path)]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr.strip().endswith("name a folder of NAB series: python -m bench.detect --data DIR")


@pytest.mark.slow
def test_routine_fridays_are_no_news_and_extraordinary_ones_are():
    figures = fridays(range(2))
    assert figures["fridays.routine_alerts"] <= 4
    assert figures["fridays.extraordinary_found"] >= 9


def test_surges_of_small_campaigns_are_found():
    assert low(range(3)) == {"low.found": 1.0}
