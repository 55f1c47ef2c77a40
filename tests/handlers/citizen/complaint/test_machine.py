"""Can any row of taps and texts break the paper, or make one that nobody saw?"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.codec import dump_conversation, load_conversation
from handlers.citizen.complaint.draft import PARTS, Ask, ComplaintDraft
from handlers.citizen.intake.words import Move
from handlers.model import Attachment, Kind, Outcome, Secrecy
from messages.petitions.complaint import blocks
from tests.handlers.citizen.complaint.asking import ANSWERS
from tests.handlers.citizen.talk import Talk

SECRET = "bí mật của người tố cáo"
TAPS = st.sampled_from(
    [*(m.value for m in Move), *(f"f_{p.value}" for p in PARTS), "begin", "today", "f_"]
)
SAID = (
    "tôi khiếu nại",
    "12",
    "99",
    "không",
    "gửi",
    "sửa",
    "xong",
    "bỏ qua",
    "tiếp tục đơn",
    "lệ phí khai sinh",
    "cho tôi gặp người",
    "đèn đường hỏng",
)
TEXTS = st.sampled_from([*ANSWERS.values(), *SAID]) | st.text(max_size=30)


class Papers(RuleBasedStateMachine):
    """One citizen who does whatever comes to mind."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk()
        self.before: ComplaintDraft | None = None

    def look(self, outcome: Outcome) -> None:
        """What must hold after every message."""
        assert all(reply.text.strip() for reply in outcome.replies)
        assert all(len(reply.buttons) <= 13 for reply in outcome.replies)
        if outcome.paper is not None:
            assert self.before is not None
            assert self.before.ask is Ask.PREVIEW
            assert outcome.paper.told.what == self.before.told(Ask.WHAT)
            assert blocks(outcome.paper.told)
            assert self.talk.state.complaint is None
        self.talk.state = load_conversation(dump_conversation(self.talk.state))

    def _before(self) -> None:
        self.before = self.talk.state.complaint

    @rule(word=TAPS)
    def tap(self, word: str) -> None:
        """Tap any button of ours, also of a screen long gone."""
        self._before()
        self.look(self.talk.taps(f"#don:{word}"))

    @rule(text=TEXTS)
    def write(self, text: str) -> None:
        """Write something; while a paper is open, no word of it is kept but there."""
        self._before()
        outcome = self.talk.says(text)
        if self.before is not None and outcome.secrecy is Secrecy.UNKEPT:
            assert not any(event.private for event in outcome.events)
        self.look(outcome)

    @rule(payload=st.sampled_from(["#menu", "#menu:khieunai", "#phieu:cancel"]))
    def elsewhere(self, payload: str) -> None:
        """Do something else in between."""
        self._before()
        self.look(self.talk.taps(payload))

    @rule()
    def photo(self) -> None:
        """While a paper is open no file is kept."""
        self._before()
        photo = Attachment("image", "https://cdn.example/1.jpg")
        outcome = self.talk.sends(Kind.ATTACHMENT, attachments=(photo,))
        if self.before is not None and self.before.is_open(self.talk.at):
            assert outcome.files == ()
        self.look(outcome)

    @rule(hours=st.sampled_from([1, 3, 50, 200]))
    def wait(self, hours: int) -> None:
        """Go away for some time."""
        self.talk.at += timedelta(hours=hours)

    @rule()
    def denounce(self) -> None:
        """While a paper is open, nothing of it or of these words remains."""
        self._before()
        is_open = self.before is not None and self.before.is_open(self.talk.at)
        outcome = self.talk.says(f"tôi tố cáo: {SECRET}")
        if is_open:
            assert self.talk.state.complaint is None
            assert outcome.secrecy is not Secrecy.OPEN
            assert SECRET not in repr(self.talk.state)
        self.look(outcome)

    @invariant()
    def holds(self) -> None:
        """A preview always has a content to make a paper of."""
        draft = self.talk.state.complaint
        assert draft is None or draft.ask is not Ask.PREVIEW or draft.told(Ask.WHAT)


TestPapers = Papers.TestCase
TestPapers.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
