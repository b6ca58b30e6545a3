"""Adding to the settings file, with what a person wrote in it left as it is."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from core.errors import SettingsError
from core.message import _

__all__ = ["add_settings"]


def add_settings(path: Path, settings: Mapping[str, str]) -> None:
    """Write settings that the file doesn't have yet into it, before its first table; private as it was.

    Raises:
        SettingsError: the file can't be written; it is as it was then.
    """
    if not settings:
        return
    # a JSON string is a TOML string, too
    added = [f"{name.lower()} = {json.dumps(value)}" for name, value in settings.items()]
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        first = next((at for at, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
        _replace(path, "\n".join([*lines[:first], *added, *lines[first:]]) + "\n")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SettingsError(_("{path} can’t be written: {reason}.", path=str(path), reason=reason)) from error


def _replace(path: Path, text: str) -> None:
    """Put the text in the file's place, whole or not at all, readable by its owner alone."""
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    Path(beside).replace(path)
