"""Which matter does a member of staff mean, and what do they want of it?"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.model import Channel
from handlers.ports import Words
from handlers.staff import choices
from handlers.staff.desk import ASK, MEMBER, Act, StaffInbound
from handlers.staff.handover.model import Wish

MOST_NAMED = 9
WORDY = frozenset({Act.REPLY, Act.SAY, Act.REJECT})
"""What needs words."""


def read(
    said: StaffInbound, ref: str, codes: Sequence[tuple[str, str]], words: Words
) -> Wish | str:
    """Return the wish, or what to tell the person when it is not clear.

    ``ref`` is the matter of the topic, "" when the platform has no topics; then
    ``codes`` are (code, id) of those that are open.
    """
    if said.tap is not None:
        return Wish(said.tap.act, said.tap.ref, detail=said.tap.detail)
    if said.channel is Channel.ZALO_BOT:
        return _by_number(said, codes, words)
    if not ref:
        return words.say("desk.gone")
    meant = said.meant
    if meant is not None and meant.detail.startswith(ASK):
        detail = meant.detail.removeprefix(ASK)
        return Wish(meant.act, ref, said.text.strip(), detail, is_asked=True)
    return Wish(Act.SAY, ref, said.text.strip())


def _by_number(
    said: StaffInbound, codes: Sequence[tuple[str, str]], words: Words
) -> Wish | str:
    choice = choices.read(said.text)
    if choice is None:
        return words.say("desk.help")
    meant = choices.matching(choice.code, codes)
    if len(meant) == 1:
        return _numbered(choice, meant[0])
    if not codes:
        return words.say("desk.nothing_open")
    named = [code for code, _ in codes[-MOST_NAMED:]]
    return words.say("desk.which", code=named[-1], codes=", ".join(named))


def _numbered(choice: choices.Choice, ref: str) -> Wish:
    """After a number the words are the act's; those of a transfer name somebody."""
    if choice.act is Act.FORWARD:
        to = MEMBER + choice.text if choice.text else ""
        return Wish(choice.act, ref, detail=to)
    text = choice.text if choice.act in WORDY else ""
    return Wish(choice.act, ref, text, is_asked=bool(text))
