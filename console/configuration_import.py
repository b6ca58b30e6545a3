"""`opsdeck config import`: taking over the `telegram_config.json` of the bot that opsdeck replaces."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from datetime import time
from pathlib import Path

from pydantic import SecretStr

from console.configuration import groups
from console.exits import Exit
from console.settings_file import add_settings
from console.world import World, narrate, open_world
from core.areas.relay.importing.apply import apply_plan, read_known
from core.areas.relay.importing.plan import Plan, plan_import
from core.areas.relay.importing.telegram_config import TelegramConfig, read_telegram_config
from core.errors import InputError
from core.message import Message, _
from core.settings import SettingsBook
from core.store.audit import AuditEntry

__all__ = ["run_import"]


def run_import(options: argparse.Namespace) -> int:
    """Take the file over, or with `--dry-run` only say what that would change.

    Raises:
        InputError: the file can't be read, or a key in it holds what can't be used; nothing is changed then.
    """
    return asyncio.run(_import(options, _read(Path(options.file))))


async def _import(options: argparse.Namespace, config: TelegramConfig) -> int:
    async with open_world(options, "command line", once=True) as world:
        plan = plan_import(config, await read_known(world.deck.services, dict(_set(world.book))))
        for line in plan.lines:
            print(line)  # noqa: T201
        for remark in plan.remarks:
            narrate(remark)
        if plan.empty:
            narrate(_("There is nothing to take over."))
        elif hasattr(options, "dry_run"):
            narrate(_("Nothing was changed; without --dry-run it is."))
        else:
            await _carry_out(world, plan)
            narrate(_done(plan))
    return Exit.DONE


async def _carry_out(world: World, plan: Plan) -> None:
    """Write the settings, then the rest in one transaction; a second run does what the first didn't."""
    if world.person.read_only and not plan.empty:
        raise InputError(_("“config import” writes, and this session may only read."))
    add_settings(world.book.folders.settings_file, {each.name: each.value for each in plan.settings})
    async with world.deck.services.store.writing() as transaction:
        after = await apply_plan(transaction, plan)
        await transaction.audit(
            AuditEntry.of(world.person, "config import", target="telegram_config", after=after)
        )


def _done(plan: Plan) -> Message:
    if plan.settings:
        return _("It is taken over. A relay that runs must be started anew for its settings.")
    return _("It is taken over.")


def _set(book: SettingsBook) -> Iterator[tuple[str, str]]:
    """Every setting that stands somewhere, as the file would write it."""
    for group in groups():
        values = book.of(group)
        fields = zip(type(values).model_fields, book.settings(group), strict=True)
        for field, each in fields:
            if each.place != "default":
                yield each.name, _plain(getattr(values, field))


def _plain(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value).rstrip("/") or str(value)


def _read(path: Path) -> TelegramConfig:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise InputError(_("{path} can’t be read: {reason}.", path=str(path), reason=reason)) from error
    return read_telegram_config(text)
