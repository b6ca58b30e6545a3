"""What people write to the plant's commands and settings, and what they are told where it won't do."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.areas.plant import AREA
from core.areas.plant.settings import PlantSettings
from core.errors import SettingsError
from core.folders import Folders
from core.settings import SettingsBook

_COMMANDS = {verb.command.name: verb.command for verb in AREA.verbs}


@pytest.mark.parametrize(
    ("command", "said", "state"),
    [
        ("order move", "start", "in_progress"),
        ("order move", "hold", "on_hold"),
        ("order move", "go on", "in_progress"),
        ("order move", "Complete", "completed"),
        ("order move", "cancel", "cancelled"),
        ("order move", "archive", "archived"),
        ("order move", "on hold", "on_hold"),
        ("defect move", "approve", "approved"),
        ("defect move", "replace", "replacement_processed"),
        ("defect move", "reject", "rejected"),
        ("defect move", "archive", "archived"),
        ("defect move", "no stock", "no_stock"),
        ("maintenance move", "into work", "in_progress"),
        ("maintenance move", "waiting for parts", "awaiting_parts"),
        ("maintenance move", "complete", "completed"),
        ("maintenance move", "close", "closed"),
        ("maintenance move", "cancel", "cancelled"),
    ],
)
def test_the_words_of_a_command_s_help_are_taken(command: str, said: str, state: str) -> None:
    parameter = _COMMANDS[command].parameter("state")
    assert parameter is not None
    assert parameter.type.parse(said) == state


@pytest.mark.parametrize("command", ["order move", "defect move", "maintenance move", "order stretch"])
def test_every_other_word_means_one_of_the_choices(command: str) -> None:
    parameter = _COMMANDS[command].parameter("state")
    assert parameter is not None
    known = {choice.value for choice in parameter.type.choices}
    assert {value for _word, value in getattr(parameter.type, "also")} <= known  # noqa: B009


@pytest.mark.parametrize("code", ["XYZQ", "US", "usd", "U5D", "AUSD"])
def test_a_currency_is_three_letters(tmp_path: Path, code: str) -> None:
    book = SettingsBook(
        Folders.below(tmp_path), flags={"PLANT_CURRENCY": code}, environment={}, dotenv=tmp_path / ".env"
    )
    with pytest.raises(SettingsError, match="PLANT_CURRENCY"):
        book.of(PlantSettings)
