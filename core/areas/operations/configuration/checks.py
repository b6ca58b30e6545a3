"""The file in which a person adds checks of their own, in the config folder."""

from __future__ import annotations

from collections.abc import Collection

from core.areas.operations.rules.check_targets import AddedCheck
from core.areas.operations.rules.checks_file import Complaint, read_checks
from core.folders import Folders
from core.message import _
from core.text import clean

__all__ = ["CHECKS_FILE", "load_checks"]

CHECKS_FILE = "checks.toml"


def load_checks(folders: Folders, taken: Collection[str] = ()) -> tuple[list[AddedCheck], list[Complaint]]:
    """The checks in the file, read anew each time, and what is wrong in it; none where there is no file."""
    path = folders.config / CHECKS_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return [], []
    except (OSError, UnicodeDecodeError) as error:
        return [], [Complaint(1, _("the file can’t be read: {reason}", reason=clean(str(error), 200)))]
    return read_checks(text, taken=taken)
