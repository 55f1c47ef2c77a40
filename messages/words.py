"""With which sentences does the commune speak?

``messages/chat/*.yml`` hold them as ``key: template``; a sentence is asked for as
``<file>.<key>``, those about cases (``messages/cases``) as ``cases.<kind>.<step>``. A
commune may override any of them. Templates are Jinja2 in a sandbox, and an override may
only use the values that our own sentence uses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from messages.errors import BadSentenceError, SameSentenceError, UnknownSentenceError
from messages.samples import ALWAYS, edge_cases

FOLDER = Path(__file__).parent / "chat"
CASES = Path(__file__).parent / "cases"
CASE = "cases"
TITLES = "buttons"
TITLE_LIMIT = 20
"""Facebook cuts a button's title here (PLATFORMS.md 3.3)."""


class ChatWords:
    """All sentences of one commune; implements handlers.ports.Words."""

    def __init__(
        self, overrides: Mapping[str, str] | None = None, folder: Path = FOLDER
    ) -> None:
        """Compile everything, so that no sentence can fail while a citizen waits.

        Raises UnknownSentenceError for an override of nothing and BadSentenceError
        for one that cannot be rendered, both naming the key.
        """
        own = _shipped() if folder == FOLDER else _compiled(_load(folder))
        self._environment = own.environment
        self._sources = own.sources
        self._variables = own.variables
        self._templates = dict(own.templates)
        self._wordings = dict(overrides or {})
        self._override(self._wordings)

    def say(self, key: str, **values: object) -> str:
        """Return the sentence with that key, filled with the values."""
        return tidy(self._template(key).render(values))

    def title(self, key: str) -> str:
        """Return the short label of a button."""
        return self.say(f"{TITLES}.{key}")

    def knows(self, key: str) -> bool:
        """Whether there is a sentence with that key."""
        return key in self._templates

    def version(self, key: str) -> str:
        """Return which wording of a sentence is in force, 12 hex digits.

        Kept with a text that was sent, so that its wording can be told years later.
        """
        source = self._wordings.get(key) or self._sources.get(key)
        if source is None:
            raise UnknownSentenceError(key)
        return hashlib.sha256(source.encode()).hexdigest()[:12]

    def source(self, key: str) -> str:
        """Return the template in force; raises UnknownSentenceError."""
        return self._wordings.get(key) or self.shipped(key)

    def shipped(self, key: str) -> str:
        """Return the template that came with us; raises UnknownSentenceError."""
        if key not in self._sources:
            raise UnknownSentenceError(key)
        return self._sources[key]

    def names(self) -> tuple[str, ...]:
        """Return the name of every sentence, sorted."""
        return tuple(sorted(self._templates))

    def variables(self, key: str) -> frozenset[str]:
        """Return the values that the shipped sentence uses, without the common ones."""
        return self._variables[key]

    def lint(self, keys: Iterable[str] | None = None) -> tuple[str, ...]:
        """Render sentences against edge cases; return one line for each problem."""
        problems = (self._problem(key) for key in (keys or self.names()))
        return tuple(problem for problem in problems if problem)

    def _template(self, key: str) -> Template:
        try:
            return self._templates[key]
        except KeyError:
            raise UnknownSentenceError(key) from None

    def _override(self, overrides: Mapping[str, str]) -> None:
        for key, source in overrides.items():
            if key not in self._sources:
                raise UnknownSentenceError(key)
            self._templates[key] = self._checked(key, source)
        problems = self.lint(overrides) if overrides else ()
        if problems:
            raise BadSentenceError(problems[0])

    def _checked(self, key: str, source: str) -> Template:
        try:
            strangers = self._used(source) - self._variables[key]
            template = self._environment.from_string(source)
        except TemplateError as error:
            raise BadSentenceError(f"{key}: {error}") from error
        if strangers:
            raise BadSentenceError(f"{key}: {', '.join(sorted(strangers))}")
        return template

    def _used(self, source: str) -> frozenset[str]:
        return _used(self._environment, source)

    def _problem(self, key: str) -> str:
        for values in edge_cases(self._variables[key]):
            try:
                text = self.say(key, **values)
            except Exception as error:  # noqa: BLE001  a template may fail in any way
                return f"{key}: {type(error).__name__}: {error}"
            if not text and "" not in values.values():
                return f"{key}: rỗng"
            if key.startswith(f"{TITLES}.") and len(text) > TITLE_LIMIT:
                return f"{key}: dài hơn {TITLE_LIMIT} ký tự"
        return ""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """Sentences before any override; shared by all communes, so never changed."""

    environment: SandboxedEnvironment
    sources: Mapping[str, str]
    variables: Mapping[str, frozenset[str]]
    templates: Mapping[str, Template]


def _compiled(sources: Mapping[str, str]) -> _Compiled:
    made = _environment()
    return _Compiled(
        made,
        sources,
        {key: _used(made, source) for key, source in sources.items()},
        {key: made.from_string(source) for key, source in sources.items()},
    )


@cache
def _shipped() -> _Compiled:
    """Compile what ships with us once: it costs a fifth of a second."""
    cases = {f"{CASE}.{key}": value for key, value in _load(CASES).items()}
    return _compiled(_load(FOLDER) | cases)


def _used(environment: SandboxedEnvironment, source: str) -> frozenset[str]:
    parsed = environment.parse(source)
    return frozenset(meta.find_undeclared_variables(parsed)) - ALWAYS


def tidy(text: str) -> str:
    """Return the text without blanks at line ends and without empty lines in a row."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        clean = " ".join(line.split())
        if clean or (lines and lines[-1]):
            lines.append(clean)
    return "\n".join(lines)


def _environment() -> SandboxedEnvironment:
    # Plain text for chat: nothing is HTML here, so nothing is escaped.
    return SandboxedEnvironment(
        autoescape=False, undefined=StrictUndefined, trim_blocks=True
    )


def _load(folder: Path) -> dict[str, str]:
    sources: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        for name, source in _read(path).items():
            sources[f"{path.stem}.{name}"] = str(source)
    return sources


def _read(path: Path) -> Mapping[str, Any]:
    """Return a file of ours; PyYAML would silently keep the last of equal keys."""
    text = path.read_text(encoding="utf-8")
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    names = [key.value for key, _ in node.value] if node else []
    for name in names:
        if names.count(name) > 1:
            raise SameSentenceError(f"{path.stem}.{name}")
    return yaml.safe_load(text) or {}
