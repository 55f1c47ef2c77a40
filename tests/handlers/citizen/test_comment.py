"""What becomes of a comment under a post, and what is said to who wrote it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.citizen.comment import SEALED_ALERT, URGENT_ALERT
from handlers.citizen.comment_model import Commented
from handlers.model import (
    Attachment,
    Channel,
    Consent,
    Conversation,
    Kind,
    Outcome,
    Secrecy,
    Tag,
)
from tests.handlers.citizen.talk import KNOWN, MONDAY_8, UNIT, Talk, services, tags

ID = "1001_7"


def commented(
    text: str,
    kind: Kind = Kind.COMMENT,
    talk: Talk | None = None,
    **parts: object,
) -> tuple[Outcome, Commented]:
    """Let a citizen comment; return the outcome and what becomes of the comment."""
    chosen = talk or Talk(channel=Channel.FACEBOOK)
    outcome = chosen.sends(kind, text=text, payload=ID, **parts)
    assert outcome.comment is not None
    assert outcome.replies == ()  # nothing is said into the inbox unasked
    return outcome, outcome.comment


def test_an_ordinary_comment_goes_to_staff_with_one_kind_word() -> None:
    """Staff read the words; the private reply invites and repeats none of them."""
    outcome, comment = commented("đèn đường hỏng")

    assert (comment.reason, comment.question) == ("binh_luan", "đèn đường hỏng")
    assert comment.private is not None
    assert "đèn" not in comment.private.text
    assert "tại đây" in comment.private.text
    assert "trợ lý ảo" in comment.private.text
    assert comment.private.buttons == ()
    assert comment.thanks is None
    assert not comment.alert
    assert tags(outcome) == [Tag.MESSAGE_RECEIVED, Tag.COMMENT_READ]
    assert outcome.handover is None


def test_thanks_in_public_only_if_the_commune_wants_it() -> None:
    """The fixed word says nothing of the matter."""
    unit = replace(UNIT, thanks_comments=True)
    talk = Talk(services(unit=unit), channel=Channel.FACEBOOK)
    _, comment = commented("đèn đường hỏng", talk=talk)

    assert comment.thanks is not None
    assert "đèn" not in comment.thanks.text
    _, urgent = commented("cháy nhà", talk=Talk(services(unit=unit)))
    assert urgent.thanks is None


def test_danger_brings_the_numbers_first_and_an_alarm() -> None:
    """Staff are to look at once, whatever the hour."""
    outcome, comment = commented("cháy nhà")

    assert comment.private is not None
    first = comment.private.text.splitlines()[0]
    assert all(number in first for number in ("113", "114", "115"))
    assert (comment.alert, comment.reason) == (URGENT_ALERT, "binh_luan_gap")
    assert comment.is_urgent
    assert comment.due == MONDAY_8
    assert Tag.GUIDED in tags(outcome)


@pytest.mark.parametrize("text", ["tôi tố cáo ông A", "dân thôn tố cáo bà B nhận tiền"])
def test_a_denunciation_is_sealed_and_names_no_matter(text: str) -> None:
    """No matter holds it, no event repeats it; staff hear that there is one to see."""
    outcome, comment = commented(text)

    assert outcome.secrecy is Secrecy.SEALED
    assert (comment.reason, comment.question) == ("", "")
    assert comment.alert == SEALED_ALERT
    assert all(not event.private for event in outcome.events)
    assert comment.private is not None
    assert "113" in comment.private.text.splitlines()[0]
    assert "gỡ bình luận" in comment.private.text
    assert "ông A" not in comment.private.text


def test_an_edit_is_read_again_and_answered_by_nobody() -> None:
    """One private reply a comment; what an edit says goes to staff."""
    _, comment = commented("đèn đường hỏng", Kind.COMMENT_EDITED)

    assert comment.is_edit
    assert comment.private is None
    assert comment.question == "đèn đường hỏng"
    sealed, _ = commented("tôi tố cáo ông A", Kind.COMMENT_EDITED)
    assert sealed.secrecy is Secrecy.SEALED


@pytest.mark.parametrize(
    "talk",
    [
        replace(KNOWN, opted_out=True),
        replace(KNOWN, consent=Consent.DECLINED),
        replace(KNOWN, muted_until=MONDAY_8 + timedelta(hours=1)),
    ],
)
def test_who_is_not_answered_unasked(talk: Conversation) -> None:
    """Not who wants no news or declined, nor while a person speaks with them."""
    chosen = Talk(state=talk, channel=Channel.FACEBOOK)
    _, comment = commented("đèn đường hỏng", talk=chosen)

    assert comment.private is None
    assert comment.reason == "binh_luan"
    urgent = Talk(state=talk, channel=Channel.FACEBOOK)
    assert commented("cháy nhà", talk=urgent)[1].private is not None


def test_words_of_who_declined_are_not_kept() -> None:
    """Staff see that there is a comment, and read it on the page."""
    declined = replace(KNOWN, consent=Consent.DECLINED)
    outcome, comment = commented("đèn đường hỏng", talk=Talk(state=declined))

    assert comment.question == ""
    assert all(not event.private for event in outcome.events)


def test_an_old_comment_gets_no_private_reply() -> None:
    """After an outage of days the platform would refuse; staff have it all the same."""
    talk = Talk(at=MONDAY_8 - timedelta(days=3, minutes=1), channel=Channel.FACEBOOK)
    _, comment = commented("đèn đường hỏng", talk=talk)

    assert comment.private is None
    assert comment.reason == "binh_luan"


def test_a_sign_alone_is_no_work_but_a_picture_is() -> None:
    """A heart under a post needs nobody; of a picture staff are told."""
    outcome, comment = commented("❤️")
    assert (comment.reason, comment.private) == ("", None)
    assert Tag.MESSAGE_SKIPPED in tags(outcome)

    picture = (Attachment("link", "https://x.example/1.jpg"),)
    outcome, comment = commented("", attachments=picture)
    assert comment.reason == "binh_luan"
    assert "ảnh" in comment.question
    assert outcome.files == ()
