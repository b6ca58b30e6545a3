"""The log: JSON lines, rotated, private, and free of secrets and forged lines (reliability.md S4, S17).

While the console owns the terminal this file is the only place that messages go to.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from core.text import paragraph, redact

__all__ = ["JsonLines", "start_log"]

_LARGEST = 5_000_000
_KEPT = 5
_CHATTY = (
    "httpx",
    "httpcore",
    "apscheduler",
    "alembic",
    "aiosqlite",
    "asyncio",
    "sqlalchemy",
    "uvicorn",
    "telegram",
)
"""Libraries whose own words below WARNING are of no use here, or would carry addresses and headers."""


class JsonLines(logging.Formatter):
    """One JSON object a line; control characters escaped, whatever looks like a credential replaced."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": paragraph(redact(record.getMessage()), 4_000),
        }
        if record.exc_info:
            entry["cause"] = paragraph(redact(self.formatException(record.exc_info)), 16_000)
        return json.dumps(entry, ensure_ascii=True)


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file that nobody but its owner can read, the first as well as those that follow."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        os.chmod(self.baseFilename, 0o600)  # also where the file was there before
        return TextIOWrapper(open(descriptor, "ab"), encoding=self.encoding)


def start_log(path: Path, level: str) -> logging.Handler:
    """Send everything from `level` on to the file at `path`; the handler, to be closed at the end."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = _PrivateFile(path, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8")
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("opsdeck").setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler
