"""The last words of the relay in the background."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from core.area import Request
from core.message import Message, _
from core.page import Action, Document, Page
from core.text import clean, redact
from core.units import Severity, State

__all__ = ["last_line", "last_lines", "logs_page"]

_READ = 200_000
"""Bytes of the log's end that are looked at."""


async def logs_page(request: Request, count: int) -> Page:
    """The last `count` lines of the relay's log."""
    path = request.services.settings.folders.relay_log
    lines = last_lines(path, count)
    paragraphs: tuple[Message | str, ...] = tuple(lines) or (_("It has said nothing yet."),)
    return Page(
        key="relay.logs",
        title=_("Relay"),
        crumb=_("The last words of the log"),
        verdict=State(Severity.IDLE, _("LOG")),
        blocks=(Document("log", _("{path}", path=clean(str(path))), paragraphs),),
        actions=(Action("relay", _("The relay")),),
        as_of=request.now,
    )


def last_line(path: Path) -> Message | str:
    """The last thing said, for an error."""
    lines = last_lines(path, 1)
    return lines[0] if lines else _("it said nothing.")


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a log, without secrets, the newest last; none where there is no log."""
    try:
        with path.open("rb") as stream:
            stream.seek(0, 2)
            begin = max(0, stream.tell() - _READ)
            stream.seek(begin)
            text = stream.read().decode("utf-8", "replace")
    except OSError:
        return []
    lines = text.splitlines()[1 if begin else 0 :]
    return [_plain(line) for line in lines if line.strip()][-count:]


def _plain(line: str) -> str:
    """A line of the log as a person reads it: ours are JSON, what a crash says isn't."""
    try:
        entry = json.loads(line)
    except ValueError:
        return clean(redact(line), 500)
    if not isinstance(entry, dict):
        return clean(redact(line), 500)
    fields = cast("dict[str, object]", entry)
    parts = [str(fields[name]) for name in ("time", "level", "logger", "message", "cause") if name in fields]
    return clean(redact(" ".join(parts)), 2_000)
