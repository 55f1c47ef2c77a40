"""Does somebody say that they are a child? Then a guardian must agree, and nothing is
learnt from their words (Luật 91/2025/QH15 Điều 24).

Only plain first-person words count: who writes of a child is not one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.citizen.turn import Step, Turn
from handlers.model import Event, Reply, Tag
from handlers.staff.privacy.purposes import purposes
from nlu.normalise import fold

YOUNGEST = 6
FIRST_CLASS = 5
"""Years of age at which class 1 begins, less one."""
_ME = r"(?:^|[,.!;] ?)(?:da )?(?:thua \w+ )?(?:em|chau|minh|to)"
_AGE = re.compile(rf"{_ME} (?:nam nay|moi|hien|moi co) (\d{{1,2}}) tuoi\b")
_CLASS = re.compile(
    rf"{_ME} (?:dang )?(?:la hoc sinh|hoc|dang hoc) (?:lop )(\d{{1,2}})\b"
)


def years_to_go(text: str) -> int:
    """Return how many years the writer is under the law's age, 0 when of age."""
    plain = fold(" ".join(text.lower().split()))
    age = next((int(found[1]) for found in _AGE.finditer(plain)), 0)
    if not age:
        classes = (int(found[1]) for found in _CLASS.finditer(plain))
        age = next((FIRST_CLASS + one for one in classes), 0)
    return max(0, purposes().minor_under - age) if age >= YOUNGEST else 0


def noted(turn: Turn, step: Step) -> Step:
    """Return the step with the note and a word to the child, if one writes."""
    years = years_to_go(turn.text)
    if not years or step.is_sealed or not step.replies:
        return step
    last = step.replies[-1]
    more = turn.say("privacy.minor", age=str(purposes().minor_under))
    told: Reply = replace(last, text=f"{last.text}\n{more}")
    event = Event(Tag.MINOR_NOTED, {"years": years})
    return replace(
        step, replies=(*step.replies[:-1], told), events=(*step.events, event)
    )
