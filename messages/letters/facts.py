"""What does a template know? The data of a letter, and what follows from them.

Everything a template may name is here: a field that was not given is "".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from messages.letters import address
from messages.letters.kinds import LetterKind
from messages.letters.office import Office
from messages.letters.text import joined, lower_first, plain

Data = Mapping[str, str]
Facts = Mapping[str, str | bool]

LONG_LIFE = 60
"""Years from which one says "hưởng thọ" and not "hưởng dương" (DOMAIN.md 4.3)."""
GROWN = 18
_PLACES = ("thôn", "xóm", "tổ", "khu", "ấp", "đội", "số", "bản", "làng", "phố")
NOMINAL = "tuổi mụ"
"""Counted from 1 at birth: such an age is reached, but not full ("tròn")."""
ORGANISATION = "Quý đơn vị"
DERIVED = frozenset(
    [
        "xa",
        "ubnd",
        "ubnd_ngan",
        "dia_danh",
        "kinh_gui",
        "kinh_gui_thuong",
        "goi",
        "goi_thuong",
        "noi_o",
        "be",
        "nguoi",
        "goi_nguoi_mat",
        "tu_tran",
        "huong",
        "la_tre",
        "tang_quyen",
        "la_to_chuc",
        "dong_gop",
        "ket_qua",
        "quyet_dinh",
        "tron",
    ]
)
"""What a template may name beside the fields of its kind."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter greets: the line of the envelope, each name, and the pronoun."""

    line: str
    pronoun: str
    names: tuple[str, ...]


def facts(kind: LetterKind, data: Data, office: Office) -> Facts:
    """Return everything that a template of this kind may name."""
    to = addressee(kind, data)
    values: dict[str, str | bool] = {name: data.get(name, "") for name in kind.fields}
    values |= _office(office) | _mourned(data) | _phrases(data)
    values |= {
        "kinh_gui": to.line,
        "kinh_gui_thuong": lower_first(to.line),
        "goi": to.pronoun,
        "goi_thuong": _small(to.pronoun),
        "noi_o": place(data),
        "la_to_chuc": to.pronoun == ORGANISATION,
        "be": address.by_sex(data.get("gioi_tinh", ""), "bé trai", "bé gái", "cháu bé"),
        "sdt": data.get("sdt", "") or office.phone,
        "thon": hamlet(data.get("thon", "")),
    }
    return MappingProxyType(values)


def addressee(kind: LetterKind, data: Data) -> Addressee:
    """Return whom a letter of this kind greets."""
    return _ADDRESSEES[kind.address](kind, data)


def deceased(data: Data) -> tuple[str, str]:
    """Return the form of address and the name of the one who died."""
    typed, name = address.stripped(data.get("nguoi_mat", ""))
    years = _age(data)
    if years is not None and years < GROWN and not data.get("ong_ba"):
        return "cháu", name
    form = address.form(
        data.get("ong_ba", "") or typed, data.get("gioi_tinh", ""), years
    )
    return form, name


def lifetime(age: int | None, verb: str = "") -> str:
    """Return "hưởng thọ 85 tuổi", "hưởng dương 40 tuổi"; nothing for a child."""
    if age is None or age < GROWN:
        return ""
    if verb == "viên tịch":
        return f"trụ thế {age} năm"
    return f"{'hưởng thọ' if age >= LONG_LIFE else 'hưởng dương'} {age} tuổi"


def hamlet(name: str) -> str:
    """Return "thôn Đông" for "Đông" and for "thôn Đông"."""
    first = name.split(" ", 1)[0].lower()
    return name if not name or first in _PLACES else f"thôn {name}"


def place(data: Data) -> str:
    """Return where the addressee lives, as far as told, nothing of it twice."""
    home, where = hamlet(data.get("thon", "")), data.get("dia_chi", "")
    if home and plain(home) in plain(where):
        home = ""
    return ", ".join(part for part in (home, where) if part)


def _person(kind: LetterKind, data: Data) -> Addressee:
    name, body = data.get("ten", ""), data.get("ten_to_chuc", "")
    if not name:
        return Addressee(body, ORGANISATION, (body,))
    form, line = _greeted(name, data, kind.elder)
    return Addressee(
        joined([line, body], ", "), form, tuple(filter(None, (line, body)))
    )


def _greeted(name: str, data: Data, elder: int) -> tuple[str, str]:
    typed, bare = address.stripped(name)
    form = address.form(
        data.get("ong_ba", "") or typed, data.get("gioi_tinh", ""), _age(data), elder
    )
    return form, address.with_name(form, bare)


def _couple(kind: LetterKind, data: Data) -> Addressee:
    del kind
    return _pair(data, "chong", "vo")


def _parents(kind: LetterKind, data: Data) -> Addressee:
    del kind
    return _pair(data, "bo", "me")


def _pair(data: Data, first: str, second: str) -> Addressee:
    is_young = plain(data.get("ong_ba", "")) in {"anh_chi", "anh", "chi"}
    forms = ("Anh", "Chị") if is_young else ("Ông", "Bà")
    given = (data.get(first, ""), data.get(second, ""))
    there = [(form, name) for form, name in zip(forms, given, strict=True) if name]
    names = tuple(
        address.with_name(form, address.stripped(name)[1]) for form, name in there
    )
    return Addressee(joined(names), ", ".join(form for form, _ in there), names)


def _family(kind: LetterKind, data: Data) -> Addressee:
    del kind
    form, name = deceased(data)
    whom = address.with_name(form, name)
    if data.get("cach_goi") == "viên tịch":
        return Addressee(f"Môn đồ pháp quyến {whom}", "môn đồ pháp quyến", (whom,))
    return Addressee(f"Gia đình {whom}", "gia đình", (whom,))


_ADDRESSEES: Mapping[str, Callable[[LetterKind, Data], Addressee]] = MappingProxyType(
    {"person": _person, "couple": _couple, "parents": _parents, "family": _family}
)


def _office(office: Office) -> dict[str, str]:
    return {
        "xa": office.name,
        "ubnd": office.full,
        "ubnd_ngan": office.short,
        "dia_danh": office.place,
    }


def _mourned(data: Data) -> dict[str, str | bool]:
    form, name = deceased(data)
    verb, years = data.get("cach_goi", "") or "từ trần", _age(data)
    is_monk = verb == "viên tịch"
    return {
        "nguoi": address.with_name(form, name),
        "goi_nguoi_mat": form,
        "tu_tran": verb,
        "huong": lifetime(years, verb),
        "la_tre": years is not None and years < GROWN,
        "tang_quyen": "môn đồ pháp quyến" if is_monk else "gia quyến",
    }


def _phrases(data: Data) -> dict[str, str]:
    """Phrases that a template leads in with a word which was often typed too."""
    number = data.get("so_quyet_dinh", "")
    is_whole = plain(number).startswith(("quyet_dinh", "qd_"))
    return {
        "dong_gop": _without(data.get("dong_gop_cu_the", ""), "đã "),
        "ket_qua": data.get("ket_qua_cu_the", ""),
        "tron": "thượng thọ" if data.get("cach_tinh_tuoi") == NOMINAL else "tròn",
        "quyet_dinh": number if is_whole else f"Quyết định số {number}",
    }


def _without(text: str, lead: str) -> str:
    return text[len(lead) :] if text.lower().startswith(lead) else text


def _small(pronoun: str) -> str:
    return (
        "/".join(lower_first(part) for part in pronoun.split("/"))
        .replace(", B", ", b")
        .replace(", C", ", c")
    )


def _age(data: Data) -> int | None:
    return int(data["tuoi"]) if data.get("tuoi") else None
