"""Does each step change a case as it says, prove it, and tell the citizen?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from handlers.cases import actions
from handlers.cases.actions import CITIZEN, STAFF, Act, Action, Actor
from handlers.cases.apply import apply, recompute
from handlers.cases.case import QUEUE, Case, Ended, Goal, State
from handlers.cases.change import Change
from handlers.cases.errors import (
    AlreadyPausedError,
    BadOwnerError,
    BadReasonCodeError,
    CaseError,
    DeadlineRefusedError,
    GuidanceOnlyError,
    NoDraftError,
    NotALeaderError,
    NotApprovedError,
    NotNowError,
    NotPausedError,
    NotYoursError,
    PersonErasedError,
    ReasonMissingError,
    SameCaseError,
    TextMissingError,
    UnknownKindError,
)
from handlers.cases.kind import shipped
from handlers.cases.state import possible
from handlers.model import Tag
from tests.handlers.cases.office import LEADER, NOW, OFFICER, new_case, services

LATER = NOW + timedelta(hours=1)
CLASSIFY = actions.Classify("phan_anh")
TO_ACCEPTED: tuple[Action, ...] = (CLASSIFY, actions.Accept())
TO_ANSWERED = (*TO_ACCEPTED, actions.Answer("đã thay bóng"))


def step(
    case: Case, action: Action, actor: Actor = OFFICER, at: datetime = LATER
) -> Change:
    """Make one step."""
    return apply(case, action, actor, at, services())


def after(case: Case, *steps: Action, at: datetime = LATER) -> Case:
    """Make steps one after the other."""
    for action in steps:
        case = step(case, action, at=at).case
    return case


def ended(case: Case) -> dict[Goal, Ended | None]:
    """Return how the newest clock of each goal ended."""
    return {clock.goal: clock.ended for clock in case.clocks}


def test_a_new_case_waits_in_the_queue_with_its_clocks_running() -> None:
    """Nobody took it yet; it is due first where its first clock ends."""
    case = new_case()

    assert (case.state, case.owner, case.seq) == (State.RECEIVED, QUEUE, 1)
    assert set(ended(case).values()) == {None}
    assert case.due is not None
    assert case.due.goal is Goal.ACKNOWLEDGE
    assert case.answer_clock is not None
    assert case.answer_clock.date == date(2026, 12, 2)


def test_taking_it_acknowledges_it() -> None:
    """Who takes it owns it, in time; nothing is told to the citizen."""
    change = step(new_case(), actions.Take())

    assert change.case.owner == "canbo01"
    assert ended(change.case)[Goal.ACKNOWLEDGE] is Ended.IN_TIME
    assert change.messages == ()
    assert [event.tag for event in change.events] == [Tag.CASE_TAKEN]


def test_a_note_acknowledges_nothing() -> None:
    """Words beside the case are for staff, with those mentioned told."""
    change = step(new_case(), actions.Note("xem giúp", ("canbo02",)))

    assert ended(change.case)[Goal.ACKNOWLEDGE] is None
    assert change.history[0].is_internal
    assert change.history[0].texts == {"text": "xem giúp"}
    assert [(n.kind, n.detail) for n in change.notices] == [
        ("case_mentioned", "canbo02")
    ]


def test_the_straight_way() -> None:
    """Classified, accepted, answered, closed: each clock in time, the citizen told."""
    accepted = step(after(new_case(), CLASSIFY), actions.Accept())
    assert (accepted.case.state, accepted.case.owner) == (State.ACCEPTED, "canbo01")
    assert [m.name for m in accepted.messages] == ["accepted"]
    assert not accepted.messages[0].is_human

    answered = step(accepted.case, actions.Answer("đã thay bóng"))
    assert answered.case.state is State.ANSWERED
    assert set(ended(answered.case).values()) == {Ended.IN_TIME}
    assert answered.messages[0].is_human
    assert answered.messages[0].values["text"] == "đã thay bóng"
    assert answered.events[0].private == {"text": "đã thay bóng"}
    assert "đã thay bóng" not in answered.events[0].data.values()

    closed = step(answered.case, actions.Close())
    assert (closed.case.state, closed.case.closed_at) == (State.CLOSED, LATER)
    assert closed.case.due is None


def test_too_late_is_written_down() -> None:
    """An answer after the last day ends its clock as overdue."""
    case = after(new_case(), *TO_ACCEPTED)
    late = NOW + timedelta(days=8)

    assert case.due is not None
    assert case.due.is_overdue(late)
    done = step(case, actions.Answer("xin lỗi vì chậm"), at=late).case
    assert ended(done)[Goal.ANSWER] is Ended.OVERDUE


def test_returning_needs_a_reason_and_stops_every_clock() -> None:
    """The citizen reads why; nothing runs on."""
    case = after(new_case(), CLASSIFY)
    with pytest.raises(ReasonMissingError):
        step(case, actions.Return("  "))
    change = step(case, actions.Return("xin bổ sung địa điểm"))

    assert change.case.state is State.RETURNED
    assert change.case.due is None
    assert ended(change.case)[Goal.ANSWER] is Ended.VOID
    assert change.messages[0].values["text"] == "xin bổ sung địa điểm"


def test_reopening_starts_a_new_term_for_the_answer() -> None:
    """A second answer is owed, counted from the day of reopening."""
    case = after(new_case(), *TO_ANSWERED, actions.Close())
    at = NOW + timedelta(days=14)
    change = step(case, actions.Reopen("đèn lại hỏng"), at=at)

    assert change.case.state is State.REOPENED
    assert change.case.closed_at is None
    assert change.case.due is not None
    assert change.case.due.date == date(2026, 12, 16)
    assert [n.kind for n in change.notices] == ["case_reopened"]


def test_a_citizen_who_reopens_is_not_told_what_they_did() -> None:
    """They were answered in the talk already."""
    case = after(new_case(), *TO_ANSWERED)
    change = step(case, actions.Reopen("chưa xong"), Actor("citizen", CITIZEN))

    assert change.messages == ()
    assert change.case.state is State.REOPENED


def test_another_kind_counts_from_the_day_of_receipt() -> None:
    """The old clocks are void, the new ones run from receipt, and both dates show."""
    case = new_case()
    at = NOW + timedelta(days=2)
    change = step(case, actions.Classify("yeu_cau_thong_tin"), at=at)

    assert change.case.kind == "yeu_cau_thong_tin"
    assert change.case.code == case.code
    assert change.case.due is not None
    assert (change.case.due.date, change.case.due.is_law) == (date(2026, 11, 30), True)
    data = change.events[0].data
    assert (data["from"], data["to"]) == ("phan_anh", "yeu_cau_thong_tin")
    assert (data["due_was"], data["due"]) == ("2026-12-02", "2026-11-30")
    assert [m.name for m in change.messages] == ["reclassified"]
    voided = [c for c in change.case.clocks if c.ended is Ended.VOID]
    assert {c.rule for c in voided} == {"phan_anh_tra_loi"}


def test_a_reopened_case_of_another_kind_counts_from_reopening() -> None:
    """The day of receipt is long past; the new term is that of the second answer."""
    case = after(new_case(), *TO_ANSWERED)
    at = NOW + timedelta(days=14)
    again = step(case, actions.Reopen("lại hỏng"), at=at).case
    change = step(again, actions.Classify("kien_nghi"), at=at)

    assert change.case.answer_clock is not None
    assert change.case.answer_clock.started_at == at


def test_an_answer_that_needs_a_leader() -> None:
    """Draft, refusal, draft again, approval; only then may it leave."""
    case = after(new_case("kien_nghi"), actions.Classify("kien_nghi"), actions.Accept())
    with pytest.raises(NotApprovedError):
        step(case, actions.Answer("sẽ làm"))
    with pytest.raises(NoDraftError):
        step(case, actions.Approve(), LEADER)
    drafted = step(case, actions.DraftAnswer("sẽ làm"))
    assert [n.kind for n in drafted.notices] == ["case_draft_waiting"]
    with pytest.raises(NotALeaderError):
        step(drafted.case, actions.Approve(), Actor("x", STAFF, frozenset({"officer"})))
    refused = step(drafted.case, actions.Reject("xin ghi rõ ngày"), LEADER)
    assert [(n.kind, n.detail) for n in refused.notices] == [
        ("case_draft_rejected", "canbo01")
    ]
    with pytest.raises(NotApprovedError):
        step(refused.case, actions.Answer("sẽ làm"))
    again = step(refused.case, actions.DraftAnswer("sẽ làm trước 20/12")).case
    approved = step(again, actions.Approve(), LEADER).case
    done = step(approved, actions.Answer("sẽ làm trước 20/12"))

    assert done.case.state is State.ANSWERED
    assert done.case.draft is None
    assert done.events[0].data["draft"] == again.seq


def test_transfer_with_a_receipt_that_comes_later() -> None:
    """Every clock ends, forwarding in time; the number is told when it comes."""
    case = after(new_case("pakn"), actions.Classify("pakn"))
    change = step(case, actions.Transfer("Sở Xây dựng"))
    assert change.case.state is State.TRANSFERRED
    assert ended(change.case)[Goal.FORWARD] is Ended.IN_TIME
    assert ended(change.case)[Goal.ANSWER] is Ended.VOID
    assert change.events[0].private == {"agency": "Sở Xây dựng"}

    known = step(change.case, actions.Receipt("1234/SXD"))
    assert known.case.receipt == "1234/SXD"
    assert known.messages[0].values == {"receipt": "1234/SXD"}


def test_a_receipt_is_a_number_and_no_place_for_a_name() -> None:
    """Blanks, words without a digit and long texts are refused."""
    case = after(new_case(), actions.Transfer("Sở Xây dựng"))
    for text in ("", "ông Sơn", "khong-so", "1" * 41):
        with pytest.raises(TextMissingError):
            step(case, actions.Receipt(text))


def test_merging_ends_a_case_for_good() -> None:
    """It names the other one, stops, and is never opened again."""
    change = step(new_case(), actions.Merge("f" * 32, "PA-261125-0007"))

    assert change.case.state is State.CLOSED
    assert change.case.merged_into == "f" * 32
    assert change.messages[0].values == {"other": "PA-261125-0007"}
    with pytest.raises(NotNowError):
        step(change.case, actions.Reopen("khác chứ"))
    with pytest.raises(SameCaseError):
        step(new_case(), actions.Merge(new_case().case_id, "PA-261125-0001"))


def test_links_and_files_are_kept_once() -> None:
    """The same link twice is one; a case is not linked with itself."""
    case = after(new_case(), actions.LinkTo("b" * 32), actions.LinkTo("b" * 32))
    case = after(case, actions.Attach(("f1", "f2")))

    assert [(one.kind, one.ref) for one in case.links] == [
        ("case", "b" * 32),
        ("file", "f1"),
        ("file", "f2"),
    ]
    with pytest.raises(SameCaseError):
        step(case, actions.LinkTo(case.case_id))
    with pytest.raises(TextMissingError):
        step(case, actions.Attach(()))


def test_more_time_as_the_rule_allows() -> None:
    """Once, with a reason; the old and the new day are in the trail."""
    case = after(new_case("kien_nghi"), actions.Classify("kien_nghi"))
    change = step(case, actions.Extend("gia_han", "chờ khảo sát"))

    assert change.events[0].data["due_was"] == "2026-12-09"
    assert change.events[0].data["due"] == "2026-12-16"
    with pytest.raises(DeadlineRefusedError):
        step(change.case, actions.Extend("gia_han", "lần nữa"))
    with pytest.raises(DeadlineRefusedError):
        step(case, actions.Extend("khong_co", "x"))
    with pytest.raises(ReasonMissingError):
        step(case, actions.Extend("gia_han", ""))


def test_a_lawful_pause_and_its_end() -> None:
    """No date while it lasts; then the days in between are left out."""
    case = after(new_case("kien_nghi"), actions.Classify("kien_nghi"))
    paused = step(case, actions.Suspend("cho_bo_sung", "chờ giấy tờ")).case
    assert paused.due is not None
    assert paused.due.at is None
    with pytest.raises(AlreadyPausedError):
        step(paused, actions.Suspend("cho_bo_sung", "nữa"))
    on = step(paused, actions.Resume(), at=NOW + timedelta(days=2)).case

    assert on.answer_clock is not None
    assert on.answer_clock.date == date(2026, 12, 10)
    with pytest.raises(NotPausedError):
        step(on, actions.Resume())


def test_a_pause_without_law_is_refused() -> None:
    """A kind without lawful reasons is never paused."""
    with pytest.raises(DeadlineRefusedError):
        step(new_case(), actions.Suspend("cho_bo_sung", "chờ"))
    with pytest.raises(ReasonMissingError):
        step(new_case("kien_nghi"), actions.Suspend("cho_bo_sung", ""))


def test_ending_a_paused_case_ends_the_pause() -> None:
    """A case that was answered is not suspended any more."""
    case = after(
        new_case("kien_nghi"),
        actions.Classify("kien_nghi"),
        actions.Suspend("cho_bo_sung", "chờ giấy tờ"),
        actions.Return("xin bổ sung giấy tờ"),
    )

    assert case.open_pause is None
    assert case.due is None


def test_a_changed_calendar_moves_the_day_with_a_trail() -> None:
    """The citizen hears the new day; when nothing moves nothing happens."""
    case = after(new_case(), *TO_ACCEPTED)
    change = recompute(case, "lich-moi", LATER, services([date(2026, 11, 30)]))

    assert change is not None
    assert change.events[0].tag is Tag.CASE_RECOMPUTED
    assert change.events[0].data["due_was"] == "2026-12-02"
    assert change.events[0].data["due"] == "2026-12-03"
    assert [m.name for m in change.messages] == ["recomputed"]
    assert recompute(case, "lich-moi", LATER, services()) is None
    ended_case = after(case, actions.Answer("xong"))
    assert recompute(ended_case, "x", LATER, services([date(2026, 11, 30)])) is None


def test_the_reason_of_a_recount_is_a_code() -> None:
    """It stands in the log, where no words of anybody belong."""
    with pytest.raises(BadReasonCodeError):
        recompute(new_case(), "bà Lành xin", LATER, services())


def test_what_the_citizen_adds_is_kept_and_told_to_staff() -> None:
    """More words from the citizen do not acknowledge the case."""
    change = step(new_case(), actions.Add("ở ngõ 5"), Actor("citizen", CITIZEN))

    assert ended(change.case)[Goal.ACKNOWLEDGE] is None
    assert [n.kind for n in change.notices] == ["case_added"]


@pytest.mark.parametrize(
    ("action", "error"),
    [
        (actions.Accept(), NotNowError),
        (actions.Answer("x"), NotNowError),
        (actions.Close(), NotNowError),
        (actions.Begin(), NotNowError),
        (actions.Reopen("x"), NotNowError),
        (actions.Classify("khong_co"), UnknownKindError),
        (actions.Classify("to_cao"), GuidanceOnlyError),
        (actions.Assign("Nguyễn Văn A"), BadOwnerError),
        (actions.Assign(""), BadOwnerError),
        (actions.Note(""), TextMissingError),
        (actions.Note("x", ("bà Lành",)), BadOwnerError),
        (actions.Transfer(" "), TextMissingError),
    ],
)
def test_what_cannot_be_done_now_says_so(
    action: Action, error: type[CaseError]
) -> None:
    """Each refusal is a typed error with a sentence and a hint in Vietnamese."""
    with pytest.raises(error) as caught:
        step(new_case(), action)

    assert str(caught.value)
    assert caught.value.hint


def test_an_answer_needs_words() -> None:
    """Blanks are no answer and no draft."""
    case = after(new_case(), *TO_ACCEPTED)
    for action in (actions.Answer(" "), actions.DraftAnswer("")):
        with pytest.raises(TextMissingError):
            step(case, action)


def test_a_quick_kind_is_answered_at_once() -> None:
    """A question to staff needs no classification first."""
    case = step(new_case("ho_tro"), actions.Answer("Dạ, mai ạ.")).case

    assert case.state is State.ANSWERED
    assert set(ended(case).values()) == {Ended.IN_TIME}


def test_roles_that_may_not_see_a_kind() -> None:
    """Rights over personal data are for the head and the leader."""
    officer = Actor("canbo01", STAFF, frozenset({"officer"}))
    with pytest.raises(NotYoursError):
        step(new_case("du_lieu_xoa"), actions.Take(), officer)


def test_an_erased_case_is_over() -> None:
    """Nothing can be done with what has nobody behind it."""
    with pytest.raises(PersonErasedError):
        step(replace(new_case(), state=State.ERASED), actions.Take())


def test_the_possible_steps_of_a_new_case() -> None:
    """What a button may offer is what the table allows."""
    found = possible(new_case(), shipped().get("phan_anh"))

    assert Act.TAKE in found
    assert Act.CLASSIFY in found
    assert Act.ACCEPT not in found
    assert Act.CLOSE not in found
