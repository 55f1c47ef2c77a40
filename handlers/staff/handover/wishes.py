"""Which matter does a member of staff mean, and what do they want of it?"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.model import Channel
from handlers.ports import Words
from handlers.staff import choices
from handlers.staff.desk import Act, StaffInbound
from handlers.staff.handover.model import Wish

MOST_NAMED = 9


def read(
    said: StaffInbound, ref: str, codes: Sequence[tuple[str, str]], words: Words
) -> Wish | str:
    """Return the wish, or what to tell the person when it is not clear.

    ``ref`` is the matter of the topic, "" when the platform has no topics; then
    ``codes`` are (code, id) of those that are open.
    """
    if said.tap is not None:
        return Wish(said.tap.act, said.tap.ref)
    if said.channel is Channel.ZALO_BOT:
        return _by_number(said, codes, words)
    if not ref:
        return words.say("desk.gone")
    return Wish(Act.REPLY, ref, said.text.strip())


def _by_number(
    said: StaffInbound, codes: Sequence[tuple[str, str]], words: Words
) -> Wish | str:
    choice = choices.read(said.text)
    if choice is None:
        return words.say("desk.help")
    meant = choices.matching(choice.code, codes)
    if len(meant) == 1:
        return Wish(choice.act, meant[0], choice.text if _is_reply(choice.act) else "")
    if not codes:
        return words.say("desk.nothing_open")
    named = [code for code, _ in codes[-MOST_NAMED:]]
    return words.say("desk.which", code=named[-1], codes=", ".join(named))


def _is_reply(act: Act) -> bool:
    return act is Act.REPLY
