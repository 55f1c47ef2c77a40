"""How is a citizen's talk written after an act of staff? As its next version."""

from __future__ import annotations

from typing import Any

from bot.clock import to_ms
from bot.codec import dump_conversation
from bot.desk.sources import Loaded
from handlers.model import Conversation


def talk_row(
    unit_id: str, loaded: Loaded, talk: Conversation, now: int
) -> dict[str, Any]:
    """Return the row that replaces the loaded one; ``now`` is UTC ms."""
    found, seen = loaded.matter, loaded.talk_row
    channel = found.ticket.channel.value
    name = f"talk:{found.person_id}:{channel}"
    return {
        "unit_id": unit_id,
        "person_id": found.person_id,
        "channel": channel,
        "version": (seen["version"] if seen else 0) + 1,
        "sealed": found.vault.seal(dump_conversation(talk), name),
        "opted_out": talk.opted_out,
        "muted_until": to_ms(talk.muted_until) if talk.muted_until else None,
        "last_inbound_at": seen["last_inbound_at"] if seen else 0,
        "sent_since_inbound": seen["sent_since_inbound"] if seen else 0,
        "updated_at": now,
    }
