"""Is a greeting courteous, whole and short enough? Pure: text in, sentences out.

The form is judged by the rules of letters; the manners are those of DOMAIN.md 4.3:
Giỗ Tổ and 27/7 are not festive, no party slogans, nothing promised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from messages.greetings.compose import Road
from messages.letters.lint.rules import Manner, faults, has_emoji

LONGEST: Final[Mapping[Road, int]] = MappingProxyType(
    {Road.CHAT: 600, Road.POST: 2000, Road.RADIO: 2000, Road.PORTAL: 4000}
)
"""Characters; 600 fits one message on every platform (Facebook buttons: 640)."""
_FESTIVE = (
    *("chúc mừng", "vui mừng", "hân hoan", "tưng bừng", "phấn khởi", "rộn ràng"),
    *("nhộn nhịp", "niềm vui", "vui vẻ", "vui tươi", "hạnh phúc", "thịnh vượng"),
)
SOLEMN: Final = frozenset({"tri_an", "tuong_niem"})
_SOLEMN = Manner("ngày tri ân, tưởng niệm không dùng lời vui", never=_FESTIVE)
_GRATEFUL = Manner(
    "lời tri ân phải có lời biết ơn", must=("biết ơn", "nhớ ơn", "tri ân", "cảm ơn")
)
_QUIET = Manner("ngày tưởng niệm không dùng dấu chấm than", never=("!",))
_ALWAYS = (
    Manner(
        "lời chúc không hứa thưởng, không vận động nộp tiền",
        never=("tiền thưởng", "sẽ thưởng", "nộp tiền", "chuyển khoản", "trúng thưởng"),
    ),
    Manner(
        "lời chúc không dùng khẩu hiệu", never=("muôn năm", "quang vinh", "bách chiến")
    ),
    Manner("lời chúc không xưng hô suồng sã", never=("mày", "các bạn ơi", "ae", "ace")),
)
_CHAT = Manner("tin nhắn riêng cần có 'Dạ' mở đầu", must=("dạ",))


def lint(texts: Mapping[Road, str], tone: str, short: str = "") -> tuple[str, ...]:
    """Return what is wrong with the texts of one greeting, each problem once.

    ``short`` is the committee's short name, which the private message must hold.
    """
    found: dict[str, None] = {}
    for road, text in texts.items():
        for problem in _of_one(road, text, tone):
            found.setdefault(f"{road}: {problem}")
    if short and short not in texts.get(Road.CHAT, short):
        found.setdefault(f"{Road.CHAT}: tin nhắn phải nêu tên {short}")
    return tuple(found)


def _of_one(road: Road, text: str, tone: str) -> Iterator[str]:
    yield from faults(text)
    if len(text) > LONGEST[road]:
        yield f"dài hơn {LONGEST[road]} ký tự"
    for manner in _manners(road, tone):
        if broken := manner.broken(text):
            yield broken
    if tone in SOLEMN and has_emoji(text):
        yield "ngày này không dùng biểu tượng"


def _manners(road: Road, tone: str) -> Iterator[Manner]:
    yield from _ALWAYS
    if tone in SOLEMN:
        yield _SOLEMN
    if tone == "tri_an":
        yield _GRATEFUL
    if tone == "tuong_niem":
        yield _QUIET
    if road is Road.CHAT:
        yield _CHAT
