"""The words of the command line: what is understood, and what is said about what isn't."""

from __future__ import annotations

import pytest

from console.exits import Exit
from console.grammar import Parser
from console.parser import SCENARIOS, SIMULATED, make_parser
from core.area import discover
from core.errors import (
    BadAnswerError,
    NotFoundError,
    OpsdeckError,
    RefusedError,
    SettingsError,
    SignInError,
    StoreBusyError,
)
from core.message import _

from .conftest import run


def the_parser() -> Parser:
    return make_parser(verb.command for area in discover() for verb in area.verbs)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("wnn", "There is no command “wnn”; did you mean “wan”?"),
        ("stauts", "did you mean “stats” or “status”?"),
        ("frobnicate", "There is no command “frobnicate”. “opsdeck --help” lists what there is."),
        ("config shwo", "There is no command “shwo”; did you mean “show”?"),
        ("speedtest begin", "There is no command “begin”. “opsdeck speedtest --help” lists what there is."),
        ("wan --spam 24h", "There is no option --spam; did you mean “--span”?"),
        ("wan --form json", "There is no option --form; did you mean “--format”?"),
        ("wan extra", "“extra” is one word too many. “opsdeck wan --help” lists what there is."),
        ("wan --span 2h", "span: “2h” isn't one of: 3h, 24h, 7d, 30d, 1y."),
        ("wan --span", "--span needs a value."),
        ("wan --format docx", "--format can't be “docx”; it is one of: text, md, json, csv, html, pdf."),
        ("wan --limit 0", "--limit takes a whole number from 1, not “0”."),
        ("wan --limit many", "--limit takes a whole number from 1, not “many”."),
        ("wan --at yesterday", "--at isn't a moment: “yesterday”. Write it as 2026-01-31T17:00Z."),
        ("--now soon status", "--now isn't a moment: “soon”."),
        ("--set x status", "--set takes NAME=VALUE, not “x”."),
        ("--seed seven --demo status", "--seed takes a whole number from 0, not “seven”."),
        ("simulate plume --scenario vector", "--scenario can't be “vector”; it is one of: contract"),
        ("config", "“opsdeck config” is followed by show, check, schema or import."),
        ("db", "“opsdeck db” is followed by upgrade, backup, restore or check."),
        ("select", "“select” needs “location”."),
        ("setup PARTNER", "“setup” reads its authorization from standard input, and nothing came."),
    ],
)
def test_a_line_that_means_nothing_gets_one_sentence(line: str, sentence: str) -> None:
    answer = run(*line.split())

    assert answer.code == Exit.USAGE
    assert answer.out == ""
    assert answer.err.startswith("opsdeck: ")
    assert sentence in answer.err
    assert answer.err.count("\n") == 1


def test_what_was_typed_can_not_steer_the_terminal() -> None:
    answer = run("\x1b]0;title\x07\x1b[2J")

    assert answer.code == Exit.USAGE
    assert "\x1b" not in answer.err
    assert "\x07" not in answer.err


@pytest.mark.parametrize(
    ("line", "format_"), [("wan --format markdown", "md"), ("wan --format JSON", "json"), ("wan", None)]
)
def test_forms_go_by_more_than_one_name(line: str, format_: str | None) -> None:
    assert getattr(the_parser().read(line.split()), "format", None) == format_


def test_choices_may_be_written_in_either_case() -> None:
    assert the_parser().read(["wan", "--span", "24H"]).span == "24h"


def test_what_stands_before_a_command_under_another_is_kept() -> None:
    options = the_parser().read(["speedtest", "--location", "Vector A", "--format", "json", "start"])

    assert options.command == "speedtest start"
    assert (options.location, options.format) == ("Vector A", "json")


def test_what_may_stand_anywhere_may_stand_before_and_after_the_command() -> None:
    before = the_parser().read(["--demo", "--seed", "9", "wan"])
    after = the_parser().read(["wan", "--demo", "--seed", "9"])

    assert (before.demo, before.seed) == (after.demo, after.seed) == (True, 9)


def test_a_secret_is_never_on_the_line() -> None:
    answer = run("setup", "PARTNER", "--authorization", "Basic abcdef")

    assert answer.code == Exit.USAGE
    assert "abcdef" not in answer.err


def test_the_help_lists_the_exit_codes_and_every_command() -> None:
    answer = run("--help")

    assert answer.code == 0
    for code in Exit:
        assert f"  {code.value:<4} {code.meaning}\n" in answer.out
    for area in discover():
        for verb in area.verbs:
            assert verb.command.name.split()[0] in answer.out


@pytest.mark.parametrize(
    "command",
    [verb.command.name for area in discover() for verb in area.verbs]
    + ["demo", "doctor", "keys", "config show", "db restore", "simulate", "completion"],
)
def test_every_command_has_a_help_of_its_own(command: str) -> None:
    answer = run(*command.split(), "--help")

    assert answer.code == 0
    assert answer.out.startswith(f"usage: opsdeck {command}")
    assert answer.err == ""


def test_every_value_that_the_help_offers_can_be_given() -> None:
    for area in discover():
        for verb in area.verbs:
            for parameter in verb.command.parameters:
                offered = [each.value for each in parameter.type.choices]
                for value in offered:
                    assert str(parameter.type.parse(value)) in offered, (verb.command.name, parameter.name)


def test_the_worlds_offered_are_those_that_there_are() -> None:
    from console.served import SYSTEMS
    from core.moment import SystemClock

    assert tuple(SYSTEMS) == SIMULATED
    for system in SYSTEMS.values():
        for scenario in SCENARIOS:
            assert system.make(SystemClock(), 7, scenario).apps


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFoundError(_("x")), Exit.USAGE),
        (SettingsError(_("x")), Exit.USAGE),
        (RefusedError(_("x")), Exit.REFUSED),
        (SignInError(_("x")), Exit.UPSTREAM),
        (BadAnswerError(_("x")), Exit.UPSTREAM),
        (StoreBusyError(_("x")), Exit.STORE),
        (OpsdeckError(_("x")), Exit.FAILED),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error: OpsdeckError, code: Exit) -> None:
    assert Exit.of(error) is code
