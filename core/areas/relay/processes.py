"""The relay as a process of this machine: starting it in the background, finding it, ending it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

import core
from core.engine.identity import Identity, identity_of, known_dead, this_process
from core.errors import StoreReadOnlyError
from core.folders import Folders
from core.message import _
from core.notify.delivery.claims import holder_of, holder_text
from core.settings import SettingsBook, SettingsGroup

__all__ = ["PROGRAM", "MachineProcesses", "Processes", "identity_in"]

PROGRAM = "relay"
"""What the relay's processes call themselves in leases."""

_MODULE = "core.relay"


class Processes(Protocol):
    """What starting and stopping ask of a machine."""

    def background(self) -> Identity | None:
        """The relay that was started in the background here, while it runs."""
        ...

    def start(self) -> Identity:
        """Start a relay that goes on when we end, and remember it."""
        ...

    def is_of_here(self, identity: Identity) -> bool:
        """Whether the process is or was one of this machine."""
        ...

    def runs_here(self, identity: Identity) -> bool:
        """Whether the process is one of this machine and isn't known to have ended."""
        ...

    def terminate(self, identity: Identity) -> None:
        """Ask the process to end as it should. That it has ended already is no error."""
        ...


class MachineProcesses:
    """The processes of this machine, with the relay's own remembered in the state folder.

    `command` is what is run, a relay unless said otherwise.
    """

    def __init__(
        self,
        folders: Folders,
        *,
        environment: Mapping[str, str],
        place: Path,
        command: Sequence[str] = (sys.executable, "-P", "-m", _MODULE),
    ) -> None:
        self._folders = folders
        self._environment = environment
        self._place = place
        self._command = tuple(command)

    @classmethod
    def of(cls, book: SettingsBook, groups: Sequence[type[SettingsGroup]]) -> MachineProcesses:
        """Processes that find the same settings as `book`, of whose `groups` there are.

        The package is put where a process that doesn't look into its folder finds it: that folder may hold
        anything of the name.
        """
        environment = book.handed_on(groups, os.environ)
        root = str(Path(core.__file__).parent.parent)
        paths = [root, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
        environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
        return cls(book.folders, environment=environment, place=book.dotenv.parent)

    def background(self) -> Identity | None:
        try:
            found = identity_in(self._folders.relay_process.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            return None
        return found if found is not None and self.runs_here(found) else None

    def start(self) -> Identity:
        """Start the process with its words in the relay's log.

        Raises:
            StoreReadOnlyError: the state folder can't be written, or the program not be started.
        """
        try:
            with self._opened_log() as log:
                started = subprocess.Popen(  # noqa: S603  our own interpreter and module
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self._place,
                    env=dict(self._environment),
                    start_new_session=True,
                )
            identity = identity_of(PROGRAM, started.pid)
            self._folders.relay_process.write_text(holder_text(identity) + "\n", encoding="utf-8")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StoreReadOnlyError(_("The relay can’t be started: {reason}.", reason=reason)) from error
        return identity

    def is_of_here(self, identity: Identity) -> bool:
        here = this_process(PROGRAM)
        return (identity.host, identity.place) == (here.host, here.place)

    def runs_here(self, identity: Identity) -> bool:
        return self.is_of_here(identity) and not known_dead(identity, this_process(PROGRAM))

    def terminate(self, identity: Identity) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(identity.pid, signal.SIGTERM)

    def _opened_log(self) -> IO[bytes]:
        descriptor = os.open(self._folders.relay_log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        return os.fdopen(descriptor, "ab")


def identity_in(text: str) -> Identity | None:
    """The identity that a text names (`holder_text`); nothing where it names none."""
    try:
        return holder_of(text)
    except (ValueError, TypeError):
        return None
