"""Can nobody make us ask a machine of the house, whatever address they write?"""

from __future__ import annotations

from socket import AddressFamily

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from bot.fetch_addresses import (
    OpenResolver,
    Places,
    PrivateAddressError,
    is_open,
    parsed,
)

ZALO = Places(("*.zdn.vn", "files.example.vn"), "https://openapi.zalo.me")
HOME = Places(("*.zdn.vn", "http://127.0.0.1:9001"), "http://127.0.0.1:9000")

ALLOWED = [
    (
        "https://f20-zpc.zdn.vn/a/b.jpg?x=%2F1&y=+",
        "https://f20-zpc.zdn.vn/a/b.jpg?x=%2F1&y=+",
    ),
    ("http://f20-zpc.zdn.vn/a.jpg", "https://f20-zpc.zdn.vn/a.jpg"),
    ("https://A.B.ZDN.VN/a", "https://A.B.ZDN.VN/a"),
    ("https://files.example.vn:443/a", "https://files.example.vn/a"),
]


@pytest.mark.parametrize(("told", "fetched"), ALLOWED)
def test_the_platforms_own_hosts_are_fetched(told: str, fetched: str) -> None:
    """By https always, with the signature in the query untouched."""
    way = ZALO.way(told)
    assert way is not None
    assert (str(way.url), way.is_home) == (fetched, False)


REFUSED = [
    "https://zdn.vn/a",
    "https://evilzdn.vn/a",
    "https://zdn.vn.evil.example/a",
    "https://evil.example/a.zdn.vn",
    "https://evil.example#.zdn.vn",
    "https://evil.example\\.zdn.vn/",
    "https://user@f.zdn.vn/a",
    "https://f.zdn.vn:pass@evil.example/",
    "https://f.zdn.vn:8443/a",
    "http://f.zdn.vn:8080/a",
    "http://f.zdn.vn:80/a",
    "ftp://f.zdn.vn/a",
    "file:///etc/passwd",
    "data:text/plain,a",
    "//f.zdn.vn/a",
    "https://127.0.0.1/a",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/a",
    "http://2130706433/a",
    "http://0x7f.1/a",
    "http://localhost/a",
    "https://openapi.zalo.me/a",
    "https://f.zdn.vn:99999/a",
    "https://[/a",
    "",
    "khong phai",
]


@pytest.mark.parametrize("told", REFUSED)
def test_anything_else_is_not(told: str) -> None:
    """Look-alikes, other ports, accounts, other schemes, numbers of machines."""
    assert ZALO.way(told) is None


def test_an_emulator_counts_by_its_exact_origin() -> None:
    """In the house only what the configuration names, down to the port."""
    for told in ("http://127.0.0.1:9000/f/1", "http://127.0.0.1:9001/f/2"):
        way = HOME.way(told)
        assert way is not None
        assert (str(way.url), way.is_home) == (told, True)
    for told in (
        "http://127.0.0.1:9002/f",
        "http://localhost:9000/f",
        "https://127.0.0.1:9000/f",
        "http://127.0.0.1/f",
    ):
        assert HOME.way(told) is None


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(told: str) -> None:
    """Nothing a webhook can hold makes it fail."""
    for one in (told, f"https://{told}", f"https://f.zdn.vn{told}"):
        way = ZALO.way(one)
        assert way is None or (way.url.host or "").endswith((".zdn.vn", ".example.vn"))
    assert parsed(told) is None or parsed(told) is not None


@pytest.mark.parametrize(
    "number",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::"),  # noqa: S104
        *("fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "ff02::1"),
        *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "198.18.0.1", "192.0.2.1"),
    ],
)
def test_numbers_of_the_house_are_closed(number: str) -> None:
    """Private, local, shared, multicast, and any of them in an IPv6 dress."""
    assert not is_open(number)


@pytest.mark.parametrize(
    "number", ["8.8.8.8", "49.213.90.1", "2606:4700::1111", "64:ff9b::808:808"]
)
def test_numbers_of_the_internet_are_open(number: str) -> None:
    """Also behind a NAT64."""
    assert is_open(number)


class Names(AbstractResolver):
    """Resolves as told."""

    def __init__(self, *numbers: str) -> None:
        self._numbers = numbers
        self.is_closed = False

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        """Return the numbers."""
        return [
            ResolveResult(
                hostname=host, host=one, port=port, family=family, proto=0, flags=0
            )
            for one in self._numbers
        ]

    async def close(self) -> None:
        """Note it."""
        self.is_closed = True


async def test_a_name_that_leads_into_the_house_leads_nowhere() -> None:
    """One private number among open ones is enough."""
    names = Names("8.8.8.8", "2606:4700::1111")
    guard = OpenResolver(names)
    assert [one["host"] for one in await guard.resolve("f.zdn.vn", 443)] == [
        "8.8.8.8",
        "2606:4700::1111",
    ]
    with pytest.raises(PrivateAddressError):
        await OpenResolver(Names("8.8.8.8", "127.0.0.1")).resolve("f.zdn.vn", 443)
    await guard.close()
    assert names.is_closed
