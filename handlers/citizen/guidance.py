"""What can be told at once: numbers to call, hours, schedule, where a case is?"""

from __future__ import annotations

from handlers.citizen import buttons, handover
from handlers.citizen.promise import promise
from handlers.citizen.turn import Step, Turn, guided
from handlers.model import Button

EMERGENCY_NUMBERS = ("113", "114", "115", "111")
"""Police, fire, ambulance, child protection (DOMAIN §2.8)."""


def emergency(turn: Turn) -> Step:
    """Numbers first, at once, whatever else is going on."""
    calls = tuple(
        Button(turn.title(f"call_{number}"), phone=number)
        for number in EMERGENCY_NUMBERS
    )
    reply = turn.reply("guidance.emergency", *calls, phones=handover.phone_line(turn))
    return Step(turn.talk, (reply,), (guided("khan_cap"),), is_urgent=True)


def hotline(turn: Turn) -> Step:
    """The published numbers, or honestly that there are none."""
    reply = turn.reply(
        "guidance.hotline",
        *handover.phone_buttons(turn),
        buttons.staff(turn),
        phones=handover.phone_line(turn),
    )
    return Step(turn.talk, (reply,), (guided("dien_thoai"),))


def office_hours(turn: Turn) -> Step:
    """The weekly hours, and whether somebody is there now."""
    reply = turn.reply("guidance.office_hours", *_after(turn), **_hours(turn))
    return Step(turn.talk, (reply,), (guided("gio_lam_viec"),))


def contact(turn: Turn) -> Step:
    """Hours and numbers together, for the menu."""
    reply = turn.reply(
        "guidance.contact",
        *handover.phone_buttons(turn),
        buttons.staff(turn),
        hours_text=turn.say("guidance.office_hours", **_hours(turn)),
        phones_text=turn.say("guidance.hotline", phones=handover.phone_line(turn)),
    )
    return Step(turn.talk, (reply,), (guided("lien_he"),))


def schedule(turn: Turn) -> Step:
    """When the leaders receive citizens, as published by the commune."""
    reception = turn.services.unit.reception
    meet = buttons.item(turn, "henlanhdao")
    reply = turn.reply("guidance.schedule", meet, *_after(turn), reception=reception)
    return Step(turn.talk, (reply,), (guided("lich_tiep_dan"),))


def case_status(turn: Turn) -> Step:
    """Where a dossier can be looked up; we cannot see it ourselves."""
    link = turn.services.unit.portal_url
    shown = (buttons.staff(turn), buttons.menu(turn))
    reply = turn.reply("guidance.case_status", *shown, link=link)
    return Step(turn.talk, (reply,), (guided("tra_cuu_ho_so"),))


def apply_online(turn: Turn) -> Step:
    """Where dossiers are filed online, when no procedure was named."""
    link = turn.services.unit.portal_url
    shown = (buttons.item(turn, "thutuc"), buttons.staff(turn))
    reply = turn.reply("guidance.apply_online", *shown, link=link)
    return Step(turn.talk, (reply,), (guided("nop_online"),))


def _after(turn: Turn) -> tuple[Button, ...]:
    return (buttons.staff(turn), buttons.menu(turn))


def _hours(turn: Turn) -> dict[str, object]:
    found = promise(turn.services.hours, turn.now)
    return {
        "hours": turn.services.hours.describe(),
        "is_open": found.is_open,
        "opening": found.opening,
    }
