"""How does a layout become a PDF or a picture? Typst, with our own fonts only.

A layout is a Typst file in ``layouts/``; the data reaches it as JSON in
``sys.inputs.data``, so no value is ever read as markup. Sources: Typst's reference on
``sys.inputs`` and ``json``; PDF/A-2b is ISO 19005-2.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from messages.documents.errors import DocumentError, UnprintableError

LAYOUTS = Path(__file__).parent / "layouts"
FONTS = Path(__file__).parents[1] / "fonts"
CARD_PPI = 144.0
_NO_SIGN = re.compile(r'text `"(.{1,20})"` could not be displayed')


def pdf(
    layout: str,
    data: Mapping[str, Any],
    *,
    made: datetime | None = None,
    standard: typst.PDFStandard | None = "a-2b",
) -> bytes:
    """Return a layout filled with JSON data as PDF/A.

    ``made`` (aware) is written into the file as its date; the same data and date give
    the same bytes. Raises UnprintableError for a sign outside our fonts, DocumentError
    when the layout does not compile.
    """
    stamp = made.astimezone(UTC) if made else None  # a named zone is refused
    return _compiled(
        layout, data, format="pdf", pdf_standards=standard or [], timestamp=stamp
    )[0]


def png(layout: str, data: Mapping[str, Any], *, ppi: float = CARD_PPI) -> bytes:
    """Return the first page of a layout as a PNG of ``ppi`` dots an inch.

    Raises DocumentError when the layout does not compile.
    """
    return _compiled(layout, data, format="png", ppi=ppi)[0]


def _compiled(layout: str, data: Mapping[str, Any], **options: Any) -> list[bytes]:
    text = json.dumps(dict(data), ensure_ascii=False, sort_keys=True)
    inputs = {"data": unicodedata.normalize("NFC", text)}
    try:
        made = _compiler(layout).compile(sys_inputs=inputs, **options)
    except typst.TypstError as error:
        raise _said(str(error), layout) from error
    return made if isinstance(made, list) else [made or b""]


def _said(message: str, layout: str) -> DocumentError:
    """PDF/A refuses a sign that no font of ours has; only that sign is named."""
    found = _NO_SIGN.search(message)
    return UnprintableError(f"({found[1]})") if found else DocumentError(f"({layout})")


@cache
def _compiler(layout: str) -> typst.Compiler:
    """One compiler a layout: it keeps fonts and parsed sources warm."""
    return typst.Compiler(
        input=str(LAYOUTS / f"{layout}.typ"), root=str(LAYOUTS), font_paths=_fonts()
    )


@cache
def _fonts() -> typst.Fonts:
    """The fonts of this folder alone: a paper looks the same on every machine."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
