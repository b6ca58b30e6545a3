"""A CSV file as its rows, with whichever separator and encoding a spreadsheet chose."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.areas.plant.importing.formulas import unguarded
from core.errors import InputError
from core.message import Message, _
from core.text import clean

__all__ = ["LARGEST_FILE", "MOST_ROWS", "CsvFile", "CsvRow", "parse_csv", "read_csv"]

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes of a file beyond which it is not read."""

MOST_ROWS = 20_000
"""Rows of a file beyond which nothing of it is taken."""

_MOST_COLUMNS = 100
"""Columns of a file beyond which it is no list of ours."""

_SEPARATORS = (",", ";", "\t")
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row with the line it begins on, counted from one as an editor does."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file's header and rows. `checksum` differs whenever the file does; `remarks` say what was guessed."""

    name: str
    header: tuple[str, ...]
    rows: tuple[CsvRow, ...]
    checksum: str
    remarks: tuple[Message, ...] = ()


def read_csv(path: Path) -> CsvFile:
    """The file at `path`, which is not changed.

    Raises:
        InputError: it isn't there, can't be read, is too large or no CSV; the sentence says which.
    """
    path = path.expanduser()
    name = clean(str(path))
    try:
        if not path.is_file():
            raise InputError(_("There is no file {path} on the machine that opsdeck runs on.", path=name))
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputError(
            _("{path} can't be opened: {reason}", path=name, reason=clean(error.strerror or ""))
        ) from error
    return parse_csv(content, clean(path.name))


def parse_csv(content: bytes, name: str) -> CsvFile:
    """The content of the file called `name`.

    Raises:
        InputError: it is too large or no CSV; the sentence says what to do.
    """
    if len(content) > LARGEST_FILE:
        most = LARGEST_FILE // (1024 * 1024)
        raise InputError(
            _("{path} is too large: at most {count} MB. Split it into several files.", path=name, count=most)
        )
    text, remarks = _decoded(content, name)
    separator, text, skipped = _separator(text)
    lines = _rows(text, separator, skipped, name)
    header = next(lines, None)
    if header is None:
        raise InputError(_("{path} is empty: its first row has to name the columns.", path=name))
    if len(header.cells) > _MOST_COLUMNS:
        raise InputError(
            _("{path} has too many columns: at most {count} are read.", path=name, count=_MOST_COLUMNS)
        )
    rows: list[CsvRow] = []
    for row in lines:
        if len(rows) == MOST_ROWS:
            raise InputError(
                _(
                    "{path} has too many rows: at most {count}. Split it into several files.",
                    path=name,
                    count=MOST_ROWS,
                )
            )
        rows.append(row)
    titles = tuple(clean(unguarded(title), 60) for title in header.cells)
    return CsvFile(name, titles, tuple(rows), hashlib.sha256(content).hexdigest()[:16], remarks)


def _decoded(content: bytes, name: str) -> tuple[str, tuple[Message, ...]]:
    if content.startswith(_SPREADSHEETS):
        raise InputError(
            _("{path} is a spreadsheet. Save it as CSV (UTF-8), and import that file.", path=name)
        )
    if content.startswith(_UTF16) or b"\x00" in content:
        raise InputError(
            _("{path} is in UTF-16, or no text at all. Save it as CSV in UTF-8, and try again.", path=name)
        )
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        guessed = _("{path} isn’t in UTF-8 and was read as Latin-1: look at its accents.", path=name)
        return content.decode("cp1252", "replace"), (guessed,)


def _separator(text: str) -> tuple[str, str, int]:
    """The separator, the text after a line that only names it (“sep=;”), and how many lines that was."""
    first, _end, rest = text.partition("\n")
    said = first.strip().strip('"')
    if said.casefold().startswith("sep=") and said[4:] in _SEPARATORS:
        return said[4:], rest, 1
    counted = {each: _outside_quotes(first, each) for each in _SEPARATORS}
    return max(_SEPARATORS, key=lambda each: counted[each]), text, 0


def _outside_quotes(line: str, separator: str) -> int:
    return sum(part.count(separator) for part in line.split('"')[::2])


def _rows(text: str, separator: str, skipped: int, name: str) -> Iterator[CsvRow]:
    """The rows that hold anything."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + skipped + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                _(
                    "{path} can’t be read from line {line} on: a quotation mark is missing or a field is too "
                    "long.",
                    path=name,
                    line=line,
                )
            ) from error
        if any(cell.strip() for cell in cells):
            yield CsvRow(line, tuple(cells))
