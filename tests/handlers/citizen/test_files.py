"""Are a citizen's files kept exactly where their words may be kept?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.citizen.files import MOST, TOLD, refusal
from handlers.citizen.router import respond
from handlers.model import (
    Attachment,
    Channel,
    Consent,
    Conversation,
    Inbound,
    Kind,
    Outcome,
)
from tests.handlers.citizen.talk import MONDAY_8 as NOW
from tests.handlers.citizen.talk import WORDS, services

PHOTO = Attachment("image", "https://a.zdn.vn/1.jpg", "1.jpg", 10)
LINK = Attachment("link", "https://la.example/")


def sent(
    *files: Attachment,
    text: str = "",
    kind: Kind = Kind.ATTACHMENT,
    talk: Conversation | None = None,
) -> Outcome:
    """Return what happens to a message with these files."""
    inbound = Inbound(Channel.ZALO, kind, NOW, text=text, attachments=files)
    return respond(inbound, talk or Conversation(), services())


def test_photos_recordings_films_and_documents_are_kept() -> None:
    """With and without words beside them; a link leads anywhere and is not fetched."""
    every = tuple(
        replace(PHOTO, kind=kind) for kind in ("image", "audio", "video", "file")
    )
    assert sent(*every, LINK).files == every
    assert sent(PHOTO, text="đèn đường hỏng").files == (PHOTO,)
    assert sent(replace(PHOTO, url="")).files == ()


def test_nothing_is_kept_of_who_declined() -> None:
    """No word of theirs is kept, so no photo either."""
    talk = Conversation(consent=Consent.DECLINED)
    assert sent(PHOTO, talk=talk).files == ()


def test_nothing_is_kept_of_a_denunciation() -> None:
    """Tố cáo is guided, its words and files are kept nowhere."""
    outcome = sent(PHOTO, text="tôi tố cáo ông A")
    assert outcome.files == ()
    assert "text" not in {name for event in outcome.events for name in event.private}
    assert outcome.conversation is not None
    assert sent(PHOTO, talk=outcome.conversation).files == ()
    talk = replace(outcome.conversation, pending_at=NOW - timedelta(hours=1))
    assert sent(PHOTO, talk=talk).files == (PHOTO,)


def test_files_are_kept_while_staff_answer() -> None:
    """The person of the commune will want to see them."""
    talk = Conversation(muted_until=NOW.replace(year=2030))
    outcome = sent(PHOTO, talk=talk)
    assert (outcome.replies, outcome.files) == ((), (PHOTO,))


def test_an_echo_is_no_file_of_a_citizen() -> None:
    """What the commune sends comes back; it is not fetched."""
    assert sent(PHOTO, kind=Kind.ECHO_HUMAN).files == ()
    assert sent(PHOTO, kind=Kind.ECHO_OWN).files == ()


def test_a_flood_is_bounded() -> None:
    """At most so many files of one message."""
    assert len(sent(*[PHOTO] * 50).files) == MOST


@pytest.mark.parametrize("reason", TOLD)
def test_what_can_be_mended_is_said_in_one_sentence(reason: str) -> None:
    """Polite, with the form of address, and with a way to go on."""
    reply = refusal(reason, Conversation(honorific="bác"), WORDS, 20)
    assert reply is not None
    assert reply.text.startswith("Dạ, em xin lỗi bác,")
    assert reply.text.endswith("ạ.")
    assert reply.text.count(".") == 1
    assert ("20 MB" in reply.text) is (reason == "too_big")


@pytest.mark.parametrize("reason", ["host", "http-404", "gave_up:timeout"])
def test_what_cannot_be_mended_is_not_said(reason: str) -> None:
    """That is for staff."""
    assert refusal(reason, Conversation(), WORDS, 0) is None
