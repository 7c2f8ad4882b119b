"""Writes the videos of the world as YouTube's API tells them: escaped and cut by search, with counters as strings."""

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.demo.life import shown
from monitor.demo.world import Video, lettered

DESCRIBED = 60  # letters of a description that search shows


def _title(video: Video) -> str:
    tags = video.tagged.at(video.created)
    return " ".join((video.text[1], *(f"#{tag}" for tag in tags[:1]))) + f" | {video.number}'"


def _description(video: Video) -> str:
    tags = video.tagged.at(video.created)
    return f"{video.text[1]} {'. ' * 30}\n{' '.join(f'#{tag}' for tag in tags[1:])}"


def result(video: Video) -> Mapping[str, Any]:
    """Return a video as search shows it: escaped, cut, and without counters."""
    snippet = {
        "publishedAt": written(video.created),
        "publishTime": written(video.created),
        "channelId": channel(video.author.number),
        "title": html.escape(_title(video)),
        "description": html.escape(_description(video)[:DESCRIBED]),
        "channelTitle": f"Channel {video.author.number}",
        "liveBroadcastContent": "none",
    }
    return {"kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": video.id}, "snippet": snippet}


def listed(video: Video, now: float) -> Mapping[str, Any]:
    snippet = {
        "publishedAt": written(video.created),
        "channelId": channel(video.author.number),
        "title": _title(video),
        "description": _description(video),
        "channelTitle": f"Channel {video.author.number}",
        "defaultAudioLanguage": video.text[0],
        "liveBroadcastContent": "none",
    }
    return {"kind": "youtube#video", "id": video.id, "snippet": snippet, "statistics": counters(video, now)}


def counters(video: Video, now: float) -> Mapping[str, str]:
    """Return the counters as strings; what is hidden is not there."""
    share, totals = video.curve.share(now), video.totals
    told = {"viewCount": totals.impressions, "likeCount": totals.likes, "commentCount": totals.replies}
    return {name: str(shown(total, share)) for name, total in told.items() if total is not None} | {
        "favoriteCount": "0"
    }


def channel(number: int) -> str:
    return f"UC{lettered(number, 22)}"


def rounded(followers: int) -> int:
    """Return subscribers with three significant digits, as the API tells them."""
    step = int(10 ** max(len(str(followers)) - 3, 0))
    return followers - followers % step


def written(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
