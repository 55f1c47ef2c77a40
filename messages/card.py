"""How is a procedure told in a chat, short enough to be read on a phone?

Every figure comes from the record; what nobody confirmed is said to be so. The
sentences themselves are in ``messages/chat/procedure.yml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from messages import facts
from messages.facts import Say
from messages.procedure import Confidence, Procedure

CARD_LIMIT = 900
"""Characters of a card: about two screens of a small phone, one Zalo message."""
NAME_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Told:
    """A text, the facets it tells completely, and whether all of it is confirmed."""

    text: str
    facets: frozenset[str]
    is_sure: bool


@dataclass(frozen=True, slots=True)
class _Size:
    """How much a card tells; ``papers`` is how many lines of the list."""

    papers: int
    has_summary: bool = True
    is_brief: bool = False


# Papers are what people come for, so they are the last to be cut.
_SIZES = (
    _Size(99),
    _Size(8),
    *(_Size(papers, has_summary=False) for papers in (8, 6)),
    *(
        _Size(papers, has_summary=False, is_brief=True)
        for papers in (8, 7, 6, 5, 4, 3, 2, 1, 0)
    ),
)


def card(procedure: Procedure, say: Say, link: str = "") -> Told:
    """Return all that matters within ``CARD_LIMIT``; longer lists wait for a tap."""
    told = _sized(procedure, say, link, _SIZES[0])
    for size in _SIZES[1:]:
        if len(told.text) <= CARD_LIMIT:
            break
        told = _sized(procedure, say, link, size)
    return told


def answer(
    procedure: Procedure, facets: Sequence[str], say: Say, link: str = ""
) -> Told:
    """Return only what was asked, completely, with its source."""
    found = [facts.fact(procedure, facet, say) for facet in facets]
    is_sure = all(part.is_sure for part in found) and _is_trusted(procedure)
    head = say("procedure.about", name=name_of(procedure))
    texts = [head, *(part.text for part in found)]
    warning = "" if is_sure else "procedure.unsure"
    text = _closed(texts, procedure, say, link, warning)
    return Told(text, frozenset(facets), is_sure)


def elsewhere(procedure: Procedure, say: Say, link: str) -> Told:
    """Return who decides a procedure that is not the commune's, and where."""
    text = say(
        "procedure.elsewhere",
        name=name_of(procedure),
        authority=facts.plain(procedure.authority),
        where=facts.plain(procedure.place or ""),
        link=link,
    )
    return Told(f"{text}\n{source_line(procedure, say)}", frozenset(), is_sure=True)


def source_line(procedure: Procedure, say: Say) -> str:
    """Return where the facts come from and the day they were read."""
    return say(
        "procedure.source",
        code=procedure.code,
        source=facts.source_name(procedure.source.name),
        as_of=f"{procedure.source.as_of:%d/%m/%Y}",
    )


def name_of(procedure: Procedure, limit: int = NAME_LIMIT) -> str:
    """Return the everyday name, cut at a word when it is longer than the limit."""
    return shorten(procedure.name, limit)


def shorten(text: str, limit: int) -> str:
    """Return the text within the limit, cut at a word and ended by "…"."""
    clean = " ".join(text.split())
    if len(clean) <= limit:
        return clean
    cut = clean[: limit - 1]
    words = cut.rsplit(" ", 1)[0]
    return (words if len(words) * 2 > limit else cut).rstrip(" ,;-") + "…"


def _sized(procedure: Procedure, say: Say, link: str, size: _Size) -> Told:
    parts = _sections(procedure, say, size)
    is_sure = all(part.is_sure for _, part in parts) and _is_trusted(procedure)
    head = [say("procedure.card", name=name_of(procedure))]
    if size.has_summary and procedure.summary:
        head.append(procedure.summary)
    texts = [*head, *(part.text for _, part in parts)]
    warning = "" if is_sure else "procedure.unsure_card"
    text = _closed(texts, procedure, say, link, warning)
    facets = frozenset(name for name, part in parts if part.is_complete)
    return Told(text, facets, is_sure)


def _sections(
    procedure: Procedure, say: Say, size: _Size
) -> list[tuple[str, facts.Fact]]:
    found: list[tuple[str, facts.Fact]] = []
    if procedure.papers:
        found.append(("documents", facts.papers(procedure, say, size.papers)))
    for facet in ("fee", "time", "place", "online"):
        if facts.is_known(procedure, facet):
            tell = facts.in_brief if size.is_brief else facts.fact
            found.append((facet, tell(procedure, facet, say)))
    return found


def _closed(
    texts: Sequence[str], procedure: Procedure, say: Say, link: str, warning: str
) -> str:
    doubt = [say(warning)] if warning else []
    more = [say("procedure.link", link=link)] if link else []
    return "\n".join([*texts, *doubt, *more, source_line(procedure, say)])


def _is_trusted(procedure: Procedure) -> bool:
    return procedure.confidence is not Confidence.LOW
