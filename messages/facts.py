"""How is one fact of a procedure said: its papers, fee, time, place and so on?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from messages.procedure import Paper, Procedure

FACETS = (
    "documents",
    "fee",
    "time",
    "place",
    "online",
    "steps",
    "form",
    "conditions",
    "legal",
)
_CLAUSE = re.compile(r"[;.]\s")
_PORTAL = "Cổng Dịch vụ công"
_PORTAL_NAME = "Cổng DVC quốc gia"


class Say(Protocol):
    """The commune's sentences, see handlers.ports.Words."""

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence with that key, filled with the values."""
        ...


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact in words; ``is_complete`` is False when only a part of it is told."""

    text: str
    is_sure: bool = True
    is_complete: bool = True


def is_known(procedure: Procedure, facet: str) -> bool:
    """Whether the record says anything about the facet."""
    return bool(_KNOWN[facet](procedure))


def fact(procedure: Procedure, facet: str, say: Say) -> Fact:
    """Return the whole fact; one that the record lacks is said to be unconfirmed."""
    if not is_known(procedure, facet):
        label = say(f"buttons.{facet}")
        return Fact(say("procedure.missing", label=label), is_sure=False)
    return _TELL[facet](procedure, say)


def in_brief(procedure: Procedure, facet: str, say: Say) -> Fact:
    """Return a known fact with its first clause only, where that misleads nobody.

    Fee and time are never cut: what follows the first figure often changes it.
    """
    whole = fact(procedure, facet, say)
    if facet == "online":
        return _online(procedure, say, is_brief=True)
    if facet != "place":
        return whole
    clause = _CLAUSE.split(whole.text, maxsplit=1)[0]
    if clause == whole.text:
        return whole
    return Fact(f"{clause}…", is_sure=whole.is_sure, is_complete=False)


def documents(procedure: Procedure, say: Say) -> Fact:
    """Return every paper with its form, counts and the case it is for."""
    lines = [_paper(paper, say) for paper in procedure.papers]
    return Fact(say("procedure.documents", line_list=lines, has_more=False))


def papers(procedure: Procedure, say: Say, limit: int) -> Fact:
    """Return the names of at most ``limit`` papers, those always needed first."""
    ordered = sorted(procedure.papers, key=lambda paper: bool(paper.when))
    lines = [
        say("procedure.paper_short", name=plain(paper.name), is_always=not paper.when)
        for paper in ordered[:limit]
    ]
    is_complete = len(lines) == len(ordered) and not any(map(_has_details, ordered))
    text = say("procedure.documents", line_list=lines, has_more=not is_complete)
    return Fact(text, is_complete=is_complete)


def _has_details(paper: Paper) -> bool:
    return bool(paper.when or paper.form) or _has_counts(paper)


def _has_counts(paper: Paper) -> bool:
    """One original is the rule (and the default of the record): it goes unsaid."""
    return paper.copies > 0 or paper.original > 1


def source_name(name: str) -> str:
    """Return the publisher as citizens know it, without notes on the copy."""
    return _PORTAL_NAME if _PORTAL in name else plain(name.partition(" (")[0])


def plain(text: str) -> str:
    """Return the text without the full stop that our sentence sets itself."""
    return text.strip().rstrip(".").rstrip()


def _paper(paper: Paper, say: Say) -> str:
    originals = paper.original if _has_counts(paper) else 0
    return say(
        "procedure.paper",
        name=plain(paper.name),
        form=plain(paper.form or ""),
        when=plain(paper.when or ""),
        originals=str(paper.original) if originals else "",
        copies=str(paper.copies) if paper.copies else "",
    )


def _fee(procedure: Procedure, say: Say) -> Fact:
    fee = procedure.fee
    assert fee is not None  # noqa: S101  asked only when known
    text = say(
        "procedure.fee",
        text=plain(fee.text),
        exempt=plain(fee.exempt or ""),
        is_sure=fee.sure,
    )
    return Fact(text, is_sure=fee.sure)


def _time(procedure: Procedure, say: Say) -> Fact:
    time = procedure.time
    assert time is not None  # noqa: S101  asked only when known
    text = say("procedure.time", text=plain(time.text), is_sure=time.sure)
    return Fact(text, is_sure=time.sure)


def _place(procedure: Procedure, say: Say) -> Fact:
    where = procedure.place or procedure.desk or ""
    return Fact(say("procedure.place", text=plain(where)))


def _online(procedure: Procedure, say: Say, *, is_brief: bool = False) -> Fact:
    online = procedure.online
    assert online is not None  # noqa: S101  asked only when known
    link = online.url or procedure.source.url or ""
    text = say(
        "procedure.online",
        is_available=online.available,
        text="" if is_brief else plain(online.text or ""),
        link=link if online.available and link.startswith("http") else "",
    )
    return Fact(text, is_complete=not (is_brief and online.text))


def _steps(procedure: Procedure, say: Say) -> Fact:
    return Fact(say("procedure.steps", line_list=_lines(procedure.steps)))


def _form(procedure: Procedure, say: Say) -> Fact:
    lines = [
        f"{plain(paper.name)}: {plain(paper.form)}"
        for paper in procedure.papers
        if paper.form
    ]
    return Fact(say("procedure.form", line_list=lines))


def _conditions(procedure: Procedure, say: Say) -> Fact:
    return Fact(say("procedure.conditions", text=plain(procedure.conditions or "")))


def _legal(procedure: Procedure, say: Say) -> Fact:
    lines = [
        " – ".join(part for part in (legal.number, legal.title, legal.date) if part)
        for legal in procedure.legal
    ]
    announced = procedure.announcement
    parts = (announced.number, announced.date) if announced else ()
    decision = ", ngày ".join(part for part in parts if part)
    return Fact(say("procedure.legal", line_list=lines, decision=decision))


def _lines(texts: Sequence[str]) -> list[str]:
    return [plain(text) for text in texts]


_TELL: Mapping[str, Callable[[Procedure, Say], Fact]] = {
    "documents": documents,
    "fee": _fee,
    "time": _time,
    "place": _place,
    "online": _online,
    "steps": _steps,
    "form": _form,
    "conditions": _conditions,
    "legal": _legal,
}
_KNOWN: Mapping[str, Callable[[Procedure], object]] = {
    "documents": lambda record: record.papers,
    "fee": lambda record: record.fee,
    "time": lambda record: record.time,
    "place": lambda record: record.place or record.desk,
    "online": lambda record: record.online,
    "steps": lambda record: record.steps,
    "form": lambda record: any(paper.form for paper in record.papers),
    "conditions": lambda record: record.conditions,
    "legal": lambda record: record.legal or record.announcement,
}
