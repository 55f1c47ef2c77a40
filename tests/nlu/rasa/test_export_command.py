"""Does ``thanthien nlu export --rasa`` write a project and spoil nothing?"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from bot.cli.nlu import nlu
from bot.errors import BotError
from nlu.rasa.export import CONFIG, DATA, DOMAIN


def export(folder: Path) -> Result:
    """Run the command before any set-up: the seed catalogue is exported."""
    nowhere = folder.parent / "no-config.yml"
    arguments = ["export", "--rasa", str(folder), "--config", str(nowhere)]
    return CliRunner().invoke(nlu, arguments)


def test_a_whole_project_is_written(tmp_path: Path) -> None:
    """Config, domain and data, and nothing else, into a folder that is made."""
    folder = tmp_path / "du an" / "rasa"
    result = export(folder)

    assert result.exit_code == 0, result.output
    written = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert written == {CONFIG, DOMAIN, DATA}
    domain = yaml.safe_load((folder / DOMAIN).read_text("utf-8"))
    assert "tt_1_001193" in domain["intents"]
    assert "thủ tục" in result.output


def test_data_is_renewed_and_settings_are_kept(tmp_path: Path) -> None:
    """Who tuned the config keeps it; the training data is always today's."""
    export(tmp_path / "rasa")
    config, data = tmp_path / "rasa" / CONFIG, tmp_path / "rasa" / DATA
    config.write_text("recipe: default.v1\nlanguage: vi\n", "utf-8")
    data.write_text("cũ", "utf-8")
    result = export(tmp_path / "rasa")

    assert config.read_text("utf-8") == "recipe: default.v1\nlanguage: vi\n"
    assert data.read_text("utf-8") != "cũ"
    assert CONFIG in result.output


@pytest.mark.parametrize("text", ["server: {port: 8080}\n", "- 1\n", "a: [\n"])
def test_another_programs_config_is_left_alone(tmp_path: Path, text: str) -> None:
    """The folder of the service itself has a config.yml too."""
    (tmp_path / CONFIG).write_text(text, "utf-8")
    result = export(tmp_path)

    assert isinstance(result.exception, BotError)
    assert result.exception.hint
    assert (tmp_path / CONFIG).read_text("utf-8") == text
    assert not (tmp_path / DATA).exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file stands where the folder of the data should be."""
    (tmp_path / "data").write_text("")
    result = export(tmp_path)

    assert isinstance(result.exception, BotError)
    assert tmp_path.name in str(result.exception)
