"""Do two exams at once give what they give one after the other?"""

from __future__ import annotations

from handlers.staff.learning import beside
from nlu.artefact import Artefact
from nlu.measure.questions import Questions
from nlu.train import Shelf, examine, regression
from tests.handlers.staff.learning.conftest import BIRTH, QUESTIONS
from tests.nlu.support import entries

STRANGE = "cho cái tí nhà tui lên tờ đầu đời"


def test_a_process_beside_finds_the_same() -> None:
    """Enough questions for a process of its own: the figures do not depend on it."""
    shelf = Shelf(entries(), {})
    asked = Questions(regression(QUESTIONS).asked * beside.WORTH_IT)
    learnt = Artefact("xa-thu", "m1", 1, {BIRTH: (STRANGE,)})
    lessons = [(STRANGE, BIRTH)]
    before, after = beside.both(shelf, (None, learnt), asked, lessons)

    assert before == examine(shelf, None, asked, lessons)
    assert after == examine(shelf, learnt, asked, lessons)
    assert after.right > before.right
