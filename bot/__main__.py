"""``thanthien``: the command line of the service."""

from __future__ import annotations

import sys
from types import MappingProxyType

import click

from bot.cli.common import fail, unexpected
from bot.errors import BotError

PLACES = MappingProxyType(
    {
        "run": ("bot.cli.service", "run_command"),
        "web": ("bot.cli.service", "web_command"),
        "worker": ("bot.cli.service", "worker_command"),
        "demo": ("bot.cli.demo", "demo_command"),
        "check": ("bot.cli.check", "check_command"),
        "migrate": ("bot.cli.migrate", "migrate_command"),
        "catalogue": ("bot.cli.catalogue", "catalogue"),
        "nlu": ("bot.cli.nlu", "nlu"),
        "calendar": ("bot.cli.calendar", "calendar"),
        "people": ("bot.cli.people", "people"),
        "cases": ("bot.cli.cases", "cases"),
        "files": ("bot.cli.files", "files"),
        "letters": ("bot.cli.letters", "letters"),
        "greetings": ("bot.cli.greetings", "greetings"),
        "sealed": ("bot.cli.sealed", "sealed"),
        "users": ("bot.cli.users", "users"),
        "roster": ("bot.cli.roster", "roster"),
        "scheduler": ("bot.cli.scheduler", "scheduler"),
        "evidence": ("bot.cli.evidence", "evidence"),
        "dossier": ("bot.cli.dossier", "dossier"),
        "privacy": ("bot.cli.privacy", "privacy"),
        "keys": ("bot.cli.keys", "keys"),
        "backup": ("bot.cli.backup", "backup_command"),
        "restore": ("bot.cli.restore", "restore_command"),
        "replay": ("bot.cli.replay", "replay_command"),
    }
)


class Commands(click.Group):
    """Loads a command's module only when it is called: ``--help`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names."""
        return list(PLACES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command."""
        if name not in PLACES:
            return None
        module, attribute = PLACES[name]
        command = getattr(__import__(module, fromlist=[attribute]), attribute)
        assert isinstance(command, click.Command)  # noqa: S101
        return command


@click.command(cls=Commands)
def cli() -> None:
    """Thân Thiện: tiếng nói của chính quyền thân thiện trên Zalo và Facebook."""


def main() -> None:
    """Run a command; no traceback reaches a user."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        fail(
            BotError(
                f"Lệnh chưa đúng: {error.format_message()}",
                "Xin xem 'thanthien --help'.",
            )
        )
    except BotError as error:
        fail(error)
    except Exception as error:  # noqa: BLE001  the edge of the command line
        unexpected(error)


if __name__ == "__main__":
    main()
