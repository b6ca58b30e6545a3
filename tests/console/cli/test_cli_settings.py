"""`opsdeck config`, and what becomes of settings that are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.exits import Exit

from .conftest import run


@pytest.mark.parametrize("line", [("status",), ("db", "upgrade"), ("setup", "PARTNER"), ("doctor",)])
def test_a_wrong_setting_is_complained_about_before_anything_starts(
    line: tuple[str, ...], opsdeck_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUME_POLL_SECONDS", "soon")

    answer = run(*line, stdin="Basic x\n")

    said = answer.out + answer.err
    assert answer.code == (Exit.FAILED if line == ("doctor",) else Exit.USAGE)
    assert "PLUME_POLL_SECONDS in environment can't be “soon”" in said
    assert "Seconds between two looks" in said
    assert not opsdeck_home.exists()


def test_a_wrong_setting_of_the_file_names_the_file(opsdeck_home: Path) -> None:
    file = opsdeck_home / "config" / "opsdeck.toml"
    file.parent.mkdir(parents=True)
    file.write_text('opsdeck_timezone = "Mars/Olympus"\n')

    answer = run("status")

    assert answer.code == Exit.USAGE
    assert f"OPSDECK_TIMEZONE in {file} can't be “Mars/Olympus”" in answer.err
    assert "Africa/Nairobi" in answer.err


@pytest.mark.parametrize("demo", [[], ["--demo"]])
def test_a_misspelt_flag_is_refused_with_the_nearest_name(demo: list[str], opsdeck_home: Path) -> None:
    answer = run(*demo, "--set", "PLUME_POL_SECONDS=60", "status")

    assert answer.code == Exit.USAGE
    assert "There is no setting PLUME_POL_SECONDS; did you mean PLUME_POLL_SECONDS?" in answer.err
    assert not opsdeck_home.exists()


def test_check_finds_misspelt_names_with_their_place(
    opsdeck_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPSDECK_TIMEZON", "UTC")
    file = opsdeck_home / "config" / "opsdeck.toml"
    file.parent.mkdir(parents=True)
    file.write_text('plume_token = "x"\n')

    answer = run("config", "check")

    assert answer.code == Exit.FAILED
    assert "In environment: There is no setting OPSDECK_TIMEZON; did you mean OPSDECK_TIMEZONE?" in answer.out
    assert f"In {file}: There is no setting PLUME_TOKEN" in answer.out


def test_check_complains_of_every_class_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUME_POLL_SECONDS", "1")
    monkeypatch.setenv("OPSDECK_RAW_DAYS", "none")

    answer = run("config", "check")

    assert answer.code == Exit.USAGE
    assert "PLUME_POLL_SECONDS" in answer.out
    assert "OPSDECK_RAW_DAYS" in answer.out


def test_check_finds_a_file_of_promises_that_can_not_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "sla.toml"
    monkeypatch.setenv("PLANT_SLA_POLICY", str(policy))

    missing = run("config", "check")
    policy.write_text("[maintenance]\n")
    empty = run("config", "check")

    assert (missing.code, empty.code) == (Exit.FAILED, Exit.FAILED)
    assert f"PLANT_SLA_POLICY names {policy}, which can’t be read" in missing.out
    assert "Name another file, or none." in missing.out
    assert f"{policy}, [maintenance]" in empty.out


def test_check_says_that_all_is_well() -> None:
    answer = run("config", "check")

    assert answer.code == Exit.DONE
    assert answer.out.endswith("settings can be read.\n")


def test_show_tells_each_value_and_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSDECK_THEME", "light")

    lines = run("config", "show", "--set", "OPSDECK_TIMEZONE=Africa/Nairobi").out.splitlines()

    assert "OPSDECK_THEME=light\t# environment" in lines
    assert "OPSDECK_TIMEZONE=Africa/Nairobi\t# flag --set" in lines
    assert "PLUME_POLL_SECONDS=60\t# default" in lines


def test_show_hides_secrets_inside_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://deck:CANARY-not-real@db.invalid/deck")

    answer = run("config", "show")

    assert "db.invalid" in answer.out
    assert "CANARY" not in answer.out


def test_schema_describes_every_setting() -> None:
    schema = json.loads(run("config", "schema").out)

    settings = {name: each for group in schema.values() for name, each in group["properties"].items()}
    assert {"DATABASE_URL", "OPSDECK_THEME", "PLUME_TOKEN_URL"} <= set(settings)
    assert all(each["description"] for each in settings.values())
