"""`python -m core.store.migrations.new AREA SLUG`: write a migration from what was declared since the last.

Compares the declared tables of one area (or of `store`) with those that its migrations make, and writes
the difference to a new file beside them. What can't be seen from outside (a renamed column, data to carry
over) is for its author to add.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

import core.areas
from core.errors import InputError
from core.message import _
from core.store.schema import known_revisions
from core.store.tables import METADATA
from core.store.upgrade import alembic_config

__all__ = ["main", "write_migration"]


def write_migration(area: str, slug: str) -> Path:
    """Write the next migration of the area, or of the `store` itself; its path.

    Raises:
        InputError: there is no such area, or the slug isn't lower-case words joined by `_`.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", slug):
        raise InputError(_("Name the change in lower-case words joined by “_”, such as add_speed_tests."))
    folder = _folder(area)
    number = sum(1 for revision in known_revisions() if re.fullmatch(rf"{area}\d{{4}}", revision)) + 1
    revision, first = f"{area}{number:04}", number == 1
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        config = alembic_config(connection)
        command.upgrade(config, "heads")
        config.attributes["comparing"] = _belongs(area)
        command.revision(
            config,
            slug.replace("_", " ").capitalize(),
            autogenerate=True,
            head="base" if first else f"{area}@head",
            branch_label=area if first else None,
            version_path=str(folder),
            rev_id=revision,
            depends_on="store0001" if first else None,
        )
    engine.dispose()
    written = next(folder.glob(f"{revision}_*.py"))
    return written.rename(folder / f"{revision}_{slug}.py")


def main(arguments: list[str]) -> int:
    """Write the migration that the command line names."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m core.store.migrations.new AREA SLUG\n")
        return 2
    try:
        path = write_migration(*arguments)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{path}\n")
    return 0


def _folder(area: str) -> Path:
    """The area's folder of migrations, made where it is the first."""
    if area == "store":
        return Path(__file__).parent / "versions"
    home = next((Path(place) / area for place in core.areas.__path__ if (Path(place) / area).is_dir()), None)
    if home is None:
        raise InputError(_("There is no area “{area}”.", area=area))
    folder = home / "migrations"
    folder.mkdir(exist_ok=True)
    return folder


def _belongs(area: str) -> Callable[[str], bool]:
    """Which tables are the area's: those whose names begin with its own."""
    if area == "store":
        return lambda table: table in METADATA.tables
    return lambda table: table == area or table.startswith(f"{area}_")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
