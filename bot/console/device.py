"""From where does a request come: which address, which kind of device?"""

from __future__ import annotations

import ipaddress

from aiohttp import web

from handlers.staff.access.model import Caller

BROWSERS = (
    ("Edg", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("Zalo", "Zalo"),
    ("SamsungBrowser", "Samsung Internet"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def caller(request: web.Request) -> Caller:
    """Return who calls, as far as log-in needs it."""
    return Caller(_address(request), device(request.headers.get("User-Agent", "")))


def device(agent: str) -> str:
    """Return a coarse name, "Chrome, Android"; never the header itself."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "Trình duyệt")
    system = next((name for sign, name in SYSTEMS if sign in agent), "máy lạ")
    return f"{browser}, {system}"


def _address(request: web.Request) -> str:
    """The peer; behind a proxy on this machine what it says, "" when it is silent.

    An IPv6 home is a whole /64: its addresses count as one.
    """
    told = request.remote or ""
    if _is_local(told):
        hops = request.headers.get("X-Forwarded-For", "")
        told = hops.rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(told)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _is_local(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return True  # a Unix socket
