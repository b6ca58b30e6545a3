"""Commands without the console: run one, print its page, leave."""

from __future__ import annotations

import argparse
import asyncio
import difflib
import getpass
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from console.exits import Exit
from console.flags import read_moment
from console.parser import LIMIT
from console.world import World, narrate, open_world
from core.command import Choice, Command, Effect, Invocation, Parameter
from core.deck import Deck
from core.engine.lease import holder
from core.engine.scheduler import JOBS
from core.errors import InputError
from core.message import ENGLISH, Message, _
from core.page import Freshness, Page, Table
from core.query import TableQuery
from core.render import FORMATS, file_as, render_as
from core.render.export import write_new
from core.render.values import Formatter

__all__ = ["run_command"]

_RENDERERS = {
    "text": "text",
    "md": "markdown",
    "json": "json",
    "csv": "csv",
    "html": "html",
    "pdf": "pdf",
}
_CHOICES_SHOWN = 20


def run_command(options: argparse.Namespace) -> int:
    """Run the command that the options name and print what it answers."""
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    at = read_moment(getattr(options, "at", None), "--at")
    async with open_world(options, "command line", once=True) as world:
        command = world.deck.dispatcher.registry.find(options.command)
        arguments = await _arguments(world, command, options)
        confirmed = command.effect is not Effect.DANGER or hasattr(options, "yes")
        if not (confirmed or (confirmed := await _confirm(world, command, arguments))):
            narrate(_("Nothing was done."))
            return Exit.REFUSED
        if hasattr(options, "refresh"):
            await _refresh(world, arguments.get("location"))
        query = _query(options)
        page = await world.deck.run(
            Invocation(command.name, world.person, arguments, at=at, query=query, confirmed=confirmed)
        )
        _refuse_unknown_column(page, query)
        await _give(page, world, getattr(options, "format", "text"), getattr(options, "out", None))
        await _remark(page, command, world)
    return Exit.DONE


async def _arguments(world: World, command: Command, options: argparse.Namespace) -> dict[str, str]:
    """What was given on the line, and what is asked for because it was not."""
    given: dict[str, str] = {}
    for parameter in command.parameters:
        value: str | None = getattr(options, parameter.name, None)
        if value is None and parameter.secret:
            value = _ask_secret(command, parameter)
        elif value is None and _needed(parameter, given):
            choices = await world.deck.choices(command.name, parameter.name, world.person, given)
            value = _ask(command, parameter, choices)
        if value is not None:
            given[parameter.name] = value
    return given


def _needed(parameter: Parameter, given: Mapping[str, str]) -> bool:
    return parameter.required and parameter.default is None and parameter.asked_for(given)


def _ask(command: Command, parameter: Parameter, choices: Sequence[Choice]) -> str:
    """What the person answers; the question is no data, so that it goes to standard error."""
    known = ", ".join(str(choice.label) for choice in choices[:_CHOICES_SHOWN])
    if len(choices) > _CHOICES_SHOWN:
        known += " …"
    if not sys.stdin.isatty():
        said = {"command": command.name, "name": parameter.name, "known": known}
        if known:
            raise InputError(_("“{command}” needs “{name}”, one of: {known}.", **said))
        raise InputError(_("“{command}” needs “{name}”.", **said))
    if known:
        narrate(known)
    return _answer(parameter.prompt)


def _ask_secret(command: Command, parameter: Parameter) -> str:
    """A secret from the person without echo, or a line of standard input when it is no terminal."""
    if sys.stdin.isatty():
        try:
            return getpass.getpass(f"{parameter.prompt} ")
        except EOFError:
            return ""
    line = sys.stdin.readline().strip()
    if not line:
        raise InputError(
            _(
                "“{command}” reads its {name} from standard input, and nothing came.",
                command=command.name,
                name=parameter.name,
            )
        )
    return line


async def _confirm(world: World, command: Command, arguments: Mapping[str, str]) -> bool:
    """Ask about a danger, with what it would touch; anything but a clear yes is a no."""
    if not sys.stdin.isatty():
        raise InputError(_("“{name}” must be confirmed: add --yes.", name=command.name))
    danger = await world.deck.danger(command.name, arguments, world.person)
    if danger.touched is not None:
        narrate(danger.touched)
    question = _("{what}. Really? [y/N]", what=danger.what)
    return _answer(question).casefold() in ("y", "yes")


def _answer(question: Message) -> str:
    print(f"{question} ", end="", file=sys.stderr, flush=True)  # noqa: T201
    return sys.stdin.readline().strip()


def _query(options: argparse.Namespace) -> TableQuery:
    return TableQuery(
        text=getattr(options, "filter", ""),
        sort=getattr(options, "sort", ""),
        descending=hasattr(options, "reverse"),
        limit=getattr(options, "limit", LIMIT),
    )


def _refuse_unknown_column(page: Page, query: TableQuery) -> None:
    """See that what the page was to be sorted by is a column of one of its tables."""
    tables = [block for block in page.blocks if isinstance(block, Table)]
    known = [column.key for table in tables for column in table.columns]
    if not query.sort or query.sort in known:
        return
    if not known:
        raise InputError(_("This page has no table to sort."))
    near = difflib.get_close_matches(query.sort, known, n=1)
    hint = _("did you mean “{near}”?", near=near[0]) if near else ", ".join(known)
    raise InputError(_("There is no column “{name}”: {hint}", name=query.sort[:60], hint=hint))


async def _refresh(world: World, location: str | None) -> None:
    narrate(_("Asking the sources"))
    arguments = {} if location is None else {"location": location}
    await world.deck.run(Invocation("refresh", world.person, arguments))


async def _give(page: Page, world: World, form: str, out: str | None) -> None:
    """Hand over what was asked for: in a file, or on standard output."""
    formatter = Formatter(ENGLISH, world.person.zone, world.deck.services.store.present())
    name = _RENDERERS[form]
    if out is not None:
        write_new(Path(out), await asyncio.to_thread(file_as, name, page, formatter))
        narrate(_("Written to {path}", path=out))
    elif name in FORMATS:
        _print(page, formatter, name)
    elif sys.stdout.isatty():
        raise InputError(
            _("{format} isn't for a terminal: add --out FILE, or send the output to a file.", format=form)
        )
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(await asyncio.to_thread(file_as, name, page, formatter))
        sys.stdout.buffer.flush()


def _print(page: Page, formatter: Formatter, name: str) -> None:
    """The page on standard output: in colour on a terminal, plain in a pipe."""
    if name == "text" and sys.stdout.isatty():
        from console.printing import print_page

        print_page(page, formatter)
        return
    width = shutil.get_terminal_size((100, 40)).columns
    text = render_as(name, page, formatter, width=width)
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def _is_of_sources(command: Command, deck: Deck) -> bool:
    """Whether there is little to see without a source; the plant, tickets and incidents do without."""
    area = next(each for each in deck.areas if any(verb.command is command for verb in each.verbs))
    return area.configured is not None or area.name == "overview"


async def _remark(page: Page, command: Command, world: World) -> None:
    """Say what the page can't: that nothing is set up, or that it is old and nothing will change that."""
    if page.at is not None:
        return
    configured = await world.deck.configured(world.person)
    if configured and not any(configured.values()) and _is_of_sources(command, world.deck):
        ways = ", ".join(f"“opsdeck {area.setup}”" for area in world.deck.areas if area.setup)
        narrate(_("Nothing is set up yet: run {ways}, or look around with “opsdeck --demo”.", ways=ways))
        return
    if page.source_state.freshness is Freshness.LIVE:
        return
    store = world.deck.services.store
    async with store.reading() as connection:
        polling = await holder(connection, JOBS, store.present())
    if polling is None:
        narrate(_("This isn't current, and nothing is polling: add --refresh, or leave a console open."))
