"""Videos by their ids, fifty at a time: with their texts, or their statistics alone."""

from collections.abc import Iterable, Mapping

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.fetch.client import Client
from monitor.model.mention import Post
from monitor.sources import _youtube_video
from monitor.sources._youtube_door import Door, Exhausted, Question, Quotas

AT_ONCE = 50  # videos in one answer
RESERVE = 1000  # units that are left for videos before any is spent on followers
_NO_BULK, _DAY = "no batchGetStats", 86_400.0  # a note: it was refused within the day
_SNIPPET = "publishedAt,channelId,title,description,defaultLanguage,defaultAudioLanguage"
_FIELDS = f"kind,items(id,snippet({_SNIPPET}),statistics(viewCount,likeCount,commentCount))"


class Shelf:
    """Where videos are looked up; of one with more than `most_hashtags` none counts."""

    def __init__(self, door: Door, quotas: Quotas, most_hashtags: int, client: Client) -> None:
        self._door, self._quotas, self._most, self._client = door, quotas, most_hashtags, client

    async def videos(self, ids: Iterable[str]) -> tuple[list[Post], int]:
        """Return videos with their texts, and how many were unreadable; private and deleted ones are just missing."""
        wanted = ",".join(ids)
        if not wanted:
            return [], 0
        params = {"part": "snippet,statistics", "id": wanted, "fields": _FIELDS}
        answer = await self._door.ask(Question("videos", params, self._quotas.others))
        return _youtube_video.videos(answer.get("items"), self._most)

    async def statistics(self, tagged: Mapping[str, tuple[str, ...]]) -> list[Post]:
        """Return videos by the call for statistics alone, which is young and not everybody's; else with their texts."""
        account = self._client.account
        if not await account.recall(_NO_BULK):
            params = {"part": "id,snippet,statistics", "id": ",".join(tagged)}
            try:
                answer = await self._door.ask(Question("videos:batchGetStats", params, self._quotas.statistics))
            except (AccessRefused, Exhausted, UnexpectedPayload):
                await account.keep(_NO_BULK, "refused", seconds=_DAY)
            else:
                return _youtube_video.statistics(answer.get("items"), tagged)[0]
        return (await self.videos(tagged))[0]

    async def with_followers(self, posts: list[Post]) -> list[Post]:
        """Return the posts with the subscribers of their channels, while there are units to spare."""
        channels = {post.author for post in posts if post.author}
        if not channels or await self._client.account.left(self._quotas.others) < RESERVE:
            return posts
        params = {"part": "statistics", "id": ",".join(sorted(channels)), "maxResults": str(AT_ONCE)}
        answer = await self._door.ask(Question("channels", params, self._quotas.others))
        return _youtube_video.with_followers(posts, answer.get("items"))
