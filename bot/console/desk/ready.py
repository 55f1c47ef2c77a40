"""Which ready sentences does the reply box offer? The commune's own first."""

from __future__ import annotations

from dataclasses import dataclass

from bot.console.visit import Visit
from handlers.citizen import honorifics
from handlers.staff.desk_list import templates
from handlers.staff.words import replies


@dataclass(frozen=True, slots=True)
class Ready:
    """One sentence; ``code`` and ``version`` are kept with what is sent."""

    code: str
    title: str
    text: str
    version: str

    @property
    def name(self) -> str:
        """What the proof of a message holds."""
        return f"{self.code}:{self.version}"


async def ready(
    at: Visit, kind: str = "", state: str = "", code: str = ""
) -> list[Ready]:
    """Return what fits a case; ``code`` is that of the case, to be filled in."""
    values = {"xh": honorifics.spoken(""), "xa": at.services.unit.name, "code": code}
    own = await replies.offered(at.desk, kind, state)
    return [
        *(
            Ready(one.reply_id, one.title, one.filled(values), one.version)
            for one in own
        ),
        *(
            Ready(one.code, one.title, one.text, one.version)
            for one in templates.fitting(kind, state)
        ),
    ]


async def joined(at: Visit, offered: list[Ready]) -> dict[str, str]:
    """Return what is typed with the chosen sentence behind it, and its name."""
    text, chosen = await at.text("text", 4000), await at.text("template", 40)
    found = next((one for one in offered if one.code == chosen), None)
    if found is None:
        return {"reply": text, "template": ""}
    return {"reply": f"{text.rstrip()}\n{found.text}".strip(), "template": found.name}
