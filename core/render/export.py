"""Pages written to files: named by us, inside one folder, private to their owner (reliability.md S14)."""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from datetime import datetime
from pathlib import Path

from core.errors import InputError, OpsdeckError
from core.message import Message, _
from core.moment import Clock
from core.page import Page, Table
from core.render import FILE_FORMATS, file_as
from core.render.csv import main_block
from core.render.values import Formatter

__all__ = ["export_file", "export_page", "file_name", "write_new"]

_LONGEST_NAME = 80
_MOST_COPIES = 1_000
"""How many files of one name are numbered before giving up."""


def export_page(page: Page, form: str, folder: Path, formatter: Formatter, clock: Clock) -> Path:
    """Write `page` in the format `form` to a new file in `folder`, which is made if need be.

    An existing file is never written to: a second export in the same minute gets a number.

    Raises:
        InputError: there is no such format.
        OpsdeckError: the file can't be written; the message says what to do.
    """
    content = file_as(form, page, formatter)
    stem = file_name(page, form, formatter, clock.now())
    return export_file(content, stem, FILE_FORMATS[form], folder)


def export_file(content: bytes, stem: str, extension: str, folder: Path) -> Path:
    """Write a file under a name of ours to `folder`, which is made if need be; a second one gets a number.

    Raises:
        OpsdeckError: the file can't be written; the message says what to do.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise OpsdeckError(_what_to_do(error, folder)) from error
    try:
        return folder / _write_new(directory, stem, extension, content)
    except OSError as error:
        raise OpsdeckError(_what_to_do(error, folder)) from error
    finally:
        os.close(directory)


def file_name(page: Page, form: str, formatter: Formatter, now: datetime) -> str:
    """The file's name without its extension: what the page shows, and of when, in `a-z`, `0-9` and `-`.

    A table that is cut says so in the name of its CSV file, which has no other place to say it.
    """
    moment = (page.at or now).astimezone(formatter.zone)
    parts = [
        _slug(str(page.title)) or _slug(page.key) or "page",
        _slug(str(page.crumb)),
        f"{moment:%Y%m%d-%H%M}",
    ]
    block = main_block(page)
    if form == "csv" and isinstance(block, Table) and len(block.rows) < block.total:
        parts.append(f"{len(block.rows)}-of-{block.total}")
    return "-".join(part for part in parts if part)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that a person named, private to them; one that is there already is left alone.

    Raises:
        InputError: there is such a file.
        OpsdeckError: it can't be written; the message says what to do.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise InputError(
            _("{path} is there already: name another file, or remove that one first.", path=str(path))
        ) from error
    except OSError as error:
        raise OpsdeckError(_what_to_do(error, path.parent)) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OpsdeckError(_what_to_do(error, path.parent)) from error


def _slug(text: str) -> str:
    """Letters without their marks, digits and single hyphens; whatever else there is goes."""
    letters = (
        unicodedata.normalize("NFKD", text[: 4 * _LONGEST_NAME]).encode("ascii", "ignore").decode().lower()
    )
    return re.sub(r"[^a-z0-9]+", "-", letters)[:_LONGEST_NAME].strip("-")


def _write_new(directory: int, stem: str, extension: str, content: bytes) -> str:
    """Write a file that wasn't there into the open directory; returns its name. Half a file is removed."""
    for number in range(1, _MOST_COPIES + 1):
        name = f"{stem}.{extension}" if number == 1 else f"{stem}-{number}.{extension}"
        try:
            handle = os.open(
                name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=directory
            )
        except FileExistsError:
            continue
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
        except OSError:
            os.unlink(name, dir_fd=directory)
            raise
        return name
    raise OpsdeckError(
        _("There are too many exports named {name}; move them away and export again.", name=stem)
    )


def _what_to_do(error: OSError, folder: Path) -> Message:
    where = str(folder)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return _("There is no room to write in {folder}; free some space and export again.", folder=where)
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return _(
                "{folder} may not be written; change its rights or choose another export folder.",
                folder=where,
            )
        case errno.ELOOP | errno.ENOTDIR | errno.EEXIST:
            return _(
                "{folder} is a link or a file; choose an export folder that is a real one.", folder=where
            )
        case _:
            return _("Can't write in {folder}: {reason}.", folder=where, reason=error.strerror or str(error))
