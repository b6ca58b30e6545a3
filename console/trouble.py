"""What the command line says when something went wrong."""

from __future__ import annotations

import argparse
import logging
import sys
import traceback
from collections.abc import Iterator

from console.exits import Exit
from console.flags import read_flags
from core.errors import OpsdeckError
from core.folders import Folders
from core.logs import start_log
from core.settings import CoreSettings, SettingsBook
from core.text import clean, paragraph, redact

__all__ = ["complain", "report_defect"]

_log = logging.getLogger("opsdeck.console")


def complain(error: OpsdeckError, options: argparse.Namespace | None) -> Exit:
    """Say what a person should read about an error, and what caused it when `DEBUG` is set."""
    _tell(f"opsdeck: {error}")
    if _debugging(options):
        for cause in _causes(error):
            _tell(f"  because of {type(cause).__name__}: {clean(str(cause))}")
    return Exit.of(error)


def report_defect(error: Exception, options: argparse.Namespace | None) -> Exit:
    """One calm line about a mistake of ours; where it happened goes to the log, or is shown with `DEBUG`."""
    if _debugging(options):
        _tell("".join(traceback.format_exception(error)).rstrip())
        return Exit.FAILED
    what = f"opsdeck: Something unexpected went wrong ({type(error).__name__}); this is a defect of opsdeck."
    path = Folders.default().log
    try:
        handler = start_log(path, "INFO")
    except OSError:
        _tell(f"{what} DEBUG=1 shows where.")
        return Exit.FAILED
    _log.error("the command line failed", exc_info=error)
    logging.getLogger().removeHandler(handler)
    handler.close()
    _tell(f"{what} {path} tells where.")
    return Exit.FAILED


def _debugging(options: argparse.Namespace | None) -> bool:
    """Whether `DEBUG` is set, as far as the settings can be read at all."""
    try:
        flags = {} if options is None else read_flags(options)
        return SettingsBook(Folders.default(), flags=flags).of(CoreSettings).debug
    except OpsdeckError:
        return False


def _causes(error: BaseException) -> Iterator[BaseException]:
    while error.__cause__ is not None:
        error = error.__cause__
        yield error


def _tell(text: str) -> None:
    print(paragraph(redact(text)), file=sys.stderr, flush=True)  # noqa: T201
