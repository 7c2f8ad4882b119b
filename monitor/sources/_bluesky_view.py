"""Bluesky's AppView: reading what it shows, and asking it for known posts, which needs no key."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from monitor.errors import UnexpectedPayload
from monitor.fetch.client import Answer, Client
from monitor.fetch.fields import count, rows, table, text
from monitor.model.mention import Post
from monitor.sources import _bluesky_post
from monitor.sources._illegible import SEVERAL, illegible

PUBLIC = "https://public.api.bsky.app"
AT_ONCE = 25  # posts or people in one call; more are refused


def listed(answer: Answer, name: str) -> list[Any]:
    """Return a list of an answer; UnexpectedPayload when there is none."""
    found = table(answer.json()).get(name)
    if not isinstance(found, list):
        raise UnexpectedPayload(
            f"{answer.place} answered without {name}; it has probably changed, or is another server"
        )
    return found


def legible(views: Sequence[Any]) -> tuple[list[Post], int]:
    """Return the posts that can be read, and how many can not; UnexpectedPayload when that is all of them."""
    posts = [post for view in views if (post := _bluesky_post.shown(view)) is not None]
    refused = len(views) - len(posts)
    if refused >= SEVERAL and not posts:
        raise illegible(f"the {refused} posts that Bluesky shows")
    return posts, refused


async def known(client: Client, server: str, marks: Sequence[str], *, followers: bool) -> list[Post]:
    """Ask for known posts by their addresses, and if wanted how many follow their authors."""
    params = [("uris", mark) for mark in marks]
    answer = await client.get(f"{server}/xrpc/app.bsky.feed.getPosts", params=params)
    posts = [post for post in legible(listed(answer, "posts"))[0] if post.again in marks]
    if not followers or not posts:
        return posts
    reach = await _followers(client, server, posts)
    return [replace(post, followers=reach.get(post.author or "")) for post in posts]


async def _followers(client: Client, server: str, posts: Sequence[Post]) -> dict[str, int | None]:
    actors = dict.fromkeys(post.author for post in posts if post.author)
    params = [("actors", actor) for actor in actors]
    answer = await client.get(f"{server}/xrpc/app.bsky.actor.getProfiles", params=params)
    people = rows(listed(answer, "profiles"))
    return {did: count(person.get("followersCount")) for person in people if (did := text(person.get("did")))}
