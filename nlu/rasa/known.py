"""Which procedure does an intent of Rasa stand for in the catalogue of today?"""

from __future__ import annotations

from collections.abc import Sequence

from nlu.engine import Engine
from nlu.model import Entry
from nlu.rasa.names import procedure_intent


class Known:
    """The intents of a catalogue; of twins every code is known, one is shown."""

    def __init__(self, engine: Engine, entries: Sequence[Entry]) -> None:
        self._shown: dict[str, str] = {}
        self._commune: set[str] = set()
        for entry in entries:
            shown = (*engine.twins(entry.code), entry.code)[0]
            self._shown[procedure_intent(entry.code)] = shown
            if entry.commune:
                self._commune.add(entry.code)

    def code_of(self, intent: str) -> str | None:
        """Return the code to show for an intent; None when it is no procedure."""
        return self._shown.get(intent)

    def is_commune(self, code: str) -> bool:
        """Whether the commune settles it."""
        return code in self._commune
