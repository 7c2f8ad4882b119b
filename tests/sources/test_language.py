"""What a platform calls a language."""

from typing import Any

import pytest

from monitor.sources._language import language


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("ar", "ar"),
        ("ar-SY", "ar"),
        ("EN_us", "en"),
        ("zh-Hant-TW", "zh"),
        ("kmr", "ku"),
        ("ara", "ar"),
        ("ckb", "ckb"),
    ],
)
def test_a_language_is_a_short_code_and_each_has_one(told: str, code: str):
    assert language(told) == code


@pytest.mark.parametrize("told", ["und", "mul", "zxx", "xq", "qqq", "Arabic", "a", "", "ar/..", None, 7, ["ar"]])
def test_what_is_no_language_is_not_told(told: Any):
    assert language(told) is None
