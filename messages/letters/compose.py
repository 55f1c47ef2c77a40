"""Which words does a letter hold? Kind and data in, every text of the letter out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from messages.letters import dates, values
from messages.letters.errors import BadTemplateError
from messages.letters.facts import addressee, facts
from messages.letters.kinds import LetterKind, Output
from messages.letters.office import Office, authority
from messages.letters.templates import Version, Wording, on_disk
from messages.letters.text import paragraphs

SALUTATION = "Kính gửi:"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of text: title, whom it greets, paragraphs, last words."""

    title: str
    salutation: str
    body: tuple[str, ...]
    close: str

    def lines(self) -> tuple[str, ...]:
        """Return everything in reading order."""
        return (self.title, self.salutation, *self.body, self.close)


@dataclass(frozen=True, slots=True)
class Signature:
    """Number, place and day, authority and name; "" is left out."""

    number: str
    place_and_day: str
    authority: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class CardText:
    """What the picture says."""

    heading: str
    names: tuple[str, ...]
    wish: tuple[str, ...]
    motto: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole letter as words, and what it was made from."""

    kind: LetterKind
    version: Version
    data: Mapping[str, str]
    office: Office
    day: date
    sheet: Sheet
    signature: Signature
    card: CardText
    texts: Mapping[Output, str]
    form: Sheet | None = None
    form_authority: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    def says(self, output: Output) -> str:
        """Return the chat text, radio script or post; "" where the kind has none."""
        return self.texts.get(output, "")


def compose(
    kind: LetterKind,
    raw: Mapping[str, object],
    office: Office,
    day: date,
    words: Wording | None = None,
) -> Letter:
    """Write a letter on a local day; raises LetterError.

    ``words`` is a wording under edit; the one on disk by default.
    """
    read = values.read(kind, raw)
    known = facts(kind, read.data, office)
    used = words or on_disk(kind)
    made = {output: used.says(output, known) for output in used.templates}
    form = made.get(Output.FORM)
    position = read.data.get("chuc_vu", "") or office.position
    return Letter(
        kind=kind,
        version=used.version,
        data=read.data,
        office=office,
        day=day,
        sheet=sheet(made[Output.LETTER], f"{kind.code}/letter"),
        signature=_signature(read.data, office, day, position),
        card=_card(made.get(Output.CARD, ""), addressee(kind, read.data).names, kind),
        texts={o: made[o] for o in made if o not in _SHEETS},
        form=sheet(form, f"{kind.code}/form") if form else None,
        form_authority=authority(position, is_committee=True),
        unused=read.unused,
    )


_SHEETS = frozenset({Output.LETTER, Output.FORM, Output.CARD})


def sheet(text: str, where: str) -> Sheet:
    """Part a made text: title, "Kính gửi: …", paragraphs, last words.

    Raises BadTemplateError for a text without them.
    """
    parts = paragraphs(text)
    if len(parts) < 4 or not parts[1].startswith(SALUTATION):  # noqa: PLR2004
        raise BadTemplateError(
            f"{where}: cần tên thư, dòng '{SALUTATION} …', nội dung và lời kết"
        )
    return Sheet(parts[0], parts[1], parts[2:-1], parts[-1])


def _signature(
    data: Mapping[str, str], office: Office, day: date, position: str
) -> Signature:
    signed = data.get("ngay_ky", "") or dates.written(day)
    return Signature(
        number=data.get("so", ""),
        place_and_day=f"{office.place}, ngày {signed}",
        authority=authority(position),
        name=data.get("nguoi_ky", "") or office.signer,
    )


def _card(text: str, names: tuple[str, ...], kind: LetterKind) -> CardText:
    parts = paragraphs(text)
    if len(parts) < 3:  # noqa: PLR2004
        raise BadTemplateError(f"{kind.code}/card: cần tiêu đề, lời chúc và câu kết")
    return CardText(parts[0], names, parts[1:-1], parts[-1])
