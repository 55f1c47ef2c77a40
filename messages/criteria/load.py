"""How is a set of criteria read? Strictly: what is misspelt is named, with its row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from messages.criteria.errors import CriteriaError
from messages.criteria.model import (
    Criteria,
    Criterion,
    Draw,
    Every,
    Level,
    Mode,
    Papers,
    Source,
)

SHIPPED: Final = Path(__file__).parent / "thanh-ha.yml"
NUMBER: Final = re.compile(r"[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*")
"""It becomes the name of a folder and of files."""
LONGEST: Final = 24
_ROW = {
    *("id", "number", "level", "title", "lead", "together", "product", "when"),
    *("note", "score", "mode", "papers", "draws"),
}
_DRAW = {
    *("kind", "title", "tags", "where", "kinds", "about"),
    *("need", "every", "most", "advice"),
}
_WORDS = {"document", "date", "agency", "appendix", "scored_by", "goal"}


@cache
def shipped() -> Criteria:
    """Return the set that comes with the program."""
    return load(SHIPPED)


def load(path: Path) -> Criteria:
    """Read a set; raises CriteriaError with the place."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CriteriaError(f"({path.name}: {type(error).__name__})") from error
    if not isinstance(raw, Mapping) or not isinstance(raw.get("rows"), list):
        raise CriteriaError(f"({path.name}: rows)")
    source = raw.get("source") or {}
    told = {name: str(source[name]) for name in sorted(_WORDS & set(source))}
    rows = tuple(_row(one) for one in raw["rows"])
    _unique([row.id for row in rows])
    _unique([row.number for row in rows])
    return Criteria(str(raw.get("name", "")), MappingProxyType(told), rows)


def _unique(names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CriteriaError(f"({twice[0]}: hai lần)")


def _row(raw: Any) -> Criterion:
    where = str(raw.get("id", "?")) if isinstance(raw, Mapping) else "?"
    try:
        _known(raw, _ROW)
        return Criterion(
            id=_short(raw["id"]),
            number=_short(raw.get("number", raw["id"])),
            level=Level(raw["level"]),
            title=str(raw["title"]),
            lead=_texts(raw.get("lead")),
            together=_texts(raw.get("together")),
            product=str(raw.get("product") or ""),
            when=str(raw.get("when") or ""),
            note=str(raw.get("note") or ""),
            score=None if raw.get("score") is None else float(raw["score"]),
            mode=Mode(raw.get("mode", Mode.FILED)),
            papers=_papers(raw.get("papers")),
            draws=tuple(_draw(one) for one in raw.get("draws") or ()),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise CriteriaError(f"({where}: {error})") from error


def _short(value: Any) -> str:
    text = str(value)
    if not NUMBER.fullmatch(text) or len(text) > LONGEST:
        raise ValueError(text[:40])
    return text


def _papers(raw: Any) -> Papers | None:
    if raw is None:
        return None
    _known(raw, {"what", "need", "every"})
    return Papers(str(raw["what"]), int(raw.get("need", 1)), _every(raw))


def _draw(raw: Any) -> Draw:
    _known(raw, _DRAW)
    return Draw(
        source=Source(raw["kind"]),
        title=str(raw["title"]),
        tags=_texts(raw.get("tags")),
        where=MappingProxyType(
            {str(k): _texts(v) for k, v in (raw.get("where") or {}).items()}
        ),
        kinds=_texts(raw.get("kinds")),
        about=_texts(raw.get("about")),
        need=int(raw.get("need", 1)),
        every=_every(raw),
        most=int(raw.get("most", 2)),
        advice=str(raw.get("advice", "")),
    )


def _every(raw: Mapping[str, Any]) -> Every:
    return Every(raw.get("every", ""))


def _texts(raw: Any) -> tuple[str, ...]:
    if raw is None:
        return ()
    return (raw,) if isinstance(raw, str) else tuple(str(one) for one in raw)


def _known(raw: Mapping[str, Any], names: set[str]) -> None:
    strange = sorted(set(raw) - names)
    if strange:
        raise ValueError(strange[0])
