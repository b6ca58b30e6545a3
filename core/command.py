"""Commands: what a person can ask, declared once for every surface.

A `Command` is a declaration: its name, its typed parameters, the lowest role that may run it and what
it does to the world. Surfaces derive options, dialogs, conversations, schemas and help from it; what it
does stands with its area (`core.area.Verb`).
"""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from core.errors import InputError, RefusedError
from core.message import Message, _
from core.moment import parse_moment
from core.principal import Principal, Role
from core.query import TableQuery

__all__ = [
    "Choice",
    "ChoiceType",
    "Command",
    "Effect",
    "Invocation",
    "MomentType",
    "NumberType",
    "Parameter",
    "ParameterType",
    "Registry",
    "TextType",
    "authorise",
    "readable",
    "strictly",
    "validate",
]


class Effect(enum.Enum):
    """What running a command does."""

    READ = "read"
    WRITE = "write"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that would do, and how to call it to a person."""

    value: str
    label: Message | str


class ParameterType(Protocol):
    """How a parameter's text becomes a value."""

    def parse(self, text: str) -> object:
        """The value that `text` means; raises `InputError` with one sentence saying what would do."""
        ...

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The values that would do, where they are few and known beforehand."""
        ...


@dataclass(frozen=True, slots=True)
class TextType:
    """Text of a certain length and, where `pattern` is given, form; `hint` says the form in words."""

    longest: int = 500
    pattern: str = ""
    hint: Message | None = None
    choices: tuple[Choice, ...] = ()

    def parse(self, text: str) -> str:
        text = text.strip()
        if not text:
            raise InputError(_("This can't be empty."))
        if len(text) > self.longest:
            raise InputError(_("This is too long: at most {longest} characters.", longest=self.longest))
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise InputError(self.hint or _("This isn't in the expected form."))
        return text


@dataclass(frozen=True, slots=True)
class ChoiceType:
    """One of a few known words; `also` are other words for them, each with the value that it means."""

    choices: tuple[Choice, ...]
    also: tuple[tuple[str, str], ...] = ()

    def parse(self, text: str) -> str:
        wanted = text.strip().casefold()
        spelt = wanted, wanted.replace(" ", "_")  # as it is read, and as it is written
        for choice in self.choices:
            if choice.value.casefold() in spelt:
                return choice.value
        for word, value in self.also:
            if word in spelt:
                return value
        known = ", ".join(choice.value for choice in self.choices)
        raise InputError(_("“{text}” isn't one of: {known}.", text=text.strip()[:60], known=known))


@dataclass(frozen=True, slots=True)
class NumberType:
    """A whole number within bounds."""

    least: int
    most: int
    choices: tuple[Choice, ...] = ()

    def parse(self, text: str) -> int:
        try:
            number = int(text.strip())
        except ValueError:
            number = None
        if number is None or not self.least <= number <= self.most:
            raise InputError(
                _("A whole number from {least} to {most} is needed.", least=self.least, most=self.most)
            )
        return number


@dataclass(frozen=True, slots=True)
class MomentType:
    """A moment in ISO 8601; without an offset it is in UTC."""

    choices: tuple[Choice, ...] = ()

    def parse(self, text: str) -> datetime:
        try:
            return parse_moment(text)
        except ValueError:
            raise InputError(
                _("“{text}” isn't a moment; write it as 2026-01-31T17:00.", text=text.strip()[:60])
            ) from None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing a command needs to know.

    `default` is the text used when nothing is given; without one, a `required` parameter is asked for.
    `source` names what offers further choices at run time (an area's `Area.choices`), such as `location`.
    A `secret` is neither shown, stored in a page, audited nor logged. `title` is what a value is called
    where it is shown, with the question before a danger: the `prompt` asks for it. `spared` tells from what
    else was given that nothing needs to be said here, though it is `required` otherwise.
    """

    name: str
    prompt: Message
    type: ParameterType = field(default_factory=TextType)
    required: bool = False
    default: str | None = None
    secret: bool = False
    source: str = ""
    title: Message | None = None
    spared: Callable[[Mapping[str, str]], bool] | None = None

    def asked_for(self, given: Mapping[str, str]) -> bool:
        """Whether it is to be said at all, beside what else was given."""
        return self.spared is None or not self.spared(given)


@dataclass(frozen=True, slots=True)
class Command:
    """What a person can ask.

    `name` is what they write, words separated by one space. `remote` marks a write with an effect in
    another system, which leaves an intent in the audit log before it is tried. `agents` marks what is the
    business of those who answer tickets, who are viewers by role.
    """

    name: str
    summary: Message
    parameters: tuple[Parameter, ...] = ()
    role: Role = Role.VIEWER
    effect: Effect = Effect.READ
    remote: bool = False
    agents: bool = False

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, if there is one."""
        return next((each for each in self.parameters if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command as a person asks for it on some surface.

    `at` winds the answer back to a past moment. `confirmed` says that the person was asked about a
    danger and agreed. `key` makes a write happen once however often it is sent.
    """

    command: str
    principal: Principal
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])
    at: datetime | None = None
    query: TableQuery = field(default_factory=TableQuery)
    confirmed: bool = False
    key: str | None = None


class Registry:
    """Every command there is, by name."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._commands: dict[str, Command] = {}
        for command in commands:
            if command.name in self._commands:
                raise ValueError(f"two commands are named {command.name!r}")
            self._commands[command.name] = command

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def __contains__(self, name: object) -> bool:
        return name in self._commands

    def find(self, name: str) -> Command:
        """The command of that name; raises `InputError` naming the nearest one otherwise."""
        command = self._commands.get(name)
        if command is not None:
            return command
        near = difflib.get_close_matches(name[:60].casefold(), self._commands, n=1)
        if near:
            raise InputError(
                _("There is no command “{name}”; did you mean “{near}”?", name=name[:60], near=near[0])
            )
        raise InputError(_("There is no command “{name}”.", name=name[:60]))


def authorise(command: Command, principal: Principal) -> None:
    """Let the principal pass or raise `RefusedError` saying which role it takes."""
    if principal.role < command.role:
        raise RefusedError(
            _("“{name}” needs the role {role}.", name=command.name, role=command.role.name.lower())
        )
    if principal.read_only and command.effect is not Effect.READ:
        raise RefusedError(_("“{name}” writes, and this session may only read.", name=command.name))


def strictly(command: Command) -> Command:
    """The command where operators and agents are folded into administrators (operations.md 9)."""
    if command.agents or command.role is Role.OPERATOR:
        return replace(command, role=Role.ADMIN)
    return command


def validate(command: Command, arguments: Mapping[str, str]) -> dict[str, object]:
    """The arguments as typed values, defaults filled in, absent and blank ones left out.

    Raises:
        InputError: one isn't known, one is missing, or one can't be read; the sentence names it.
    """
    unknown = sorted(set(arguments) - {each.name for each in command.parameters})
    if unknown:
        raise InputError(_("“{name}” takes no “{argument}”.", name=command.name, argument=unknown[0][:60]))
    values: dict[str, object] = {}
    for parameter in command.parameters:
        text = arguments.get(parameter.name)
        if text is None or not text.strip():
            text = parameter.default
        if text is None:
            if parameter.required and parameter.asked_for(arguments):
                raise InputError(_missing(command, parameter))
            continue
        try:
            values[parameter.name] = parameter.type.parse(text)
        except InputError as error:
            raise InputError(
                _("{parameter}: {reason}", parameter=parameter.name, reason=error.message)
            ) from error
    return values


def _missing(command: Command, parameter: Parameter) -> Message:
    said = {"name": command.name, "parameter": parameter.name}
    if parameter.title is None:
        return _("“{name}” needs “{parameter}”.", **said)
    return _("“{name}” needs “{parameter}” ({title}).", **said, title=parameter.title)


def readable(command: Command, arguments: Mapping[str, str]) -> dict[str, object]:
    """Those of the arguments that can be read, as typed values: what is known before all were given."""
    values: dict[str, object] = {}
    for parameter in command.parameters:
        if parameter.name in arguments and not parameter.secret:
            with suppress(InputError):
                values[parameter.name] = parameter.type.parse(arguments[parameter.name])
    return values
