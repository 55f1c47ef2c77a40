"""Can any row of taps and texts break the form, send twice, or send too little?"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.codec import dump_conversation, load_conversation
from handlers.cases.nearby import Near
from handlers.citizen.intake.draft import Ask, Draft
from handlers.citizen.intake.forms import offered
from handlers.citizen.intake.words import Move
from handlers.model import Consent, Kind, Outcome
from tests.handlers.citizen.intake.counter import (
    PHOTO,
    STORY,
    Neighbours,
    office,
    opened,
    talk,
)

SECRET = "bí mật của người tố cáo"
KINDS = offered(office().kinds)
FIELDS = [f"f_{ask.value}" for ask in Ask]
TAPS = st.sampled_from(
    [
        *(move.value for move in Move),
        *(f"k_{kind}" for kind in (*KINDS, "to_cao", "lạ")),
        *FIELDS,
        *("h_a", "h_d", "h_z", "p_b", "p_zz", "t_a", "t_b", "g_today", "g_digital"),
        *("", "la", "k_", "f_"),
    ]
)
TEXTS = st.sampled_from(
    [
        STORY,
        "đèn đường hỏng",
        "thôn Đoài",
        "hôm qua",
        "2",
        "99",
        "0912345678",
        "031099001234",
        "Nguyễn Thị Lành",
        "không",
        "gửi",
        "sửa",
        "bỏ qua",
        "lệ phí khai sinh",
        "cho tôi gặp người",
        "xe 15A-123.45 đổ rác",
        "…",
    ]
) | st.text(max_size=40)


class Forms(RuleBasedStateMachine):
    """One citizen who does whatever comes to mind."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = talk(Neighbours((Near("PA-261120-0001", "case-1", "đèn", 1),)))
        self.before: Draft | None = None

    def look(self, outcome: Outcome) -> None:
        """What must hold after every message."""
        assert len(outcome.cases) <= 1
        assert all(reply.text.strip() for reply in outcome.replies)
        assert all(len(reply.buttons) <= 13 for reply in outcome.replies)
        if outcome.cases and outcome.handover and outcome.handover.reason in KINDS:
            self._sent(outcome)
        self.talk.state = load_conversation(dump_conversation(self.talk.state))

    def _sent(self, outcome: Outcome) -> None:
        """Only from a preview, only whole; and the draft is gone with it."""
        case = opened(outcome)
        assert self.before is not None
        assert self.before.ask is Ask.PREVIEW
        assert self.talk.state.draft is None
        told = dict(case.contact) | {"what": case.text}
        needed = self.talk.services.kinds.get(case.kind).requires
        assert all(told.get(name) for name in needed)

    def _before(self) -> None:
        self.before = self.talk.state.draft

    @rule(word=TAPS)
    def tap(self, word: str) -> None:
        """Tap any button of ours, also of a screen long gone."""
        self._before()
        self.look(self.talk.taps(f"#phieu:{word}"))

    @rule(text=TEXTS)
    def write(self, text: str) -> None:
        """Write something."""
        self._before()
        self.look(self.talk.says(text))

    @rule(payload=st.sampled_from(["#menu", "#tt:1.001193", "#quyen", "#dongy"]))
    def elsewhere(self, payload: str) -> None:
        """Do something else in between."""
        self._before()
        self.look(self.talk.taps(payload))

    @rule(text=st.sampled_from(["", "đây ạ", "ảnh căn cước"]))
    def photo(self, text: str) -> None:
        """Send a photo."""
        self._before()
        kind = Kind.ATTACHMENT
        self.look(self.talk.sends(kind, text=text, attachments=(PHOTO,)))

    @rule(hours=st.sampled_from([1, 3, 50, 200]))
    def wait(self, hours: int) -> None:
        """Go away for some time."""
        self.talk.at += timedelta(hours=hours)

    @rule()
    def emergency(self) -> None:
        """Numbers at once, alone; the form is put aside."""
        self._before()
        outcome = self.talk.says("cháy nhà")
        self.look(outcome)
        assert len(outcome.replies) == 1
        draft = self.talk.state.draft
        assert draft is None or not draft.is_open(self.talk.at) or draft.is_later

    @rule(mark=st.sampled_from(["tôi tố cáo: ", "toi to cao, "]))
    def denounce(self, mark: str) -> None:
        """While a form is open, nothing of it or of these words remains."""
        self._before()
        is_open = self.before is not None and self.before.is_open(self.talk.at)
        outcome = self.talk.says(f"{mark}{SECRET}")
        if is_open:
            assert self.talk.state.draft is None
            texts = [text for e in outcome.events for text in e.private.values()]
            assert not any(SECRET in text for text in texts)
            assert SECRET not in repr(self.talk.state)
        self.look(outcome)

    @rule()
    def cancel(self) -> None:
        """From everywhere."""
        self._before()
        self.look(self.talk.taps("#phieu:cancel"))
        assert self.talk.state.draft is None

    @invariant()
    def holds(self) -> None:
        """A draft that has a kind has one that chat may open; ends are never asked."""
        draft = self.talk.state.draft
        assert draft is None or draft.kind in ("", *KINDS)
        assert self.talk.state.consent is Consent.GIVEN


TestForms = Forms.TestCase
TestForms.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
