"""Does an open form know the files that come in while it is filled in?"""

from __future__ import annotations

from datetime import timedelta

from bot.form_files import named
from handlers.citizen.intake.draft import IDLE, MOST_FILES, Draft
from handlers.model import Attachment, Conversation, Outcome
from storage.ids import Ids
from tests.conftest import FakeClock

PHOTO = Attachment("image", "https://a.zdn.vn/1.jpg")
CLOCK = FakeClock()
NOW = CLOCK.now()


def sent(draft: Draft | None, count: int = 1) -> Outcome:
    """Return what is made of a message with photos."""
    talk = Conversation(draft=draft)
    outcome = Outcome(conversation=talk, files=(PHOTO,) * count)
    return named(outcome, NOW, Ids(CLOCK.now_ms).new)


def test_files_are_named_and_known_to_the_open_form() -> None:
    """The ids in the form are those under which the files are stored."""
    outcome = sent(Draft(files=("before",), touched_at=NOW), 2)
    assert outcome.conversation is not None
    assert outcome.conversation.draft is not None
    ids = tuple(one.file_id for one in outcome.files)
    assert outcome.conversation.draft.files == ("before", *ids)
    assert len(set(ids)) == 2


def test_a_form_put_aside_gets_none() -> None:
    """Nor one that was left for hours; without a form they are only named."""
    for draft in (
        None,
        Draft(is_later=True, touched_at=NOW),
        Draft(touched_at=NOW - IDLE - timedelta(seconds=1)),
    ):
        outcome = sent(draft)
        assert outcome.files[0].file_id
        assert outcome.conversation == Conversation(draft=draft)


def test_a_form_holds_so_many_and_no_more() -> None:
    """A flood is bounded."""
    outcome = sent(Draft(touched_at=NOW), MOST_FILES + 5)
    assert outcome.conversation is not None
    assert outcome.conversation.draft is not None
    assert len(outcome.conversation.draft.files) == MOST_FILES
