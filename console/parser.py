"""The command line's grammar, made from the commands that the areas declare."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import Any

from console.exits import Exit
from console.grammar import Parser, whole_number
from core.command import Command, Effect, Parameter
from core.errors import InputError
from core.message import _

__all__ = ["FORMATS", "LIMIT", "PROVIDERS", "SCENARIOS", "SIMULATED", "make_parser", "option_name"]

FORMATS = ("text", "md", "json", "csv", "html", "pdf")
"""The forms an answer can have."""

LIMIT = 500
"""Rows shown of a table where nothing else is asked for."""

SIMULATED = ("plume", "taara", "production", "plant", "telegram", "whatsapp")
PROVIDERS = ("twilio", "meta")
SCENARIOS = ("contract", "vectors", "demo")
"""What `simulate` stands in for, who brings messages to WhatsApp, and which worlds there are; the simulators
are too heavy to be asked here."""

_ALIASES = {"markdown": "md", "txt": "text"}

_DESCRIPTION = "The operations console a small team lives in. Without a command it opens the console."

_EXAMPLES = """\
examples:
  opsdeck demo                                  look around, no account needed
  opsdeck --demo wan --span 7d                  one page of the demo world
  opsdeck setup PARTNER                         set up Plume; asks for the header
  opsdeck status --location harbour             how a location is doing
  opsdeck status --at 2026-01-31T17:00Z         ... and how it was doing then
  opsdeck wan --span 30d --format csv > wan.csv
"""

_EXIT_CODES = "exit codes:\n" + "".join(f"  {code.value:<4} {code.meaning}\n" for code in Exit)

_SEE_EXIT_CODES = "“opsdeck --help” lists the exit codes."

_DOCTOR = """\
Check the settings, the database and each source, which are asked right now, and say what to do.
It ends with 0 when nothing needs doing, and with 1 when something does."""

_COMPLETION = """\
Print the completion script of a shell; it needs no opsdeck to run. For example:
  opsdeck completion bash > ~/.local/share/bash-completion/completions/opsdeck"""


def make_parser(commands: Iterable[Command]) -> Parser:
    """The parser of `opsdeck`: one verb for each command, words of a name nested, and its own verbs."""
    shared = _shared_options()
    parser = Parser(
        prog="opsdeck", description=_DESCRIPTION, epilog=f"{_EXAMPLES}\n{_EXIT_CODES}", parents=[shared]
    )
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    verbs = parser.add_subparsers(metavar="COMMAND", title="commands", parser_class=Parser)
    groups: dict[str, Any] = {"": verbs}
    for command in sorted(commands, key=lambda each: each.name):
        _add_command(groups, command, shared)
    _add_own_verbs(verbs, shared)
    if (relay := groups.get("relay")) is not None:
        _add_relay_verbs(relay, shared)
    return parser


def option_name(parameter: Parameter) -> str:
    """The option that gives a parameter."""
    return "--" + parameter.name.replace("_", "-")


def _shared_options() -> Parser:
    """What may stand before or after any verb."""
    shared = Parser(add_help=False)
    options = shared.add_argument_group("anywhere")
    options.add_argument("--demo", action="store_true", help="use the embedded demo world, no account needed")
    options.add_argument(
        "--vectors",
        action="store_true",
        help="use a demo world that holds the data of the contracts' vectors",
    )
    options.add_argument("--seed", type=whole_number(0), metavar="N", help="the demo world's seed (7)")
    options.add_argument("--now", metavar="MOMENT", help="set the clock to this moment")
    options.add_argument(
        "--set", action="append", metavar="NAME=VALUE", help="a setting, for this run only; may be repeated"
    )
    return shared


def _add_own_verbs(verbs: Any, shared: Parser) -> None:
    """The verbs that are no command of an area."""

    def add(group: Any, name: str, text: str, description: str = "", **marks: str) -> Parser:
        made: Parser = group.add_parser(name, help=text, description=description or text, parents=[shared])
        made.set_defaults(**(marks or {"verb": name}))
        return made

    def add_group(name: str, text: str) -> Any:
        made = add(verbs, name, text)
        return made.add_subparsers(metavar="COMMAND", title="commands", dest="action", parser_class=Parser)

    add(verbs, "demo", "Open the console on the embedded demo world")
    add(verbs, "doctor", "Check settings, database and each source, and say what to do", _DOCTOR)
    add(verbs, "keys", "List the console's keys and their names")
    config = add_group("config", "Show, check or describe the settings")
    add(config, "show", "Print every setting with its value and where that stands", verb="config")
    add(config, "check", "Find settings that are wrong or misspelt", verb="config")
    add(config, "schema", "Print what there is to set, as JSON schema", verb="config")
    imported = add(
        config, "import", "Take over a telegram_config.json: people, chats, settings", verb="config"
    )
    imported.add_argument("file", help="the file")
    imported.add_argument("--dry-run", action="store_true", help="only say what would change")
    database = add_group("db", "Upgrade, back up, restore or check the database")
    add(database, "upgrade", "Bring the database up to date, after a backup", verb="db")
    add(database, "backup", "Copy the database and print the copy's path", verb="db")
    restore = add(database, "restore", "Put a backup in the database's place", verb="db")
    restore.add_argument("file", nargs="?", help="the backup; without one, they are listed")
    restore.add_argument("--yes", action="store_true", help="don't ask before replacing the database")
    add(database, "check", "Look for damage and verify the audit log", verb="db")
    audit = add_group("audit", "Verify that nobody has tampered with the audit log")
    verified = add(audit, "verify", "Check every entry’s seal, and where the log ends", verb="audit")
    verified.add_argument("head", nargs="?", help="where it ended once, NUMBER:TAG, as printed then")
    simulate = add(verbs, "simulate", "Serve a simulated upstream on loopback, until interrupted")
    simulate.add_argument("system", choices=SIMULATED, help="the upstream to stand in for")
    simulate.add_argument("--port", type=whole_number(0), metavar="N", help="the port (a free one)")
    simulate.add_argument("--scenario", choices=SCENARIOS, help="which world it serves (contract)")
    simulate.add_argument(
        "--script",
        metavar="FILE",
        help="telegram, whatsapp: what a phone does with the bot; or the name of one that is shipped",
    )
    simulate.add_argument("--provider", choices=PROVIDERS, help="whatsapp: whose API is served (twilio)")
    simulate.add_argument(
        "--webhook",
        metavar="URL",
        help="whatsapp: where the bot takes messages (WHATSAPP_WEBHOOK_URL, or this machine’s gateway)",
    )
    completion = add(verbs, "completion", "Print the completion script of a shell", _COMPLETION)
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))


def _add_relay_verbs(relay: _LaterGroup, shared: Parser) -> None:
    """The relay in the foreground, which is no command of an area: it would never give an answer."""
    text = "Run the relay in the foreground until interrupted, as a service manager does"
    made = relay.add_parser("run", help=text, description=text, parents=[shared])
    made.set_defaults(verb="relay run")
    made.add_argument(
        "--whatsapp", action="store_true", help="with --demo: walk the plant’s workflows on WhatsApp"
    )
    made.add_argument("--provider", choices=PROVIDERS, help="with --demo --whatsapp: whose API (twilio)")
    text = "How the relay is: the same as “opsdeck relay”"
    made = relay.add_parser("status", help=text, description=text, parents=[shared])
    made.set_defaults(verb="run", command="relay")
    _add_reading_options(made)
    _add_format(made)


def _add_format(parser: Parser) -> None:
    forms = parser.add_argument(
        "--format", type=_format, choices=FORMATS, help="the form of the answer (text)"
    )
    forms.metavar = _listed(FORMATS)
    parser.add_argument(
        "--out", metavar="FILE", help="write the answer to this file, which must not be there yet"
    )


def _add_command(groups: dict[str, Any], command: Command, shared: Parser) -> None:
    *parents, last = command.name.split(" ")
    group = groups.get(" ".join(parents))
    if group is None:
        raise ValueError(f"{command.name!r} needs a command {' '.join(parents)!r} to stand under")
    text = str(command.summary)
    secrets = "".join(map(_about_secret, command.parameters))
    made: Parser = group.add_parser(
        last, help=_literal(text), description=text + secrets, parents=[shared], epilog=_SEE_EXIT_CODES
    )
    made.set_defaults(verb="run", command=command.name)
    for parameter in command.parameters:
        _add_parameter(made, parameter)
    if command.effect is Effect.READ:
        _add_reading_options(made)
    if command.effect is Effect.DANGER:
        made.add_argument("--yes", action="store_true", help="don't ask for confirmation")
    _add_format(made)
    groups[command.name] = _LaterGroup(made)


class _LaterGroup:
    """The place for commands under a command, made when there is the first one."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._group: Any = None

    def add_parser(self, name: str, **options: Any) -> Parser:
        if self._group is None:
            self._group = self._parser.add_subparsers(
                metavar="COMMAND", title="commands under it", parser_class=Parser, prog=self._parser.prog
            )
        made: Parser = self._group.add_parser(name, **options)
        return made


def _add_parameter(parser: Parser, parameter: Parameter) -> None:
    """A required parameter is an argument in its place, others are options; a secret is never on the line."""
    if parameter.secret:
        return
    names = (parameter.name,) if parameter.required else (option_name(parameter),)
    extra: dict[str, Any] = {"nargs": "?"} if parameter.required else {"dest": parameter.name}
    choices = tuple(choice.value for choice in parameter.type.choices)
    if choices:
        extra |= {"type": _choice(parameter), "choices": choices, "metavar": _listed(choices)}
    elif not parameter.required:
        extra["metavar"] = parameter.name.upper()
    default = f" ({parameter.default})" if parameter.default else ""
    parser.add_argument(*names, help=_literal(str(parameter.prompt) + default), **extra)


def _about_secret(parameter: Parameter) -> str:
    if not parameter.secret:
        return ""
    return f".\nThe {parameter.name} is asked for without echo, or read from standard input."


def _add_reading_options(parser: Parser) -> None:
    reading = parser.add_argument_group("reading")
    reading.add_argument("--at", metavar="MOMENT", help="as it was known at this moment")
    reading.add_argument("--filter", metavar="WORDS", help="only rows with these words; !word leaves out")
    reading.add_argument("--sort", metavar="COLUMN", help="sort by this column")
    reading.add_argument("--reverse", action="store_true", help="sort the other way round")
    reading.add_argument("--limit", type=whole_number(1), metavar="N", help=f"at most so many rows ({LIMIT})")
    reading.add_argument("--refresh", action="store_true", help="ask the sources first")


def _format(text: str) -> str:
    """The name of a form, whichever of its names was written."""
    name = text.casefold()
    return _ALIASES.get(name, name)


def _choice(parameter: Parameter) -> Callable[[str], str]:
    """What reads one of the few values that a parameter may have, in whichever case it was written."""

    def read(text: str) -> str:
        if text == argparse.SUPPRESS:  # what argparse reads where nothing was written
            return text
        try:
            return str(parameter.type.parse(text))
        except InputError as error:
            raise InputError(
                _("{parameter}: {reason}", parameter=parameter.name, reason=error.message)
            ) from error

    return read


def _listed(words: Iterable[str]) -> str:
    return "{" + ",".join(words) + "}"


def _literal(text: str) -> str:
    """A help text as argparse takes it, in which a percent sign begins a field."""
    return text.replace("%", "%%")
