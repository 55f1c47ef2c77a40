"""How does this installation prepare birthdays?"""

from __future__ import annotations

from bot.config import Config
from handlers.staff.letters.birthday_drafts import AgeCustom, BirthdayRule


def rule_of(config: Config) -> BirthdayRule:
    """Return the rule that the configuration says."""
    said = config.letters
    return BirthdayRule(said.birthday_days, AgeCustom(said.age))
