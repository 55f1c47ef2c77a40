"""How do we guide complaints and denunciations without taking them in?

Both need a signed paper or a statement in person (Luật Khiếu nại 02/2011 Điều 8,
Luật Tố cáo 25/2018 Điều 22-23). A denouncer's identity is protected by law, so what
was written moves to the sealed queue (docs/adr/0021), what follows is kept nowhere, and
the log does not tell the two apart.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.cases.opening import Guidance
from handlers.citizen import buttons, memory
from handlers.citizen.complaint import question
from handlers.citizen.turn import Step, Turn, guided
from handlers.model import Consent, Conversation, Reply
from nlu.model import Decision, Intent, Understanding

TOPIC = "don_thu"
PENDING = "don_thu"
SEALED = frozenset({Intent.KHIEU_NAI, Intent.TO_CAO})
_MORE = frozenset(
    {
        *SEALED,
        Intent.PHAN_ANH,
        Intent.KIEN_NGHI,
        Intent.OUT_OF_SCOPE,
        Intent.SMALL_TALK,
        Intent.ASK_PROCEDURE,
        Intent.ABUSE,
    }
)


def complaint(turn: Turn) -> Step:
    """Tell what a complaint is and where it goes; offer to write the paper with them.

    A paper being filled in stays.
    """
    is_first = turn.talk.pending != PENDING
    talk = turn.talk if not is_first else replace(turn.talk, sealed_at=None)
    link = _form(turn, "don-khieu-nai")
    said = turn.say("complaint.guidance", link=link, **_way(turn))
    step = _guide(replace(turn, talk=talk), said, "khieu_nai" if is_first else "")
    kept = replace(step.talk, complaint=turn.talk.complaint)
    return replace(step, talk=kept, replies=(Reply(said, question.offered(turn)),))


def denunciation(turn: Turn) -> Step:
    """Tell how to denounce safely, and ask not to write details here.

    What was written up to now is moved to the sealed queue, once; what follows while
    it is spoken of is kept nowhere.
    """
    is_first = not _is_on(turn.talk)
    is_kept = is_first and turn.talk.consent is not Consent.DECLINED
    link = _form(turn, "don-to-cao")
    said = turn.say("guidance.to_cao", link=link, is_kept=is_kept, **_way(turn))
    step = _guide(turn, said, "to_cao" if is_first else "")
    talk = replace(step.talk, sealed_at=turn.talk.sealed_at or turn.at)
    return replace(step, talk=talk, moves=is_first)


def is_more(turn: Turn, reading: Understanding) -> bool:
    """Whether the citizen goes on telling after we asked not to."""
    is_question = reading.decision in {Decision.ANSWER, Decision.ELSEWHERE}
    return turn.talk.pending == PENDING and (
        reading.intent in _MORE and not is_question
    )


def remind(turn: Turn) -> Step:
    """Say again, kindly, that this is not the place for details."""
    return _guide(turn, turn.say("guidance.petition_more", **_way(turn)), "")


def forgotten(talk: Conversation) -> Conversation:
    """Return the talk without anything that was told: only wishes of the citizen.

    Named one by one, so that whatever is remembered besides, or one day will be, goes.
    """
    return Conversation(
        honorific=talk.honorific,
        honorific_asked=talk.honorific_asked,
        consent=talk.consent,
        opted_out=talk.opted_out,
        muted_until=talk.muted_until,
        sealed_at=talk.sealed_at,
    )


def _is_on(talk: Conversation) -> bool:
    """Whether a denunciation is spoken of, so that its words were moved already."""
    return talk.pending == PENDING and talk.sealed_at is not None


def _way(turn: Turn) -> dict[str, object]:
    unit = turn.services.unit
    return {"reception": unit.reception, "where": unit.place}


def _form(turn: Turn, name: str) -> str:
    """Return the address of a form to print, "" without public pages."""
    base = turn.link_base
    return f"{base}/bieu-mau/{name}?xa={turn.services.unit.unit_id}" if base else ""


def _guide(turn: Turn, text: str, kind: str) -> Step:
    """Guide; the first time in a talk, a record of that is kept, without any words."""
    cases = (Guidance(kind),) if kind else ()
    topic = memory.about(forgotten(turn.talk), turn.at, code=None)
    talk = memory.wait_for(topic, PENDING, turn.at)
    shown = (buttons.item(turn, "lich"), buttons.staff(turn))
    events = (guided(TOPIC),)
    return Step(talk, (Reply(text, shown),), events, cases=cases, is_sealed=True)
