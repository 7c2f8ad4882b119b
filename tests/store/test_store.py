from hashlib import blake2b

import pytest

from monitor.errors import StoreError
from monitor.store.store import Store, opened


async def test_a_store_that_is_opened_again_has_the_same_secret(redis_server, store):
    async with (
        opened(redis_server.url, store.keys.prefix) as first,
        opened(redis_server.url, store.keys.prefix) as again,
    ):
        assert first.secret == again.secret


async def test_another_secret_is_refused_because_every_post_would_count_again(redis_server, store):
    async with opened(redis_server.url, store.keys.prefix, b"one"):
        with pytest.raises(StoreError, match="another privacy key"):
            async with opened(redis_server.url, store.keys.prefix, b"two"):
                pass


@pytest.mark.parametrize("text", ["ada", "آدا", "x" * 1000, "half \ud800"])
def test_what_was_hashed_before_changes_no_hash(store: Store, text: str):
    """These are what posts are known by in every store there is: another hash, and all of them count again."""
    plain = text.encode(errors="surrogatepass")
    for size in (8, 9, 8):
        assert store.hashed(text, size) == blake2b(plain, digest_size=size, key=store.secret).digest()


def test_the_secret_is_never_printed(store: Store):
    assert "secret of the tests" not in repr(store)


def test_ids_are_hashed_with_the_secret(store: Store):
    assert store.hashed("ada") != Store(store.redis, store.keys, b"another").hashed("ada")
