"""Which addresses a redirect from the public internet may not reach."""

import pytest

from monitor.fetch.addresses import is_private


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0.0.0.0",  # noqa: S104 "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "localhost",
    ],
)  # fmt: skip
async def test_private_addresses_are_known_in_every_spelling(host: str) -> None:
    assert await is_private(host)


@pytest.mark.parametrize("host", ["9.9.9.9", "2620:fe::fe"])
async def test_public_addresses_are_public(host: str) -> None:
    assert not await is_private(host)


@pytest.mark.parametrize("host", ["nobody.invalid", "x" * 300 + ".example", "a..b"])
async def test_a_name_nobody_knows_is_left_to_the_connection(host: str) -> None:
    assert not await is_private(host)
