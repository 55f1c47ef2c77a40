"""Does every template of a kind stand every hard case? One line for each problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from messages.letters.compose import Letter, Sheet, compose
from messages.letters.errors import LetterError
from messages.letters.facts import DERIVED, Facts, addressee, facts
from messages.letters.kinds import LetterKind, Output
from messages.letters.lint import rules
from messages.letters.lint.matrix import USUAL, cases
from messages.letters.office import Office
from messages.letters.templates import Wording, on_disk

OFFICES = (
    Office("xã Mẫu", phone="0220 3812 000", signer="Nguyễn Văn A"),
    Office("phường Mẫu", "Ủy ban nhân dân phường Mẫu"),
)
DAY = date(2026, 11, 25)
_FREE = frozenset({"name", "text"})
_SILENT = frozenset({"xa", "ubnd", "ubnd_ngan", "dia_danh", "goi", "goi_thuong"})
"""What the template itself says; it is not covered when its words are looked at."""


def lint_kind(kind: LetterKind, words: Wording | None = None) -> tuple[str, ...]:
    """Return the problems of a kind, each once, with the first case that shows it.

    ``words`` is a wording under edit; the one on disk by default.
    """
    try:
        used = words or on_disk(kind)
    except LetterError as error:
        return (str(error),)
    found: dict[str, str] = {}
    for office in OFFICES:
        for case in cases(kind):
            for problem in _tried(kind, case.data, office, used):
                found.setdefault(problem, case.label)
    return tuple(f"{kind.code}/{what} [{case}]" for what, case in found.items())


def lint_letter(letter: Letter) -> tuple[str, ...]:
    """Return the problems of one written letter, for the one who checks it."""
    return tuple(dict.fromkeys(_problems(letter)))


def _tried(
    kind: LetterKind, data: Mapping[str, str], office: Office, words: Wording
) -> Iterator[str]:
    try:
        letter = compose(kind, data, office, DAY, words)
    except LetterError as error:
        yield str(error)
        return
    free = {data.get(n, "") for n, f in kind.fields.items() if f.type in _FREE}
    # Only usual words are judged by courtesy: a strange one is not the template's.
    yield from _problems(letter, only_form=not free <= {"", *USUAL})


def _problems(letter: Letter, *, only_form: bool = False) -> Iterator[str]:
    known = facts(letter.kind, letter.data, letter.office)
    covered = tuple(_covered(letter, known))
    form = addressee(letter.kind, letter.data).pronoun
    age = int(letter.data["tuoi"]) if letter.data.get("tuoi") else None
    for output, text in _texts(letter):
        found = [*rules.faults(text, covered), *rules.pronouns(text, form, covered)]
        if not only_form:
            found += rules.manners(text, letter.kind, age)
        yield from (f"{output}: {problem}" for problem in found)
    yield from _sheets(letter)


def _sheets(letter: Letter) -> Iterator[str]:
    whom = addressee(letter.kind, letter.data)
    for name, sheet in (("letter", letter.sheet), ("form", letter.form)):
        if sheet is None:
            continue
        found = [*rules.close(sheet.close)]
        for one in whom.names:
            found += rules.salutation(sheet.salutation, one)
        yield from (f"{name}: {problem}" for problem in found)


def _texts(letter: Letter) -> Iterator[tuple[str, str]]:
    yield Output.LETTER.value, _whole(letter.sheet)
    if letter.form is not None:
        yield Output.FORM.value, _whole(letter.form)
    if Output.CARD in letter.kind.outputs:
        card = letter.card
        yield Output.CARD.value, "\n".join((card.heading, *card.wish, card.motto))
    yield from ((output.value, text) for output, text in letter.texts.items())


def _whole(sheet: Sheet) -> str:
    return "\n".join(sheet.lines())


def _covered(letter: Letter, known: Facts) -> Iterator[str]:
    yield from letter.data.values()
    for name in DERIVED - _SILENT:
        value = known[name]
        if isinstance(value, str):
            yield value
