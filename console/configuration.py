"""`opsdeck config`: the settings as they stand, what is wrong with them, and what there is to set."""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from typing import cast

from console.exits import Exit
from console.flags import read_flags
from console.world import narrate
from core.area import discover
from core.folders import Folders
from core.message import _
from core.settings import CoreSettings, SettingsBook, SettingsGroup

__all__ = ["groups", "run_config"]


def groups() -> list[type[SettingsGroup]]:
    """Every class of settings: the core's, then each area's."""
    found: list[type[SettingsGroup]] = [CoreSettings]
    for area in discover():
        if area.settings:
            module, _dot, name = area.settings.rpartition(".")
            found.append(cast("type[SettingsGroup]", getattr(import_module(module), name)))
    return found


def run_config(options: argparse.Namespace) -> int:
    """Show, check or describe the settings."""
    if options.action == "schema":
        print(json.dumps({group.__name__: group.model_json_schema() for group in groups()}, indent=2))  # noqa: T201
        return Exit.DONE
    book = SettingsBook(Folders.default(), flags=read_flags(options))
    unknown = book.unknown(groups())
    if options.action == "show":
        for group in groups():
            for setting in book.settings(group):
                print(f"{setting.name}={setting.value}\t# {setting.place}")  # noqa: T201
        return Exit.DONE
    for group in groups():
        book.of(group)
    for name, place in unknown:
        narrate(
            _(
                "{name} in {place} is no setting of opsdeck; see “opsdeck config show”.",
                name=name,
                place=place,
            )
        )
    if not unknown:
        narrate(_("Every setting is right."))
    return Exit.FAILED if unknown else Exit.DONE
