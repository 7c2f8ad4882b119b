"""Hashtags of a video's title and description."""

import pytest

from monitor.sources._youtube_tags import MOST, tags


@pytest.mark.parametrize(("text", "found"), [
    ("تقرير #أنقذوا_حلب\n#SaveAleppo #2016a", ["أنقذوا_حلب", "SaveAleppo", "2016a"]),
    ("#حَلَب #می\u200cخواهم ＃حلب", ["حَلَب", "می\u200cخواهم", "حلب"]),
    ("#a-b, #a.b (#c) #a#b", ["a", "a", "c", "a"]),
    ("a#b #123 # https://a.example/#news https://a.example/x?y#z", []),
])  # fmt: skip
def test_tags_of_all_kinds(text, found):
    assert tags(text) == found


def test_a_video_with_more_than_sixty_has_none():
    assert len(tags("#حلب " * MOST)) == MOST
    assert tags("#حلب " * (MOST + 1)) == []
