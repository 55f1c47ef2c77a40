"""Can every command that docs/UNDERSTANDING.md shows to staff be typed as it stands?"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from bot.cli.nlu import nlu

PAGE = Path(__file__).resolve().parents[3] / "docs" / "UNDERSTANDING.md"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`([^`]+)`")


def shown() -> list[str]:
    """Return the commands of ``thanthien nlu`` on the page, without their comments."""
    text = PAGE.read_text("utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    found = [*lines, *INLINE.findall(BLOCK.sub("", text))]
    told = {one.partition(" # ")[0].strip() for one in found}
    return sorted(one for one in told if one.startswith("thanthien nlu "))


@pytest.mark.parametrize("line", shown())
def test_the_command_and_its_options_exist(line: str) -> None:
    """The name is a command, and its words are accepted by it."""
    name, *words = shlex.split(line)[2:]
    command = nlu.get_command(click.Context(nlu), name)
    assert command is not None
    if words:
        command.make_context(name, words)
    assert command.help


def test_there_are_commands_to_check() -> None:
    """The page shows each step of teaching."""
    steps = {shlex.split(line)[2] for line in shown()}

    assert {"gaps", "word", "teach", "approve", "train", "live", "rollback"} <= steps
