import pytest

from monitor.model.metric import WHOLE, Metric
from monitor.model.window import Resolution
from monitor.store.keys import Keys

KEYS, FIVE = Keys("cm"), Resolution.FIVE_MINUTES

OF_A_CAMPAIGN = {
    "cm:{aleppo}:ts:*:mastodon:likes:5m": KEYS.series(
        "aleppo", WHOLE, "mastodon", Metric.LIKES, Resolution.FIVE_MINUTES
    ),
    "cm:{aleppo}:au:tag/حلب:telegram:2016-04-29": KEYS.authors("aleppo", "tag/حلب", "telegram", "2016-04-29"),
    "cm:{aleppo}:subjects": KEYS.subjects("aleppo"),
    "cm:{aleppo}:platforms": KEYS.platforms("aleppo"),
    "cm:{aleppo}:declared": KEYS.declared("aleppo"),
    "cm:{aleppo}:cursor:social.example": KEYS.walks("aleppo", "social.example"),
    "cm:{aleppo}:due:social.example": KEYS.due("aleppo", "social.example"),
    "cm:{aleppo}:headlines": KEYS.headlines("aleppo"),
    "cm:{aleppo}:run:social.example": KEYS.runs("aleppo", "social.example"),
    "cm:{aleppo}:up": KEYS.last_up("aleppo"),
    "cm:{aleppo}:brief": KEYS.brief("aleppo"),
    "cm:{aleppo}:briefs": KEYS.briefs("aleppo"),
    "cm:{aleppo}:digest:2016-04-29:ff": KEYS.digest("aleppo", "2016-04-29", "ff"),
}


@pytest.mark.parametrize(("wanted", "made"), OF_A_CAMPAIGN.items(), ids=OF_A_CAMPAIGN)
def test_keys_of_a_campaign_share_a_cluster_slot(wanted, made):
    assert made == wanted
    assert made.startswith(KEYS.of("aleppo"))


def test_what_belongs_to_no_campaign_has_the_prefix_alone():
    assert (KEYS.lease, KEYS.secret) == ("cm:lease", "cm:secret")


def test_what_belongs_to_a_key_at_a_platform_bears_its_name():
    assert KEYS.allowances("x-1") == "cm:account:x-1:allowances"
    assert KEYS.spent("x-1", "posts", "2016-04-29") == "cm:account:x-1:spent:posts:2016-04-29"
    assert KEYS.note("x-1", "session") == "cm:account:x-1:note:session"
