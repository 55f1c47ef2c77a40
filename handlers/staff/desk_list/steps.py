"""How does somebody at the console make a step with a case they see before them?

A form carries the version it showed; when the case moved on meanwhile, nothing is done
and StaleError says so. Each step is one transaction, told and proved (cases.act).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from handlers.cases import state
from handlers.cases.actions import Act, Action, Answer
from handlers.cases.case import QUEUE
from handlers.staff import permissions
from handlers.staff.cases import act, answer, merge
from handlers.staff.cases.act import Done, Prepared
from handlers.staff.cases.file import CaseFile, opened
from handlers.staff.cases.workroom import Room
from handlers.staff.desk import Act as DeskAct
from handlers.staff.desk_list import holding
from handlers.staff.desk_list.errors import NotForYouError, StaleError
from handlers.staff.handover import casework
from handlers.staff.handover.casework import CaseAt, Refusal
from handlers.staff.handover.model import Wish
from handlers.staff.permissions import may
from storage import desk_cards
from storage.errors import ConflictError

WORK = permissions.Action.WORK_CASES
NEEDED: Mapping[Act, permissions.Action] = {
    Act.TAKE: WORK,
    Act.NOTE: permissions.Action.SEE_CASES,
    Act.ASSIGN: permissions.Action.SEE_CASES,
    Act.CLASSIFY: WORK,
    Act.ACCEPT: WORK,
    Act.RETURN: WORK,
    Act.BEGIN: WORK,
    Act.ANSWER: WORK,
    Act.APPROVE: permissions.Action.APPROVE_ANSWERS,
    Act.REJECT: permissions.Action.APPROVE_ANSWERS,
    Act.CLOSE: WORK,
    Act.REOPEN: WORK,
    Act.TRANSFER: permissions.Action.TRANSFER_CASES,
    Act.RECEIPT: WORK,
    Act.MERGE: WORK,
    Act.LINK: WORK,
    Act.EXTEND: WORK,
    Act.PAUSE: WORK,
    Act.RESUME: WORK,
}
"""Who may make which step here; a transfer to a colleague is asked of casework too."""
WISHES: Mapping[Act, DeskAct] = {
    Act.TAKE: DeskAct.TAKE,
    Act.ANSWER: DeskAct.REPLY,
    Act.CLOSE: DeskAct.CLOSE,
    Act.APPROVE: DeskAct.APPROVE,
    Act.REJECT: DeskAct.REJECT,
    Act.ASSIGN: DeskAct.FORWARD,
}
"""Steps that imply others: who answers has accepted."""
HOLDS = frozenset({Act.TAKE, Act.ANSWER})

SENTENCES: Mapping[str, str] = {
    "not_allowed": "Dạ, bước này thuộc quyền của người khác.",
    "already_taken_by": "Dạ, việc này {who} đã nhận rồi.",
    "already_yours": "Dạ, anh/chị đã nhận việc này rồi.",
    "already_with": "Dạ, việc này {who} đang phụ trách rồi.",
    "not_yours_to_pass": "Dạ, việc này {who} đang phụ trách.",
    "not_answered": "Dạ, việc này chưa trả lời người dân nên chưa kết thúc được.",
    "draft_gone": "Dạ, bản trả lời này đã được duyệt, trả lại hoặc thay bằng bản mới.",
    "stale": "Dạ, việc này nay {state} nên bước vừa chọn không còn hợp.",
}
"""What the console says of a refusal; other channels have words of their own."""

Also = Callable[[Connection], None]
Plan = Callable[[], Awaitable[tuple[list[Prepared], Also]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A step as a form asks for it; ``seen`` is the version that the form showed."""

    act: Act
    seen: int
    text: str = ""
    detail: str = ""
    action: Action | None = None


def offered(at: CaseAt) -> tuple[Act, ...]:
    """Return the steps to show to somebody: allowed by the case and by their roles."""
    return tuple(one for one in NEEDED if _is_offered(at, one))


async def make(room: Room, ref: str, asked: Asked, beside: Also | None = None) -> Done:
    """Make a step; ``beside`` is written with it.

    Raises StaleError, NotForYouError, and what a CaseError says.
    """

    async def plan() -> tuple[list[Prepared], Also]:
        file, at = await _seen(room, ref, asked)
        chain = _chain(at, asked)
        steps = act.chained(room, file, chain)
        steps += await _merged(room, file, chain)
        if asked.act not in HOLDS:
            return steps, beside or _none
        held = holding.held(room, file, is_talk=at.is_talk)
        return steps, _both(held, beside or _none)

    return await _carried(room, plan)


async def merged_into(room: Room, ref: str, seen: int, into: str) -> Done:
    """End a case in favour of another; raises as ``make`` does."""
    await _seen(room, ref, Asked(Act.MERGE, seen))
    return await merge.merge(room, ref, into)


async def linked(room: Room, ref: str, seen: int, other: str) -> Done:
    """Link two cases; raises as ``make`` does."""
    await _seen(room, ref, Asked(Act.LINK, seen))
    return await merge.link(room, ref, other)


async def case_at(room: Room, file: CaseFile) -> CaseAt:
    """Return a case as whoever works meets it, with the draft that waits."""
    draft = file.case.draft
    has_words = draft is not None and file.vault is not None
    text = await answer.words_of(room, file, draft.seq) if draft and has_words else ""
    return CaseAt(file.case, file.kind, room.by, room.roles or frozenset(), text)


async def _carried(room: Room, plan: Plan) -> Done:
    """Write what a plan prepares and what goes with it; plan anew on a conflict."""
    for _ in range(act.TRIES):
        steps, also = await plan()

        def work(
            connection: Connection,
            steps: Sequence[Prepared] = steps,
            also: Also = also,
        ) -> None:
            for one in steps:
                case_id = one.file.case.case_id
                desk_cards.ask(connection, room.unit_id, case_id, room.now_ms())
                act.written(connection, one)
            also(connection)

        try:
            await room.database.write(work)
        except ConflictError:
            continue
        return _done(steps)
    raise StaleError


def _done(steps: Sequence[Prepared]) -> Done:
    """Return the case after its own steps, and all that its citizen is told."""
    first = steps[0].file.case.case_id
    mine = [one for one in steps if one.file.case.case_id == first]
    told = tuple(telling for one in mine for telling in one.told)
    return Done(mine[-1].change.case, told)


async def _seen(room: Room, ref: str, asked: Asked) -> tuple[CaseFile, CaseAt]:
    file = await opened(room, ref)
    at = await case_at(room, file)
    if not may(at.roles, NEEDED[asked.act]):
        raise NotForYouError
    if file.case.version != asked.seen:
        raise StaleError(file.case.code)
    return file, at


def _chain(at: CaseAt, asked: Asked) -> list[tuple[Action, bool]]:
    if asked.act not in WISHES:
        assert asked.action is not None  # noqa: S101  every other step is one action
        return [(asked.action, False)]
    wish = Wish(WISHES[asked.act], at.case.case_id, asked.text, asked.detail)
    found = casework.moves(at, wish, asked.detail)
    if isinstance(found, Refusal):
        raise _refused(found)
    if asked.action is not None:  # the same step, with words
        return [(asked.action, False)]
    return [(move.action, move.is_quiet) for move in found]


def _refused(why: Refusal) -> NotForYouError | StaleError:
    kind = StaleError if why.is_stale else NotForYouError
    error = kind()
    error.args = (SENTENCES[why.key].format(**why.values),)
    return error


async def _merged(
    room: Room, file: CaseFile, chain: Sequence[tuple[Action, bool]]
) -> list[Prepared]:
    """Answers reach those whose cases were merged into this one as well."""
    answers = [action for action, _ in chain if isinstance(action, Answer)]
    others = await answer.merged(room, file) if answers else []
    return [answer.shared(room, o, file, a.text) for a in answers for o in others]


def _is_offered(at: CaseAt, one: Act) -> bool:
    special = _SPECIAL.get(one)
    is_right = special(at, one) if special else state.may(at.case, one, at.kind)
    return is_right and may(at.roles, NEEDED[one])


def _may_assign(at: CaseAt, one: Act) -> bool:
    return casework.may_pass_on(at) and state.may(at.case, one, at.kind)


def _may_extend(at: CaseAt, one: Act) -> bool:
    clock = at.case.answer_clock
    is_running = clock is not None and clock.is_running
    return is_running and state.may(at.case, one, at.kind)


def _may_pause(at: CaseAt, one: Act) -> bool:
    is_paused = at.case.open_pause is not None
    wanted = is_paused if one is Act.RESUME else not is_paused
    return at.case.is_in_hand and bool(at.kind.pauses) and wanted


_SPECIAL: Mapping[Act, Callable[[CaseAt, Act], bool]] = {
    Act.APPROVE: lambda at, _: at.has_waiting_draft,
    Act.REJECT: lambda at, _: at.has_waiting_draft,
    Act.TAKE: lambda at, _: at.case.is_in_hand and at.case.owner == QUEUE,
    Act.ANSWER: lambda at, _: at.case.is_in_hand,
    Act.ASSIGN: _may_assign,
    Act.EXTEND: _may_extend,
    Act.PAUSE: _may_pause,
    Act.RESUME: _may_pause,
}


def _both(first: Also, second: Also) -> Also:
    def work(connection: Connection) -> None:
        first(connection)
        second(connection)

    return work


def _none(_: Connection) -> None:
    """Nothing goes with it."""
