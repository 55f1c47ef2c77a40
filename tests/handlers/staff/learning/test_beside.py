"""Do two exams at once give what they give one after the other?"""

from __future__ import annotations

from handlers.staff.learning import beside
from nlu.artefact import Artefact
from nlu.exam import Exam, Figures
from nlu.paper import Paper, paper
from nlu.train import Shelf
from tests.handlers.staff.learning.conftest import BIRTH, QUESTIONS
from tests.nlu.support import entries

STRANGE = "cho cái tí nhà tui lên tờ đầu đời"
LEARNT = Artefact("xa-thu", "m1", 1, {BIRTH: (STRANGE,)})


def sitting(*, times: int = 1, known: Figures | None = None) -> beside.Sitting:
    """Return an exam of the small questions, so many times over."""
    asked = Paper(paper(QUESTIONS).asked * times)
    lessons = ((STRANGE, BIRTH),)
    shelf = Shelf(entries(), {})
    return beside.Sitting(shelf, (None, LEARNT), asked, lessons, (), known)


def test_a_process_beside_finds_the_same() -> None:
    """Enough questions for a process of its own: the figures do not depend on it."""
    long = sitting(times=beside.WORTH_IT)
    before, after = beside.both(long)

    assert before == beside.old(long)
    assert after == beside.new(long)
    assert after.right > before.right


def test_what_is_known_is_not_measured_again() -> None:
    """Of the old one only the new lessons are asked."""
    known = Figures(0.125, None, None)
    before, _ = beside.both(sitting(known=known))

    assert before == Exam(known, 0)
