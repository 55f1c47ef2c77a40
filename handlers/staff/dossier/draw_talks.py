"""How did talks about something go? A few, with everything personal masked.

At most one a month is taken, so that they are spread over the time. Who was erased
since is gone from here too; nobody takes the place, so the rest stays as it was.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from handlers.cases.moments import LOCAL, from_ms, local_day
from handlers.model import Tag
from handlers.staff.disclosure import is_sealed
from handlers.staff.dossier.draw import Days, finding, fits
from handlers.staff.dossier.finding import Attachment, Found
from handlers.staff.dossier.log import Line
from handlers.staff.reports.period import start_ms
from messages.criteria.model import Draw
from messages.documents.dossier import talks_pdf
from nlu.masking import mask

BEFORE_MS: Final = 10 * 60_000
AFTER_MS: Final = 15 * 60_000
MOST_BUBBLES: Final = 24
LONGEST: Final = 900
SPARE: Final = 3
"""Times as many are taken as are shown: those about delicate matters are left out."""
_SAID: Final = frozenset({Tag.MESSAGE_RECEIVED.value, Tag.MESSAGE_ANSWERED.value})
CHANNELS: Final = {"zalo": "Zalo", "facebook": "Facebook"}
_TAP: Final = re.compile(r"#\w+(?::\S*)?")
"""What a button sends (handlers.citizen.payloads)."""
TAPPED: Final = "[bấm nút chọn]"

Open = Callable[[Line], str | None]
"""(entry) -> the words of its item, "" when it has none, None when they are gone."""


@dataclass(slots=True)
class _Sample:
    person: str
    until: int
    lines: list[Line]
    channel: str = ""


@dataclass(slots=True)
class Talks:
    """Takes talks in which something happened."""

    draw: Draw
    open: Open
    samples: list[_Sample] = field(default_factory=list)
    recent: deque[Line] = field(default_factory=lambda: deque(maxlen=1000))
    months: set[tuple[int, int]] = field(default_factory=set)

    @property
    def tags(self) -> frozenset[str]:
        """What was said, and what must have happened."""
        return frozenset(self.draw.tags) | _SAID

    def take(self, line: Line) -> None:
        """Keep what was said around it."""
        if line.tag in self.draw.tags:
            self._begin(line)
        if line.tag not in _SAID:
            return
        self.recent.append(line)
        for sample in self.samples:
            if sample.person == line.person and line.at <= sample.until:
                sample.lines.append(line)

    def _begin(self, line: Line) -> None:
        day = local_day(from_ms(line.at))
        month = (day.year, day.month)
        if (
            not line.person
            or len(self.samples) >= SPARE * self.draw.most
            or month in self.months
            or not fits(self.draw, line)
        ):
            return
        self.months.add(month)
        since = line.at - BEFORE_MS
        before = [x for x in self.recent if x.person == line.person and x.at >= since]
        made = _Sample(line.person, line.at + AFTER_MS, before)
        came = [one for one in before if one.tag == Tag.MESSAGE_RECEIVED.value]
        made.channel = str(came[-1].data.get("channel", "")) if came else ""
        self.samples.append(made)

    def found(self, days: Days) -> Found:
        """Show as many as are wanted and can be shown."""
        shown: list[dict[str, Any]] = []
        gone = 0
        for sample in self.samples:
            if len(shown) + gone >= self.draw.most:
                break
            told = self._told(sample)
            gone += told is None
            shown += [told] if told else []
        words = f"{len(shown)} trò chuyện, dữ liệu cá nhân đã che"
        words += (
            f"; {gone} trò chuyện đã xóa theo yêu cầu của người dân" if gone else ""
        )
        title, made = self.draw.title, from_ms(start_ms(days.last))
        files = (
            (Attachment(title, ".pdf", lambda: talks_pdf(title, shown, made)),)
            if shown
            else ()
        )
        return finding(
            self.draw, days, len(shown) + gone, words, (), table=(), files=files
        )

    def _told(self, sample: _Sample) -> dict[str, Any] | None:
        """Return one talk for the page, None when it is gone, {} when not to show."""
        bubbles: list[dict[str, str]] = []
        for line in sample.lines[:MOST_BUBBLES]:
            text = self.open(line)
            if text is None:
                return None
            if is_sealed("", text):
                return {}
            side = "citizen" if line.tag == Tag.MESSAGE_RECEIVED.value else "bot"
            at = f"{from_ms(line.at).astimezone(LOCAL):%H:%M}"
            if text.strip():
                masked = _shown(text.strip())
                bubbles.append({"side": side, "at": at, "text": masked})
        if len({one["side"] for one in bubbles}) < len(_SAID):
            return {}
        month = f"tháng {from_ms(sample.lines[0].at).astimezone(LOCAL):%m/%Y}"
        return {
            "channel": CHANNELS.get(sample.channel, "Tin nhắn"),
            "month": month,
            "ref": sample.lines[0].entry_id,
            "bubbles": bubbles,
        }


def _shown(text: str) -> str:
    return TAPPED if _TAP.fullmatch(text) else mask(text)[:LONGEST]
