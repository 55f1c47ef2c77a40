"""How do two engines sit their exams at once? One of them in a process of its own.

Where that cannot be (one core, no processes allowed) or does not pay, one goes after
the other.
"""

from __future__ import annotations

import gc
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from nlu.artefact import Artefact
from nlu.exam import Exam, Figures, Lesson, examine
from nlu.paper import Paper
from nlu.train import Shelf

WORTH_IT = 150
"""Questions; a process needs about as long to start as these to be read."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """What both are asked; ``known`` are the old figures when they were measured."""

    shelf: Shelf
    models: tuple[Artefact | None, Artefact]
    paper: Paper
    lessons: tuple[Lesson, ...] = ()
    kept: tuple[Lesson, ...] = ()
    known: Figures | None = None


def both(sitting: Sitting) -> tuple[Exam, Exam]:
    """Return the exams of the old and the new one; raises NoQuestionsError."""
    if (os.cpu_count() or 1) > 1 and len(sitting.paper.asked) >= WORTH_IT:
        try:
            return _at_once(sitting)
        except (OSError, BrokenProcessPool):
            pass
    return old(sitting), new(sitting)


def old(sitting: Sitting) -> Exam:
    """Return the exam of the model in force."""
    paper = sitting.known or sitting.paper
    lessons, kept = sitting.lessons, sitting.kept
    return examine(sitting.shelf, sitting.models[0], paper, lessons, kept)


def new(sitting: Sitting) -> Exam:
    """Return the exam of the new model."""
    lessons, kept = sitting.lessons, sitting.kept
    return examine(sitting.shelf, sitting.models[1], sitting.paper, lessons, kept)


def _at_once(sitting: Sitting) -> tuple[Exam, Exam]:
    """A fresh process: a copy of ours would hold its threads' locks for ever."""
    alone = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=alone, initializer=gc.disable) as pool:
        away = pool.submit(old, sitting)
        here = new(sitting)
        return away.result(), here
