import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import UnexpectedPayload
from monitor.imports.mapping import Mapping
from monitor.model.mention import Counts, Post
from tests.imports import taken
from tests.imports.twarc import LATER, file, id_of

WRITTEN = LATER + timedelta(minutes=1)
AT = f"{WRITTEN:%Y-%m-%d %H:%M:%S}"


def table(folder: Path, *rows: dict[str, Any], delimiter: str = ",", charset: str = "utf-8") -> Path:
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "table.csv"
    path.write_bytes(written.getvalue().encode(charset))
    return path


def only(folder: Path, row: dict[str, Any], **asked: Any) -> Post:
    (post,) = taken.posts(table(folder, row), **asked)
    return post


def platform_and_name(path: Path) -> tuple[str, str]:
    form = taken.open_file(path).format
    return form.platform, form.name


# twarc-csv


def twarc_row(**fields: Any) -> dict[str, Any]:
    metrics = {
        f"public_metrics.{name}_count": told for name, told in (("like", "9.0"), ("retweet", "3"), ("quote", ""))
    }
    told = {
        "id": id_of(1),
        "referenced_tweets.retweeted.id": "",
        "author_id": "42",
        "created_at": WRITTEN.isoformat(),
        "text": "words",
        "lang": "ar",
        "public_metrics.impression_count": "511.0",
        **metrics,
        "public_metrics.reply_count": "0",
        "edit_history_tweet_ids": f'["{id_of(1)}"]',
        "entities.hashtags": '["#SaveAleppo"]',
        "author.public_metrics.followers_count": "120",
        "__twarc.retrieved_at": LATER.isoformat(),
    }
    return {**told, **fields}


def test_a_row_of_twarc_csv_is_read(tmp_path: Path) -> None:
    (row,) = taken.rows(table(tmp_path, twarc_row()))
    assert isinstance(row, taken.Found)
    counts = Counts(511, likes=9, reposts=3, replies=0)
    link = f"https://x.com/i/status/{id_of(1)}"
    assert row.post == Post("x", id_of(1), WRITTEN, ("SaveAleppo",), counts, "42", 120, "ar", link=link)
    assert row.observed == LATER


def test_a_retweet_of_twarc_csv_never_carries_the_counters_that_were_copied_onto_it(tmp_path: Path) -> None:
    post = only(tmp_path, twarc_row(**{"referenced_tweets.retweeted.id": id_of(9)}))
    assert (post.counts, post.tags, post.text) == (Counts(), ("SaveAleppo",), None)
    assert only(tmp_path, twarc_row()).text


def test_an_edited_post_of_twarc_csv_is_its_first_version(tmp_path: Path) -> None:
    post = only(tmp_path, twarc_row(id=id_of(5), edit_history_tweet_ids=f'["{id_of(1)}", "{id_of(5)}"]'))
    assert (post.id, post.created_at) == (id_of(1), WRITTEN)


def test_zero_impressions_beside_likes_are_not_told(tmp_path: Path) -> None:
    assert only(tmp_path, twarc_row(**{"public_metrics.impression_count": "0"})).counts.impressions is None


def test_an_id_that_a_spreadsheet_broke_is_rejected(tmp_path: Path) -> None:
    path = table(tmp_path, twarc_row(), twarc_row(id="1.8E+18", edit_history_tweet_ids=""))
    assert taken.reasons(path) == ["no id; a spreadsheet turns long ones into 1.8E+18"]


def test_an_id_that_does_not_fit_is_rejected(tmp_path: Path) -> None:
    assert taken.reasons(table(tmp_path, ROW | {"Link": "https://x.com/a"}), mapping=mapped()) == ["no id that fits"]


# 4CAT


def cat(**fields: Any) -> dict[str, Any]:
    told = {"id": "7", "thread_id": "7", "timestamp": AT, "unix_timestamp": "1", "author": "ada", "body": "#SaveAleppo"}
    return {**told, **fields}


def cat_of_x(**fields: Any) -> dict[str, Any]:
    told = {"id": id_of(1), "author_id": "42", "author_followers": "120", "language_guess": "ar", "is_retweet": "no"}
    metrics = {
        "retweet_count": "3",
        "like_count": "9",
        "reply_count": "0",
        "quote_count": "0",
        "impression_count": "511",
    }
    return cat(**told, **metrics, hashtags="SaveAleppo") | fields


TIKTOK = {"tiktok_url": "u", "plays": "1000", "likes": "5", "comments": "2", "shares": "1", "hashtags": "SaveAleppo"}
INSTAGRAM = {"num_likes": "5", "num_comments": "0", "hashtags": "SaveAleppo"}
THREADS = {"is_paid_partnership": "no", "likes": "5", "reposts": "1", "replies": "0", "quotes": "0", "hashtags": ""}
URI = "at://did:plc:example/app.bsky.feed.post/3lexample"
NO_ANSWERS = {"reply_count": "0", "quote_count": "0", "quoted_post": "", "replies_allowed": "True"}
SEEN = {"id": URI, "created_at": WRITTEN.isoformat(), "timestamp": int(WRITTEN.timestamp()), "author_id": "did:plc:e"}
BLUESKY = {**SEEN, **NO_ANSWERS, "tags": "SaveAleppo", "like_count": "5", "repost_count": "1", "languages": "ar"}
BLUESKY |= {"collected_at": LATER.isoformat()}
TELEGRAM = {"id": "channel-17", "chat": "channel", "views": "900", "reactions": ""}


@pytest.mark.parametrize(
    ("row", "platform", "own", "counts"),
    [
        (cat_of_x(), "x", id_of(1), Counts(511, 9, 3)),
        (cat_of_x(author_avatar_url="u"), "x", id_of(1), Counts(511, 9, 3, 0, 0)),
        (cat(**TIKTOK), "tiktok", "7", Counts(1000, 5, 1, 2)),
        (cat(**INSTAGRAM), "instagram", "7", Counts(likes=5)),
        (cat(**THREADS), "threads", "7", Counts(likes=5, reposts=1, replies=0, quotes=0)),
        (cat(**BLUESKY), "bluesky", URI, Counts(likes=5, reposts=1, replies=0, quotes=0)),
        (cat(**TELEGRAM), "telegram", "channel/17", Counts(900)),
    ],
)
def test_every_table_of_4cat_is_recognised_and_read(
    tmp_path: Path, row: dict[str, Any], platform: str, own: str, counts: Counts
) -> None:
    post = only(tmp_path, row)
    assert (post.platform, post.id, post.counts) == (platform, own, counts)
    assert (post.created_at, post.tags) == (WRITTEN, ("SaveAleppo",))


@pytest.mark.parametrize("row", [cat_of_x(impression_count="0"), cat_of_x(impression_count="")])
def test_a_padded_zero_is_not_data(tmp_path: Path, row: dict[str, Any]) -> None:
    assert only(tmp_path, row).counts == Counts(None, 9, 3, None, None)


def test_a_row_of_1970_is_not_data(tmp_path: Path) -> None:
    path = table(tmp_path, cat(**INSTAGRAM), cat(**INSTAGRAM) | {"timestamp": "1970-01-01 00:00:00"})
    assert (len(taken.posts(path)), taken.reasons(path)) == (1, ["no time that can be read"])


def test_a_retweet_of_4cat_counts_nothing(tmp_path: Path) -> None:
    assert only(tmp_path, cat_of_x(is_retweet="yes")).counts == Counts()


def test_a_post_of_x_is_dated_by_its_id_whatever_the_table_says(tmp_path: Path) -> None:
    assert only(tmp_path, cat_of_x(timestamp="2001-01-01 00:00:00")).created_at == WRITTEN


def test_rows_that_were_written_as_objects_are_read_alike(tmp_path: Path) -> None:
    row = cat_of_x(hashtags=["SaveAleppo"], like_count=9, quote_count=None)
    assert taken.posts(file(tmp_path, [row])) == taken.posts(table(tmp_path, cat_of_x()))
    assert taken.open_file(file(tmp_path, [[row]])).format.name == "4cat-x"
    assert taken.reasons(file(tmp_path, [row, 7])) == ["no row of a table"]


# CrowdTangle


def facebook(**fields: Any) -> dict[str, Any]:
    told = {
        "Page Name": "A page",
        "Facebook Id": "100",
        "Likes at Posting": "5000",
        "Followers at Posting": "",
        "Post Created": f"{WRITTEN - timedelta(hours=5):%Y-%m-%d %H:%M:%S} EST",
        "Type": "Photo",
        "Total Interactions": "1,234",
        **dict.fromkeys(("Wow", "Haha", "Sad", "Angry", "Care"), "1"),
        "Likes": "1,000",
        "Love": "10",
        "Comments": "20",
        "Shares": "30",
        "Post Views": "0",
        "URL": "https://www.facebook.com/100/posts/777",
        "Message": "#SaveAleppo",
        "Overperforming Score (weighted  —  Likes 1x Shares 1x)": "2.3",
    }
    return {**told, **fields}


def test_a_row_of_crowdtangle_has_the_id_that_facebook_tells_and_every_reaction(tmp_path: Path) -> None:
    post = only(tmp_path, facebook())
    assert (post.platform, post.id, post.author, post.followers) == ("facebook", "100_777", "100", 5000)
    assert (post.counts, post.created_at) == (Counts(None, likes=1015, reposts=30, replies=20), WRITTEN)


@pytest.mark.parametrize(("kind", "views"), [("Native Video", 900), ("Live Video Complete", 900), ("Photo", None)])
def test_views_of_crowdtangle_are_those_of_videos(tmp_path: Path, kind: str, views: int | None) -> None:
    assert only(tmp_path, facebook(**{"Type": kind, "Post Views": "900"})).counts.impressions == views


def test_summer_time_of_crowdtangle_is_heeded(tmp_path: Path) -> None:
    written = f"{WRITTEN - timedelta(hours=4):%Y-%m-%d %H:%M:%S} EDT"
    assert only(tmp_path, facebook(**{"Post Created": written})).created_at == WRITTEN


def test_a_row_of_instagram_has_the_code_of_its_address(tmp_path: Path) -> None:
    row = {"Account": "A", "User Name": "a", "Followers at Posting": "7", "Post Created": f"{AT} UTC", "Type": "IGTV"}
    row |= {"Likes": "3", "Comments": "2", "Views": "90", "URL": "https://www.instagram.com/p/Cabc/", "Photo": ""}
    post = only(tmp_path, row | {"Title": "", "Description": "#SaveAleppo"})
    assert (post.platform, post.id, post.counts) == ("instagram", "Cabc", Counts(90, 3, None, 2))


# Mappings of the operator

COLUMNS = {"id": "Link", "created_at": "Date", "text": "Text", "impressions": "Impressions", "likes": "Likes"}
ROW = {
    "Link": "https://x.com/a/status/" + id_of(1),
    "Date": AT,
    "Text": "#SaveAleppo",
    "Impressions": "5K",
    "Likes": "٧",
}


def mapped(**fields: Any) -> Mapping:
    return Mapping.model_validate(
        {"name": "own", "platform": "x", "id_pattern": r"status/(\d+)", "columns": COLUMNS} | fields
    )


def test_impressions_of_others_are_never_measured(tmp_path: Path) -> None:
    assert only(tmp_path, ROW, mapping=mapped()).counts == Counts(None, likes=7)


def test_impressions_count_where_the_mapping_says_that_the_platform_measured_them(tmp_path: Path) -> None:
    post = only(tmp_path, ROW, mapping=mapped(impressions_are="measured"))
    assert (post.counts.impressions, post.step) == (5000, 1000)


@pytest.mark.parametrize(("delimiter", "charset"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "utf-8")])
def test_what_excel_writes_is_read(tmp_path: Path, delimiter: str, charset: str) -> None:
    path = table(tmp_path, ROW, delimiter=delimiter, charset=charset)
    assert [post.id for post in taken.posts(path, mapping=mapped())] == [id_of(1)]


def test_an_arabic_excel_is_read_when_its_encoding_is_named(tmp_path: Path) -> None:
    path = table(tmp_path, ROW | {"Text": "#أنقذوا_حلب", "Likes": "7"}, charset="windows-1256")
    (post,) = taken.posts(path, mapping=mapped(), encoding="windows-1256")
    assert post.tags == ("أنقذوا_حلب",)


def test_dates_without_a_zone_are_of_the_zone_of_the_mapping(tmp_path: Path) -> None:
    own = mapped(platform="facebook", zone="Asia/Damascus", date_formats=["%d.%m.%Y %H:%M"])
    post = only(tmp_path, ROW | {"Date": "03.03.2023 15:01"}, mapping=own)
    assert f"{post.created_at:%Y-%m-%d %H:%M}" == "2023-03-03 12:01"


def test_other_rows_are_passed_by(tmp_path: Path) -> None:
    path = table(tmp_path, ROW | {"Site": "X"}, ROW | {"Site": "news"})
    reads = [read.unchosen for read, _ in taken.reads(path, mapping=mapped(only={"Site": ["x", "twitter"]}))]
    assert reads == [0, 1]


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    path = table(tmp_path, {name: told for name, told in ROW.items() if name != "Likes"})
    with pytest.raises(UnexpectedPayload, match="has no column Likes; it has Link, Date, Text, Impressions"):
        taken.rows(path, mapping=mapped())


def test_a_row_that_ends_early_is_rejected(tmp_path: Path) -> None:
    path = table(tmp_path, ROW)
    path.write_text(path.read_text() + "https://x.com/a/status/5,2023")
    assert taken.reasons(path, mapping=mapped()) == ["a row of 2 cells in a table of 5"]


def test_hashtags_are_cut_as_the_platform_cuts_them(tmp_path: Path) -> None:
    own = mapped(platform="telegram", id_pattern="")
    assert only(tmp_path, ROW | {"Text": "#١٢٣ #SaveAleppo"}, mapping=own).tags[-1] == "SaveAleppo"


def test_a_mapping_reads_objects_too(tmp_path: Path) -> None:
    assert [post.id for post in taken.posts(file(tmp_path, [ROW]), mapping=mapped())] == [id_of(1)]
