"""The relay as a background process: `python -m core.relay`, which `relay start` runs.

Nobody reads its standard output; what it has to say is in the log of the state folder.
"""

from __future__ import annotations

import logging
import sys

from core.errors import OpsdeckError
from core.folders import Folders
from core.logs import start_log
from core.message import Message
from core.moment import SystemClock
from core.relay.service import relay_runner, run_relay
from core.settings import CoreSettings, SettingsBook

__all__ = ["main"]

log = logging.getLogger("opsdeck.relay")


def main() -> int:
    """Run until told to end; the process's exit code."""
    try:
        book = SettingsBook(Folders.default())
        settings = book.of(CoreSettings)
        start_log(book.folders.relay_log, "DEBUG" if settings.debug else settings.log_level)
    except OpsdeckError as error:
        print(error, file=sys.stderr)  # noqa: T201  nowhere else to say it yet
        return 1
    try:
        with relay_runner() as runner:
            return runner.run(run_relay(book, SystemClock(), _tell))
    except OpsdeckError as error:
        log.error("%s", error)
        return 1
    except Exception:
        log.exception("the relay ended by a fault in opsdeck")
        return 1


def _tell(message: Message) -> None:
    log.info("%s", message)


if __name__ == "__main__":
    sys.exit(main())
