"""Which short messages mean exactly what a button means?

They are read before any guessing: a right must not depend on a good day of the
reader of texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.citizen.payloads import Payload, Verb
from handlers.model import Consent
from nlu.normalise import fold

_POLITE = frozenset({"da", "vang", "a", "nhe", "nha", "oi", "xin", "em", "ad", "admin"})
_PHRASES: Mapping[str, Payload] = {
    "menu": Payload(Verb.MENU),
    "xem cac viec": Payload(Verb.MENU),
    "quyen du lieu": Payload(Verb.PRIVACY),
    "gap can bo": Payload(Verb.STAFF),
    "viec khac": Payload(Verb.NONE_OF_THESE),
    "khong dung y": Payload(Verb.WRONG),
    "dung nhan tin": Payload(Verb.STOP),
    "stop": Payload(Verb.STOP),
    "nhan lai": Payload(Verb.RESUME),
    "nhan lai tin": Payload(Verb.RESUME),
}
_STOP_WORD = "dừng"
"""Only with its marks: "dung" may also be "đúng"."""
_CONSENT: Mapping[str, Payload] = {
    "dong y": Payload(Verb.AGREE),
    "toi dong y": Payload(Verb.AGREE),
    "khong dong y": Payload(Verb.DECLINE),
    "toi khong dong y": Payload(Verb.DECLINE),
}
_NUMBER = re.compile(r"(?:so |cai |muc |chon |thu )*(\d{1,2})")


def command(text: str, consent: Consent) -> Payload | None:
    """Return the button that a message stands for, if it is nothing but that."""
    if text.strip().strip(".! ").lower() == _STOP_WORD:
        return Payload(Verb.STOP)
    plain = _plain(text)
    if consent is Consent.SHOWN and plain in _CONSENT:
        return _CONSENT[plain]
    return _PHRASES.get(plain)


def number(text: str) -> int:
    """Return the number that a message consists of ("2", "số 2"); 0 for none."""
    found = _NUMBER.fullmatch(_plain(text))
    return int(found[1]) if found and found[1].isascii() else 0


def _plain(text: str) -> str:
    words = re.findall(r"\w+", fold(text[:100].lower()))
    return " ".join(word for word in words if word not in _POLITE)
