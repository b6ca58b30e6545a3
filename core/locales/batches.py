"""Hands out messages to be translated and takes them back, as lines of JSON.

    python -m core.locales.batches export fr --after 0 --limit 200 > fr.jsonl
    python -m core.locales.batches take fr fr-translated.jsonl

A line handed out names the message, its plural form where it has one, the files that say it, and how many
forms a translation needs. A line taken back is `{"id": "…", "forms": ["…"]}`, with the forms in the order of
the language's plural rule, which the export tells on its first line. A line with an `of` says what its words
are said of; it is taken back with it. What isn't right is refused and said.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from gettext import c2py
from pathlib import Path
from typing import Any, cast

from babel.messages import Catalog, Message

from core.locales import FOLDER, TRANSLATED
from core.locales.catalogue import faults, forms_of, ids_of, read_catalogue
from core.locales.update import store

__all__ = ["export", "main", "plural_examples", "take"]

_EXAMPLES = (0, 1, 2, 3, 11, 100, 1_000_000)
"""Numbers among which each form of our languages' plurals has its own."""


def export(code: str, after: int, limit: int, folder: Path = FOLDER) -> Iterator[dict[str, object]]:
    """The messages numbered above `after` that lack a translation, at most `limit`, the plural rule first.

    The numbers are the messages' places in the catalogue, so that several can translate at once, each from
    a place of their own.
    """
    catalogue = read_catalogue(code, folder)
    yield {"language": code, "plural forms in their order": plural_examples(catalogue)}
    handed = 0
    for number, message in enumerate((each for each in catalogue if each.id), 1):
        if number <= after or all(forms_of(message)) or handed >= limit:
            continue
        handed += 1
        one, *many = ids_of(message)
        line: dict[str, object] = {"n": number, "id": one}
        if many:
            line |= {"many": many[0], "forms": catalogue.num_plurals}
        if message.context:
            line["of"] = message.context
        line["in"] = [file for file, _line in message.locations][:3]
        yield line


def plural_examples(catalogue: Catalog) -> list[list[int]]:
    """For each form of the language's plurals some numbers that take it."""
    form = c2py(catalogue.plural_expr)
    examples: list[list[int]] = [[] for _form in range(catalogue.num_plurals)]
    for number in _EXAMPLES:
        examples[form(number)].append(number)
    return examples


def take(code: str, lines: Iterable[str], folder: Path = FOLDER) -> list[str]:
    """Put translations into the catalogue and compile it; returns why some were refused."""
    catalogue = read_catalogue(code, folder)
    refused: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        problem = _take(catalogue, line)
        if problem:
            refused.append(f"line {number}: {problem}")
    store(code, catalogue, folder)
    return refused


def _take(catalogue: Catalog, line: str) -> str:
    """Put one translation into the catalogue; returns what is wrong with it, if anything is."""
    try:
        given = cast("dict[str, Any]", json.loads(line))
        identity, forms = str(given["id"]), tuple(str(form) for form in given["forms"])
        context = str(given["of"]) if "of" in given else None
    except (KeyError, TypeError, ValueError) as error:
        return f"not a translation: {error!r}"
    message: Message | None = catalogue.get(identity, context)
    if message is None:
        return f"there is no message “{identity}”"
    ids = ids_of(message)
    plural = len(ids) > 1
    problems = list(faults(ids, forms, catalogue.num_plurals if plural else 1))
    if problems:
        return f"“{identity}”: {'; '.join(problems)}"
    message.string = forms if plural else forms[0]
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Export or take a batch; the number of refused lines decides the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m core.locales.batches", description="Translate in batches."
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    exporting = verbs.add_parser("export", help="hand out messages without a translation")
    exporting.add_argument("code", choices=TRANSLATED)
    exporting.add_argument("--after", type=int, default=0, metavar="N", help="begin after message N")
    exporting.add_argument("--limit", type=int, default=200, metavar="M", help="hand out at most M")
    taking = verbs.add_parser("take", help="take translations")
    taking.add_argument("code", choices=TRANSLATED)
    taking.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    if options.verb == "export":
        for line in export(options.code, options.after, options.limit):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        return 0
    refused = take(options.code, options.file.read_text(encoding="utf-8").splitlines())
    sys.stderr.writelines(f"{each}\n" for each in refused)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
