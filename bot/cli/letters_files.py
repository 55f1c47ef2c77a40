"""Which files are made of a letter, and how do all of them appear or none?"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path

from bot.errors import BotError
from bot.policy import LOCAL
from messages.documents import letter as papers
from messages.documents.letter_word import form_docx, letter_docx
from messages.letters.compose import Letter
from messages.letters.kinds import Output

TEXTS = {
    Output.CHAT: "chat.txt",
    Output.RADIO: "radio.txt",
    Output.POST: "post.txt",
}


def files_of(letter: Letter, paper: str) -> dict[str, bytes]:
    """Return the contents of every file by its name."""
    made = datetime.combine(letter.day, time(), LOCAL)
    files = {
        "letter.pdf": papers.letter_pdf(letter, paper=paper, made=made),
        "letter.png": papers.card_png(letter),
        "letter.docx": letter_docx(letter, made=made),
        "letter.txt": papers.plain_text(letter).encode(),
    }
    if letter.form is not None:
        files["mau-04.pdf"] = papers.form_pdf(letter, made=made)
        files["mau-04.docx"] = form_docx(letter, made=made)
    for output, name in TEXTS.items():
        if letter.says(output):
            files[name] = f"{letter.says(output)}\n".encode()
    return files


def write_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write the files; raises BotError, and leaves no half of one behind.

    Each is written whole under another name first, then takes its own.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".thu-") as draft:
            for name, content in files.items():
                Path(draft, name).write_bytes(content)
            for name in files:
                os.replace(Path(draft, name), folder / name)  # noqa: PTH105  atomic
    except OSError as error:
        raise BotError(
            f"Không ghi được vào thư mục {folder.name}.",
            "Xin chọn thư mục khác bằng --out, nơi có quyền ghi.",
        ) from error
    return [folder / name for name in files]
