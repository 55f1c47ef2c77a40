"""How does another agency get each day's root? By mail, once a day and log.

The note is short and says nothing of anybody: whoever keeps it can show for ever that
the log was not rewritten. That it went is an entry of the log.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage

from sqlalchemy import Connection, select

from bot.config_evidence import Mail
from bot.evidence_log import today
from bot.installation import Installation
from handlers.tags import Tag
from storage import evidence
from storage.evidence import Entry, checkpoints
from storage.evidence.checkpoints import Signed
from storage.tables import evidence_checkpoint, evidence_entry

SECONDS = 20.0
MOST_DAYS = 7
"""After a long silence of the server only the newest days are mailed."""


async def mail_days(opened: Installation, unit_id: str, settings: Mail) -> int:
    """Mail the roots of past days that were not mailed yet; return how many.

    Raises OSError (the server is away or refuses), StorageError.
    """
    day = today(opened.clock)
    waiting = await opened.database.read(lambda c: unmailed(c, unit_id, day))
    for signed in waiting:
        letter = message(settings, opened.config.units[unit_id].name, signed)
        await asyncio.to_thread(_send, settings, letter)
        entry = Entry(
            unit_id=unit_id,
            entry_id=opened.ids.new(),
            at=opened.clock.now_ms(),
            tag=Tag.EVIDENCE_MAILED.value,
            subject=_subject(signed.day),
            data={"size": signed.size},
        )
        row = entry.row()
        await opened.database.write(lambda c, row=row: evidence.append(c, [row]))  # type: ignore[misc]  # bound at once
    return len(waiting)


def unmailed(connection: Connection, unit_id: str, day: str) -> list[Signed]:
    """Return the last checkpoints of the newest days before a day, not yet mailed."""
    columns = evidence_checkpoint.c
    query = select(columns.day).where(columns.unit_id == unit_id, columns.day < day)
    days = connection.execute(
        query.distinct().order_by(columns.day.desc()).limit(MOST_DAYS)
    ).scalars()
    subjects = {_subject(one): one for one in days}
    entry = evidence_entry.c
    gone = connection.execute(
        select(entry.subject).where(
            entry.unit_id == unit_id, entry.subject.in_(list(subjects))
        )
    ).scalars()
    left = sorted(subjects[one] for one in subjects.keys() - set(gone))
    found = (checkpoints.of_day(connection, unit_id, one) for one in left)
    return [one for one in found if one is not None]


def message(settings: Mail, office: str, signed: Signed) -> EmailMessage:
    """Return the letter with the note as it was signed."""
    made = EmailMessage()
    made["From"], made["To"] = settings.sender, settings.to
    made["Subject"] = f"Mốc minh chứng ngày {signed.day} của {office}"
    made.set_content(
        f"Kính gửi quý cơ quan,\n\n{office} xin gửi mốc minh chứng ngày {signed.day}"
        f" ({signed.size} mục). Xin lưu lại thư này: về sau đối chiếu được nhật ký"
        " có bị sửa hay không. Mốc không có dữ liệu cá nhân.\n\nTrân trọng.\n"
    )
    name = f"{signed.day}.checkpoint"
    made.add_attachment(
        signed.note.encode(), maintype="text", subtype="plain", filename=name
    )
    return made


def _send(settings: Mail, letter: EmailMessage) -> None:
    """Raises OSError; smtplib's own errors are OSErrors as well."""
    with smtplib.SMTP(settings.host, settings.port, timeout=SECONDS) as server:
        if settings.starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.username:
            server.login(settings.username, settings.password)
        server.send_message(letter)


def _subject(day: str) -> str:
    return f"mail:{day}"
