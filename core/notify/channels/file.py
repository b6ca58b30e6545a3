"""A file as a channel: one JSON object a line, for another program to follow."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from core.message import _
from core.moment import Clock
from core.notify.channels.channel import Capabilities, Limit, Outgoing, Receipt
from core.notify.channels.failures import TemporaryError
from core.notify.channels.words import stable_id, words_of
from core.text import clean

__all__ = ["FileChannel"]


class FileChannel:
    """Appends to the file at `path`, whatever the address; only its owner may read it."""

    name = "file"
    capabilities = Capabilities()
    own_addresses = ("file",)
    total = Limit(1_000, 1.0)

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def limit(self, address: str) -> Limit:
        """As many as come."""
        return self.total

    def line(self, address: str) -> str:
        """The file."""
        return str(self._path)

    async def send(self, message: Outgoing) -> Receipt:
        """Append a line, and return when the disk has it."""
        now = self._clock.now()
        words = words_of(message, now)
        document = {
            "id": stable_id(message),
            "at": now.isoformat(),
            "class": message.cls.value,
            "kind": message.kind,
            "subject": message.subject,
            "sequence": message.sequence,
            "severity": message.severity.name.lower(),
            "person": message.recipient.person,
            "title": words.title,
            "lines": words.lines,
            "reason": words.reason,
            "possible_repeat": message.possible_repeat,
            "covers": message.covers,
        }
        line = json.dumps(document, ensure_ascii=True) + "\n"
        try:
            await asyncio.to_thread(_append, self._path, line.encode("ascii"))
        except OSError as error:
            raise TemporaryError(
                _(
                    "{path} can't be written: {reason}. Check OPSDECK_NOTIFY_FILE.",
                    path=str(self._path),
                    reason=clean(error.strerror or str(error)),
                )
            ) from error
        return Receipt(stable_id(message))

    async def close(self) -> None:
        """The file is open only while a line is written."""


def _append(path: Path, line: bytes) -> None:
    """Write the line in one piece, so that no other process's line gets into it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        if os.write(descriptor, line) != len(line):
            raise OSError("the line was not written whole")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
