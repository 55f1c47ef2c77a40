"""May this address be fetched? https to the platform's own hosts in the open internet.

Whoever can put an address into a webhook must not be able to make us ask machines
of the house (SSRF): names are checked against a list, what they resolve to against
the ranges that nobody outside should reach, and every redirect anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import AddressFamily

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.addresses import is_near

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""RFC 6052: an IPv4 address stands in the last 32 bits."""


@dataclass(frozen=True, slots=True)
class Way:
    """An address that may be fetched; ``is_home``: of an emulator in the house."""

    url: URL
    is_home: bool = False


class PrivateAddressError(OSError):
    """A permitted name leads to an address inside the house."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the files of one channel may lie.

    ``hosts`` are names, or ``*.name`` for all below; an address with http(s):// is
    one exact origin of an emulator. ``base`` is the platform's API: in the house it is
    an emulator too.
    """

    hosts: tuple[str, ...]
    base: str = ""

    def way(self, told: str) -> Way | None:
        """Return how to fetch the address; None when it may not be."""
        url = parsed(told)
        if url is None:
            return None
        if url.origin() in self._origins():
            return Way(url, is_home=True)
        # Zalo still writes http for hosts that speak https (PLATFORMS.md 1.5).
        if url.scheme == "http" and url.explicit_port is None:
            url = url.with_scheme("https")
        is_open = url.scheme == "https" and url.port == 443  # noqa: PLR2004  https
        return Way(url) if is_open and self._has(url.host or "") else None

    def _has(self, host: str) -> bool:
        name = host.lower().rstrip(".")
        return any(
            name.endswith(one[1:]) if one.startswith("*.") else name == one
            for one in self.hosts
        )

    def _origins(self) -> set[URL]:
        told = [one for one in (*self.hosts, self.base) if is_near(one)]
        return {url.origin() for one in told if (url := parsed(one)) is not None}


def parsed(told: str) -> URL | None:
    """Return the address, signature untouched; None without a plain http host."""
    try:
        url = URL(told, encoded=True)
        has_user = url.user is not None or url.password is not None
        is_web = url.scheme in ("http", "https") and bool(url.host)
    except ValueError:
        return None
    return url if is_web and not has_user else None


def is_open(number: str) -> bool:
    """Whether an IP address is one of the open internet."""
    address: IPv4Address | IPv6Address = ip_address(number.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address in _TRANSLATED:
            address = IPv4Address(int(address) & 0xFFFFFFFF)
        elif address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif address.sixtofour is not None or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


class OpenResolver(AbstractResolver):
    """Resolves names; one that leads into the house leads nowhere.

    What it returns is what is connected to: nothing is resolved a second time.
    """

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses; raises PrivateAddressError, OSError."""
        found: Sequence[ResolveResult] = await self._inner.resolve(host, port, family)
        if not all(is_open(one["host"]) for one in found):
            raise PrivateAddressError
        return list(found)

    async def close(self) -> None:
        """Close the real one."""
        await self._inner.close()
