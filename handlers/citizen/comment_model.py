"""What becomes of a comment under a post of the page?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.model import Reply


@dataclass(frozen=True, slots=True)
class Commented:
    """What a comment asks for; storage holds it to once a comment (storage.comments).

    ``at`` and ``due`` are aware. ``reason`` is the kind of the matter that staff are to
    look at, "" for none; ``question`` is what they read of it, "" where nothing may be.
    ``private`` is the one private reply, ``thanks`` the one under the comment.
    ``alert`` is the kind of a notice to staff. ``is_urgent``: answered even when the
    same person was answered a while ago.
    """

    comment_id: str
    at: datetime
    due: datetime
    is_edit: bool = False
    reason: str = ""
    question: str = ""
    private: Reply | None = None
    thanks: Reply | None = None
    alert: str = ""
    is_urgent: bool = False
