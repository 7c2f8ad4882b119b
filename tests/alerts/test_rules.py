"""By what a rule is known while its settings change."""

import pytest

from monitor.alerts.rules import Threshold

RULE = Threshold(on="threshold", above=500)


@pytest.mark.parametrize("changed", [{"name": "big-day"}, {"severity": "critical"}])
def test_under_another_name_or_more_severe_a_rule_looks_for_the_same(changed: dict[str, str]):
    assert RULE.model_copy(update=changed).condition == RULE.condition


@pytest.mark.parametrize("changed", [{"above": 450}, {"hours": 6}, {"metric": "articles"}, {"hashtag": "SaveAleppo"}])
def test_a_rule_with_another_limit_number_or_hashtag_looks_for_something_else(changed: dict[str, object]):
    assert RULE.model_copy(update=changed).condition != RULE.condition
