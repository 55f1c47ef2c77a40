"""Which comments under the page's posts become work, and what is said to who wrote one?

Staff answer; the bot says at most one thing in private, which invites into the inbox,
and in public a fixed word of thanks if the commune wants it. What was written is never
repeated. Numbers to call come first where somebody may be in danger, and a denunciation
is sealed as in the inbox (docs/adr/0021).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from handlers.citizen import guidance, handover, memory, petition
from handlers.citizen.comment_model import Commented
from handlers.citizen.intake.words import is_denunciation
from handlers.citizen.turn import Step, Turn, guided
from handlers.model import Consent, Event, Kind, Reply, Tag
from nlu.model import Intent

KINDS = frozenset({Kind.COMMENT, Kind.COMMENT_EDITED})
REASON = "binh_luan"
URGENT_REASON = "binh_luan_gap"
URGENT_ALERT = "comment_urgent"
SEALED_ALERT = "comment_to_look_at"
LATEST = timedelta(days=3)
"""An older comment gets no private reply: the platform refuses after seven days of a
comment, which we may hear of late (bot.policy has the other half)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A step with what storage is to make of the comment."""

    step: Step
    comment: Commented | None


def handle(turn: Turn) -> Heard:
    """Serve a comment that is new or was changed."""
    if not any(char.isalnum() for char in turn.text) and not turn.inbound.attachments:
        skipped = Event(Tag.MESSAGE_SKIPPED, {"reason": "comment_empty"})
        return Heard(Step(turn.talk, events=(skipped,)), _comment(turn))
    found = turn.services.reader.parse(turn.text, None)
    is_urgent = found.intent is Intent.EMERGENCY
    if is_denunciation(turn.text) or found.intent is Intent.TO_CAO:
        return _denounced(turn)
    return _urgent(turn) if is_urgent else _ordinary(turn)


def _ordinary(turn: Turn) -> Heard:
    read = Event(Tag.COMMENT_READ, {"as": REASON})
    said = turn.reply("comment.private") if _may_answer(turn) else None
    has_thanks = turn.services.unit.thanks_comments and _is_new(turn)
    comment = _comment(
        turn,
        reason=REASON,
        question=_question(turn),
        private=said,
        thanks=turn.reply("comment.thanks") if has_thanks else None,
    )
    return Heard(Step(turn.talk, events=(read,)), comment)


def _urgent(turn: Turn) -> Heard:
    """Staff hear of it at once, whoever wrote it hears the numbers first."""
    first = guidance.emergency(turn).replies[0].text
    said = Reply(f"{first}\n{turn.say('comment.inbox')}") if _is_fresh(turn) else None
    events = (Event(Tag.COMMENT_READ, {"as": URGENT_REASON}), guided("khan_cap"))
    comment = _comment(
        turn,
        reason=URGENT_REASON,
        question=_question(turn),
        private=said,
        alert=URGENT_ALERT,
        is_urgent=True,
    )
    return Heard(Step(turn.talk, events=events), comment)


def _denounced(turn: Turn) -> Heard:
    """Guide, seal the words, let staff look at the page; no matter names anybody."""
    step = petition.denunciation(turn)
    guidance_text = step.replies[0].text
    said = Reply(f"{turn.say('comment.to_cao')}\n{guidance_text}")
    quiet = Step(
        step.talk,
        events=step.events,
        cases=step.cases,
        is_sealed=True,
        moves=step.moves,
    )
    private = said if _is_fresh(turn) else None
    comment = _comment(turn, private=private, alert=SEALED_ALERT, is_urgent=True)
    return Heard(quiet, comment)


def _comment(
    turn: Turn,
    *,
    reason: str = "",
    question: str = "",
    private: Reply | None = None,
    thanks: Reply | None = None,
    alert: str = "",
    is_urgent: bool = False,
) -> Commented | None:
    if not turn.inbound.payload:
        return None
    return Commented(
        comment_id=turn.inbound.payload,
        at=turn.at,
        due=turn.now if is_urgent else handover.promised(turn).due,
        is_edit=not _is_new(turn),
        reason=reason,
        question="" if turn.talk.consent is Consent.DECLINED else question,
        private=private,
        thanks=thanks,
        alert=alert,
        is_urgent=is_urgent,
    )


def _question(turn: Turn) -> str:
    """Return what staff read: the words, and that something hangs on them."""
    shown = turn.say("comment.picture") if turn.inbound.attachments else ""
    lines = (turn.text[: memory.TEXT_LIMIT * 2], shown)
    return "\n".join(line for line in lines if line)


def _is_new(turn: Turn) -> bool:
    return turn.inbound.kind is Kind.COMMENT


def _is_fresh(turn: Turn) -> bool:
    """Whether a private reply may still be planned; an edit brings no second one."""
    return _is_new(turn) and turn.now - turn.at <= LATEST


def _may_answer(turn: Turn) -> bool:
    """Not to who wants no news or declined, nor while a person speaks with them."""
    talk = turn.talk
    is_muted = talk.muted_until is not None and talk.muted_until > turn.now
    is_silent = talk.opted_out or talk.consent is Consent.DECLINED
    return _is_fresh(turn) and not is_muted and not is_silent
