"""`opsdeck config`: the settings as they stand, what is wrong with them, and what there is to set."""

from __future__ import annotations

import argparse
import difflib
import json
from collections.abc import Mapping

from console.exits import Exit
from console.flags import read_flags
from core.area import discover, settings_groups
from core.errors import InputError, SettingsError
from core.folders import Folders
from core.message import Message, _
from core.notify.settings import NotifySettings
from core.notify.telegram_settings import TelegramSettings
from core.notify.whatsapp_settings import WhatsAppSettings
from core.settings import CoreSettings, SettingsBook, SettingsGroup
from core.text import redact

__all__ = ["check_settings", "groups", "read_settings", "run_config", "shortcomings", "unknown_settings"]


def groups() -> list[type[SettingsGroup]]:
    """Every class of settings: the core's, those of notices and of the platforms, then each area's."""
    return [CoreSettings, NotifySettings, TelegramSettings, WhatsAppSettings, *settings_groups(discover())]


def read_settings(options: argparse.Namespace) -> SettingsBook:
    """The person's settings, every one of them read before anything starts.

    Raises:
        SettingsError: one is wrong.
        InputError: `--set` names one that doesn't exist.
    """
    flags = read_flags(options)
    book = SettingsBook(Folders.default(), flags=flags)
    check_settings(book, flags)
    return book


def check_settings(book: SettingsBook, flags: Mapping[str, str]) -> None:
    """Read every setting and see that each flag is one; raises as `read_settings` does."""
    known = groups()
    given = {name.upper() for name in flags}
    for name, _place in book.unknown(known):
        if name in given:
            raise InputError(_("--set: {complaint}", complaint=_misspelt(name, known)))
    for group in known:
        book.of(group)


def unknown_settings(book: SettingsBook) -> list[Message]:
    """A sentence for each name that looks meant for opsdeck but that nothing knows."""
    known = groups()
    return [
        _("In {place}: {complaint}", place=place, complaint=_misspelt(name, known))
        for name, place in book.unknown(known)
    ]


def shortcomings(book: SettingsBook) -> list[Message]:
    """A sentence for each class of settings that is set up by half, or names what can't be used."""
    found = (book.of(group).shortcoming for group in groups())
    return [shortcoming for shortcoming in found if shortcoming is not None]


def run_config(options: argparse.Namespace) -> int:
    """Show, check or describe the settings."""
    match getattr(options, "action", None):
        case "schema":
            schema = {group.__name__: group.model_json_schema() for group in groups()}
            print(json.dumps(schema, indent=2))  # noqa: T201
            return Exit.DONE
        case "show":
            return _show(SettingsBook(Folders.default(), flags=read_flags(options)))
        case "check":
            return _check(SettingsBook(Folders.default(), flags=read_flags(options)))
        case _:
            raise InputError(_("“opsdeck config” is followed by show, check, schema or import."))


def _show(book: SettingsBook) -> int:
    """Every setting as it stands; secrets, and passwords inside addresses, are hidden."""
    for group in groups():
        for setting in book.settings(group):
            print(f"{setting.name}={redact(setting.value)}\t# {setting.place}")  # noqa: T201
    return Exit.DONE


def _check(book: SettingsBook) -> int:
    """Say of each class of settings what is wrong in it, and which names mean nothing."""
    code, count = Exit.DONE, 0
    for group in groups():
        try:
            count += len(book.settings(group))
        except SettingsError as error:
            code = Exit.USAGE
            print(error)  # noqa: T201
    for complaint in [*unknown_settings(book), *(shortcomings(book) if code is Exit.DONE else ())]:
        code = code or Exit.FAILED
        print(complaint)  # noqa: T201
    if code is Exit.DONE:
        print(_("All {count} settings can be read.", count=count))  # noqa: T201
    return code


def _misspelt(name: str, known: list[type[SettingsGroup]]) -> Message:
    """That no setting has this name, with the nearest one that exists."""
    names = [info.alias or field.upper() for group in known for field, info in group.model_fields.items()]
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return _("There is no setting {name}; did you mean {near}?", name=name[:60], near=near[0])
    return _("There is no setting {name}; “opsdeck config show” lists them.", name=name[:60])
