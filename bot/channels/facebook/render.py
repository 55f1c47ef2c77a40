"""How does a reply look in Messenger's Send API? (PLATFORMS §3.3)

Rule for buttons. Those that answer us become quick replies under the last
message, because quick replies vanish as soon as another message follows. Those
that open a page or call a number stay in the talk, so they go before, in button
templates of three under the end of the text. Answers beyond thirteen and numbers
that cannot be dialled from a button are written into the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from bot.channels.facebook import comments
from bot.channels.facebook.routing import ECHO_MARK
from bot.channels.phone import international
from bot.channels.split import MORE, shorten, split
from handlers.model import Button, Media, Reply

TEXT_LIMIT = 2000
TEMPLATE_TEXT_LIMIT = 640
MAX_QUICK_REPLIES = 13
MAX_TEMPLATE_BUTTONS = 3
TITLE_LIMIT = 20
METADATA_LIMIT = 1000

_MessagingType: TypeAlias = Literal["RESPONSE", "MESSAGE_TAG"]
_FILES = frozenset({"image", "audio", "video", "file"})
UTILITY_LANGUAGE = "vi"


def plan(reply: Reply) -> tuple[Reply, ...]:
    """Cut a reply into parts that are one Messenger message each."""
    answers = [button for button in reply.buttons if button.payload is not None]
    lasting = [button for button in reply.buttons if _is_lasting(button)]
    words = replace(reply, text=_with_lines(reply, answers), buttons=())
    if not lasting:
        return _with_answers(words, answers)
    before = _with_templates(words, lasting)
    chips = tuple(answers[:MAX_QUICK_REPLIES])
    return (*before, Reply(MORE, chips)) if chips else before


def _is_lasting(button: Button) -> bool:
    return button.url is not None or bool(_number(button))


def _number(button: Button) -> str:
    return international(button.phone or "")


def _with_answers(reply: Reply, answers: Sequence[Button]) -> tuple[Reply, ...]:
    return split(
        replace(reply, buttons=tuple(answers[:MAX_QUICK_REPLIES])),
        text_limit=TEXT_LIMIT,
        button_text_limit=None,
        max_buttons=MAX_QUICK_REPLIES,
    )


def _with_templates(reply: Reply, lasting: Sequence[Button]) -> tuple[Reply, ...]:
    return split(
        replace(reply, buttons=tuple(lasting)),
        text_limit=TEXT_LIMIT,
        button_text_limit=TEMPLATE_TEXT_LIMIT,
        max_buttons=MAX_TEMPLATE_BUTTONS,
    )


def _with_lines(reply: Reply, answers: Sequence[Button]) -> str:
    """Add what no button can carry here: further answers and short numbers."""
    spoken = [f"- {button.title}" for button in answers[MAX_QUICK_REPLIES:]]
    called = [
        f"- {button.title}: {button.phone}"
        for button in reply.buttons
        if button.phone is not None and not _number(button)
    ]
    return "\n".join(line for line in (reply.text, *spoken, *called) if line)


def render(
    part: Reply,
    user_id: str,
    *,
    reference: str = "",
    upload: str = "",
    human: bool = False,
) -> dict[str, object]:
    """Return the body of ``/messages`` for one part of ``plan``.

    ``reference`` is our own id of the message; it comes back in the echo.
    ``upload`` is the attachment id of a file of ours. ``human`` says that a
    person of the commune wrote this text: only then may it go out later than 24
    hours after the citizen's last message (tag HUMAN_AGENT, up to 7 days).
    ``user_id`` may name a comment instead (comments.PRIVATE): its one private reply.
    """
    message = {**_content(part, upload), "metadata": _metadata(reference)}
    to = comments.recipient(user_id)
    occasion = _occasion(human=human) if "id" in to else {}
    return {"recipient": to, **occasion, "message": message}


def render_utility(
    name: str, words: Sequence[str], user_id: str, *, reference: str = ""
) -> dict[str, object]:
    """Return the body of ``/messages`` for an approved utility template.

    ``words`` fill the places of its body in order ({{1}}, {{2}}, ...).
    """
    places = [{"type": "text", "text": word} for word in words]
    template = {
        "name": name,
        "language": {"code": UTILITY_LANGUAGE},
        "components": [{"type": "body", "parameters": places}],
    }
    message = {"template": template, "metadata": _metadata(reference)}
    return {
        "recipient": {"id": user_id},
        "messaging_type": "UTILITY",
        "message": message,
    }


def _metadata(reference: str) -> str:
    return f"{ECHO_MARK}{reference}"[:METADATA_LIMIT]


def _occasion(*, human: bool) -> dict[str, str]:
    kind: _MessagingType = "MESSAGE_TAG" if human else "RESPONSE"
    return {"messaging_type": kind} | ({"tag": "HUMAN_AGENT"} if human else {})


def _content(part: Reply, upload: str) -> dict[str, object]:
    if part.media is not None:
        return {"attachment": _file(part.media, upload)}
    if any(_is_lasting(button) for button in part.buttons):
        return {"attachment": _template(part)}
    if not part.buttons:
        return {"text": part.text}
    return {"text": part.text, "quick_replies": [_chip(b) for b in part.buttons]}


def attachment_type(media: Media) -> str:
    """Return Messenger's word for the kind of file."""
    return media.kind if media.kind in _FILES else "file"


def _file(media: Media, upload: str) -> dict[str, object]:
    url = {"url": media.url, "is_reusable": True}
    payload = {"attachment_id": upload} if upload else url
    return {"type": attachment_type(media), "payload": payload}


def _chip(button: Button) -> dict[str, str]:
    title = shorten(button.title, TITLE_LIMIT)
    return {"content_type": "text", "title": title, "payload": button.payload or ""}


def _template(part: Reply) -> dict[str, object]:
    shown = [template_button(button) for button in part.buttons]
    payload = {"template_type": "button", "text": part.text, "buttons": shown}
    return {"type": "template", "payload": payload}


def template_button(button: Button, limit: int = TITLE_LIMIT) -> dict[str, str]:
    """Return a button as button templates and the persistent menu have it."""
    title = shorten(button.title, limit)
    if button.url is not None:
        return {"type": "web_url", "url": button.url, "title": title}
    if button.phone is not None:
        number = f"+{_number(button)}"
        return {"type": "phone_number", "title": title, "payload": number}
    return {"type": "postback", "title": title, "payload": button.payload or ""}
