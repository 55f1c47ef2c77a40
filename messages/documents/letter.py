"""How does a letter become papers? PDF to print, a card for the chat, plain text.

All are made from one ``Letter``: what the PDF says, the Word copy and the text say too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno

from messages.documents import typeset
from messages.letters.compose import Letter, Sheet

COPIES = ("Như trên;", "Lưu: VT, TTPVHCC.")


@dataclass(frozen=True, slots=True)
class Verify:
    """The page that tells whether a letter is ours, and the words beside its code."""

    url: str
    text: str = "Quét mã để kiểm tra thư này."


def letter_pdf(
    letter: Letter,
    *,
    paper: str = "a4",
    verify: Verify | None = None,
    made: datetime | None = None,
) -> bytes:
    """Return the letter as PDF/A-2b on ``a4`` or ``a5``; ``made`` (aware) dates it."""
    return typeset.pdf("letter", _page(letter, paper, verify), made=made)


def form_pdf(
    letter: Letter, *, verify: Verify | None = None, made: datetime | None = None
) -> bytes:
    """Return the statutory form that goes with the letter (Mẫu số 04), as PDF/A-2b."""
    return typeset.pdf("nd30", _form(letter, verify), made=made)


def card_png(letter: Letter) -> bytes:
    """Return the picture for the chat: PNG, 1080 × 1350."""
    return typeset.png("card", _card(letter))


def plain_text(letter: Letter) -> str:
    """Return the whole letter as text, in the order of the page."""
    sign = letter.signature
    number = (f"Số: {sign.number}",) if sign.number else ()
    head = (*letter.office.heading, *number, sign.place_and_day)
    foot = tuple(filter(None, (*sign.authority, sign.name)))
    blocks = ("\n".join(head), *letter.sheet.lines(), "\n".join(foot))
    return "\n\n".join(blocks) + "\n"


def _page(letter: Letter, paper: str, verify: Verify | None) -> dict[str, Any]:
    return {
        **_sheet(letter, letter.sheet, verify),
        "authority": letter.signature.authority,
        "emblem": letter.kind.emblem,
        "paper": paper,
        "tone": letter.kind.tone.value,
    }


def _form(letter: Letter, verify: Verify | None) -> dict[str, Any]:
    assert letter.form is not None, letter.kind.code  # noqa: S101
    return {
        **_sheet(letter, letter.form, verify),
        "authority": letter.form_authority,
        "copies": COPIES,
    }


def _sheet(letter: Letter, sheet: Sheet, verify: Verify | None) -> dict[str, Any]:
    return {
        "agency": letter.office.heading,
        "number": letter.signature.number,
        "place_and_day": letter.signature.place_and_day,
        "title": sheet.title,
        "salutation": sheet.salutation,
        "body": sheet.body,
        "close": sheet.close,
        "signer": letter.signature.name,
        "verify": _code(verify) if verify else {},
    }


def _card(letter: Letter) -> dict[str, Any]:
    card = letter.card
    return {
        "agency": letter.office.heading,
        "authority": letter.signature.authority,
        "emblem": letter.kind.emblem,
        "heading": card.heading,
        "is_pair": letter.kind.address in {"couple", "parents"},
        "motto": card.motto,
        "names": card.names,
        "place_and_day": letter.signature.place_and_day,
        "signer": letter.signature.name,
        "tone": letter.kind.tone.value,
        "wish": card.wish,
    }


def _code(verify: Verify) -> Mapping[str, object]:
    rows = segno.make(verify.url, error="m", micro=False).matrix
    return {
        "rows": ["".join(str(int(bool(cell))) for cell in row) for row in rows],
        "text": verify.text,
    }
