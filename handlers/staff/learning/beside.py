"""How do two engines sit their exams at once? One of them in a process of its own.

Where that cannot be (one core, no processes allowed) or does not pay, one goes after
the other.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from nlu.artefact import Artefact
from nlu.measure.questions import Questions
from nlu.train import Exam, Shelf, examine

WORTH_IT = 150
"""Questions; a process needs about as long to start as these to be read."""

Pair = tuple[Artefact | None, Artefact | None]


def both(
    shelf: Shelf,
    artefacts: Pair,
    questions: Questions,
    lessons: Sequence[tuple[str, str]],
) -> tuple[Exam, Exam]:
    """Return the exams of both, in order; raises NoQuestionsError."""
    if (os.cpu_count() or 1) > 1 and len(questions.asked) >= WORTH_IT:
        try:
            return _at_once(shelf, artefacts, questions, lessons)
        except (OSError, BrokenProcessPool):
            pass
    first, second = (examine(shelf, one, questions, lessons) for one in artefacts)
    return first, second


def _at_once(
    shelf: Shelf,
    artefacts: Pair,
    questions: Questions,
    lessons: Sequence[tuple[str, str]],
) -> tuple[Exam, Exam]:
    """A fresh process: a copy of ours would hold its threads' locks for ever."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        away = pool.submit(examine, shelf, artefacts[0], questions, lessons)
        here = examine(shelf, artefacts[1], questions, lessons)
        return away.result(), here
