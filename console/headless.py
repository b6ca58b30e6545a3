"""Commands without the console: run one, print its page, leave."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import shutil
import sys

from console.exits import Exit
from console.flags import read_moment
from console.parser import option_name
from console.world import World, narrate, open_world
from core.command import Command, Effect, Invocation
from core.engine.lease import holder
from core.engine.scheduler import JOBS
from core.errors import InputError
from core.message import ENGLISH, _
from core.page import Freshness, Page
from core.query import TableQuery
from core.render import render_as
from core.render.values import Formatter

__all__ = ["run_command"]

_RENDERERS = {"text": "text", "md": "markdown", "json": "json", "csv": "csv"}


def run_command(options: argparse.Namespace) -> int:
    """Run the command that the options name and print what it answers."""
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    async with open_world(options, "command line") as world:
        command = world.deck.dispatcher.registry.find(options.command)
        arguments = _arguments(command, options)
        confirmed = command.effect is not Effect.DANGER or options.yes or _confirm(command)
        if not confirmed:
            narrate(_("Nothing was done."))
            return Exit.REFUSED
        if getattr(options, "refresh", False):
            await _refresh(world, arguments.get("location"))
        invocation = Invocation(
            command.name,
            world.person,
            arguments,
            at=read_moment(getattr(options, "at", None), "--at"),
            query=_query(options),
            confirmed=confirmed,
        )
        page = await world.deck.run(invocation)
        _print(page, world, options.format)
        await _remark(page, world)
    return Exit.DONE


def _arguments(command: Command, options: argparse.Namespace) -> dict[str, str]:
    """What was given on the line, and what is asked for because it was not."""
    given: dict[str, str] = {}
    for parameter in command.parameters:
        value: str | None = getattr(options, parameter.name, None)
        if value is None and parameter.secret:
            value = _ask_secret(str(parameter.prompt))
        if value is None and parameter.required and parameter.default is None:
            if not sys.stdin.isatty():
                name = parameter.name if parameter.required else option_name(parameter)
                raise InputError(_("“{command}” needs {name}.", command=command.name, name=name))
            value = input(f"{parameter.prompt} ")
        if value is not None:
            given[parameter.name] = value
    return given


def _ask_secret(prompt: str) -> str:
    """A secret from the person without echo, or a line of standard input when it is no terminal."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{prompt} ")
    return sys.stdin.readline().rstrip("\r\n")


def _confirm(command: Command) -> bool:
    """Ask about a danger; anything but a clear yes is a no."""
    if not sys.stdin.isatty():
        raise InputError(_("“{name}” must be confirmed: add --yes.", name=command.name))
    return input(f"{command.summary}. Really? [y/N] ").strip().casefold() in ("y", "yes")


def _query(options: argparse.Namespace) -> TableQuery:
    sort: str = getattr(options, "sort", "")
    return TableQuery(
        text=getattr(options, "filter", ""),
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        limit=max(1, getattr(options, "limit", 500)),
    )


async def _refresh(world: World, location: str | None) -> None:
    narrate(_("Asking the sources"))
    arguments = {} if location is None else {"location": location}
    await world.deck.run(Invocation("refresh", world.person, arguments))


def _print(page: Page, world: World, form: str) -> None:
    """The page on standard output: in colour on a terminal, plain in a pipe."""
    formatter = Formatter(ENGLISH, world.person.zone, page.at or world.deck.services.store.present())
    if form == "text" and sys.stdout.isatty():
        from console.printing import print_page

        print_page(page, formatter)
        return
    width = shutil.get_terminal_size((100, 40)).columns
    text = render_as(_RENDERERS[form], page, formatter, width=width)
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


async def _remark(page: Page, world: World) -> None:
    """Say what the page can't: that it is old, and that nothing is about to change that."""
    if page.at is not None or page.source_state.freshness is Freshness.LIVE:
        return
    async with world.deck.services.store.reading() as connection:
        polling = await holder(connection, JOBS)
    if polling is None:
        narrate(_("This isn't current, and nothing is polling: add --refresh, or leave a console open."))
