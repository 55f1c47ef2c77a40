"""How is the person in a letter addressed?

"Ông/Bà" with the full name unless told otherwise; "cụ" for the very old; one who is
dead is never called anh or chị by age alone (DOMAIN.md 4.3).
"""

from __future__ import annotations

from messages.letters.text import plain, upper_first

UNKNOWN = "Ông/Bà"
OLD = 80
"""Years from which somebody is "cụ" where the letter does not say."""
_FORMS = (
    *("Ông", "Bà", "Anh", "Chị", "Cụ", "Bác", "Cô", "Chú", "Em", "Cháu", "Thầy", "Dì"),
    *("Bé", "Đại đức", "Thượng tọa", "Hòa thượng", "Ni sư", "Ni trưởng", "Linh mục"),
    *("Đồng chí", "Mẹ", "Ông/Bà", "Anh/Chị"),
)
_BY_PLAIN = {plain(form): form for form in _FORMS}
_NEUTRAL = {"anh_chi", "ong_ba", "khac", "khong_ro"}
_MEN = frozenset({"nam", "trai", "male", "m"})
_WOMEN = frozenset({"nu", "gai", "female", "f"})


def form(typed: str, sex: str = "", age: int | None = None, old: int = OLD) -> str:
    """Return the form of address, capitalised: the typed one, else by age and sex."""
    given = _BY_PLAIN.get(plain(typed), "") if plain(typed) not in _NEUTRAL else ""
    if given and given not in {UNKNOWN, "Anh/Chị"}:
        return given
    if plain(typed) == "anh_chi":
        return by_sex(sex, "Anh", "Chị", "Anh/Chị")
    if age is not None and age >= old:
        return "Cụ"
    return by_sex(sex, "Ông", "Bà", UNKNOWN)


def is_known(typed: str) -> bool:
    """Whether we know this form of address."""
    return not typed or plain(typed) in _BY_PLAIN or plain(typed) in _NEUTRAL


def by_sex(sex: str, man: str, woman: str, unknown: str) -> str:
    """Return one of three words by what was typed as the sex."""
    typed = plain(sex)
    return man if typed in _MEN else woman if typed in _WOMEN else unknown


def is_sex(typed: str) -> bool:
    """Whether a typed sex is understood."""
    return plain(typed) in _MEN | _WOMEN


def with_name(form_: str, name: str) -> str:
    """Return "Ông Nguyễn Văn A"; a name typed with its form is not addressed twice."""
    if not name:
        return form_
    first = name.split(" ", 1)[0]
    if " " in name and plain(first) == plain(form_):
        return f"{form_} {name.split(' ', 1)[1]}"
    return f"{form_} {name}"


def stripped(name: str) -> tuple[str, str]:
    """Part "Ông Nguyễn Văn A" into form and name; ("", name) where there is none.

    "Anh" may begin a given name, so only a small "anh" is taken for a form.
    """
    first, _, rest = name.partition(" ")
    is_form = first.lower() in {"ông", "bà", "cụ", "ông/bà"} or first in {"anh", "chị"}
    if is_form and " " in rest:
        return upper_first(first.lower()), rest
    return "", name
