"""What SpamAssassin's own rules say of our mails, where it is installed; without tests that ask the network."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.digest.letter import letter
from tests.digest.test_letter import ENVELOPE, LEAVE, content

PROGRAM = shutil.which("spamassassin")
MOST = 1.0  # points; five make a mail spam


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="SpamAssassin is not installed")
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("leave", [None, LEAVE])
def test_a_mail_has_less_than_one_point(language: str, leave: str | None):
    envelope = replace(ENVELOPE, written_at=datetime.now(UTC), leave=leave)
    report = subprocess.run(
        [PROGRAM, "-t", "-L"], input=letter(content(language), envelope).as_bytes(), capture_output=True, check=True
    ).stdout.decode()
    points = re.search(r"Content analysis details: +\((-?[\d.]+) points", report)
    assert points, report[-2000:]
    assert float(points[1]) < MOST, report[-2000:]
