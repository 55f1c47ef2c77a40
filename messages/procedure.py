"""What do we know about one administrative procedure (thủ tục hành chính)?

The record is written for citizens; every fact carries its source and date, and
facts that nobody confirmed are named in ``doubts``.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z.\-_/]{1,40}$")
]


class Level(StrEnum):
    """The level of government that decides, as the national portal names it."""

    XA = "xa"
    TINH = "tinh"
    BO = "bo"
    KHAC = "khac"


class Confidence(StrEnum):
    """How far the facts were confirmed against the source."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Record(BaseModel):
    """Frozen, and an unknown key is an error that names the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Paper(Record):
    """One paper of the dossier; ``when`` is the case in which it is needed."""

    name: Text
    original: int = Field(default=1, ge=0, le=20)
    copies: int = Field(default=0, ge=0, le=20)
    form: str | None = None
    when: str | None = None


class Fee(Record):
    """Fee and charge in words, and who pays nothing; sure=False is said aloud."""

    text: Text
    exempt: str | None = None
    sure: bool = True


class Duration(Record):
    """Time limit in words; ``days`` counts ``unit`` when one number says it all."""

    text: Text
    days: float | None = Field(default=None, ge=0)
    unit: Literal["working_day", "day", "hour"] | None = None
    sure: bool = True


class Online(Record):
    """Whether the dossier can be filed on the public-service portal."""

    available: bool
    text: str | None = None
    url: str | None = None


class Legal(Record):
    """One legal basis: its number, what it is, its date where known."""

    number: Text
    title: str | None = None
    date: str | None = None


class Announcement(Record):
    """The decision that announced the procedure (số quyết định công bố)."""

    number: str | None = None
    date: str | None = None


class Source(Record):
    """Where the facts come from and the day they were read."""

    name: Text
    as_of: date
    url: str | None = None


class Procedure(Record):
    """One procedure, as citizens are told about it.

    ``twins`` are codes of the same procedure at another authority; ``doubts``
    names each uncertain fact in a sentence for staff.
    """

    code: Code
    name: Text
    official_name: str | None = None
    aliases: tuple[Text, ...] = ()
    examples: tuple[Text, ...] = ()
    field: Text
    levels: tuple[Level, ...] = Field(min_length=1)
    authority: Text
    desk: str | None = None
    summary: str | None = None
    papers: tuple[Paper, ...] = ()
    conditions: str | None = None
    steps: tuple[Text, ...] = ()
    fee: Fee | None = None
    time: Duration | None = None
    place: str | None = None
    online: Online | None = None
    result: tuple[Text, ...] = ()
    legal: tuple[Legal, ...] = ()
    announcement: Announcement | None = None
    source: Source
    confidence: Confidence = Confidence.MEDIUM
    doubts: tuple[Text, ...] = ()
    twins: tuple[Code, ...] = ()
    core: bool = False

    @property
    def is_commune(self) -> bool:
        """Whether the commune's own desk takes it: its levels contain Cấp xã."""
        return Level.XA in self.levels
