"""Who has the word in a Messenger thread: our bot or a person? (PLATFORMS §3.2)"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.channels import wire
from handlers.model import Kind

PAGE_INBOX = "263902037430900"
ECHO_MARK = "tt:"


def echo_kind(message: Mapping[str, object], own_apps: Collection[str] | None) -> Kind:
    """Tell our own send, come back, from what a person wrote in the page's inbox.

    Everything we send carries metadata starting with ``tt:``. An echo without
    that mark or one of our app ids was written elsewhere, so a person answers.
    """
    app = wire.identity(message.get("app_id"))
    if wire.text(message.get("metadata")).startswith(ECHO_MARK):
        return Kind.ECHO_OWN
    return Kind.ECHO_OWN if app and app in (own_apps or ()) else Kind.ECHO_HUMAN


def passed_kind(part: Mapping[str, object], own_apps: Collection[str] | None) -> Kind:
    """Read pass_thread_control, which Meta sends to the app that gets the thread."""
    owner = wire.identity(part.get("new_owner_app_id"))
    if own_apps is None:
        return Kind.ECHO_HUMAN if owner == PAGE_INBOX else Kind.HANDBACK
    return Kind.HANDBACK if owner in own_apps else Kind.ECHO_HUMAN


def taken_kind(part: Mapping[str, object], own_apps: Collection[str] | None) -> Kind:
    """Read take_thread_control, which Meta sends to the app that loses the thread."""
    owner = wire.identity(part.get("new_owner_app_id"))
    return Kind.HANDBACK if owner in (own_apps or ()) else Kind.ECHO_HUMAN
