"""The `opsdeck` command. What is heavy is loaded by the verb that needs it, and only then.

Standard output is data, standard error is narration; the exit codes are those of `console.exits`.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from console.parser import Parser

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if list(arguments) == ["--version"]:
        return _version()
    from console.exits import Exit
    from core.errors import OpsdeckError

    options: Any = None
    _never_fail_on_a_character()
    try:
        options = _read(arguments)
        code = _run(options)
        sys.stdout.flush()
    except OpsdeckError as error:
        from console.trouble import complain

        return complain(error, options)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        _let_go_of_output()
        return Exit.DONE
    except Exception as error:
        from console.trouble import report_defect

        return report_defect(error, options)
    return code


def _version() -> int:
    from core import __version__

    print(f"opsdeck {__version__}")  # noqa: T201
    return 0


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of a command line; a bare `opsdeck` has none, and its first paint waits for no grammar."""
    if arguments:
        return _parser().read(arguments)
    from argparse import Namespace

    return Namespace()


def _parser() -> Parser:
    from console.parser import make_parser
    from core.area import discover

    return make_parser(verb.command for area in discover() for verb in area.verbs)


def _run(options: argparse.Namespace) -> int:
    if getattr(options, "version", False):
        return _version()
    match getattr(options, "verb", "console"):
        case "run":
            from console.headless import run_command

            return run_command(options)
        case "console" | "demo" as verb:
            from console.start import run_console

            options.demo = (
                verb == "demo" or getattr(options, "demo", False) or getattr(options, "vectors", False)
            )
            return run_console(options)
        case "doctor":
            from console.doctor import run_doctor

            return run_doctor(options)
        case "config":
            from console.configuration import run_config

            return run_config(options)
        case "db":
            from console.database import run_database

            return run_database(options)
        case "audit":
            from console.audit import run_audit

            return run_audit(options)
        case "simulate":
            from console.simulate import run_simulator

            return run_simulator(options)
        case "keys":
            from console.listing import print_keys

            return print_keys()
        case _:
            from console.listing import print_completion

            return print_completion(_parser(), options.shell)


def _never_fail_on_a_character() -> None:
    """Write a question mark for what the terminal's or the pipe's encoding has no place for."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _let_go_of_output() -> None:
    """Whoever read our output has gone; keep Python from writing the rest of it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
