"""Against which values is every sentence tried before it may be used?"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

ALWAYS = frozenset({"xh", "Xh", "xa", "place"})
"""What every sentence may use: form of address (twice), unit name, where it lies."""

_COMMON = {"xh": "anh/chị", "Xh": "Anh/chị", "xa": "UBND xã Mẫu", "place": "Mẫu"}
_LONG = "Nguyễn Thị Hoàng Ánh Tuyết " * 12
_TEXTS = ("", "Đăng ký khai sinh", "{{ 7 * 7 }} <b>&amp;</b> 'x' \"y\" 👍", _LONG)
_LISTS: tuple[tuple[object, ...], ...] = ((), ("một",), ("một", _LONG, "{% x %}"))
_FLAGS = (False, True)


def edge_cases(names: Iterable[str]) -> Iterator[dict[str, object]]:
    """Yield sets of values: empty, usual, hostile, long; flags both ways."""
    wanted = sorted(names)
    for number, flag in itertools.product(range(len(_TEXTS)), _FLAGS):
        yield _COMMON | {name: _value(name, number, flag=flag) for name in wanted}


def _value(name: str, number: int, *, flag: bool) -> object:
    """A name that starts with is_ or has_ is a flag; a plural ``_list`` is a list."""
    if name.startswith(("is_", "has_")):
        return flag
    if name.endswith("_list"):
        return _LISTS[number % len(_LISTS)]
    return _TEXTS[number]
