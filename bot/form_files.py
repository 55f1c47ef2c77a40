"""Which files belong to the form that is open? They are named before they are stored.

Handlers are pure and know no ids; a form must know which files it will send.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from handlers.model import Outcome


def named(outcome: Outcome, at: datetime, new_id: Callable[[], str]) -> Outcome:
    """Return the outcome with an id for each file, known to the form open at ``at``."""
    if not outcome.files:
        return outcome
    files = tuple(replace(one, file_id=new_id()) for one in outcome.files)
    talk = outcome.conversation
    if talk is None or talk.draft is None or not talk.draft.is_open(at):
        return replace(outcome, files=files)
    kept = talk.draft.with_files(tuple(one.file_id for one in files))
    return replace(outcome, files=files, conversation=replace(talk, draft=kept))
