"""Where does an address lead: this machine, the house's network, or the world?"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

HERE = frozenset({"localhost"})


def is_here(url: str) -> bool:
    """Whether the address is this very machine's."""
    found = _address(url)
    return found.is_loopback if found else host(url) in HERE


def is_near(url: str) -> bool:
    """Whether it is this machine's or one of a private network, by its number.

    A name may lead anywhere tomorrow, so only "localhost" counts.
    """
    found = _address(url)
    if found is None:
        return host(url) in HERE
    return found.is_loopback or found.is_private


def is_plain(url: str) -> bool:
    """Whether it is readable and holds no account, question or fragment."""
    parts = _parts(url)
    return bool(
        parts
        and parts.hostname
        and not (parts.username or parts.password or parts.query or parts.fragment)
        and not {"@", "?", "#"} & set(url)
    )


def host(url: str) -> str:
    """Return the name or number of the machine, lower case; "" for none."""
    parts = _parts(url)
    return (parts.hostname or "") if parts else ""


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _address(url: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host(url))
    except ValueError:
        return None
