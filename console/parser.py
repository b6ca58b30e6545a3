"""The command line's grammar, made from the commands that the areas declare."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from console.exits import Exit
from core.command import Command, Effect, Parameter

__all__ = ["FORMATS", "make_parser", "option_name"]

FORMATS = ("text", "md", "json", "csv")

_EPILOG = "exit codes: " + "; ".join(f"{code.value} {code.meaning}" for code in Exit)


def make_parser(commands: Iterable[Command]) -> argparse.ArgumentParser:
    """The parser of `opsdeck`: its own verbs and one for each command, words of a name nested."""
    shared = _shared_options()
    parser = argparse.ArgumentParser(
        prog="opsdeck",
        description="The operations console a small team lives in. Without a command it opens the console.",
        epilog=_EPILOG,
        parents=[shared],
    )
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    verbs = parser.add_subparsers(metavar="COMMAND", title="commands")
    _add_own_verbs(verbs, shared)
    groups: dict[str, Any] = {"": verbs}
    for command in sorted(commands, key=lambda each: each.name):
        _add_command(groups, command, shared)
    return parser


def option_name(parameter: Parameter) -> str:
    """The option that gives a parameter."""
    return "--" + parameter.name.replace("_", "-")


def _shared_options() -> argparse.ArgumentParser:
    """What may stand before or after any verb."""
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    options = shared.add_argument_group("anywhere")
    options.add_argument("--demo", action="store_true", help="use the embedded demo world, no account needed")
    options.add_argument("--seed", type=int, metavar="N", help="the demo world's seed (7)")
    options.add_argument("--now", metavar="MOMENT", help="begin with the clock at this moment")
    options.add_argument(
        "--set", action="append", metavar="NAME=VALUE", help="a setting, for this run only; may be repeated"
    )
    return shared


def _add_own_verbs(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """The verbs that are no command of an area."""

    def add(name: str, text: str, **extra: Any) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = verbs.add_parser(
            name, help=text, description=text, parents=[shared], **extra
        )
        made.set_defaults(verb=name)
        return made

    add("demo", "open the console on the embedded demo world")
    add("doctor", "check settings, store and each source, and say what to do")
    add("keys", "list the console's keys and their names")
    config = add("config", "show, check or describe the settings")
    config.add_argument("action", choices=("show", "check", "schema"))
    database = add("db", "upgrade, back up, restore or check the database")
    database.add_argument("action", choices=("upgrade", "backup", "restore", "check"))
    database.add_argument("file", nargs="?", help="the backup to restore from")
    database.add_argument("--yes", action="store_true", help="don't ask before replacing the database")
    simulate = add("simulate", "serve a simulated upstream on loopback, until interrupted")
    simulate.add_argument("system", choices=("plume",))
    simulate.add_argument("--port", type=int, default=0, help="the port (a free one is picked)")
    simulate.add_argument(
        "--scenario", default="contract", help="which world it serves: contract, vectors or demo"
    )
    completion = add("completion", "print the completion script of a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))


def _add_command(groups: dict[str, Any], command: Command, shared: argparse.ArgumentParser) -> None:
    *parents, last = command.name.split(" ")
    group = groups.get(" ".join(parents))
    if group is None:
        raise ValueError(f"{command.name!r} needs a command {' '.join(parents)!r} to stand under")
    text = str(command.summary)
    made: argparse.ArgumentParser = group.add_parser(
        last, help=text, description=text, parents=[shared], epilog=_EPILOG
    )
    made.set_defaults(verb="run", command=command.name)
    for parameter in command.parameters:
        _add_parameter(made, parameter)
    if command.effect is Effect.READ:
        _add_reading_options(made)
    if command.effect is Effect.DANGER:
        made.add_argument("--yes", action="store_true", help="don't ask for confirmation")
    made.add_argument("--format", choices=FORMATS, default="text", help="the form of the answer (text)")
    groups[command.name] = _LaterGroup(made)


class _LaterGroup:
    """The place for commands under a command, made when there is the first one."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser = parser
        self._group: Any = None

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        if self._group is None:
            self._group = self._parser.add_subparsers(metavar="COMMAND", title="commands under it")
        made: argparse.ArgumentParser = self._group.add_parser(name, **options)
        return made


def _add_parameter(parser: argparse.ArgumentParser, parameter: Parameter) -> None:
    """A required parameter is an argument in its place, others are options; a secret is never on the line."""
    text = str(parameter.prompt).replace("%", "%%")
    if parameter.secret:
        parser.epilog = (
            f"{parameter.name} is asked for without echo, or read from standard input. {parser.epilog}"
        )
        return
    names = (parameter.name,) if parameter.required else (option_name(parameter),)
    choices = tuple(choice.value for choice in parameter.type.choices)
    shown = "{" + ",".join(choices) + "}" if choices else parameter.name.upper()
    extra: dict[str, Any] = {"nargs": "?"} if parameter.required else {"dest": parameter.name}
    if choices:
        # Offered for completion only: what would do is said by the parameter's own type.
        extra["metavar"] = shown
    default = f" ({parameter.default})" if parameter.default else ""
    action = parser.add_argument(*names, help=text + default, default=None, **extra)
    if not choices and not parameter.required:
        action.metavar = shown


def _add_reading_options(parser: argparse.ArgumentParser) -> None:
    reading = parser.add_argument_group("reading")
    reading.add_argument("--at", metavar="MOMENT", help="as it was known at this moment")
    reading.add_argument(
        "--filter", default="", metavar="WORDS", help="only rows with these words; !word leaves out"
    )
    reading.add_argument(
        "--sort", default="", metavar="COLUMN", help="sort by this column; -COLUMN turns it round"
    )
    reading.add_argument("--limit", type=int, default=500, metavar="N", help="at most so many rows (500)")
    reading.add_argument("--refresh", action="store_true", help="ask the sources first")
