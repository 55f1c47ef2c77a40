"""How does a template of a letter become text, and which wording was it?

Jinja2 in a sandbox; a name that no letter of the kind has is an error when the template
is read, so that it is found before a letter is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from messages.letters.errors import BadTemplateError
from messages.letters.facts import DERIVED, Facts
from messages.letters.kinds import LetterKind, Output
from messages.letters.text import tidy

_ENVIRONMENT = ImmutableSandboxedEnvironment(
    autoescape=False,  # nothing here is HTML; the typesetter gets values as data
    undefined=StrictUndefined,
)
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Version:
    """Which wording: the number its author gave, and 12 hex digits of all its words."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}-{self.digest}"


@dataclass(frozen=True, slots=True)
class Wording:
    """The templates of one kind, ready to be filled."""

    kind: LetterKind
    version: Version
    templates: Mapping[Output, Template]

    def says(self, output: Output, facts: Facts) -> str:
        """Return a filled template, tidy; raises BadTemplateError."""
        try:
            return tidy(self.templates[output].render(facts))
        except Exception as error:  # a template may fail in any way
            raise BadTemplateError(f"{self.kind.code}/{output}: {error}") from error


@lru_cache(maxsize=256)
def on_disk(kind: LetterKind) -> Wording:
    """Return the wording in a kind's folder, read once; raises BadTemplateError."""
    return wording(kind, sources(kind))


def sources(kind: LetterKind) -> dict[Output, str]:
    """Return the templates of a kind: its own texts, else those in its folder."""
    if kind.texts:
        return dict(kind.texts)
    try:
        return {
            output: (kind.folder / f"{output}.j2").read_text(encoding="utf-8")
            for output in sorted(kind.outputs)
        }
    except (OSError, UnicodeDecodeError) as error:
        raise BadTemplateError(f"{kind.code}: không đọc được mẫu") from error


def wording(kind: LetterKind, texts: Mapping[Output, str]) -> Wording:
    """Return templates made ready; raises BadTemplateError, naming file and reason."""
    templates = {output: _made(kind, output, text) for output, text in texts.items()}
    return Wording(kind, Version(kind.version, _digest(texts)), templates)


def _made(kind: LetterKind, output: Output, text: str) -> Template:
    where = f"{kind.code}/{output}"
    if len(text) > LONGEST:
        raise BadTemplateError(f"{where}: dài hơn {LONGEST} ký tự")
    try:
        parsed = _ENVIRONMENT.parse(text)
        strangers = set(meta.find_undeclared_variables(parsed)) - _known(kind)
        template = _ENVIRONMENT.from_string(text)
    except TemplateError as error:
        raise BadTemplateError(f"{where}: {error}") from error
    if strangers:
        raise BadTemplateError(f"{where} dùng mục lạ {', '.join(sorted(strangers))}")
    return template


def _known(kind: LetterKind) -> frozenset[str]:
    return DERIVED | frozenset(kind.fields)


def _digest(texts: Mapping[Output, str]) -> str:
    return hashlib.sha256("\x00".join(_parts(texts)).encode()).hexdigest()[:12]


def _parts(texts: Mapping[Output, str]) -> Iterator[str]:
    for output in sorted(texts):
        yield output.value
        yield texts[output]
