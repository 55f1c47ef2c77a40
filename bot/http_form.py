"""What did a browser send in a form? Bytes that are no form are refused, not our fault.

aiohttp raises ValueError or LookupError on a broken boundary, bad UTF-8 or a charset
that does not exist; uncaught they would be told as a fault of ours (500).
"""

from __future__ import annotations

from aiohttp import web
from multidict import MultiDictProxy

Fields = MultiDictProxy[str | bytearray | bytes | web.FileField]


_READ = web.RequestKey("_READ", MultiDictProxy)


async def fields_of(request: web.Request) -> Fields:
    """Return the fields of a form; raises HTTPBadRequest when it cannot be read."""
    try:
        request[_READ] = await request.post()
    except (ValueError, LookupError) as error:
        raise web.HTTPBadRequest from error
    return request[_READ]


def close_files(request: web.Request) -> None:
    """Close what was sent along: aiohttp does so itself, but not for a clone."""
    fields = request.get(_READ)
    for value in fields.values() if fields is not None else ():
        if isinstance(value, web.FileField):
            value.file.close()
