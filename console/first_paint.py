"""What the first screen needs before the settings' library is loaded.

Reading settings takes longer than painting a screen. What they came to last time is kept in the state
folder together with a fingerprint of everything they may come from; only while that is the same is it
used, so that no change of a setting is ever missed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from core import __version__
from core.folders import Folders

__all__ = ["recall", "remember"]

_FILE = "first-paint.json"
_OF_THE_PERSON = ("USER", "LOGNAME", "LNAME", "USERNAME", "SSH_CLIENT", "TZ", "LANG", "LANGUAGE", "LC_ALL")
"""Variables that are no settings and yet decide who the person is and how moments are written."""


def recall(
    folders: Folders, flags: Mapping[str, str], environment: Mapping[str, str]
) -> dict[str, Any] | None:
    """What was remembered, if everything it came from is as it was."""
    try:
        kept = json.loads((folders.state / _FILE).read_text(encoding="utf-8"))
        print_ = _fingerprint(folders, flags, environment, kept["names"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return kept["values"] if kept.get("fingerprint") == print_ else None


def remember(
    folders: Folders,
    flags: Mapping[str, str],
    environment: Mapping[str, str],
    *,
    names: Iterable[str],
    values: Mapping[str, object],
) -> None:
    """Keep `values` for the next start; without a place to keep them the next start is only slower.

    `names` are those of all settings, so that a variable which is none of them, such as a terminal's own
    number, doesn't make them count as changed.
    """
    kept = sorted(names)
    print_ = _fingerprint(folders, flags, environment, kept)
    text = json.dumps({"fingerprint": print_, "names": kept, "values": values})
    try:
        folders.make()
        handle = os.open(folders.state / _FILE, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    except OSError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _fingerprint(
    folders: Folders, flags: Mapping[str, str], environment: Mapping[str, str], names: Iterable[str]
) -> str:
    """Differs whenever a setting could have another value than before."""
    wanted = {*names, *_OF_THE_PERSON}
    variables = sorted((name, value) for name, value in environment.items() if name.upper() in wanted)
    files = (folders.settings_file, Path.cwd() / ".env", Path("/etc/localtime"))
    parts: list[object] = [__version__, sorted(flags.items()), variables, *map(_state, files)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _state(file: Path) -> tuple[str, int, int]:
    """Which file it is, when it was changed and how long it is; zeros where there is none."""
    try:
        found = file.stat()
    except OSError:
        return str(file), 0, 0
    return str(file), found.st_mtime_ns, found.st_size
