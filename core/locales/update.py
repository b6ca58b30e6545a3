"""Brings the catalogues up to date with the source: `python -m core.locales.update [CODE …]`.

Translations stay as long as their message does; a message whose words changed is one to be translated anew.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from babel.messages import Catalog

from core.locales import FOLDER, TRANSLATED
from core.locales.catalogue import compiled, extracted, files_of, forms_of, read_catalogue, written

__all__ = ["main", "merged", "store"]


def merged(code: str, template: Catalog, folder: Path = FOLDER) -> Catalog:
    """The catalogue of a language with exactly the messages of `template`."""
    old = read_catalogue(code, folder)
    new = Catalog(locale=code, project="opsdeck", charset="utf-8", fuzzy=False)
    for message in template:
        if message.id:
            known = old.get(message.id, message.context)
            same = known is not None and known.id == message.id
            new.add(
                message.id,
                known.string if known and same else None,
                locations=message.locations,
                context=message.context,
            )
    return new


def store(code: str, catalogue: Catalog, folder: Path = FOLDER) -> None:
    """Write the catalogue as text and compiled."""
    text, binary = files_of(code, folder)
    text.parent.mkdir(parents=True, exist_ok=True)
    text.write_bytes(written(catalogue))
    binary.write_bytes(compiled(catalogue))


def main(arguments: list[str] | None = None) -> int:
    """Update the languages named, or all; tell what is missing in each."""
    parser = argparse.ArgumentParser(
        prog="python -m core.locales.update", description="Update the catalogues."
    )
    parser.add_argument("codes", nargs="*", metavar="CODE", help=", ".join(TRANSLATED))
    codes = parser.parse_args(arguments).codes or TRANSLATED
    unknown = set(codes) - set(TRANSLATED)
    if unknown:
        parser.error(f"there is no catalogue for {', '.join(sorted(unknown))}")
    template = extracted()
    for code in codes:
        catalogue = merged(code, template)
        store(code, catalogue)
        missing = sum(1 for message in catalogue if message.id and not all(forms_of(message)))
        sys.stdout.write(f"{code}: {len(catalogue)} messages, {missing} of them not translated\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
