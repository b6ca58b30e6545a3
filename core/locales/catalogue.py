"""Catalogues as files: what the source says, merged into what is translated, and compiled. For developers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from core.locales import FOLDER

__all__ = [
    "compiled",
    "extracted",
    "faults",
    "fields_of",
    "files_of",
    "forms_of",
    "ids_of",
    "read_catalogue",
    "written",
]

_SOURCE = FOLDER.parent
"""All that chats can say is in the core; the console is read in English."""

_KEYWORDS = {"_": None, "plural": (1, 2), "sense": ((1, "c"), 2)}
_CHARSET = "utf-8"
_NO_DATE = datetime.fromtimestamp(0, UTC)
"""What stands for the dates in a compiled catalogue, which is the same for the same translations."""

_WIDTH = 110


def files_of(code: str, folder: Path = FOLDER) -> tuple[Path, Path]:
    """The catalogue of a language as it is written, and as it is read when opsdeck runs."""
    below = folder / code / "LC_MESSAGES"
    return below / "opsdeck.po", below / "opsdeck.mo"


def extracted() -> Catalog:
    """Every message of the source, with the files it is said in, and in the order of these files."""
    template = Catalog(project="opsdeck", charset=_CHARSET, fuzzy=False)
    found: dict[tuple[str | tuple[str, ...], str], set[str]] = {}
    for file, _line, said, _comments, context in extract_from_dir(_SOURCE, keywords=_KEYWORDS):
        identity = said if isinstance(said, str) else tuple(said)
        found.setdefault((identity, context or ""), set()).add(f"{_SOURCE.name}/{Path(file).as_posix()}")
    for identity, context in sorted(found, key=lambda each: (min(found[each]), *_sorted_by(*each))):
        places = [(file, 0) for file in sorted(found[identity, context])]
        template.add(identity, locations=places, context=context or None)
    return template


def _sorted_by(identity: str | tuple[str, ...], context: str) -> tuple[str, str]:
    return identity if isinstance(identity, str) else identity[0], context


def read_catalogue(code: str, folder: Path = FOLDER) -> Catalog:
    """The catalogue of a language as its file has it; an empty one where there is none yet."""
    file, _compiled = files_of(code, folder)
    if not file.exists():
        return Catalog(locale=code, project="opsdeck", charset=_CHARSET, fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=code)


def written(catalogue: Catalog) -> bytes:
    """The catalogue as its file has it: without line numbers and dates, which change when nothing did."""
    for message in catalogue:
        message.flags.discard("python-format")  # a per cent sign is one, and no field
    buffer = BytesIO()
    write_po(buffer, catalogue, width=_WIDTH, omit_header=True, include_lineno=False, ignore_obsolete=True)
    return _header(catalogue) + buffer.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as it is read when opsdeck runs."""
    kept = Catalog(
        locale=catalogue.locale, charset=_CHARSET, creation_date=_NO_DATE, revision_date=_NO_DATE, fuzzy=False
    )
    for message in _messages(catalogue):
        if message.string and not message.fuzzy and all(forms_of(message)):
            kept.add(message.id, message.string, context=message.context)
    buffer = BytesIO()
    write_mo(buffer, kept)
    return buffer.getvalue()


def forms_of(message: Message) -> tuple[str, ...]:
    """The message's translation: one text, or one for each form of the plural; empty where missing."""
    if message.string is None:
        return ("",)
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def ids_of(message: Message) -> tuple[str, ...]:
    """The message in English: one text, or the two forms of its plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def fields_of(text: str) -> set[str]:
    """The names of the fields in a text.

    Raises:
        ValueError: its braces don't match, or a field is more than a name.
    """
    fields: set[str] = set()
    for _text, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(f"“{{{name}}}” is not a plain field")
        fields.add(name)
    return fields


def faults(ids: Sequence[str], forms: Sequence[str], expected: int) -> Iterator[str]:
    """What is wrong with a translation: its number of forms, its fields, or the white space around it.

    A form of the plural that speaks of one or two things may leave the number away.
    """
    if len(forms) != expected:
        yield f"it needs {expected} forms and has {len(forms)}"
    fields = set[str]().union(*map(fields_of, ids))
    for form in forms:
        if not form.strip():
            yield "a form is empty"
            continue
        try:
            found = fields_of(form)
        except ValueError as error:
            yield str(error)
            continue
        if found - fields:
            yield f"“{form}” has fields that the message has not: {', '.join(sorted(found - fields))}"
        missing = fields - found - ({"count"} if expected > 1 and len(ids) > 1 else set())
        if missing:
            yield f"“{form}” lacks {', '.join(sorted(missing))}"
        if (form[:1].isspace(), form[-1:].isspace()) != (ids[0][:1].isspace(), ids[0][-1:].isspace()):
            yield f"“{form}” begins or ends with white space where the message doesn't, or the other way"


def _messages(catalogue: Catalog) -> Iterator[Message]:
    """The messages without the header, which is one with an empty id."""
    return (message for message in catalogue if message.id)


def _header(catalogue: Catalog) -> bytes:
    """The few lines that gettext's tools need at the top."""
    lines = (
        f"Language: {catalogue.locale_identifier}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalogue.plural_forms}",
    )
    quoted = "\n".join(f'"{line}\\n"' for line in lines)
    return f'msgid ""\nmsgstr ""\n{quoted}\n\n'.encode()
