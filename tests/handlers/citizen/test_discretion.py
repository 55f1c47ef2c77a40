"""Is a talk left alone where the law or the citizen wants it?"""

from __future__ import annotations

import pytest

from handlers.citizen import petition
from handlers.citizen.discretion import is_open
from handlers.citizen.intake.draft import Draft
from handlers.model import Consent, Conversation


@pytest.mark.parametrize("consent", [Consent.UNASKED, Consent.SHOWN, Consent.GIVEN])
def test_an_ordinary_talk_is_open(consent: Consent) -> None:
    """The privacy notice need not be answered before a question is."""
    assert is_open(Conversation(consent=consent, pending="handover"))


@pytest.mark.parametrize(
    "talk",
    [
        Conversation(consent=Consent.DECLINED),
        Conversation(opted_out=True),
        Conversation(pending=petition.PENDING),
        Conversation(draft=Draft()),
    ],
)
def test_a_talk_that_is_to_be_left_alone_is_not(talk: Conversation) -> None:
    """Declined, wants no news, a petition, an open form: each alone is enough."""
    assert not is_open(talk)
